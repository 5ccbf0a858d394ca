"""Range deletions in what is read around damage, each of which starts and ends."""

from __future__ import annotations

from collections.abc import Iterator

from cqlite.rows import DeletionTime, RangeTombstoneMarker, Row, Unfiltered
from cqlite.rows.merge import BEFORE_VALUES, marker_kind


class RangeEnds:
    """Ends range deletions where damage starts, and starts them again where reading goes on.

    Of a deletion that is open before or behind damage it is not known how far it reaches into
    what was lost: there it deletes nothing.

    Args:
        are_wanted: whether that is done at all.
    """

    def __init__(self, *, are_wanted: bool) -> None:
        self._are_wanted = are_wanted
        self._opened: DeletionTime | None = None
        self._resumed: DeletionTime | None = None
        self._last: Unfiltered | None = None

    def start(self) -> None:
        """A partition starts."""
        self._opened = self._resumed = self._last = None

    def resume(self, opened: DeletionTime | None) -> None:
        """Reading goes on where this deletion is open."""
        self._resumed = opened

    def passed(self, unfiltered: Unfiltered, *, is_lost: bool) -> Iterator[Unfiltered]:
        """A row or marker with what has to be before it; of one that is lost, what it ends."""
        if not self._are_wanted:
            if not is_lost:
                yield unfiltered
        elif not is_lost:
            yield from self._resuming(unfiltered)
            yield unfiltered
            self._last = unfiltered
            if isinstance(unfiltered, RangeTombstoneMarker):
                self._opened = unfiltered.open
        elif isinstance(unfiltered, RangeTombstoneMarker):
            yield from self.cut()
            self._resumed = unfiltered.open

    def _resuming(self, unfiltered: Unfiltered) -> Iterator[Unfiltered]:
        opened, self._resumed = self._resumed, None
        if opened is not None:
            self._opened = opened
            yield _marker_at(unfiltered, None, opened)

    def cut(self) -> Iterator[Unfiltered]:
        """The end of what is open behind the last row or marker, if anything is."""
        opened, self._opened = self._opened, None
        if self._are_wanted and opened is not None and self._last is not None:
            yield _marker_at(self._last, opened, None)


def _marker_at(
    place: Unfiltered, close: DeletionTime | None, opened: DeletionTime | None
) -> RangeTombstoneMarker:
    """A marker right before or behind a row, or where another marker is."""
    if isinstance(place, Row):
        kind, values = marker_kind(close is None, close, opened), place.clustering
    else:
        is_before = place.kind.name in BEFORE_VALUES
        kind, values = marker_kind(is_before, close, opened), place.values
    return RangeTombstoneMarker(kind, values, close, opened)
