"""Statements over the tables of some directories, as a client's session has them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cqlite.errors import NotAnSSTableError, QueryError
from cqlite.query.result import ColumnScan, ResultSet
from cqlite.schema import TableSchema
from cqlite.sstable.select.plan import Restriction
from cqlite.table import Table
from cqlite.table.model import TableRow
from cqlite.table.trace import Trace
from cqlite.types.text import maybe_quote

if TYPE_CHECKING:
    from cqlite.query.explain import Explanation
    from cqlite.query.statement import SelectStatement
    from cqlite.schema import CqlSchema


class EmptyTable:
    """A table that the schema has and of which there is no SSTable."""

    def __init__(self, schema: TableSchema) -> None:
        self.schema = schema
        name = f"{schema.keyspace}.{schema.name}"
        self.warnings = (f"there are no SSTables of {name}, which the schema has",)
        self.losses: list[str] = []
        self.schema_source = "given"

    def rows(
        self,
        columns: Sequence[str] | None = None,
        restriction: Restriction | None = None,
        *,
        cells: bool = False,
        now: int | None = None,
        reverse: bool = False,
        trace: Trace | None = None,
    ) -> Iterator[TableRow]:
        """No rows; see ``Table.rows``."""
        return iter(())

    def close(self) -> None:
        """Nothing is open."""


class Session:
    """Tables that are opened when a statement asks for them, and closed together.

    Args:
        paths: directories with SSTables of one table or of many, or their URLs; of replicas,
            several.
        keyspace: that of tables whose keyspace a statement doesn't say.
        schema: a file with the CQL of the schema; else what is found by the SSTables.
        now: seconds since 1970, for what has a time to live and for ``now()``; by default
            the clock's time at each statement.
        salvage: whether SSTables are read around damage; see ``Table``.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        keyspace: str | None = None,
        schema: Path | None = None,
        now: int | None = None,
        salvage: bool = False,
    ) -> None:
        self.paths = tuple(paths)
        self.salvage = salvage
        self.keyspace = keyspace
        self.now = now
        self.schema_file = schema
        self._schema: CqlSchema | None = None
        self._tables: dict[tuple[str | None, str], Table | EmptyTable] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all tables that were opened."""
        for table in self._tables.values():
            table.close()
        self._tables.clear()

    @property
    def losses(self) -> list[str]:
        """What damage kept from being read up to now, in sentences."""
        return [loss for table in self._tables.values() for loss in table.losses]

    @property
    def schema(self) -> CqlSchema | None:
        """The schema that was given.

        Raises:
            SchemaError: it is malformed.
        """
        if self._schema is None and self.schema_file is not None:
            from cqlite.errors import Where
            from cqlite.io.text import read_cql
            from cqlite.schema import parse_cql

            self._schema = parse_cql(read_cql(self.schema_file), Where(self.schema_file))
        return self._schema

    # Tables.

    def names(self) -> list[tuple[str | None, str | None]]:
        """Keyspaces and names of the tables that there are, sorted; None where paths hide them.

        Raises:
            CqliteError: there is no SSTable, or what tells about them cannot be read.
        """
        from cqlite.table.find import find_tables

        found: set[tuple[str | None, str | None]] = set()
        try:
            for table in find_tables(self.paths):
                unnamed = table.keyspace is None or table.table is None
                own = self._own_name(table.paths) if unnamed else (table.keyspace, table.table)
                found.add(own)
        except NotAnSSTableError:
            if self.schema is None:
                raise
        if self.schema is not None:
            found |= {(table.keyspace, table.name) for table in self.schema.tables()}
        return sorted(found, key=lambda name: (name[0] or "", name[1] or ""))

    def _own_name(self, paths: Sequence[Path]) -> tuple[str | None, str | None]:
        """What the schema calls the table of SSTables whose paths don't say its name."""
        with Table(*paths, schema=self.schema_file) as table:
            return table.schema.keyspace or None, table.schema.name or None

    def table(self, keyspace: str | None, name: str) -> Table | EmptyTable:
        """A table, opened at its first use.

        Args:
            keyspace: None for the session's, or for whichever has such a table.

        Raises:
            QueryError: there is no such table, or several keyspaces have one.
            CqliteError: it cannot be opened.
        """
        keyspace = keyspace or self.keyspace
        key = keyspace, name
        if key not in self._tables:
            self._tables[key] = self._open(keyspace, name)
        return self._tables[key]

    def _open(self, keyspace: str | None, name: str) -> Table | EmptyTable:
        try:
            table = Table(
                *self.paths,
                keyspace=keyspace,
                table=name,
                schema=self.schema_file,
                now=self.now,
                salvage=self.salvage,
            )
        except NotAnSSTableError as error:
            known = self._known(keyspace, name)
            if known is not None:
                return EmptyTable(known)
            raise self._missing(keyspace, name, error) from None
        schema = table.schema
        if schema.name != name or keyspace not in (None, schema.keyspace):
            # Paths that don't say what they hold.
            self._check_name(schema, keyspace, name)
        return table

    def _check_name(self, schema: TableSchema, keyspace: str | None, name: str) -> None:
        if schema.name and schema.name != name:
            # As it can be queried: one without a schema is called "table", a reserved word.
            known = f"{maybe_quote(schema.keyspace)}.{maybe_quote(schema.name)}"
            raise QueryError(f"table {name} does not exist; this is {known}")
        if schema.keyspace and keyspace not in (None, schema.keyspace):
            raise QueryError(f"keyspace {keyspace} does not exist; this is {schema.keyspace}")

    def _known(self, keyspace: str | None, name: str) -> TableSchema | None:
        return None if self.schema is None else self.schema.table(keyspace, name)

    def _missing(self, keyspace: str | None, name: str, error: NotAnSSTableError) -> Exception:
        """Why there is no such table, in Cassandra's words where it has any."""
        names = self.names()
        keyspaces = {other for other, table in names if table == name}
        if keyspace is None and len(keyspaces) > 1:
            return QueryError(
                "No keyspace has been specified. USE a keyspace, or explicitly specify "
                f"keyspace.tablename; these have a table {name}: "
                + ", ".join(sorted(str(other) for other in keyspaces))
            )
        if keyspace in keyspaces or not names:
            return error
        if keyspace is not None and keyspace not in {other for other, _ in names}:
            return QueryError(f"keyspace {keyspace} does not exist")
        return QueryError(f"table {name} does not exist")

    # Statements.

    def prepare(self, text: str) -> SelectStatement:
        """A SELECT, ready to be executed.

        Raises:
            QueryError: Cassandra would refuse it.
            CqliteError: the table cannot be opened.
        """
        from cqlite.query.statement import prepare

        def schema_of(keyspace: str | None, name: str) -> TableSchema:
            return self.table(keyspace, name).schema

        return prepare(text, schema_of, now_ms=self._now_ms())

    def execute(self, statement: SelectStatement | str, *, trace: Trace | None = None) -> ResultSet:
        """The result of a SELECT, or of EXPLAIN and a SELECT.

        Rows of a SELECT are read while they are taken.

        Args:
            trace: to which is added what is read for the rows of a SELECT.

        Raises:
            QueryError: Cassandra would refuse it.
            CqliteError: the table cannot be opened, or while iterating, be read.
        """
        from cqlite.query.execute import execute

        if isinstance(statement, str):
            statement = self.prepare(statement)
        table = self.table_of(statement)
        if statement.is_explained:
            from cqlite.query.explain import explain

            return explain(statement, table, now=self._now()).result()
        now = self._now()
        result = execute(statement, table, now=now, trace=trace)
        result.scan = partial(self._scan, statement, table, now)
        return result

    def _scan(
        self, statement: SelectStatement, table: Table | EmptyTable, now: int
    ) -> ColumnScan | None:
        from cqlite.query.columnar import scan_of

        return None if isinstance(table, EmptyTable) else scan_of(statement, table, now=now)

    def explain(self, statement: SelectStatement) -> Explanation:
        """Execute a statement and tell what was read for it.

        Raises:
            CqliteError: as ``execute``.
        """
        from cqlite.query.explain import explain

        return explain(statement, self.table_of(statement), now=self._now())

    def table_of(self, statement: SelectStatement) -> Table | EmptyTable:
        """The table that a statement is about."""
        for table in self._tables.values():
            if table.schema is statement.schema:
                return table
        raise AssertionError("prepared by another session")

    def _now(self) -> int:
        return int(time.time()) if self.now is None else self.now

    def _now_ms(self) -> int:
        return time.time_ns() // 1_000_000 if self.now is None else self.now * 1000
