"""What generated Construct schemas refuse, and how they say where."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
from construct import (
    ConstError,
    Int8ub,
    IntegerError,
    RangeError,
    StreamError,
    StringError,
    Struct,
    ValidationError,
)
from construct.lib import Container

from cqlite.layouts.construct_prelude import ExpressionError, size_of, span_of
from tests.codegen.workshop import Workshop

SPEC = """
meta: {id: sample, endian: be}
seq:
  - {id: magic, contents: 'CQ'}
  - {id: num, type: u1, valid: {max: 200}}
  - {id: parts, type: part(num), repeat: expr, repeat-expr: num}
instances:
  total: {value: num * 10}
types:
  part:
    params: [{id: limit, type: u1}]
    seq:
      - {id: len, type: u1, valid: {expr: _ != 0xff}}
      - {id: text, size: len, type: str, encoding: UTF-8}
      - {id: box, type: box, size: 2}
      - {id: extra, type: u1, if: len > limit}
    instances:
      pick: {value: 'box.list[len]'}
  box:
    seq:
      - {id: num, type: u1}
      - {id: list, type: u1, repeat: expr, repeat-expr: num}
  gated:
    params: [{id: version, type: u1}, {id: shapes, type: 's4[]'}]
    seq:
      - {id: new, type: u1, if: version >= 2}
      - {id: pick, size: 'shapes[version]'}
  endless:
    seq:
      - {id: items, type: nothing, repeat: eos}
  nothing:
    seq: []
  many:
    seq:
      - {id: num, type: u4}
      - {id: items, type: u8, repeat: expr, repeat-expr: num}
"""
GOOD = b"CQ\x02" + b"\x01a\x01\x07" + b"\x03bcd\x01\x00\x09"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("errors"), {"sample": SPEC}, kaitai=False)


@pytest.fixture
def schema(workshop: Workshop) -> Any:
    return workshop.construct("sample")


@pytest.mark.parametrize(
    ("data", "error", "path", "offset", "inner"),
    [
        (b"CX", ConstError, "magic", 0, False),
        (b"CQ", StreamError, "num", 2, False),
        (b"CQ\xc9", ValidationError, "num", 2, False),
        (b"CQ\x01\xff", ValidationError, "parts[0].len", 3, False),
        (b"CQ\x01\x02a", StreamError, "parts[0].text", 4, False),
        (b"CQ\x01\x01\xff\x00\x00", StringError, "parts[0].text", 4, False),
        (b"CQ\x01\x01a\x02\x07", StreamError, "parts[0].box.list[1]", 7, True),
        (GOOD[:-1], StreamError, "parts[1].extra", 13, False),
    ],
)
def test_errors_tell_where(
    schema: Any, data: bytes, error: type[Exception], path: str, offset: int, inner: bool
) -> None:
    with pytest.raises(error) as caught:
        schema.parse_stream(io.BytesIO(data))
    found: Any = caught.value
    assert (found.path, found.offset, found.inner) == (path, offset, inner)
    assert found.reason
    assert str(found) == f"sample.{path}: {found.reason}"


def test_expressions_without_an_answer(workshop: Workshop, schema: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        workshop.construct("sample", "gated").parse(b"\x01\x02", 5, [1])
    assert caught.value.path == "pick"
    record = schema.parse(GOOD)
    with pytest.raises(ExpressionError, match="pick"):
        assert record.parts[0].pick
    with pytest.raises(AttributeError):
        assert record.nonsense
    with pytest.raises(KeyError):
        assert record["nonsense"]


def test_lists_that_cannot_end_well(workshop: Workshop) -> None:
    assert workshop.construct("sample", "endless").parse(b"").items == []
    with pytest.raises(ExpressionError, match="never ends"):
        workshop.construct("sample", "endless").parse(b"x")
    with pytest.raises(StreamError, match="do not fit"):
        workshop.construct("sample", "many").parse(b"\xff\xff\xff\xff" + bytes(100))


def test_parameters_by_position_and_name(workshop: Workshop) -> None:
    gated = workshop.construct("sample", "gated")
    expected = gated.parse(b"\x07ab", 2, [0, 0, 2])
    assert gated.parse(b"\x07ab", version=2, shapes=[0, 0, 2]) == expected
    assert gated.parse(b"\x07ab", 2, shapes=[0, 0, 2]) == expected
    assert gated.build(expected, 2, shapes=[0, 0, 2]) == b"\x07ab"
    assert expected.version == 2
    assert expected.shapes == [0, 0, 2]
    wrong: list[tuple[Any, Any]] = [
        ((2,), {}),
        ((1, 2, 3), {}),
        ((1, [1]), {"version": 2}),
        ((1,), {"x": 1}),
    ]
    for params, named in wrong:
        with pytest.raises(TypeError, match="takes the parameters"):
            gated.parse(b"", *params, **named)


def test_inside_a_hand_written_construct(workshop: Workshop) -> None:
    gated = workshop.construct("sample", "gated")
    given = Struct("inner" / gated)
    container = given.parse(b"\x07ab", version=2, shapes=[0, 0, 2])
    assert container.inner.pick == b"ab"
    assert given.build(container, version=2, shapes=[0, 0, 2]) == b"\x07ab"
    beside = Struct("version" / Int8ub, "inner" / gated)
    container = beside.parse(b"\x02\x07ab", shapes=[0, 0, 2])
    assert container.inner.new == 7
    assert beside.build(container, shapes=[0, 0, 2]) == b"\x02\x07ab"
    with pytest.raises(ExpressionError, match="no version"):
        given.parse(b"\x07ab")


def test_spans_and_sizes(schema: Any) -> None:
    record = schema.parse_stream(io.BytesIO(GOOD))
    assert span_of(record, "parts") == (3, 14)
    assert span_of(record.parts[0], "extra") == (7, 7)
    assert span_of(record.parts[0].box, "list") == (6, 7)
    assert size_of(record) == len(GOOD)


def test_stream_is_left_behind_the_object(schema: Any) -> None:
    stream = io.BytesIO(b"head" + GOOD + b"tail")
    stream.seek(4)
    record = schema.parse_stream(stream)
    assert stream.read() == b"tail"
    assert schema.build(record) == GOOD
    assert span_of(record, "num") == (6, 7)


def test_changes_are_built(schema: Any) -> None:
    record = schema.parse(GOOD)
    record.parts[0].text = "z"
    record["parts"][0]["box"]["list"] = [8]
    assert schema.build(record) == GOOD.replace(b"\x01a\x01\x07", b"\x01z\x01\x08")


def test_a_copy_is_a_plain_container(schema: Any) -> None:
    record = schema.parse(GOOD)
    copied = copy.deepcopy(record)
    assert type(copied) is Container
    assert copied == record
    assert "total" not in copied
    copied.num = 1
    del copied.parts[1:]
    assert schema.build(copied) == b"CQ\x01\x01a\x01\x07"
    assert repr(copied) == repr(Container(magic=b"CQ", num=1, parts=copied.parts))
    assert str(record).startswith("Container:")


def _broken(change: Any) -> Any:
    def apply(record: Any) -> Any:
        changed = copy.deepcopy(record)
        change(changed)
        return changed

    return apply


@pytest.mark.parametrize(
    ("change", "error", "path"),
    [
        (_broken(lambda r: r.update({"num": 3})), RangeError, "parts"),
        (_broken(lambda r: r.update({"num": 201})), ValidationError, "num"),
        (_broken(lambda r: r.update({"num": 300})), IntegerError, "num"),
        (_broken(lambda r: r.update({"num": "x"})), IntegerError, "num"),
        (_broken(lambda r: r.update({"num": None})), ValidationError, "num"),
        (_broken(lambda r: r.pop("num")), ValidationError, "num"),
        (_broken(lambda r: r.update({"magic": b"XX"})), ConstError, "magic"),
        (_broken(lambda r: r.parts[0].update({"extra": 1})), ValidationError, "parts[0].extra"),
        (_broken(lambda r: r.parts[1].update({"extra": None})), ValidationError, "parts[1].extra"),
        (_broken(lambda r: r.parts[0].update({"text": "ab"})), RangeError, "parts[0].text"),
        (_broken(lambda r: r.parts[0].update({"text": 1})), StringError, "parts[0].text"),
        (_broken(lambda r: r.parts[0].update({"box": 5})), ValidationError, "parts[0].box"),
        (
            _broken(lambda r: r.parts[0].box.update({"num": 0, "list": []})),
            RangeError,
            "parts[0].box",
        ),
    ],
)
def test_wrong_objects_are_not_built(
    schema: Any, change: Any, error: type[Exception], path: str
) -> None:
    with pytest.raises(error) as caught:
        schema.build(change(schema.parse(GOOD)))
    assert caught.value.path == path  # type: ignore[attr-defined]
