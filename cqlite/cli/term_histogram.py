"""Histograms as Cassandra's tools draw them on a terminal (``tools.Util.TermHistogram``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cqlite.sstable.histogram import EstimatedHistogram

BLUE, CYAN, WHITE, RESET = "\x1b[34m", "\x1b[36m", "\x1b[37m", "\x1b[0m"
_BAR_WIDTH = 30
_MIN_COUNT_WIDTH = 5
_BUCKETS = 165
_PERCENTILES = {"50th": 0.5, "75th": 0.75, "95th": 0.95, "98th": 0.98, "99th": 0.99}
_ASCII = ((0.3, "."), (0.75, "o"), (1.0, "O"))
_UNICODE = (
    (1 / 8, "\u258f"),
    (1 / 4, "\u258e"),
    (3 / 8, "\u258d"),
    (5 / 8, "\u258b"),
    (3 / 4, "\u258a"),
    (7 / 8, "\u2589"),
    (1.0, "\u2589"),
)


@dataclass(frozen=True, slots=True)
class Style:
    """How to draw: with colours, with block characters."""

    colors: bool = False
    unicode: bool = False

    def paint(self, text: str, color: str) -> str:
        """``text`` in ``color``, if there are colours."""
        return f"{color}{text}{RESET}" if self.colors else text

    def note(self, text: str | None) -> str:
        """``text`` in parentheses; nothing for ``None``."""
        return self.paint(f"({text})", WHITE) if text else ""


@dataclass(frozen=True, slots=True)
class TermHistogram:
    """A histogram to show.

    Attributes:
        entries: pairs of value and count, ascending in value.
    """

    entries: tuple[tuple[int, int], ...]

    def percent(self, count: int) -> int:
        """``count`` as a share of all, in whole percent, rounded down."""
        return int(100 * (count / sum(c for _, c in self.entries)))

    def percentiles(self) -> dict[str, int | None]:
        """Percentiles, smallest and largest value, by Cassandra's names for them.

        Estimates from another histogram of wider buckets, which Cassandra makes for
        them. A percentile is ``None`` where values are too large for it.
        """
        wide = EstimatedHistogram.of(self.entries, _BUCKETS)
        named = {name: wide.percentile(share) for name, share in _PERCENTILES.items()}
        return {**named, "Min": wide.min(), "Max": wide.max()}

    def lines(self, title: str, show: Callable[[int, Style], str], style: Style) -> Iterator[str]:
        """The drawing.

        Args:
            title: heads the column of values.
            show: a value as text.
            style: how to draw.
        """
        plain = Style()
        width = max(len(title), *(len(show(value, plain)) for value, _ in self.entries), 0)
        counts = max(_MIN_COUNT_WIDTH, *(len(str(count)) for _, count in self.entries), 0)
        bar_color = style.paint("|", CYAN)
        yield (
            f"   {style.paint(title, BLUE)}{' ' * (width - len(title))} {bar_color} "
            f"{style.paint('Count', BLUE)}{' ' * (counts - 5)}  {style.note('%')}  "
            f"{style.paint('Histogram', BLUE)} "
        )
        for value, count in self.entries:
            padding = " " * (width - len(show(value, plain)))
            percent = style.note(f"{self.percent(count):3}")
            bar = style.paint(self._bar(count, style), WHITE)
            yield (f"   {show(value, style)}{padding} {bar_color} {count:{counts}} {percent} {bar}")
        yield style.paint("   Percentiles", BLUE)
        for name, estimate in self.percentiles().items():
            shown = "--" if estimate is None else show(estimate, style)
            yield f"   {style.paint(f'{name:10}', BLUE)}{shown}"

    def _bar(self, count: int, style: Style) -> str:
        blocks = _UNICODE if style.unicode else _ASCII
        length = count / max(c for _, c in self.entries) * _BAR_WIDTH
        rest = length - int(length)
        fitting = [block for limit, block in blocks if limit <= rest]
        return blocks[-1][1] * int(length) + (fitting[-1] if fitting else "")
