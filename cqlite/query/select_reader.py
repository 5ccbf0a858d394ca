"""Parse trees of what a SELECT asks for as selections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cqlite.cql.names import name_of
from cqlite.cql.tree import Cql
from cqlite.query.computed import (
    COUNT_ROWS,
    CallSelectable,
    CastSelectable,
    FieldSelectable,
    HintSelectable,
    MetadataSelectable,
    TermSelectable,
    TupleSelectable,
)
from cqlite.query.functions import FunctionContext
from cqlite.query.literals import ArraySelectable, MapSelectable, SetSelectable
from cqlite.query.selectables import ColumnSelectable, Selectable
from cqlite.query.selection import column_of
from cqlite.query.subscripts import ElementSelectable, SliceSelectable
from cqlite.terms.names import NEGATION, OPERATORS, SYSTEM, FunctionName
from cqlite.terms.reader import Reader
from cqlite.terms.term import Term


class SelectReader:
    """Reads selections; rules of the grammar have a method each.

    Args:
        reader: reads terms within them.
        context: for functions.
    """

    def __init__(self, reader: Reader, context: FunctionContext) -> None:
        self._reader = reader
        self._context = context
        self._source = reader.source

    def selectable(self, context: Any) -> Selectable:
        """A ``selectable``.

        Raises:
            QueryError: it has columns, functions or types that there are not.
        """
        return self._operations(context, context.selectableProduct(), self._product)

    def _product(self, context: Any) -> Selectable:
        return self._operations(context, context.selectableUnary(), self._unary)

    def _operations(
        self, context: Any, parts: list[Any], read: Callable[[Any], Selectable]
    ) -> Selectable:
        result = read(parts[0])
        for index, part in enumerate(parts[1:]):
            symbol = context.getChild(2 * index + 1).getText()
            result = self._call(
                context, FunctionName(OPERATORS[symbol], SYSTEM), [result, read(part)]
            )
        return result

    def _call(
        self, context: Any, name: FunctionName, arguments: Sequence[Selectable]
    ) -> Selectable:
        with self._source.placing(context):
            return CallSelectable(name, arguments, self._context)

    def _unary(self, context: Any) -> Selectable:
        selected = self._primary(context.selectablePrimary())
        for modifier in context.selectableModifier():
            selected = self._modified(selected, modifier)
        if context.getChild(0).getText() == "-":
            return self._call(context, FunctionName(NEGATION, SYSTEM), [selected])
        return selected

    def _modified(self, selected: Selectable, context: Any) -> Selectable:
        if context.name() is not None:
            return FieldSelectable(selected, name_of(context.name()))
        return self._subscript(selected, context.subscript())

    def _subscript(self, selected: Selectable, context: Any) -> Selectable:
        terms = [self._reader.term(term) for term in context.term()]
        joined = context.INTEGER_RANGE()
        if joined is not None:
            start = self._reader.range_start(joined.getText())
            return SliceSelectable(selected, start, terms[0] if terms else None)
        if context.RANGE() is None:
            return ElementSelectable(selected, terms[0])
        starts = context.getChild(0) is not context.RANGE()
        bounds: list[Term | None] = [*terms] if starts else [None, *terms]
        return SliceSelectable(selected, bounds[0], bounds[1] if len(bounds) > 1 else None)

    def _primary(self, context: Any) -> Selectable:
        read = _PRIMARIES[type(context)]
        return read(self, context)

    def _hint(self, context: Any) -> Selectable:
        selected = self._primary(context.selectablePrimary())
        kind = self._reader.type(context.type_())
        return HintSelectable(kind, self._reader.shown_type(context.type_()), selected)

    def _all(self, contexts: Sequence[Any]) -> list[Selectable]:
        return [self.selectable(context) for context in contexts]

    def _tuple(self, context: Any) -> Selectable:
        return TupleSelectable(self._all(context.selectable()))

    def _list(self, context: Any) -> Selectable:
        return ArraySelectable(self._all(context.selectable()))

    def _set(self, context: Any) -> Selectable:
        return SetSelectable(self._all(context.selectable()))

    def _map(self, context: Any) -> Selectable:
        items = context.selectable()
        if not items:
            return SetSelectable(())
        keys = items[::2]
        return MapSelectable(
            [_plain_name(key) for key in keys], lambda: self._all(keys), self._all(items[1::2])
        )

    def _count_rows(self, context: Any) -> Selectable:
        return self._call(context, COUNT_ROWS, ())

    def _metadata(self, context: Any) -> Selectable:
        column = self._reader.column(context.name())
        selected: Selectable = ColumnSelectable(column)
        for modifier in context.selectableModifier():
            selected = self._modified(selected, modifier)
        return MetadataSelectable(context.metadata.text.lower(), column, selected)

    def _cast(self, context: Any) -> Selectable:
        kind = self._reader.type(context.type_())
        shown = self._reader.shown_type(context.type_())
        return CastSelectable(self.selectable(context.selectable()), kind, shown, self._context)

    def _function(self, context: Any) -> Selectable:
        name = self._reader.function_name(context.functionName())
        return self._call(context, name, self._all(context.selectable()))

    def _literal(self, context: Any) -> Selectable:
        return TermSelectable(self._reader.literal(context.literal()))

    def _column(self, context: Any) -> Selectable:
        return ColumnSelectable(self._reader.column(context.name()))


_PRIMARIES: dict[type[Any], Callable[[SelectReader, Any], Selectable]] = {
    Cql.SelectTypeHintContext: SelectReader._hint,
    Cql.SelectTupleContext: SelectReader._tuple,
    Cql.SelectListContext: SelectReader._list,
    Cql.SelectMapContext: SelectReader._map,
    Cql.SelectSetContext: SelectReader._set,
    Cql.SelectCountRowsContext: SelectReader._count_rows,
    Cql.SelectMetadataContext: SelectReader._metadata,
    Cql.SelectCastContext: SelectReader._cast,
    Cql.SelectFunctionContext: SelectReader._function,
    Cql.SelectLiteralContext: SelectReader._literal,
    Cql.SelectColumnContext: SelectReader._column,
}


def _plain_name(context: Any) -> str | None:
    """The name that a selection is, None if it is more than a name."""
    column = column_of(context)
    return None if column is None else name_of(column.name())
