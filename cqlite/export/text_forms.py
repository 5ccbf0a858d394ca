"""Values of Arrow arrays as text, exactly: what CSV and JSON lines hold.

The forms are in docs/export.md.
"""

from __future__ import annotations

from itertools import pairwise
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from cqlite.codec import be
from cqlite.sstable.select.arrow_types import pyarrow
from cqlite.sstable.select.portable import without_offset
from cqlite.types import CqlType, Date, Duration, parse_type

if TYPE_CHECKING:
    import pyarrow as pa

Texts = list[str | None]

_NOT_FINITE: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_ISO: Final = "%Y-%m-%dT%H:%M:%SZ"
_DAY: Final = 86_400
_PER_SECOND: Final = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}
_YEAR_1: Final = -719_162 * _DAY
_YEAR_10000: Final = 2_932_897 * _DAY
"""Seconds from 1970 to the first day of the years with four digits, and of those with five."""

_TIMESTAMP, _DATE, _TIME = (
    parse_type(name) for name in ("TimestampType", "SimpleDateType", "TimeType")
)


def json_texts(array: pa.Array) -> list[str]:
    """Each value as JSON."""
    pa = pyarrow()
    kind = array.type
    if pa.types.is_nested(kind):
        return ["null" if text is None else text for text in _nested(array)]
    texts = _scalars(array)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return ["null" if text is None else text for text in texts]
    if pa.types.is_floating(kind):
        return ["null" if t is None else f'"{t}"' if t[-1] in "Ny" else t for t in texts]
    return ["null" if text is None else encode_basestring(text) for text in texts]


def csv_texts(array: pa.Array) -> list[str]:
    """Each value as a field of CSV, in quotes where it needs them; nothing for null."""
    pa = pyarrow()
    kind = array.type
    if pa.types.is_nested(kind):
        return ["" if text is None else _quoted(text) for text in _nested(array)]
    texts = _scalars(array)
    if pa.types.is_string(kind):
        return ["" if text is None else _quoted(text) for text in texts]
    return [text or "" for text in texts]


def plain_texts(array: pa.Array) -> Texts:
    """Each value for people, without quotes around it; null is ``None``."""
    return _nested(array) if pyarrow().types.is_nested(array.type) else _scalars(array)


def _quoted(text: str) -> str:
    """A field in quotes if it must be; an empty one too, since null has none."""
    if text and not any(character in text for character in ',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def _nested(array: pa.Array) -> Texts:
    """Lists as arrays; structs as objects, and maps as ones with keys as text."""
    pa = pyarrow()
    kind = array.type
    array = without_offset(array)
    if pa.types.is_struct(kind):
        names = [encode_basestring(field.name) for field in kind]
        columns = [json_texts(array.field(index)) for index in range(kind.num_fields)]
        texts = [_object(names, row) for row in zip(*columns, strict=True)]
    elif pa.types.is_map(kind):
        keys = [encode_basestring(key) for key in _key_texts(array.keys)]
        items = json_texts(array.items)
        texts = [_object(keys[a:b], items[a:b]) for a, b in _spans(array)]
    else:
        items = json_texts(array.values)
        texts = [f"[{', '.join(items[start:end])}]" for start, end in _spans(array)]
    return [
        t if valid else None for t, valid in zip(texts, array.is_valid().to_pylist(), strict=True)
    ]


def _object(names: list[str], values: tuple[str, ...] | list[str]) -> str:
    pairs = (f"{name}: {value}" for name, value in zip(names, values, strict=True))
    return "{" + ", ".join(pairs) + "}"


def _key_texts(keys: pa.Array) -> list[str]:
    """Keys of maps, none of them null: a string as it is, all else as its JSON or CSV has it."""
    if pyarrow().types.is_nested(keys.type):
        return json_texts(keys)
    return [text or "" for text in _scalars(keys)]


def _spans(array: pa.Array) -> list[tuple[int, int]]:
    """From where to where the elements of each list or map are."""
    if pyarrow().types.is_fixed_size_list(array.type):
        size = array.type.list_size
        return [(at * size, at * size + size) for at in range(len(array))]
    return list(pairwise(array.offsets.to_pylist()))


def _scalars(array: pa.Array) -> Texts:
    """Values without parts as text, without any quotes."""
    pa = pyarrow()
    kind = array.type
    if pa.types.is_string(kind):
        return list(array.to_pylist())
    if pa.types.is_binary(kind):
        return [None if v is None else f"0x{v.hex()}" for v in array.to_pylist()]
    if pa.types.is_floating(kind):
        return [_NOT_FINITE.get(t, t) if t else None for t in array.cast(pa.string()).to_pylist()]
    if pa.types.is_interval(kind):
        return [None if v is None else _duration(v) for v in array.to_pylist()]
    if pa.types.is_timestamp(kind):
        return _timestamps(array)
    if pa.types.is_date32(kind):
        return _dates(array)
    if pa.types.is_time64(kind):
        return _times(array)
    if isinstance(kind, pa.BaseExtensionType):
        return [None if v is None else str(v) for v in array.to_pylist()]
    if pa.types.is_null(kind):
        return [None] * len(array)
    return list(array.cast(pa.string()).to_pylist())


def _duration(value: pa.MonthDayNano) -> str:
    # Of no duration at all, Cassandra's text is empty, which would be null in CSV.
    return str(Duration(value.months, value.days, value.nanoseconds)) or "0s"


def _timestamps(array: pa.Array) -> Texts:
    """Points in time, in UTC if they have a zone.

    Those in seconds, of deletion and expiry, have no fraction, all others milliseconds, and
    more digits only where they need them.
    """
    pa = pyarrow()
    integers = array.view(pa.int64())
    unit = array.type.unit
    per_second = _PER_SECOND[unit]
    if _is_within(integers, _YEAR_1 * per_second, _YEAR_10000 * per_second):
        from pyarrow import compute

        texts: Texts = compute.strftime(integers.view(pa.timestamp(unit)), _ISO).to_pylist()
        if per_second > _PER_SECOND["ms"]:
            texts = [text and _shortened(text) for text in texts]
    else:
        texts = [None if v is None else _timestamp(v, per_second) for v in integers.to_pylist()]
    return texts if array.type.tz else [text and text.removesuffix("Z") for text in texts]


def _shortened(text: str) -> str:
    """Without digits behind milliseconds that say nothing."""
    while text.endswith("000Z") and text[-5:-4] != ".":
        text = text[:-4] + "Z"
    return text


def _timestamp(value: int, per_second: int) -> str:
    if per_second == 1:
        return _long(_TIMESTAMP, value * 1000).replace(".000Z", "Z")
    milliseconds, rest = divmod(value, per_second // 1000)
    text = _long(_TIMESTAMP, milliseconds)
    return f"{text[:-1]}{rest:0{len(str(per_second)) - 4}d}Z" if rest else text


def _times(array: pa.Array) -> Texts:
    """Times of day, in nanoseconds."""
    nanoseconds = array.cast(pyarrow().time64("ns")).view(pyarrow().int64())
    return [None if v is None else _long(_TIME, v) for v in nanoseconds.to_pylist()]


def _dates(array: pa.Array) -> Texts:
    days = array.view(pyarrow().int32())
    if _is_within(days, _YEAR_1 // _DAY, _YEAR_10000 // _DAY):
        return list(array.cast(pyarrow().string()).to_pylist())
    return [None if v is None else _date(v) for v in days.to_pylist()]


def _is_within(integers: pa.Array, start: int, end: int) -> bool:
    """Whether all are from ``start`` on and below ``end``, where Arrow's own texts are right."""
    from pyarrow import compute

    found = compute.min_max(integers).as_py()
    return found["min"] is None or (start <= found["min"] and found["max"] < end)


def _long(kind: CqlType, value: int) -> str:
    return kind.to_string(be.pack_signed(value, 8))


def _date(days: int) -> str:
    return _DATE.to_string(_DATE.encode(Date(days)))
