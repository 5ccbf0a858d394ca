"""What a statement gives of each row: ``cql3.selection.Selection``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from cqlite.cql.names import name_of
from cqlite.cql.tree import Cql
from cqlite.query.expressions import ColumnExpression, Expression, InputRow
from cqlite.query.result import ResultColumn, Row
from cqlite.query.selectables import Columns, ColumnSelectable, Selectable
from cqlite.records import record
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema
from cqlite.terms.reader import Reader
from cqlite.terms.source import Source
from cqlite.types import parse_type
from cqlite.types.text import quote_json

if TYPE_CHECKING:
    from cqlite.query.computations import AggregateExpression

JSON_COLUMN: Final = ResultColumn("[json]", parse_type("UTF8Type"))


@record
class Selected:
    """One thing asked for, with its name if AS gives one."""

    selectable: Selectable
    alias: str | None
    context: Any


class Selectors:
    """What a statement asks for; each is read when it is first come to, as errors have it."""

    def __init__(self, read: Iterator[Selected]) -> None:
        self._left = read
        self._known: list[Selected] = []

    def __iter__(self) -> Iterator[Selected]:
        yield from self._known
        for one in self._left:
            self._known.append(one)
            yield one


class Selection:
    """The columns of a result.

    Args:
        outputs: titles and what they are computed by.
        columns: what is read of rows, which may get further columns.
        is_json: whether the result is one column with JSON.

    Attributes:
        aggregates: by their indexes.
        needs_times: whether it reads when cells were written.
    """

    def __init__(
        self,
        outputs: Sequence[tuple[ResultColumn, Expression]],
        columns: Columns,
        *,
        is_json: bool,
    ) -> None:
        self._outputs = tuple(outputs)
        self._columns = columns
        self._is_json = is_json
        self._labels = [f"{quote_json(_json_name(c.name))}: " for c, _ in outputs]
        self.aggregates: list[AggregateExpression] = sorted(
            (found for _, output in outputs for found in output.aggregates),
            key=lambda aggregate: aggregate.index,
        )
        self.needs_times = any(output.needs_times for _, output in outputs)

    @property
    def result_columns(self) -> list[ResultColumn]:
        """The result's columns."""
        return [JSON_COLUMN] if self._is_json else [column for column, _ in self._outputs]

    @property
    def expressions(self) -> list[Expression]:
        """What the result's columns are computed by."""
        return [expression for _, expression in self._outputs]

    @property
    def columns(self) -> list[ColumnMetadata]:
        """The columns that are read; indexes of expressions count them."""
        return self._columns.columns

    def index(self, column: ColumnMetadata) -> int:
        """The index of a column that is read, which is added if it is not."""
        return self._columns.index(column)

    def output(self, row: InputRow) -> Row:
        """The result's row for a row, or for the first row of a group and its aggregates.

        Raises:
            QueryError: a function cannot be applied to the values.
        """
        values = tuple(expression.evaluate(row) for _, expression in self._outputs)
        if not self._is_json:
            return values
        parts = []
        for label, (column, _), value in zip(self._labels, self._outputs, values, strict=True):
            shown = "null" if value is None else column.value_type.to_json(value)
            parts.append(label + shown)
        return (f"{{{', '.join(parts)}}}".encode("utf-8", "surrogateescape"),)


def _json_name(name: str) -> str:
    return name if name == name.lower() else f'"{name}"'


def every_column(schema: TableSchema) -> list[ColumnMetadata]:
    """All columns in the order of ``SELECT *`` (``allColumnsInSelectOrder``)."""
    found = [*schema.partition_key, *schema.clustering_columns]
    for columns in (schema.static_columns, schema.regular_columns):
        simple = [column for column in columns if not column.is_complex]
        others = [column for column in columns if column.is_complex]
        found += _merged(simple, others) if simple and others else simple or others
    return [column for column in found if column.name not in schema.hidden_columns]


def _merged(*columns: Sequence[ColumnMetadata]) -> Iterator[ColumnMetadata]:
    from heapq import merge

    return merge(*columns, key=_select_order)


def _select_order(column: ColumnMetadata) -> bytes:
    # Cassandra compares the bytes of names with a sign.
    return bytes(byte ^ 0x80 for byte in column.name_bytes)


def column_of(context: Any) -> Any | None:
    """The ``selectColumn`` that a selection is, None if it is more than a column."""
    while context.getChildCount() == 1 and not isinstance(context, Cql.SelectColumnContext):
        context = context.getChild(0)
    return context if isinstance(context, Cql.SelectColumnContext) else None


def read_selectors(
    context: Any, reader: Reader, selectable: Callable[[Any], Selectable]
) -> Iterator[Selected]:
    """What ``selectors`` of the grammar ask for, one by one; nothing for an asterisk.

    Args:
        context: the ``selectors``.
        reader: reads columns.
        selectable: reads what is more than a column.

    Raises:
        QueryError: there is no such column, function or type.
    """
    for selector in context.selector():
        alias = selector.name()
        column = column_of(selector.selectable())
        selected = (
            selectable(selector.selectable())
            if column is None
            else ColumnSelectable(reader.column(column.name()))
        )
        yield Selected(selected, None if alias is None else name_of(alias), selector)


def make_selection(
    selected: Selectors, schema: TableSchema, source: Source, *, is_json: bool
) -> Selection:
    """The selection of what is asked for; of all columns for nothing.

    Args:
        selected: each is settled before the next one is read, as Cassandra's errors have it.

    Raises:
        QueryError: it cannot be computed.
    """
    columns = Columns()
    outputs: list[tuple[ResultColumn, Expression]] = []
    for one in selected:
        with source.placing(one.context):
            expression: Expression = one.selectable.expression(None, columns)
        kind = expression.type
        if isinstance(expression, ColumnExpression):
            kind = expression.column.type
        outputs.append((ResultColumn(one.alias or expression.title, kind), expression))
    if not outputs:
        for column in every_column(schema):
            expression = ColumnSelectable(column).expression(None, columns)
            outputs.append((ResultColumn(column.name, column.type), expression))
    return Selection(outputs, columns, is_json=is_json)


def selects_only_static(selected: Selectors, schema: TableSchema) -> bool:
    """Whether static columns are read and no clustering or regular ones."""

    def reads(matches: Callable[[ColumnMetadata], bool]) -> bool:
        return any(one.selectable.selects(matches) for one in selected)

    others = (ColumnKind.PARTITION_KEY, ColumnKind.STATIC)
    return (
        bool(schema.static_columns)
        and reads(lambda column: column.is_static)
        and not reads(lambda column: column.kind not in others)
    )
