"""The tables of data directories in DuckDB."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cqlite.errors import InvalidValueError, UnsupportedFeatureError
from cqlite.frames.dataset import dataset
from cqlite.frames.hints import Condition
from cqlite.frames.results import supported
from cqlite.frames.sql_filter import conditions_of, parse
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.sstable.select.plan import Empty
from cqlite.table import Table
from cqlite.table.find import TableFiles, find_tables

if TYPE_CHECKING:
    import pyarrow as pa


_SHOW_TABLES: Final = re.compile(r"\s*SHOW\s+TABLES\s*;?\s*", re.IGNORECASE)
_SHOW_WITH_KEYSPACES: Final = (
    "SELECT schema || '.' || name AS name FROM (SHOW ALL TABLES) ORDER BY name"
)


class Catalog:
    """The tables below directories, in an in-memory database of DuckDB's.

    A table is opened when it is first asked for. Each is a view ``keyspace.table``; with
    all in one keyspace, that need not be named.

    Args:
        paths: data directories, keyspaces, tables, snapshots, or SSTables.
        schema: CQL of the tables; else what is found by the SSTables.
        now: seconds since 1970, by which what has a time to live is expired or not; by
            default the time of opening.
        empty: what becomes of values without bytes that Arrow's types don't have.

    Attributes:
        connection: the ``duckdb.DuckDBPyConnection``.
        warnings: what opening tables gave to say.

    Raises:
        NotAnSSTableError: there is no SSTable.
        UnsupportedFeatureError: DuckDB is not installed.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        schema: str | Path | None = None,
        now: int | None = None,
        empty: Empty = "error",
    ) -> None:
        self._schema = schema
        self._now = int(time.time()) if now is None else now
        self._empty: Empty = empty
        self._tables: list[Table] = []
        self._datasets: list[Any] = []
        self.warnings: list[str] = []
        self._closed: dict[str, TableFiles] = {}
        self._paths = tuple(paths)
        for files in find_tables(paths):
            if files.keyspace is None or files.table is None:
                self._closed[str(files.sstables[0].directory)] = files
                # Such files would be taken for those of any table.
                self._paths = ()
            else:
                self._closed[f"{files.keyspace}.{files.table}".lower()] = files
        self._keyspaces = {files.keyspace for files in self._closed.values()}
        self.connection: Any = _duckdb().connect()
        # Else times without a zone would mean those of this machine's.
        self.connection.execute("SET TimeZone = 'UTC'")

    def open(self, names: Collection[str] | None = None) -> None:
        """Makes views of the tables with these names, in whatever keyspace.

        Args:
            names: in lower case; all tables if there are none given.

        Raises:
            SchemaError, CorruptSSTableError, MissingComponentError: one can't be opened.
        """
        for name, files in list(self._closed.items()):
            if files.table is None or names is None or files.table.lower() in names:
                del self._closed[name]
                self._add(files)

    def _add(self, files: TableFiles) -> None:
        table = Table(
            *(self._paths or files.paths),
            keyspace=files.keyspace,
            table=files.table,
            schema=self._schema,
            now=self._now,
        )
        self._tables.append(table)
        self.warnings.extend(table.warnings)
        source = dataset(table, self._empty, owns=True)
        self._datasets.append(source)
        keyspace = table.schema.keyspace
        self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(keyspace)}")
        # Views of Python's objects are made in the first schema that is searched.
        self._search(keyspace, "main")
        self.connection.from_arrow(source).create_view(table.schema.name)
        self._keyspaces = (self._keyspaces - {None}) | {keyspace}
        if len(self._keyspaces) > 1:
            self._search("main")

    def _search(self, *schemas: str) -> None:
        """Sets where tables are that are named without a keyspace."""
        path = ",".join(map(_quoted, schemas)).replace("'", "''")
        self.connection.execute(f"SET search_path = '{path}'")

    def query(self, text: str) -> Any:
        """The answer to a statement in DuckDB's SQL, a ``duckdb.DuckDBPyRelation`` or None.

        Raises:
            InvalidValueError: DuckDB refuses it, or it is not UTF-8.
            CqliteError: see :meth:`open` and ``Table.scan``.
        """
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidValueError(f"character {error.start + 1} is not UTF-8") from None
        with self.failing():
            self.open(self._names(text))
            if len(self._keyspaces) > 1 and _SHOW_TABLES.fullmatch(text):
                # DuckDB lists those that need no keyspace, of which there are none.
                text = _SHOW_WITH_KEYSPACES
            return self.connection.sql(text)

    def _names(self, text: str) -> Collection[str] | None:
        """The tables that a statement names; None, for all, where only running it tells."""
        try:
            names = self.connection.get_table_names(text)
        except _duckdb().Error:
            return None
        return [name.lower() for name in names] or None

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Makes DuckDB's errors ours: those of reading a table are what they were."""
        try:
            yield
        except _duckdb().Error as error:
            for source in self._datasets:
                if source.source.error is not None:
                    raise source.source.error from None
            message = str(error)
            if isinstance(error, _duckdb().CatalogException):
                message += f"\nThere are {', '.join(self.names)}"
            raise InvalidValueError(message) from None

    def rows(self, text: str, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The rows that a statement gives, none if it is none that gives rows.

        As :meth:`query` and :meth:`batches`, but UUIDs are looked up too. One statement must
        have been answered before the next one is asked.
        """
        relation = self.query(text)
        if relation is None:
            return
        known = self._conditions(text)
        for source in self._datasets:
            source.source.known = known
        try:
            yield from self.batches(relation, rows)
        finally:
            for source in self._datasets:
                source.source.known = ()

    def _conditions(self, text: str) -> tuple[Condition, ...]:
        """What a statement says of UUIDs in the only table that it reads."""
        try:
            asked = self.connection.execute("SELECT json_serialize_sql(?)", [text])
            ((tree,),) = asked.fetchall()
        except _duckdb().Error:
            return ()
        return conditions_of(parse(tree))

    def batches(self, relation: Any, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The rows of an answer; a batch without rows where there are none.

        Raises:
            InvalidValueError: a value that DuckDB cannot compute with.
            CqliteError: see ``Table.scan``.
        """
        with self.failing():
            reader = relation.to_arrow_reader(rows)
            schema = supported(reader.schema)
            is_empty = True
            for batch in reader:
                is_empty = False
                yield batch.cast(schema)
            if is_empty:
                yield pyarrow().RecordBatch.from_pylist([], schema)

    @property
    def names(self) -> list[str]:
        """The tables, with their keyspaces."""
        opened = [f"{table.schema.keyspace}.{table.schema.name}" for table in self._tables]
        closed = [f"{f.keyspace}.{f.table}" for f in self._closed.values() if f.table is not None]
        return sorted(opened + closed)

    @property
    def wheres(self) -> list[str | None]:
        """The WHERE clauses that scans had so far, ``None`` for a scan of all."""
        return [where for source in self._datasets for where in source.source.wheres]

    def close(self) -> None:
        """Closes the database and all tables."""
        self.connection.close()
        for table in self._tables:
            table.close()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(
    *paths: str | Path,
    schema: str | Path | None = None,
    now: int | None = None,
    empty: Empty = "error",
) -> Any:
    """A DuckDB connection with the tables below ``paths`` as views ``keyspace.table``.

        connection = cqlite.connect("/var/lib/cassandra/data")
        connection.sql("SELECT count(*) FROM shop.orders").show()

    Args:
        paths, schema, now, empty: see :class:`Catalog`.

    Raises:
        NotAnSSTableError: there is no SSTable.
        SchemaError, CorruptSSTableError, MissingComponentError: a table can't be opened.
        UnsupportedFeatureError: DuckDB or pyarrow is not installed.
    """
    catalog = Catalog(paths, schema=schema, now=now, empty=empty)
    catalog.open()
    return catalog.connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _duckdb() -> Any:
    try:
        return import_module("duckdb")
    except ModuleNotFoundError:
        raise UnsupportedFeatureError(
            "SQL needs DuckDB: pip install 'cqlite-sstable[sql]'"
        ) from None
