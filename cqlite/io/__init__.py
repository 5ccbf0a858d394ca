"""Files: which SSTables there are, which components they have, opening them."""

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
    find_sstables,
    parse_path,
    read_toc,
    resolve,
)
from cqlite.io.output import Output, failure
from cqlite.io.output_set import OutputSet
from cqlite.io.versions import FORMAT_OF_VERSION, Version, parse_version

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
    "Version",
    "failure",
    "find_sstables",
    "parse_path",
    "parse_version",
    "read_toc",
    "resolve",
]
