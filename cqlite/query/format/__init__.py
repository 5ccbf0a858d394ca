"""What a result is shown or written as."""

from __future__ import annotations

from typing import IO, Final

from cqlite.query.format.table import Look, write_table
from cqlite.query.result import ResultSet

FORMATS: Final = ("table", "jsonl", "csv", "parquet", "arrow")
"""The formats that ``write_result`` takes."""

BINARY: Final = ("parquet", "arrow")
"""Those that are no text."""


def write_result(
    result: ResultSet, format: str, stream: IO[bytes], *, is_stream: bool = False
) -> int:
    """Write a result to a file or a pipe; how many rows it has.

    Args:
        format: one of :data:`FORMATS`.
        stream: where to, in UTF-8 if it is text.
        is_stream: whether Arrow's IPC stream is wanted rather than its file.

    Raises:
        CqliteError: while the rows are read; what was written before stays.
        UnsupportedFeatureError: pyarrow is needed and not installed.
    """
    if format in BINARY:
        from cqlite.query.format.arrow import write_arrow_file

        return write_arrow_file(result, format, stream, is_stream=is_stream)
    import io

    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    try:
        return _write_text(result, format, text)
    finally:
        text.flush()
        text.detach()


def _write_text(result: ResultSet, format: str, stream: IO[str]) -> int:
    if format == "table":
        return write_table(result, stream, Look())
    from cqlite.query.format.lines import CsvDialect, csv_lines, json_lines

    lines = json_lines(result) if format == "jsonl" else csv_lines(result, CsvDialect())
    count = 0
    for line in lines:
        stream.write(line)
        count += 1
    return count - (format == "csv")
