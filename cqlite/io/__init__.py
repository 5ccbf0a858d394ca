"""Files: which SSTables there are, which components they have, opening them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqlite.io.descriptor import (
    COMPRESSION_INFO,
    CRC,
    DATA,
    DIGEST,
    FILTER,
    INDEX,
    PARTITIONS,
    ROWS,
    SPEC_OF_COMPONENT,
    STATISTICS,
    SUMMARY,
    TOC,
    Components,
    Descriptor,
    Place,
    files_in,
    find_sstables,
    parse_path,
    read_toc,
    resolve,
    resolve_component,
)
from cqlite.io.paths import as_path
from cqlite.io.versions import FORMAT_OF_VERSION, Version, parse_version

if TYPE_CHECKING:
    from cqlite.io.output import Output, failure
    from cqlite.io.output_set import OutputSet

__all__ = [
    "COMPRESSION_INFO",
    "CRC",
    "DATA",
    "DIGEST",
    "FILTER",
    "FORMAT_OF_VERSION",
    "INDEX",
    "PARTITIONS",
    "ROWS",
    "SPEC_OF_COMPONENT",
    "STATISTICS",
    "SUMMARY",
    "TOC",
    "Components",
    "Descriptor",
    "Output",
    "OutputSet",
    "Place",
    "Version",
    "as_path",
    "failure",
    "files_in",
    "find_sstables",
    "parse_path",
    "parse_version",
    "read_toc",
    "resolve",
    "resolve_component",
]


def __getattr__(name: str) -> Any:
    """Imports what only writing needs, on first use."""
    if name in ("Output", "failure"):
        from cqlite.io import output

        return getattr(output, name)
    if name == "OutputSet":
        from cqlite.io.output_set import OutputSet

        return OutputSet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
