"""The shipped specs as documents: their text, and what they say of types and fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cqlite.errors import CqliteError


@dataclass(frozen=True, slots=True)
class FieldDocument:
    """What a spec says of one field or instance.

    Attributes:
        id: the field's name in the spec.
        doc: its description.
        orig_id: Cassandra's name of it, empty where there is none.
        num_bits: width of a bit-sized integer, 0 for everything else.
        type: the type as written, empty for bytes.
    """

    id: str
    doc: str
    orig_id: str
    num_bits: int
    type: str


@dataclass(frozen=True, slots=True)
class TypeDocument:
    """What a spec says of one type.

    Attributes:
        path: spec and type, such as ``statistics.stats_metadata``.
        doc: its description.
        fields: by name, in file order.
        instances: computed values, by name.
        flags: by field or parameter of flags, the instances that each tell of a bit of it.
        is_scalar: whether the type stands for one value, which its member ``value`` has.
    """

    path: str
    doc: str
    fields: dict[str, FieldDocument]
    instances: dict[str, FieldDocument]
    flags: dict[str, tuple[str, ...]]
    is_scalar: bool


def spec_names() -> list[str]:
    """The names of all specs, sorted."""
    entries = files("cqlite._specs").iterdir()
    return sorted(e.name.removesuffix(".ksy") for e in entries if e.name.endswith(".ksy"))


def spec_text(name: str) -> str:
    """The spec ``name``, as it is shipped.

    Raises:
        CqliteError: there is none of that name.
    """
    entry = files("cqlite._specs") / f"{name}.ksy"
    if not entry.is_file():
        raise CqliteError(f"no spec {name!r}; there are {', '.join(spec_names())}")
    return entry.read_text(encoding="utf-8")


@cache
def spec(name: str) -> dict[str, Any]:
    """The spec ``name`` as parsed YAML, which must not be changed; errors as :func:`spec_text`."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parsed: dict[str, Any] = yaml.load(spec_text(name), Loader=loader)
    return parsed


@cache
def type_document(spec_name: str, class_name: str) -> TypeDocument:
    """What the spec says of the type with the generated class ``class_name``.

    ``class_name`` is the class's name inside the spec's own class, such as
    ``StatsMetadata``, and empty for the spec's root type.
    """
    definition = spec(spec_name)
    path = spec_name
    for part in filter(None, class_name.split(".")):
        types = {_camel(name): name for name in definition["types"]}
        path = f"{path}.{types[part]}"
        definition = definition["types"][types[part]]
    instances = definition.get("instances", {})
    names = [field["id"] for field in definition.get("seq", ())]
    return TypeDocument(
        path=path,
        doc=definition.get("doc", ""),
        fields={f["id"]: _field(f["id"], f) for f in definition.get("seq", ())},
        instances={name: _field(name, body) for name, body in instances.items()},
        flags={
            name: tuple(n for n, body in instances.items() if _tests(body, name))
            for name in ("flags", "extended_flags")
        },
        is_scalar="value" in instances or names in (["value"], ["len_value", "value"]),
    )


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _field(name: str, body: dict[str, Any]) -> FieldDocument:
    written = body.get("type", "")
    kind = written if isinstance(written, str) else "switch"
    bits = kind[1:]
    return FieldDocument(
        id=name,
        doc=body.get("doc", ""),
        orig_id=body.get("-orig-id", ""),
        num_bits=int(bits) if kind[:1] == "b" and bits.isdigit() else 0,
        type=kind,
    )


def _tests(instance: dict[str, Any], field: str) -> bool:
    """Whether an instance is true where a bit of ``field`` is set."""
    value = str(instance.get("value", ""))
    return re.search(rf"(?<![a-z_]){field} & 0x[0-9a-f]+ != 0", value) is not None
