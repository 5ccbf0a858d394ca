"""Small plots as SVG: bars, spans on an axis, a matrix of shares. They need nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cqlite.report.shown import short

_WIDTH = 900
_LABEL = 220
_ROW = 22
_PLOT = _WIDTH - _LABEL - 130
_HEIGHT = 220
_CELL = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart.

    Attributes:
        label: what it is.
        value: its length, not negative.
        text: the value as people read it.
        part: how much of it is marked, at most ``value``.
    """

    label: str
    value: float
    text: str
    part: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """A range on an axis.

    Attributes:
        label: whose range it is.
        start: where it starts, from 0 to 1.
        end: where it ends, from 0 to 1.
        text: the range as people read it.
    """

    label: str
    start: float
    end: float
    text: str


def bars(rows: Sequence[Bar]) -> str:
    """Horizontal bars below each other, the longest as wide as the plot."""
    most = max((row.value for row in rows), default=0) or 1
    parts = []
    for index, row in enumerate(rows):
        top = index * _ROW
        width = row.value / most * _PLOT
        parts.append(_label(row.label, top))
        parts.append(_rect("bar", _LABEL, top + 3, width, _ROW - 6, f"{row.label}: {row.text}"))
        if row.part:
            parts.append(_rect("part", _LABEL, top + 3, row.part / most * _PLOT, _ROW - 6))
        parts.append(_text(_LABEL + width + 6, top + 15, row.text))
    return _svg(parts, len(rows) * _ROW)


def spans(rows: Sequence[Span], ends: tuple[str, str]) -> str:
    """Ranges below each other on one axis, with ``ends`` at its start and end."""
    plot = _WIDTH - _LABEL - 10
    parts = []
    for index, row in enumerate(rows):
        top = index * _ROW
        left = _LABEL + row.start * plot
        width = max((row.end - row.start) * plot, 2)
        parts.append(_label(row.label, top))
        parts.append(_rect("bar", left, top + 4, width, _ROW - 8, f"{row.label}: {row.text}"))
    bottom = len(rows) * _ROW
    parts.append(_text(_LABEL, bottom + 14, ends[0]))
    parts.append(_text(_WIDTH - 10, bottom + 14, ends[1], anchor="end"))
    return _svg(parts, bottom + 20)


def columns(values: Sequence[Bar], ends: tuple[str, str], mark: float | None = None) -> str:
    """Vertical bars side by side.

    Args:
        values: the bars.
        ends: what stands at the axis' start and end.
        mark: where a line is drawn down, from 0 to 1; beyond these there is none.
    """
    most = max((value.value for value in values), default=0) or 1
    width = (_WIDTH - 20) / max(len(values), 1)
    parts = []
    for index, value in enumerate(values):
        height = value.value / most * (_HEIGHT - 30)
        top = _HEIGHT - 20 - height
        title = f"{value.label}: {value.text}"
        parts.append(_rect("bar", 10 + index * width, top, max(width - 1, 1), height, title))
    if mark is not None and 0 <= mark <= 1:
        parts.append(_line(10 + mark * (_WIDTH - 20), 0, _HEIGHT - 20))
    parts.append(_text(10, _HEIGHT - 5, ends[0]))
    parts.append(_text(_WIDTH - 10, _HEIGHT - 5, ends[1], anchor="end"))
    return _svg(parts, _HEIGHT)


def matrix(names: Sequence[str], shares: Sequence[Sequence[float | None]]) -> str:
    """A square of shares from 0 to 1, the darker the more; ``None`` stays empty."""
    parts = []
    for row, name in enumerate(names):
        top = row * _CELL
        parts.append(_label(name, top))
        for column, value in enumerate(shares[row]):
            if value is None:
                continue
            title = f"{name} and {names[column]}: {value:.1%}"
            cell = _rect("cell", _LABEL + column * _CELL, top, _CELL - 2, _CELL - 2, title)
            parts.append(cell.replace("<rect ", f'<rect fill-opacity="{0.08 + 0.92 * value:.3f}" '))
    return _svg(parts, len(names) * _CELL, max(_WIDTH, _LABEL + len(names) * _CELL))


def _svg(parts: Sequence[str], height: float, width: float = _WIDTH) -> str:
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img">{"".join(parts)}</svg>'


def _rect(kind: str, x: float, y: float, width: float, height: float, title: str = "") -> str:
    inner = f"<title>{escape(title)}</title>" if title else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {place}>{inner}</rect>'


def _label(text: str, top: float) -> str:
    return _text(_LABEL - 8, top + 15, short(text, 32), anchor="end")


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x: float, top: float, bottom: float) -> str:
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'
