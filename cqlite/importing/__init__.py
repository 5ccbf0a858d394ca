"""Rows of other formats, for SSTables to be written of them: CSV, JSON lines, Arrow, dumps."""

from cqlite.importing.arrow import write_arrow
from cqlite.importing.inputs import FORMATS, Input, format_of, open_input
from cqlite.importing.load import Counts, Options, load
from cqlite.importing.write import write

__all__ = [
    "FORMATS",
    "Counts",
    "Input",
    "Options",
    "format_of",
    "load",
    "open_input",
    "write",
    "write_arrow",
]
