"""What a table makes of ``data.ksy`` and ``index.ksy``: columns by name, values by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cqlite.inspect import expressions as ex
from cqlite.inspect import specialise_values as values
from cqlite.inspect.specialise import Document, Hooks, Ids, OutType, Scope, Specialiser
from cqlite.inspect.specialise_values import type_label, typed, value_type

if TYPE_CHECKING:
    from cqlite.types import CqlType

_STATIC = "static"
_BLOCK = 32

_TIMES = {
    ("data", "liveness_info"): {
        "timestamp": "timestamp",
        "ttl": "ttl",
        "local_expiration_time": "local_deletion_time",
    },
    ("data", "deletion_delta"): {
        "marked_for_delete_at": "timestamp",
        "local_deletion_time": "local_deletion_time",
    },
    ("data", "cell_header"): {
        "timestamp": "timestamp",
        "local_deletion_time": "local_deletion_time",
        "ttl": "ttl",
    },
}
"""The header's minimum that each difference is from."""

_UNITS = {
    "timestamp": "Microseconds since 1970 by convention",
    "ttl": "Seconds",
    "local_deletion_time": "Seconds since 1970",
}

_REPRESENTATIONS = {
    ("vint", ""): "{value:dec}",
    ("data", "column"): "{cell.value}",
    ("data", "cell"): "{value}",
    ("data", "complex_cell"): "{path} {value}",
    ("clustering", "value"): "{value}",
}

_UNROLLED = {"repeat": None, "repeat-expr": None}

_SENSITIVE = {
    ("data", "row"),
    ("data", "row_body"),
    ("data", "columns_subset"),
    ("data", "column"),
    ("data", "cell"),
    ("data", "complex_column"),
    ("data", "complex_cell"),
    ("clustering", "value"),
    ("values", "composite_component"),
}


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes:
        name: as in the schema.
        type: its type.
    """

    name: str
    type: CqlType


@dataclass(frozen=True)
class Table:
    """What a specialised spec says of the table.

    Attributes:
        version: number of the format version.
        partition_key: columns of the partition key.
        clustering: clustering columns.
        static: static columns in the header's order.
        regular: regular columns in the header's order.
        minimums: of ``timestamp`` in microseconds, ``local_deletion_time`` and ``ttl`` in
            seconds, which those in Data.db are counted from.
    """

    version: int
    partition_key: Sequence[Column]
    clustering: Sequence[Column]
    static: Sequence[Column]
    regular: Sequence[Column]
    minimums: dict[str, int]

    def known(self) -> dict[str, ex.Expr]:
        """The parameters of the specs that it gives values to."""
        return {
            "version": ex.Const(self.version),
            "clustering_shapes": _shapes(self.clustering),
            "static_shapes": _shapes(self.static),
            "regular_shapes": _shapes(self.regular),
        }


def _shapes(columns: Sequence[Column]) -> ex.Array:
    return ex.Array(tuple(ex.Const(c.type.shape, c.type.unwrap()) for c in columns))


class TableHooks:
    """The hooks for one table; each follows a field of the specs by its name."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def hooks(self) -> Hooks:
        """All of them."""
        return Hooks(
            fields={
                **values.FIELDS,
                ("data", "partition_header", "key"): self.key,
                ("data", "unfiltered", "row"): self.row,
                ("data", "row_body", "columns"): self.columns,
                ("data", "cell", "value"): self.cell_value,
                ("data", "complex_cell", "path"): self.path,
                ("data", "complex_cell", "value"): self.complex_value,
                ("clustering", "values", "blocks"): self.clustering_blocks,
                ("clustering", "block", "items"): self.clustering_items,
                ("clustering", "value", "value"): self.cell_value,
                ("values", "composite_value", "components"): self.key_components,
                ("values", "composite_component", "value"): self.key_component,
                ("index", "entry", "key"): self.key,
                ("index", "entry", "promoted_index"): self.promoted_index,
            },
            instances=dict.fromkeys(_TIMES, self.times),
            kept=frozenset(
                {("data", "column", "index"), ("data", "column", "num_listed_before"),
                 ("clustering", "value", "index")}
            ),
            label=lambda c: f"_{c}" if isinstance(c, str) else type_label(c) if c else "",
            depends=lambda source, c: source in _SENSITIVE or values.depends(source, c),
            representations=_REPRESENTATIONS,
        )  # fmt: skip

    def key(self, specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
        """The partition key, with its columns by name."""
        columns = self.table.partition_key
        if len(columns) > 1:
            made = specialiser.make(("values", "composite_value"), {}, {})
        else:
            made = self._single_key(specialiser, scope, columns[0])
        return [{"id": source["id"], "type": made.name, **_without(source, "id", "type")}]

    def _single_key(self, specialiser: Specialiser, scope: Scope, column: Column) -> OutType:
        if "partition_key" in specialiser.types():
            return OutType("partition_key")
        made = OutType(specialiser.unique_name("partition_key"))
        length = column.type.value_length_if_fixed
        field: Document = {"id": "value", "size-eos": True} if length < 0 else {
            "id": "value", "size": length}  # fmt: skip
        made.definition["doc"] = "The partition key."
        made.definition["seq"] = [
            {**item, **_named(Ids(), column)}
            for item in typed(specialiser, Scope(scope.source, made, {}, None), field, column.type)
        ]
        specialiser.add(made)
        return made

    def key_components(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """The columns of a partition key that has several."""
        ids = Ids(scope.ids)
        return [
            item
            for index, column in enumerate(self.table.partition_key)
            for item in specialiser.plain(
                scope, source, known={"_index": ex.Const(index)}, context=column.type,
                changes={"repeat": None, **_named(ids, column)},
            )
        ]  # fmt: skip

    def key_component(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """The value of a column of the partition key."""
        return typed(specialiser, scope, source, scope.context, may_be_empty=True)

    def row(self, specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
        """Two fields, for the static row and for others."""
        is_static = ex.Name("is_static")
        static = specialiser.plain(
            scope, source, known={"is_static": ex.TRUE}, condition=is_static, context=_STATIC,
            changes={"id": "static_row", "doc": "The partition's static row."},
        )  # fmt: skip
        regular = specialiser.plain(
            scope, source, known={"is_static": ex.FALSE}, condition=ex.Unary("not", is_static),
            changes={"doc": "A row."},
        )  # fmt: skip
        return static + regular

    def columns(self, specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
        """A field for each column, by its name."""
        columns = self.table.static if scope.context == _STATIC else self.table.regular
        ids = Ids(scope.ids - {"columns"})
        names = [ids.of(column.name) for column in columns]
        before = ex.Array(tuple(ex.Name(name) for name in names))
        return [
            item
            for index, (column, name) in enumerate(zip(columns, names, strict=True))
            for item in specialiser.plain(
                scope, source, known={"_index": ex.Const(index), "columns": before},
                changes={**_UNROLLED, **_description(column), "id": name},
            )
        ]  # fmt: skip

    def cell_value(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """The value of a cell or of a clustering column."""
        return typed(specialiser, scope, source, scope.context)

    def path(self, specialiser: Specialiser, scope: Scope, source: Document) -> list[Document]:
        """The path of a cell, which has the type that the column's type gives paths."""
        kind = scope.context.name_comparator
        return typed(specialiser, scope, source, kind, may_be_empty=True)

    def complex_value(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """The value of a cell in a complex column."""
        kind: CqlType = scope.context
        if kind.is_udt:
            return self._field_value(specialiser, scope, source, kind)
        return typed(specialiser, scope, source, kind.cell_type(b""), may_be_empty=True)

    def _field_value(
        self, specialiser: Specialiser, scope: Scope, source: Document, kind: CqlType
    ) -> list[Document]:
        """The value of a user-defined type's field, which the path names."""
        cases = {
            index: value_type(specialiser, field).name for index, field in enumerate(kind.subtypes)
        }
        made = specialiser.plain(scope, source)
        return [
            {"id": item["id"], "type": {"switch-on": "path.value", "cases": cases},
             **_without(item, "id")}
            for item in made
        ]  # fmt: skip

    def clustering_blocks(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """A field for each block of clustering columns."""
        count = ex.parse(source["repeat-expr"])
        made: list[Document] = []
        for index in range(-(-len(self.table.clustering) // _BLOCK)):
            name = "values" if index == 0 else f"values_from_{index * _BLOCK}"
            made += specialiser.plain(
                scope, source, known={"_index": ex.Const(index)},
                condition=specialiser.simplify(scope, ex.Binary(">", count, ex.Const(index))),
                changes={**_UNROLLED, "id": name},
            )  # fmt: skip
        return made

    def clustering_items(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """A field for each clustering column, by its name."""
        first = int(cast("ex.Const", scope.known["first"]).value)
        count = ex.parse(source["repeat-expr"])
        ids = Ids(scope.ids - {"items"})
        return [
            item
            for index, column in enumerate(self.table.clustering[first : first + _BLOCK])
            for item in specialiser.plain(
                scope, source, known={"_index": ex.Const(index)},
                condition=specialiser.simplify(scope, ex.Binary(">", count, ex.Const(index))),
                changes={**_UNROLLED, **_named(ids, column)},
            )
        ]  # fmt: skip

    def promoted_index(
        self, specialiser: Specialiser, scope: Scope, source: Document
    ) -> list[Document]:
        """The index of blocks of a large partition."""
        return specialiser.plain(
            scope, source, known=self.table.known(),
            condition=ex.parse("len_promoted_index.value != 0"),
            changes={"type": "promoted_index(version, clustering_shapes)"},
        )  # fmt: skip

    def times(self, specialiser: Specialiser, scope: Scope) -> Document:
        """Times as they are, beside the differences that the file has."""
        made: Document = {}
        present = {item["id"]: item for item in scope.out.definition["seq"]}
        for name, of in _TIMES[scope.source].items():
            minimum = self.table.minimums[of]
            condition = ex.parse(present[name].get("if", True))
            if of == "timestamp":
                # What was not deleted stands as a difference that has no time.
                small = ex.parse(f"{name}.len_extra < 8")
                condition = ex.fold(ex.Binary("and", condition, small))
            sign = "+" if minimum > 0 else "-"
            delta = f"{name}.value"
            if of == "local_deletion_time":
                # Nine bytes hold one below zero, which only the last four of them tell exactly
                # in every language.
                delta = f"({name}.len_extra == 8 ? {name}.low4 - 0x100000000 : {delta})"
            body = {"value": delta + (f" {sign} {abs(minimum)}" if minimum else "")}
            if not ex.is_true(condition):
                body["if"] = ex.text(condition)
            made[f"absolute_{name}"] = {**body, "doc": f"{_UNITS[of]}."}
        return made


def _without(document: Document, *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def _named(ids: Ids, column: Column) -> Document:
    return {"id": ids.of(column.name), **_description(column)}


def _description(column: Column) -> Document:
    return {
        "doc": f"Column `{column.name}`, {column.type.cql_name}.",
        "-orig-id": column.name,
    }
