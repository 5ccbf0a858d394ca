"""Files of rows to SSTables, by the engine that can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cqlite.importing.arrow import load_arrow, native_writer
from cqlite.importing.arrow_input import ArrowInput
from cqlite.importing.inputs import Input
from cqlite.importing.load import Counts, Options, Reject, load
from cqlite.schema import TableSchema
from cqlite.sstable.write import Writer


def write(
    inputs: Sequence[Input],
    schema: TableSchema,
    directory: Path,
    options: Options,
    reject: Reject | None,
    progress: Callable[[int], None],
    **how: Any,
) -> tuple[Counts, list[Path]]:
    """Writes all rows of all files to new SSTables; Data.db of each.

    Args:
        inputs: the files.
        schema: the table.
        directory: where to.
        options: how rows are written.
        reject: takes those that cannot be; ``None`` if the first is an error.
        progress: is told how many bytes have been read.
        how: the arguments of ``Writer`` for the SSTables.

    Raises:
        RowError: a row that cannot be written.
        UnsupportedFeatureError, OutputError: as ``Writer``.
    """
    files = [source for source in inputs if isinstance(source, ArrowInput)]
    if len(files) == len(inputs):
        native = native_writer([source.fields for source in files], schema, directory, how)
        if native is not None:
            with native:
                counts = load_arrow(files, native, options, reject, progress)
            return counts, native.sstables
    with Writer(schema, directory, **how) as writer:
        counts = load(inputs, writer, options, reject, progress)
    return counts, writer.sstables
