"""Texts of times, durations and addresses: what a node of 5.0.6 made of each."""

from __future__ import annotations

import datetime

import pytest

from cqlite.errors import InvalidValueError
from cqlite.terms.refusals import refusal
from cqlite.types import parse_type
from cqlite.types.duration_texts import parse_duration
from cqlite.types.time_texts import parse_date, parse_time, parse_timestamp

NEW_YEAR = 1_704_067_200_000
"""2024-01-01T00:00Z."""
HOUR = 3_600_000
DAY = 24 * HOUR

TIMESTAMPS = {
    "2024-01-01": NEW_YEAR,
    "2024-01-01z": NEW_YEAR,
    "2024-01-01 UTC": NEW_YEAR,
    "2024-01-01+01:00": NEW_YEAR - HOUR,
    "2024-1-1 1:1": NEW_YEAR + 61 * 60_000,
    "2024-01-01T24:00": NEW_YEAR + DAY,
    "2024-01-01T24:00:00.000Z": NEW_YEAR + DAY,
    "2024-01-01T12:30:15.Z": NEW_YEAR + 12 * HOUR + 1_815_000,
    "2024-01-01T00:00:00.1239999": NEW_YEAR + 123,
    "2024-01-01 12:00 +01:00:30": NEW_YEAR + 11 * HOUR - 30_000,
    "2024-01-01 12:00:00 UTC+01:00": NEW_YEAR + 11 * HOUR,
    "2024-01-01 12:00 +0130": NEW_YEAR + 12 * HOUR - 5_400_000,
    "2024-02-31": NEW_YEAR + 59 * DAY,
    "2024-02-30 12:00": NEW_YEAR + 59 * DAY + 12 * HOUR,
    "2023-02-29T00:00Z": NEW_YEAR - 307 * DAY,
    "-0001-01-01": -62_198_755_200_000,
    "-5877641-06-22": -185_542_587_273_600_000,
    "-1": -1,
}
ZONED = {
    "2024-01-01 12:00 PST": 20, "2024-01-01 12:00 EST": 17, "2024-01-01 12:00 Europe/Paris": 11,
    "2024-01-01 America/New_York": 5, "2024-01-01 12:00 JST": 3, "2024-01-01 12:00 Zulu": 12,
}  # fmt: skip
"""By how many hours they are after 2024 began."""

NO_TIMESTAMPS = (
    "2024-1-1", "2024-01-1", "24-01-01", "12345-01-01", "+2024-01-01", "+0001-01-01", "0-1-1 1:1",
    "2024-01-01T12:30.5", "2024-01-01T12:30.", "2024-01-01UTC", "2024-01-01 ",
    "2024-01-01 12:00+19", "2024-01-01 12:00+18:01", "2024-13-01 12:00", "2024-01-32",
    "2024-01-01T24:01", "١٢",
    "2024-01-01 12:00 UTC+1", "2024-01-01 12:00 Etc/GMT+5", "2024-01-01 12:00 Nowhere/Else",
)  # fmt: skip


@pytest.mark.parametrize("text", TIMESTAMPS)
def test_timestamps(text: str) -> None:
    assert parse_timestamp(text) == TIMESTAMPS[text]


@pytest.mark.parametrize("text", ZONED)
def test_timestamps_in_regions(text: str) -> None:
    assert parse_timestamp(text) == NEW_YEAR + ZONED[text] * HOUR


def test_a_local_time_that_there_is_twice_or_never() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=2))
    twice = datetime.datetime(2024, 10, 27, 2, 30, tzinfo=zone)
    assert parse_timestamp("2024-10-27 02:30 Europe/Paris") == twice.timestamp() * 1000
    never = datetime.datetime(2024, 3, 31, 3, 30, tzinfo=zone)
    assert parse_timestamp("2024-03-31 02:30 Europe/Paris") == never.timestamp() * 1000


@pytest.mark.parametrize("text", NO_TIMESTAMPS)
def test_no_timestamps(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [("1970-01-01", 0), ("4294967295", (1 << 31) - 1), ("-0001-12-31", -719_529)],
)
def test_dates(text: str, days: int) -> None:
    assert parse_date(text) == days


@pytest.mark.parametrize(
    "text", ["-0000-01-01", "12345-01-01", "+9999-01-01", "2023-02-29", "-1", "4294967296"]
)
def test_no_dates(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_date(text)


@pytest.mark.parametrize("text", [" 01:02:03", "001:02:003", "+01:+2:03 ", "3723000000000"])
def test_times(text: str) -> None:
    assert parse_time(text) == 3_723 * 10**9


@pytest.mark.parametrize("text", ["12:30", "01:02:03.", "24:00:00", "-1:00:00", "1:2:3:4"])
def test_no_times(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1Y2MO", (14, 0, 0)), ("-1w1d", (0, -8, 0)), ("1h1m1s1ms1us1ns", (0, 0, 3661001001001)),
        ("P1Y2M3DT4H5M6S", (14, 3, 14706 * 10**9)), ("P2W", (0, 14, 0)), ("P", (0, 0, 0)),
        ("P0001-02-03T04:05:06", (14, 3, 14706 * 10**9)), ("2147483647mo", (2147483647, 0, 0)),
    ],
)  # fmt: skip
def test_durations(text: str, value: tuple[int, int, int]) -> None:
    assert parse_duration(text) == value


REFUSALS = {
    ("1mo1y", "duration"): "Invalid duration. The months should be after years",
    ("1d1d", "duration"): "Invalid duration. The days are specified multiple times",
    ("1us1µs", "duration"): "Invalid duration. The microseconds are specified multiple times",
    ("2147483648d", "duration"): (
        "Invalid duration. The total number of days must be less or equal to 2147483647"
    ),
    ("2562048h", "duration"): (
        "Invalid duration. The total number of nanoseconds must be less or equal to 2147483647"
    ),
    ("-007", "duration"): "Unable to convert '007' to a duration",
    ("1h x", "duration"): "Unable to convert '1h x' to a duration",
    ("-1", "date"): "Unable to make unsigned int (for date) from: '-1'",
    ("x", "date"): "Unable to coerce 'x' to a formatted date (long)",
    ("-5877641-06-22", "date"): (
        "Input date -5877641-06-22 is less than min supported date -5877641-06-23T00:00Z"
    ),
    ("+5881580-07-12", "date"): (
        "Input date +5881580-07-12 is greater than max supported date +5881580-07-11T00:00Z"
    ),
    ("-999999999-01-01", "date"): "Unable to coerce '-999999999-01-01' to a formatted date (long)",
    ("86400000000000", "time"): "Unable to make long (for time) from: '86400000000000'",
    ("9223372036854775808", "timestamp"): (
        "Unable to make long (for date) from: '9223372036854775808'"
    ),
    ("x", "timestamp"): "Unable to parse a date/time from 'x'",
}
CLASSES = {
    "duration": "DurationType", "date": "SimpleDateType", "time": "TimeType",
    "timestamp": "TimestampType",
}  # fmt: skip


@pytest.mark.parametrize(("text", "name"), REFUSALS)
def test_refusals_are_cassandra_s(text: str, name: str) -> None:
    kind = parse_type(CLASSES[name])
    with pytest.raises(InvalidValueError):
        kind.from_string(text)
    assert refusal(text, kind) == REFUSALS[text, name]


def test_a_tuple_s_text_is_refused_for_its_part() -> None:
    kind = parse_type("TupleType(Int32Type,DurationType)")
    assert refusal("a", kind) == "Unable to make int from 'a'"
    blob = parse_type("TupleType(BytesType)")
    assert refusal("1.50e3", blob) == "cannot parse '1.50e3' as hex bytes"
    assert refusal("1:1d1d", kind) == "Invalid duration. The days are specified multiple times"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("99", "00000063"), ("1.2", "01000002"), ("1.2.3", "01020003"), ("4294967295", "ffffffff"),
        ("01.02.03.04", "01020304"), ("1.65536", "01010000"), ("::ffff:1.2.3.4", "01020304"),
        ("::FFFF:0102:0304", "01020304"), ("[::1]", "00" * 15 + "01"), ("::1%1", "00" * 15 + "01"),
        ("00001::", "0001" + "00" * 14), ("::1.2.3.4", "00" * 12 + "01020304"),
    ],
)  # fmt: skip
def test_addresses(text: str, data: str) -> None:
    assert parse_type("InetAddressType").from_string(text).hex() == data


@pytest.mark.parametrize(
    "text",
    ["256.1.1.1", "1.2.3.256", "1.2.3.4.5", "1..2", "1.", "4294967296", "fe80::1%lo", "[1.2.3.4]"],
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(InvalidValueError):
        parse_type("InetAddressType").from_string(text)


def test_numbers_too_large_for_a_float_are_infinity() -> None:
    assert parse_type("FloatType").from_string("-1e39").hex() == "ff800000"
