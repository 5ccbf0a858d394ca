"""Details of sstabledump's text that few SSTables show."""

from __future__ import annotations

import io

import pytest

from cqlite.export.json_writer import JsonLinesWriter, JsonWriter
from cqlite.export.sstabledump import instant
from cqlite.types.text import quote_json


@pytest.mark.parametrize(
    ("seconds", "nanoseconds", "text"),
    [
        (0, 0, "1970-01-01T00:00:00Z"),
        (1, 500_000_000, "1970-01-01T00:00:01.500Z"),
        (1, 500_001_000, "1970-01-01T00:00:01.500001Z"),
        (1, 1, "1970-01-01T00:00:01.000000001Z"),
        (-1, 0, "1969-12-31T23:59:59Z"),
        (253_402_300_800, 0, "+10000-01-01T00:00:00Z"),
        (9_223_372_036_854, 775_807_000, "+294247-01-10T04:00:54.775807Z"),
        (-9_223_372_036_854, 0, "-290308-12-21T19:59:06Z"),
        (-62_198_755_200, 0, "-0001-01-01T00:00:00Z"),
    ],
)
def test_instant_is_javas(seconds: int, nanoseconds: int, text: str) -> None:
    assert instant(seconds, nanoseconds) == text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"\\', '"\\"\\\\"'),
        ("\n\t\b", '"\\n\\t\\b"'),
        ("\x1f\x0b", '"\\u001F\\u000B"'),
        ("é😀\x7f", '"é😀\x7f"'),
    ],
)
def test_strings_are_escaped_as_jackson_does(text: str, quoted: str) -> None:
    assert quote_json(text) == quoted


def test_empty_containers_hold_a_space_as_jacksons_do() -> None:
    out = io.StringIO()
    writer = JsonWriter(out)
    writer.start_array()
    writer.start_object()
    writer.name("a")
    writer.start_array()
    writer.end_array()
    writer.end_object()
    writer.end_array()
    writer.commit()
    assert out.getvalue() == '[\n  {\n    "a" : [ ]\n  }\n]'


def test_lines_have_no_space_and_one_value_each() -> None:
    out = io.StringIO()
    writer = JsonLinesWriter(out)
    for number in "12":
        writer.start_object()
        writer.field("a", number)
        writer.end_object()
    writer.commit()
    assert out.getvalue() == '{"a":1}\n{"a":2}'


def test_what_is_rolled_back_leaves_whole_json() -> None:
    out = io.StringIO()
    writer = JsonWriter(out)
    writer.start_array()
    writer.raw("1")
    writer.commit()
    writer.start_object()
    writer.name("half")
    writer.rollback()
    writer.end_array()
    writer.commit()
    assert out.getvalue() == "[\n  1\n]"
