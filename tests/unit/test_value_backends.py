"""Values with parts are the same to the native engine's parsers and to Kaitai's, damaged too."""

from __future__ import annotations

import random

import pytest

from cqlite import layouts
from cqlite.errors import InvalidValueError
from cqlite.types import parse_type
from tests.engines import ENGINES, using

_P = "org.apache.cassandra.db.marshal."
_INT, _TEXT, _FLOAT = (f"{_P}{name}Type" for name in ("Int32", "UTF8", "Float"))

CASES = {
    f"{_P}ListType({_INT})": "00000002 00000004 00000001 00000004 ffffffff",
    f"{_P}MapType({_TEXT},{_INT})": "00000001 00000001 61 00000004 00000007",
    f"{_P}TupleType({_INT},{_TEXT})": "00000004 00000001 ffffffff",
    f"{_P}VectorType({_FLOAT}, 2)": "3f800000 40000000",
    f"{_P}VectorType({_TEXT}, 2)": "01 61 02 6263",
    f"{_P}CompositeType({_INT},{_TEXT})": "0004 00000001 00 0001 61 00",
    f"{_P}DynamicCompositeType(a=>{_INT})": "8061 0004 00000001 00",
    f"{_P}DecimalType": "00000002 04d2",
    f"{_P}DurationType": "02 04 06",
    f"{_P}CounterColumnType": "0001 0000" + "11" * 16 + "00" * 7 + "01" + "00" * 7 + "05",
}


def _outcome(name: str, data: bytes, backend: str) -> str:
    with layouts.use(backend):
        try:
            return repr(parse_type(name).decode(data))
        except InvalidValueError as error:
            return f"refused: {error}"


@pytest.mark.parametrize("name", CASES)
def test_backends_read_and_refuse_the_same(name: str) -> None:
    whole = bytes.fromhex(CASES[name])
    chance = random.Random(name)
    damaged = [whole, *(whole[:size] for size in range(len(whole))), whole + b"\0"]
    for _ in range(60):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
        damaged.append(bytes(changed))
    with using(ENGINES[-1]):
        outcomes = [_outcome(name, data, "native") for data in damaged]
    assert outcomes == [_outcome(name, data, "kaitai") for data in damaged]
    assert not outcomes[0].startswith("refused")
