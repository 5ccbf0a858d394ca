"""Secondary indexes as CREATE INDEX has them: ``schema.IndexMetadata``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from cqlite.records import record
from cqlite.schema.cql_ast import CreateIndex
from cqlite.schema.cql_parser import parse_statements
from cqlite.schema.table import TableSchema

_SAI = {"sai", "storageattachedindex"}


@record
class TableIndex:
    """An index of a table.

    Attributes:
        name: its name, that which Cassandra gives it where none is written.
        text: its CREATE INDEX.
        columns: their names.
        class_name: of what USING says, without its package; empty without USING.
        options: those of WITH OPTIONS, as texts.
    """

    name: str
    text: str
    columns: tuple[str, ...]
    class_name: str
    options: Mapping[str, str]

    @property
    def is_sai(self) -> bool:
        """Whether it is a storage-attached one, as ANN wants it."""
        return self.class_name.lower() in _SAI

    @property
    def is_sasi(self) -> bool:
        """Whether it is a ``SASIIndex``, as LIKE wants it."""
        return self.class_name == "SASIIndex"


def indexes_of(schema: TableSchema) -> Iterator[TableIndex]:
    """The indexes of a table.

    Raises:
        SchemaError: a CREATE INDEX of the table is malformed.
    """
    return map(_parse, schema.indexes)


def indexes_on(schema: TableSchema, column: str) -> Iterator[TableIndex]:
    """The indexes of a column.

    Raises:
        SchemaError: as ``indexes_of``.
    """
    return (index for index in indexes_of(schema) if column in index.columns)


@lru_cache(maxsize=256)
def _parse(text: str) -> TableIndex:
    (statement,) = parse_statements(text)
    assert isinstance(statement, CreateIndex)
    name = statement.name or "_".join((statement.table.name, *statement.columns, "idx"))
    options = {str(name): str(value) for name, value in statement.options.items()}
    class_name = statement.class_name.rpartition(".")[2]
    return TableIndex(name, statement.text, statement.columns, class_name, options)
