"""Writes the table of types in docs/arrow.md from the code, or checks that it is current.

python tools/arrow_reference.py --write | --check
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cqlite.sstable.select.arrow_types import arrow_type
from cqlite.types import parse_type

PAGE = Path(__file__).resolve().parent.parent / "docs" / "arrow.md"
_BEGIN, _END = "<!-- types -->\n", "<!-- end of types -->"

_POINT = "UserType(ks,70,78:Int32Type,79:UTF8Type)"
_ROWS = (
    ("`ascii`, `text`", "AsciiType", "UTF8Type"),
    ("`blob`", "BytesType"),
    ("`boolean`", "BooleanType"),
    ("`tinyint`", "ByteType"),
    ("`smallint`", "ShortType"),
    ("`int`", "Int32Type"),
    ("`bigint`", "LongType"),
    ("`counter`, the sum of its shards", "CounterColumnType"),
    ("`varint`, `decimal`, as text", "IntegerType", "DecimalType"),
    ("`float`", "FloatType"),
    ("`double`", "DoubleType"),
    ("`date`", "SimpleDateType"),
    ("`time`", "TimeType"),
    ("`timestamp`", "TimestampType", "DateType"),
    ("`duration`", "DurationType"),
    (
        "`uuid`, `timeuuid`",
        "UUIDType",
        "TimeUUIDType",
        "LexicalUUIDType",
        "LegacyTimeUUIDType",
    ),
    ("`inet`, as text", "InetAddressType"),
    (
        "`list<int>`, `set<int>`, frozen or not",
        "ListType(Int32Type)",
        "SetType(Int32Type)",
        "FrozenType(ListType(Int32Type))",
        "FrozenType(SetType(Int32Type))",
    ),
    (
        "`map<text, int>`, frozen or not",
        "MapType(UTF8Type,Int32Type)",
        "FrozenType(MapType(UTF8Type,Int32Type))",
    ),
    ("`tuple<int, text>`", "TupleType(Int32Type,UTF8Type)"),
    ("UDT `(x int, y text)`, frozen or not", _POINT, f"FrozenType({_POINT})"),
    ("`vector<float, 3>`", "VectorType(FloatType , 3)"),
    (
        "`list<frozen<map<uuid, date>>>`",
        "ListType(FrozenType(MapType(UUIDType,SimpleDateType)))",
    ),
    (
        "`CompositeType`, `DynamicCompositeType`, `PartitionerDefinedOrder`, serialized",
        "CompositeType(Int32Type,UTF8Type)",
        "DynamicCompositeType(a=>Int32Type)",
        "PartitionerDefinedOrder(Murmur3Partitioner)",
    ),
    ("classes that are not Cassandra's own, serialized", "com.example.Thing"),
    ("`empty`, which has no values", "EmptyType"),
)
"""What the table calls types, and class strings of those."""


def table() -> str:
    """The table's text."""
    lines = ["| CQL | Arrow |", "|---|---|"]
    for name, *classes in _ROWS:
        found = {str(arrow_type(parse_type(text))) for text in classes}
        (arrow,) = found
        lines.append(f"| {name} | `{arrow}` |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with a table that is current."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + _BEGIN + table() + _END + after


def main() -> int:
    """Runs the command line; 1 if the page is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    text = PAGE.read_text(encoding="utf-8")
    if parser.parse_args().write:
        PAGE.write_text(page(text), encoding="utf-8")
        return 0
    if text != page(text):
        print("docs/arrow.md is not current: run python tools/arrow_reference.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
