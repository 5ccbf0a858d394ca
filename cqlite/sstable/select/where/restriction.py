"""What relations say of columns, one or several at once: ``SingleRestriction``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from cqlite.errors import QueryError
from cqlite.records import record, replace
from cqlite.schema import ColumnMetadata
from cqlite.sstable.select.plan import Range
from cqlite.sstable.select.where.filters import CompareFilter, Filter

Values = tuple[bytes | None, ...]


class Kind(StrEnum):
    """What a restriction is."""

    EQ = "="
    IN = "IN"
    SLICE = "slice"
    CONTAINS = "CONTAINS"
    LIKE = "LIKE"


@record
class ColumnsRestriction:
    """A restriction of columns that follow each other, as one.

    Attributes:
        columns: in the order of the key.
        kind: what it is.
        values: what they may have together (= and IN).
        above, below: what they are compared with, the bound itself and whether it is in.
        filters: of CONTAINS and LIKE.
        is_multi_column: whether parentheses were written around the columns.
        refusal: of a LIKE, why Cassandra would not answer it alike; None if it would.
    """

    columns: tuple[ColumnMetadata, ...]
    kind: Kind
    values: tuple[Values, ...] = ()
    above: Range | None = None
    below: Range | None = None
    filters: tuple[Filter, ...] = ()
    is_multi_column: bool = False
    refusal: str | None = None

    @property
    def first(self) -> int:
        """The position of the first column."""
        return self.columns[0].position

    @property
    def last(self) -> int:
        """The position of the last column."""
        return self.columns[-1].position

    @property
    def has_index(self) -> bool:
        """Whether Cassandra has an index that answers it, as it wants one for LIKE."""
        return self.kind is Kind.LIKE and self.refusal is None

    @property
    def is_equality(self) -> bool:
        """Whether it is = or IN."""
        return self.kind in (Kind.EQ, Kind.IN)

    def merged(self, other: ColumnsRestriction) -> ColumnsRestriction:
        """Both restrictions as one, ``other`` having come later.

        Raises:
            QueryError: they do not go together.
        """
        names = self._common(other)
        match self.kind:
            case Kind.EQ | Kind.IN:
                what = "an Equal" if self.kind is Kind.EQ else "a IN"
                raise QueryError(
                    f"{names} cannot be restricted by more than one relation if it includes {what}"
                )
            case Kind.LIKE:
                raise QueryError(
                    f"{names} cannot be restricted by more than one relation if it includes a LIKE"
                )
            case Kind.CONTAINS:
                if other.kind is not Kind.CONTAINS:
                    raise QueryError(
                        f"Collection column {names} can only be restricted by CONTAINS, "
                        "CONTAINS KEY, or map-entry equality"
                    )
                return replace(self, filters=self.filters + other.filters)
            case Kind.SLICE:
                return self._merged_slice(other, names)

    def _common(self, other: ColumnsRestriction) -> str:
        # So has Cassandra it.
        return " ,".join(column.name for column in self.columns if column in other.columns)

    def _merged_slice(self, other: ColumnsRestriction, names: str) -> ColumnsRestriction:
        if other.kind is not Kind.SLICE:
            raise QueryError(
                f'Column "{names}" cannot be restricted by both an equality and an inequality '
                "relation"
            )
        if self.first != other.first:
            later = max(self.columns[0], other.columns[0], key=lambda column: column.position)
            raise QueryError(
                f'Column "{later.name}" cannot be restricted by two inequalities not starting '
                "with the same column"
            )
        for side, ours, theirs in (
            ("start", self.above, other.above),
            ("end", self.below, other.below),
        ):
            if ours is not None and theirs is not None:
                raise QueryError(
                    f"More than one restriction was found for the {side} bound on {names}"
                )
        return replace(
            self,
            columns=max(self.columns, other.columns, key=len),
            above=self.above or other.above,
            below=self.below or other.below,
            is_multi_column=self.is_multi_column or other.is_multi_column,
        )

    def as_filters(self) -> Iterator[Filter]:
        """The restriction as conditions on values (``addToRowFilter``).

        Raises:
            QueryError: it cannot be one, or has nulls.
        """
        yield from self.filters
        if self.kind is Kind.SLICE:
            if self.is_multi_column:
                raise QueryError("Multi-column slice restrictions cannot be used for filtering.")
            for symbol, bound in ((">", self.above), ("<", self.below)):
                if bound is not None:
                    operator = symbol + "=" * bound.inclusive
                    yield CompareFilter(self.columns[0], operator, bound.values)
        elif self.kind is Kind.EQ:
            for column, value in zip(self.columns, self.values[0], strict=True):
                yield CompareFilter(column, "=", [value])
        elif self.kind is Kind.IN:
            if len(self.columns) > 1:
                raise QueryError("Multicolumn IN filters are not supported")
            yield CompareFilter(self.columns[0], "IN", [value for (value,) in self.values])

    def checked_values(self) -> list[tuple[bytes, ...]]:
        """The values of = and IN for columns of the key, in which there are no nulls.

        Raises:
            QueryError: there is one.
        """
        message = "Invalid null value in condition for column {}"
        if self.is_multi_column:
            names = ", ".join(column.name for column in self.columns)
            message = f"Invalid null value in condition for columns: [{names}]"
            if self.kind is Kind.EQ:
                message = "Invalid null value for column {}"
        return [self._without_null(values, message) for values in self.values]

    def checked_bounds(self) -> tuple[Range | None, Range | None] | None:
        """What a slice of the key is above of and below of, None if nothing is in it.

        To one column a null is a value before all others, in the order that rows are stored in:
        rows start at it, or end there.

        Raises:
            QueryError: a null is among several columns' values.
        """
        above, below = self.above, self.below
        for bound in (above, below):
            if bound is not None and self.is_multi_column:
                self._without_null(bound.values, "Invalid null value in condition for column {}")
        start, end = (below, above) if self.columns[0].is_descending else (above, below)
        if end is not None and end.values[0] is None:
            return None
        is_open = start is not None and start.values[0] is None
        return (None if is_open and above is start else above), (
            None if is_open and below is start else below
        )

    def _without_null(self, values: Sequence[bytes | None], message: str) -> tuple[bytes, ...]:
        for column, value in zip(self.columns, values, strict=False):
            if value is None:
                raise QueryError(message.replace("{}", column.name))
        return tuple(value for value in values if value is not None)


class RestrictionSet:
    """The restrictions of some columns, by column (``restrictions.RestrictionSet``)."""

    def __init__(self) -> None:
        self._by_column: dict[str, ColumnsRestriction] = {}

    def add(self, restriction: ColumnsRestriction) -> None:
        """Takes a further restriction.

        Raises:
            QueryError: it does not go with the others.
        """
        known: list[ColumnsRestriction] = []
        for column in restriction.columns:
            found = self._by_column.get(column.name)
            if found is not None and found not in known:
                known.append(found)
        merged = [one.merged(restriction) for one in known] or [restriction]
        for column in merged[-1].columns:
            self._by_column[column.name] = merged[-1]

    def of(self, column: ColumnMetadata) -> ColumnsRestriction | None:
        """What restricts a column."""
        return self._by_column.get(column.name)

    def __iter__(self) -> Iterator[ColumnsRestriction]:
        """By position, then by name; each one once."""
        found: list[ColumnsRestriction] = []
        for restriction in self._by_column.values():
            if restriction not in found:
                found.append(restriction)
        return iter(sorted(found, key=lambda one: (one.first, one.columns[0].name_bytes)))

    def __len__(self) -> int:
        """The number of columns that are restricted."""
        return len(self._by_column)

    @property
    def kinds(self) -> set[Kind]:
        """The kinds that there are."""
        return {one.kind for one in self._by_column.values()}
