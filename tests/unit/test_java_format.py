"""Dates, durations and sizes against what Java 17 and Cassandra 5.0.6 print."""

from __future__ import annotations

import pytest

from cqlite.cli import java_format

DATES = [
    (1, "01/01/1970 00:00:00"),
    (-1, "12/31/1969 23:59:59"),
    (1795218480000, "11/20/2026 23:48:00"),
    (951782400000, "02/29/2000 00:00:00"),
    (-12219292800000, "10/15/1582 00:00:00"),
    (-12219292800001, "10/04/1582 23:59:59"),
    (-62135596800000, "01/03/0001 00:00:00"),
    (-62135769600000, "01/01/0001 00:00:00"),
    (-62135769600001, "12/31/0001 23:59:59"),
    (253402300800000, "01/01/10000 00:00:00"),
    (-9223372036854775, "12/10/290303 19:59:05"),
    (9223372036854775, "01/10/294247 04:00:54"),
    (9223372036854775000, "08/17/292278994 07:12:55"),
    (-9223372036854775808, "12/02/292269055 16:47:04"),
]
DURATIONS = [
    (1, "1 second"),
    (59, "59 seconds"),
    (60, "1 minute"),
    (61, "1 minute 1 second"),
    (120, "2 minutes"),
    (3600, "1 hour"),
    (3601, "1 hour 0 minutes 1 second"),
    (7200, "2 hours"),
    (86400, "1 day"),
    (90000, "1 day 1 hour"),
    (90061, "1 day 1 hour 1 minute 1 second"),
    (172800, "2 days"),
    (599755409, "6941 days 14 hours 43 minutes 29 seconds"),
    (0x7FFFFFFF, "never"),
]
SIZES = [
    (1, "1 B"),
    (1023, "1023 B"),
    (1024, "1.0 kB"),
    (1152, "1.1 kB"),
    (1280, "1.3 kB"),
    (1048575, "1024.0 kB"),
    (1048576, "1.0 MB"),
    (1572864, "1.5 MB"),
    (5368709120, "5.0 GB"),
    (7696581394432, "7.0 TB"),
    (3377699720527872, "3.0 PB"),
]


@pytest.mark.parametrize(("millis", "expected"), DATES)
def test_date(millis: int, expected: str) -> None:
    assert java_format.date(millis, "MILLISECONDS") == expected


def test_date_in_other_units() -> None:
    assert java_format.date(1795218480, "SECONDS") == "11/20/2026 23:48:00"
    assert java_format.date(1795218480999999, "MICROSECONDS") == "11/20/2026 23:48:00"
    assert java_format.date(-1, "MICROSECONDS") == "01/01/1970 00:00:00"
    assert java_format.date(0x7FFFFFFFFFFFFFFF, "SECONDS") == "08/17/292278994 07:12:55"
    assert java_format.date(0, "SECONDS") is None


@pytest.mark.parametrize(("seconds", "expected"), DURATIONS)
def test_duration(seconds: int, expected: str) -> None:
    assert java_format.duration(seconds) == expected


@pytest.mark.parametrize(("length", "expected"), SIZES)
def test_size(length: int, expected: str) -> None:
    assert java_format.size(length) == expected


def test_nothing_has_no_text() -> None:
    assert java_format.duration(0) is None
    assert java_format.size(0) is None


def test_span_between_timestamps() -> None:
    assert java_format.span(1_999_999, "MICROSECONDS") == "Days: 0 Hours: 0 Minutes: 0 Seconds: 1"
    assert java_format.span(90061, "SECONDS") == "Days: 1 Hours: 1 Minutes: 1 Seconds: 1"
    assert java_format.span(-90061, "SECONDS") == "Days: -1 Hours: -1 Minutes: -1 Seconds: -1"
