"""How far an export is: bytes, rows, rate and the time that is left."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cqlite.cli.common import console

if TYPE_CHECKING:
    import pyarrow as pa

    from cqlite.export.tables import ExportedRows


class ExportProgress:
    """A line on standard error, if that is a terminal and rows don't go to one.

    Args:
        rows: what is exported.
        is_piped: whether rows are written to standard output.
    """

    def __init__(self, rows: ExportedRows, *, is_piped: bool) -> None:
        self._rows = rows
        self._is_shown = sys.stderr.isatty() and not (is_piped and sys.stdout.isatty())
        self._bar: Any = None

    def __enter__(self) -> ExportProgress:
        if self._is_shown:
            self._bar = _bar(has_length=self._rows.length is not None)
            self._bar.add_task("export", total=self._rows.length, rows=0, rate=0)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def over(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """``batches``, each of them shown once it has been taken care of."""
        for batch in batches:
            yield batch
            self._show()

    def _show(self) -> None:
        if self._bar is None:
            return
        elapsed = self._bar.tasks[0].elapsed or 0
        rate = self._rows.rows / elapsed if elapsed else 0
        rows = f"{self._rows.rows:,}"
        self._bar.update(0, completed=self._rows.position, rows=rows, rate=f"{rate:,.0f}")


def _bar(*, has_length: bool) -> Any:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        *([DownloadColumn(binary_units=True)] if has_length else []),
        TextColumn("{task.fields[rows]} rows, {task.fields[rate]} rows/s"),
        *([TimeRemainingColumn(), TextColumn("left")] if has_length else []),
    ]
    return Progress(*columns, console=console(stderr=True), transient=True)
