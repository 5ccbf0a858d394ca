"""Failures of generated parsers come out as typed errors with offset and field path."""

from __future__ import annotations

import gc
import io
import pickle
import weakref

import pytest
from kaitaistruct import ConsistencyError

from cqlite import layouts
from cqlite.errors import CorruptSSTableError, TruncatedError, Where
from cqlite.layouts import kaitai
from cqlite.layouts.build import encoded, make, vint

WHERE = Where("oa-1-big-Data.db", "Data.db")
OA = int(layouts.enum("version.id")["oa"])


def test_truncated_field_is_named_with_its_offset() -> None:
    with pytest.raises(TruncatedError) as caught:
        layouts.parse("data.partition_header", b"\x00\x05ab", OA, where=WHERE, base=100)
    assert caught.value.where.offset == 102
    assert caught.value.where.field == "data.partition_header.key"
    assert "oa-1-big-Data.db, byte 102" in str(caught.value)


def test_invalid_field_is_named_with_its_offset() -> None:
    data = b"\x00\x01k\x81"
    with pytest.raises(CorruptSSTableError) as caught:
        layouts.parse("data.partition_header", data, OA, where=WHERE)
    assert caught.value.where.offset == 3
    assert caught.value.where.field == "data.partition_header.deletion.modern.head"


def test_field_that_runs_past_its_container_is_corruption_not_truncation() -> None:
    # A row without clustering, whose body of two bytes has a cell of ten.
    data = bytes.fromhex("24 02 00 0a 08") + bytes(20)
    with pytest.raises(CorruptSSTableError) as caught:
        layouts.parse("data.unfiltered", io.BytesIO(data), [], [], [10], where=WHERE)
    assert not isinstance(caught.value, TruncatedError)
    assert caught.value.where.offset == 4
    assert "row.body" in str(caught.value.where.field)


def test_stream_is_left_at_the_end_of_what_was_parsed() -> None:
    stream = io.BytesIO(b"\x80\x80rest")
    assert layouts.parse("vint", stream).value == 128
    assert stream.read() == b"rest"


def test_what_was_changed_inside_is_checked_before_it_is_built() -> None:
    parsed = kaitai.parse("data.deletion_delta", io.BytesIO(b"\1\2"), (), WHERE, 0)
    parsed.local_deletion_time.extra = b"\3"
    with pytest.raises(ConsistencyError, match="extra"):
        kaitai.build(parsed)
    parsed.local_deletion_time.extra = b""
    parsed.local_deletion_time.first = 3
    assert kaitai.build(parsed) == b"\1\3"


def test_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="no layouts backend"), layouts.use("struct"):
        pass


def test_cached_numbers_hold_on_to_nothing() -> None:
    made = make("data.deletion_delta", marked_for_delete_at=vint(1), local_deletion_time=vint(2))
    assert encoded(made) == b"\1\2"
    held = weakref.ref(made)
    del made
    gc.collect()
    assert held() is None


def test_enumerations_need_no_parser() -> None:
    assert layouts.enum("clustering.kind") is kaitai.type_class("clustering.kind")
    assert pickle.loads(pickle.dumps(layouts.enum("version.id")["oa"])) == OA
    with pytest.raises(AttributeError, match="VersionNone"):
        layouts.enum("version.none")
