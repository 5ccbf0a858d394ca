"""Compares what Kaitai's and Construct's generated parsers make of the same bytes."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any

from construct import ConstructError
from kaitaistruct import KaitaiStructError

ABSENT = object()
# What reading a computed instance of Kaitai's raises where it has no answer.
FAILURES = (
    ArithmeticError,
    AttributeError,
    EOFError,
    KaitaiStructError,
    LookupError,
    TypeError,
    ValueError,
)


def fields_of(parsed: Any) -> list[str]:
    """Names of the fields of a Kaitai object."""
    return list(parsed.SEQ_FIELDS)


def instances_of(parsed: Any) -> list[str]:
    """Names of the computed instances of a Kaitai object."""
    members = vars(type(parsed)).items()
    return [name for name, value in members if isinstance(value, property)]


def differences(kaitai: Any, record: Any, path: str = "", instances: bool = True) -> list[str]:
    """Where a Kaitai object and a Construct record differ, as readable lines."""
    if kaitai is None or record is None:
        return [] if kaitai is record else [f"{path}: {kaitai!r} != {record!r}"]
    if hasattr(kaitai, "SEQ_FIELDS"):
        return _object(kaitai, record, path, instances)
    if isinstance(kaitai, list):
        found = [f"{path}: {len(kaitai)} items != {len(record)}"] * (len(kaitai) != len(record))
        for index, (left, right) in enumerate(zip(kaitai, record, strict=False)):
            found += differences(left, right, f"{path}[{index}]", instances)
        return found
    return _scalar(kaitai, record, path)


def _scalar(kaitai: Any, record: Any, path: str) -> list[str]:
    if isinstance(kaitai, IntEnum) and (
        not isinstance(record, IntEnum) or kaitai.name != record.name
    ):
        return [f"{path}: {kaitai!r} != {record!r}"]
    if isinstance(kaitai, float) and math.isnan(kaitai) and math.isnan(record):
        return []
    if isinstance(kaitai, bool) != isinstance(record, bool) or kaitai != record:
        return [f"{path}: {kaitai!r} != {record!r}"]
    return []


def _object(kaitai: Any, record: Any, path: str, instances: bool) -> list[str]:
    found = []
    for name in fields_of(kaitai):
        left, right = getattr(kaitai, name, None), getattr(record, name)
        found += differences(left, right, f"{path}.{name}", instances)
        if left is not None and right is not record[name]:
            found.append(f"{path}.{name}: attribute and item differ")
    for name in instances_of(kaitai) if instances else ():
        left, right = _computed(kaitai, name), _computed(record, name)
        if (left is ABSENT) != (right is ABSENT):
            found.append(f"{path}.{name}: {left!r} != {right!r}")
        elif left is not ABSENT and not hasattr(left, "SEQ_FIELDS"):
            found += differences(left, right, f"{path}.{name}", instances)
    return found


def _computed(parsed: Any, name: str) -> Any:
    try:
        return getattr(parsed, name)
    except (*FAILURES, ConstructError):
        return ABSENT
