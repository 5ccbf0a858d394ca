"""A table's schema: ``org.apache.cassandra.schema.TableMetadata``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from cqlite.errors import SchemaError
from cqlite.records import made, record, replace
from cqlite.schema.columns import ColumnKind, ColumnMetadata, DroppedColumn
from cqlite.types import CqlType, Partitioner, parse_partitioner, parse_type

if TYPE_CHECKING:
    from uuid import UUID

    from cqlite.types import CompositeType, UserType

UNKNOWN_KEYSPACE: Final = "keyspace"
UNKNOWN_TABLE: Final = "table"
PARTITION_KEY_NAME: Final = "PartitionKey"
CLUSTERING_NAME: Final = "clustering"
COMPACT: Final = "compact storage"
"""The option of tables that are made so, and of those whose flags can't say it."""


@record
class TableSchema:
    """A table with its columns.

    Attributes:
        keyspace: not quoted, as all names.
        name: the table's name; of a secondary index's table with the index's after a dot.
        partition_key: the columns of the partition key.
        clustering_columns: in their order.
        static_columns: in the order of rows.
        regular_columns: in the order of rows.
        dropped_columns: columns that the table had.
        options: the table's options by name, with the values of ``parse_cql``.
        id: the table's id, if known.
        flags: of ``compound``, ``dense``, ``counter``, ``super``; empty if not known.
        kind: ``REGULAR``, ``INDEX`` or ``VIEW``.
        partitioner_name: the partitioner's class, if known.
        user_types: the keyspace's user-defined types by name, as they were created.
        indexes: CREATE INDEX statements of the table.
        names_are_known: whether names of key columns are real rather than made up.
        strict_liveness: whether only a live primary key makes a row, as in views whose key
            has columns that are no key of the base table
            (``TableMetadata.enforceStrictLiveness``).
    """

    # For cached properties.
    __slots__ = ("__dict__",)

    keyspace: str
    name: str
    partition_key: tuple[ColumnMetadata, ...]
    clustering_columns: tuple[ColumnMetadata, ...] = ()
    static_columns: tuple[ColumnMetadata, ...] = ()
    regular_columns: tuple[ColumnMetadata, ...] = ()
    dropped_columns: tuple[DroppedColumn, ...] = ()
    options: Mapping[str, Any] = made(default_factory=dict)
    id: UUID | None = None
    flags: frozenset[str] = frozenset()
    kind: str = "REGULAR"
    partitioner_name: str | None = None
    user_types: Mapping[str, UserType] = made(default_factory=dict)
    indexes: tuple[str, ...] = ()
    names_are_known: bool = True
    strict_liveness: bool = False

    @staticmethod
    def from_header(
        *,
        key_type: str,
        clustering_types: Sequence[str],
        static_columns: Mapping[str, str],
        regular_columns: Mapping[str, str],
        partitioner: str | None = None,
        keyspace: str | None = None,
        name: str | None = None,
    ) -> TableSchema:
        """What Statistics.db tells: names of key columns are made up, options unknown.

        Names are those of Cassandra's offline tools (``Util.metadataFromSSTable``), which
        take a compound partition key for one column; here each part is a column.

        Args:
            key_type: class string of the partition key's type.
            clustering_types: class strings of the clustering columns' types.
            static_columns: class strings by name, in the header's order, which is kept.
            regular_columns: the same.
            partitioner: the partitioner's class.
            keyspace: if not known, that of user-defined types, or ``keyspace``.
            name: ``table`` if not known.

        Raises:
            InvalidTypeError: a class string is malformed.
        """
        parsed = parse_type(key_type)
        parts = parsed.subtypes if parsed.class_name == "CompositeType" else (parsed,)
        clustering = [parse_type(text) for text in clustering_types]
        table = name if name is not None else UNKNOWN_TABLE
        schema = TableSchema(
            keyspace=keyspace if keyspace is not None else UNKNOWN_KEYSPACE,
            name=table,
            partition_key=_made_up(PARTITION_KEY_NAME, parts, ColumnKind.PARTITION_KEY),
            clustering_columns=_made_up(CLUSTERING_NAME, clustering, ColumnKind.CLUSTERING),
            static_columns=_named(static_columns, ColumnKind.STATIC),
            regular_columns=_named(regular_columns, ColumnKind.REGULAR),
            kind="INDEX" if "." in table else "REGULAR",
            partitioner_name=partitioner,
            names_are_known=False,
        )
        if keyspace is None:
            return replace(schema, keyspace=_keyspace_of_types(schema) or UNKNOWN_KEYSPACE)
        return schema

    # Columns.

    def columns(self) -> Iterator[ColumnMetadata]:
        """All columns: partition key, clustering, static, regular."""
        yield from self.partition_key
        yield from self.clustering_columns
        yield from self.static_columns
        yield from self.regular_columns

    @cached_property
    def _by_name(self) -> dict[str, ColumnMetadata]:
        return {column.name: column for column in self.columns()}

    def column(self, name: str) -> ColumnMetadata | None:
        """The column with this name, which is not quoted."""
        return self._by_name.get(name)

    @property
    def is_counter(self) -> bool:
        """Whether columns that are no key are counters."""
        return "counter" in self.flags or any(c.type.is_counter for c in self.regular_columns)

    @property
    def is_compact(self) -> bool:
        """Whether it was made WITH COMPACT STORAGE, as far as flags are known."""
        if not self.flags:
            return bool(self.options.get(COMPACT))
        return "compound" not in self.flags or bool(self.flags & {"dense", "super"})

    @cached_property
    def hidden_columns(self) -> frozenset[str]:
        """Names of the columns of a COMPACT STORAGE table that CQL does not show.

        Where there is nothing but keys, the value; where the table has no clustering columns by
        CQL, the clustering column and the value that only Thrift saw. Follows
        ``TableMetadata.CompactTableMetadata``, whose columns these are once COMPACT STORAGE is
        dropped.
        """
        if not self.is_compact or "super" in self.flags:
            return frozenset()
        if "dense" in self.flags:
            empty = (c for c in self.regular_columns if c.type.class_name == "EmptyType")
            return frozenset(column.name for column in empty)
        return frozenset(c.name for c in (*self.clustering_columns, *self.regular_columns))

    # Partition keys.

    @cached_property
    def partition_key_type(self) -> CqlType:
        """The type of serialized partition keys: a composite of several columns' types."""
        types = [column.type for column in self.partition_key]
        return types[0] if len(types) == 1 else self._composite

    @cached_property
    def _composite(self) -> CompositeType:
        """The same where there are several columns."""
        from cqlite.types import CompositeType

        return CompositeType([column.type for column in self.partition_key])

    @cached_property
    def partitioner(self) -> Partitioner:
        """The partitioner.

        Raises:
            SchemaError: it is not known.
        """
        if self.partitioner_name is None:
            raise SchemaError(f"the partitioner of {self.keyspace}.{self.name} is not known")
        return parse_partitioner(self.partitioner_name, self.partition_key_type)

    def split_key(self, key: bytes) -> list[bytes]:
        """The partition key's columns' values, serialized.

        Raises:
            InvalidValueError: ``key`` is no partition key of this table.
        """
        if len(self.partition_key) == 1:
            return [key]
        kind = self._composite
        values = kind.split(key)
        if len(values) != len(self.partition_key):
            kind._refuse(key, f"{len(values)} values where there are {len(self.partition_key)}")
        return values

    def join_key(self, values: Sequence[bytes]) -> bytes:
        """The inverse of ``split_key``."""
        if len(self.partition_key) > 1:
            return self._composite.join(values)
        (value,) = values
        return value

    def decode_key(self, key: bytes) -> tuple[Any, ...]:
        """The partition key's columns' values, decoded.

        Raises:
            InvalidValueError: ``key`` is no partition key of this table.
        """
        values = zip(self.partition_key, self.split_key(key), strict=True)
        return tuple(column.type.decode(value) for column, value in values)

    def key_strings(self, key: bytes) -> list[str]:
        """The partition key's columns' values as sstabledump prints them.

        Raises:
            InvalidValueError: ``key`` is no partition key of this table.
        """
        values = zip(self.partition_key, self.split_key(key), strict=True)
        return [column.type.to_string(value) for column, value in values]

    def key_string(self, key: bytes) -> str:
        """The partition key in one text, parts between colons (``AbstractType.getString``).

        Raises:
            InvalidValueError: ``key`` is no partition key of this table.
        """
        return self.partition_key_type.to_string(key)

    def key_from_string(self, text: str) -> bytes:
        """The inverse of ``key_string``.

        Raises:
            InvalidValueError: ``text`` says no partition key of this table.
        """
        return self.partition_key_type.from_string(text)

    # Clusterings.

    def compare_clusterings(
        self, left: Sequence[bytes | None], right: Sequence[bytes | None]
    ) -> int:
        """Below, at or above 0 by the values that both have, null before all others."""
        for column, a, b in zip(self.clustering_columns, left, right, strict=False):
            if a is None or b is None:
                order = (a is not None) - (b is not None)
            else:
                order = column.type.compare(a, b)
            if order:
                return order
        return 0

    # Statements and files.

    def matched_to(self, header: TableSchema) -> TableSchema:
        """This schema, once it is sure that an SSTable with ``header`` is of this table.

        Key columns must be of the same types in the same order. Each column of the header
        must be in the table or dropped from it, and its type must be read the same way.
        The result has the header's partitioner, and user-defined types where this has none.

        Raises:
            SchemaError: it does not fit; the message names what both say.
        """
        from cqlite.schema.matching import check_match

        check_match(self, header)
        return replace(self, partitioner_name=header.partitioner_name)

    def to_cql(self, *, with_internals: bool = True) -> str:
        """The statements that make the table, each of them closed by a semicolon.

        CREATE TYPE for each user-defined type that the columns need, CREATE TABLE with
        options and id as far as known, dropped columns as in a snapshot's ``schema.cql``,
        CREATE INDEX. What is not known, or cannot be made by CQL, is said in comments.

        Args:
            with_internals: the id and the dropped columns too.
        """
        from cqlite.schema.write import table_to_cql

        return table_to_cql(self, with_internals=with_internals)


def _made_up(stem: str, types: Sequence[CqlType], kind: ColumnKind) -> tuple[ColumnMetadata, ...]:
    return tuple(
        ColumnMetadata(f"{stem}{index or ''}", column_type, kind, index)
        for index, column_type in enumerate(types)
    )


def _keyspace_of_types(schema: TableSchema) -> str | None:
    """A user-defined type's keyspace, which is the table's as well."""
    pending = [column.type for column in schema.columns()]
    while pending:
        kind = pending.pop()
        if kind.is_udt:
            return cast("UserType", kind).keyspace
        pending.extend(kind.subtypes)
    return None


def _named(types: Mapping[str, str], kind: ColumnKind) -> tuple[ColumnMetadata, ...]:
    return tuple(ColumnMetadata(name, parse_type(text), kind) for name, text in types.items())
