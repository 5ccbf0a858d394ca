"""From ``.ksy`` files to the intermediate representation.

Whatever a spec says and this module does not know is refused, so that no emitter
can leave it out silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from codegen import expr, finish
from codegen.errors import SpecError
from codegen.expr import Expr
from codegen.ir import (
    BitsLayout,
    BytesLayout,
    ContentsLayout,
    Docs,
    EnumDef,
    EnumMember,
    Field,
    FloatLayout,
    Instance,
    IntLayout,
    Layout,
    Member,
    Param,
    Repeat,
    Spec,
    StrLayout,
    SwitchLayout,
    TerminatedLayout,
    TypeDef,
    UserLayout,
    Valid,
    Window,
)
from codegen.resolve import Library
from codegen.types import BOOL, BYTES, STR, Array, Enum, Float, Int, Struct, Union, ValueType

TYPE_KEYS = {"meta", "doc", "doc-ref", "params", "seq", "instances", "types", "enums"}
META_KEYS = {
    "id", "title", "license", "ks-version", "file-extension", "endian", "bit-endian",
    "imports", "xref", "application", "encoding", "tags",
}  # fmt: skip
FIELD_KEYS = {
    "id", "doc", "doc-ref", "type", "size", "size-eos", "repeat", "repeat-expr",
    "repeat-until", "if", "enum", "encoding", "contents", "valid",
    "terminator", "eos-error",
}  # fmt: skip
VALUE_KEYS = {"doc", "doc-ref", "value", "if", "enum"}
PARAM_KEYS = {"id", "doc", "doc-ref", "type", "enum"}
VALID_KEYS = {"eq", "min", "max", "any-of", "expr", "in-enum"}
NUMBER = re.compile(r"([usf])([1248])(le|be)?")
BITS = re.compile(r"b([1-9]\d*)(be)?")
TYPE_NAME = re.compile(r"([a-z][a-z0-9_]*(?:::[a-z][a-z0-9_]*)*)(?:\((.*)\))?", re.DOTALL)
ENCODINGS = ("ASCII", "UTF-8")

Raw = Mapping[Any, Any]


def load(paths: Iterable[Path]) -> dict[str, Spec]:
    """The specs at ``paths`` by name; they may import each other.

    Raises:
        SpecError: something in them is not understood.
    """
    library = Library()
    raws: list[tuple[TypeDef, Raw]] = []
    for path in paths:
        _declare_spec(library, path, raws)
    for spec in library.specs.values():
        for name in spec.imports:
            if name not in library.specs:
                raise SpecError(f"{spec.file.name}:/meta/imports", f"no spec {name}")
    for declared, raw in raws:
        _Reader(library, declared).read(raw)
    finish.finish(library)
    return library.specs


def _declare_spec(library: Library, path: Path, raws: list[tuple[TypeDef, Raw]]) -> None:
    place = f"{path.name}:"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SpecError(place, f"not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise SpecError(place, "not a mapping")
    meta = raw.get("meta", {})
    _known(meta, META_KEYS, f"{place}/meta")
    if meta.get("bit-endian", "be") != "be":
        raise SpecError(f"{place}/meta/bit-endian", "only `be` is supported")
    name = str(meta.get("id", path.stem))
    spec = Spec(
        name=name,
        file=path,
        title=str(meta.get("title", name)),
        license=str(meta.get("license", "")),
        extension=str(meta.get("file-extension", "")),
        imports=tuple(str(i) for i in meta.get("imports", ())),
        docs=docs(raw),
    )
    library.specs[name] = spec
    spec.root = _declare_type(spec, None, name, raw, place, raws)


def _declare_type(
    spec: Spec,
    parent: TypeDef | None,
    name: str,
    raw: Raw,
    place: str,
    raws: list[tuple[TypeDef, Raw]],
) -> TypeDef:
    _known(raw, TYPE_KEYS, place)
    path = f"{parent.path}::{name}" if parent else name
    big = parent.big_endian if parent else None
    endian = raw.get("meta", {}).get("endian")
    if endian is not None:
        if endian not in ("be", "le"):
            raise SpecError(f"{place}/meta/endian", "only `be` and `le` are supported")
        big = endian == "be"
    declared = TypeDef(name, path, spec, parent, docs(raw), place, big)
    for enum_name, members in raw.get("enums", {}).items():
        declared.enums[enum_name] = _enum(declared, enum_name, members, place)
    raws.append((declared, raw))
    for inner, inner_raw in raw.get("types", {}).items():
        declared.types[inner] = _declare_type(
            spec, declared, inner, inner_raw, f"{place}/types/{inner}", raws
        )
    return declared


def _enum(owner: TypeDef, name: str, raw: Raw, place: str) -> EnumDef:
    members = []
    for value, entry in raw.items():
        if not isinstance(value, int):
            raise SpecError(f"{place}/enums/{name}", f"{value!r} is not an integer")
        entry = entry if isinstance(entry, dict) else {"id": entry}
        _known(entry, {"id", "doc", "doc-ref"}, f"{place}/enums/{name}/{value}")
        members.append(EnumMember(value, str(entry["id"]), docs(entry)))
    return EnumDef(name, f"{owner.path}::{name}", owner, tuple(members))


def docs(raw: Raw) -> Docs:
    """The documentation of an element."""
    refs = raw.get("doc-ref", ())
    refs = [refs] if isinstance(refs, str) else refs
    origin = raw.get("-orig-id", "")
    return Docs(
        text=str(raw.get("doc", "")).strip(),
        refs=tuple(line.strip() for ref in refs for line in ref.splitlines() if line.strip()),
        origin=origin if isinstance(origin, str) else ", ".join(str(o) for o in origin),
    )


def _known(raw: Raw, keys: set[str], place: str) -> None:
    for key in raw:
        if key not in keys and not str(key).startswith("-"):
            raise SpecError(f"{place}/{key}", "not supported")


def expression(value: object, place: str) -> Expr:
    """The tree of an expression, which YAML may have taken for a number or boolean."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return expr.parse(text, place)


class _Reader:
    """Reads parameters, fields and instances of one type."""

    def __init__(self, library: Library, current: TypeDef) -> None:
        self.library = library
        self.current = current

    def read(self, raw: Raw) -> None:
        base = self.current.place
        for entry in raw.get("params", ()):
            self.current.params.append(self.param(entry, f"{base}/params/{entry.get('id')}"))
        for number, entry in enumerate(raw.get("seq", ())):
            if "id" not in entry:
                raise SpecError(f"{base}/seq/{number}", "a field needs an id")
            place = f"{base}/seq/{entry['id']}"
            self.current.fields.append(self.field(str(entry["id"]), entry, place))
        for name, entry in raw.get("instances", {}).items():
            place = f"{base}/instances/{name}"
            self.current.instances.append(self.instance(name, entry, place))
        self._unique()

    def _unique(self) -> None:
        current = self.current
        members: list[Member] = [*current.params, *current.fields, *current.instances]
        names = [member.name for member in members]
        for name in names:
            if names.count(name) > 1:
                raise SpecError(current.place, f"{name} is there twice")

    def param(self, raw: Raw, place: str) -> Param:
        _known(raw, PARAM_KEYS, place)
        value_type = self.library.value_type(self.current, str(raw.get("type", "bytes")), place)
        enum = self.enum(raw, place)
        return Param(str(raw["id"]), docs(raw), Enum(enum) if enum else value_type, place)

    def enum(self, raw: Raw, place: str) -> EnumDef | None:
        if "enum" not in raw:
            return None
        return self.library.find_enum(self.current, str(raw["enum"]).split("::"), f"{place}/enum")

    def instance(self, name: str, raw: Raw, place: str) -> Instance:
        if "value" in raw:
            _known(raw, VALUE_KEYS, place)
            return Instance(
                name,
                docs(raw),
                place,
                value=expression(raw["value"], f"{place}/value"),
                enum=self.enum(raw, place),
                condition=self.optional(raw, "if", place),
            )
        if "pos" not in raw:
            raise SpecError(place, "an instance needs `value` or `pos`")
        rest = {key: value for key, value in raw.items() if key not in ("pos", "if")}
        field = self.field(name, rest, place)
        return Instance(
            name,
            field.docs,
            place,
            value_type=field.value_type,
            condition=self.optional(raw, "if", place),
            at=field,
            position=expression(raw["pos"], f"{place}/pos"),
        )

    def optional(self, raw: Raw, key: str, place: str) -> Expr | None:
        return expression(raw[key], f"{place}/{key}") if key in raw else None

    def field(self, name: str, raw: Raw, place: str) -> Field:
        _known(raw, FIELD_KEYS, place)
        layout, window, item = self.content(raw, place)
        enum = self.enum(raw, place)
        if enum is not None:
            if not isinstance(item, Int):
                raise SpecError(f"{place}/enum", "an enum needs an integer")
            item = Enum(enum)
        repeat = self.repeat(raw, place)
        return Field(
            name=name,
            docs=docs(raw),
            layout=layout,
            type=item,
            value_type=Array(item) if repeat else item,
            place=place,
            window=window,
            enum=enum,
            condition=self.optional(raw, "if", place),
            repeat=repeat,
            valid=self.valid(raw["valid"], f"{place}/valid") if "valid" in raw else None,
        )

    def content(self, raw: Raw, place: str) -> tuple[Layout, Window | None, ValueType]:
        sized = "size" in raw or "size-eos" in raw
        size = self.optional(raw, "size", place)
        if "contents" in raw:
            return ContentsLayout(_contents(raw["contents"], place)), None, BYTES
        kind = raw.get("type")
        if "terminator" in raw and kind != "str":
            raise SpecError(f"{place}/terminator", "only supported for str")
        if kind is None:
            if not sized:
                raise SpecError(place, "a field needs `type`, `size`, `size-eos` or `contents`")
            return BytesLayout(size), None, BYTES
        if isinstance(kind, dict):
            return self.switch(kind, raw, place)
        if kind == "str":
            return self.text(raw, sized, size, place), None, STR
        layout, item = self.plain(str(kind), f"{place}/type")
        if sized and not isinstance(layout, UserLayout):
            raise SpecError(f"{place}/size", f"a size for {kind} is not supported")
        return layout, Window(size) if sized else None, item

    def text(self, raw: Raw, sized: bool, size: Expr | None, place: str) -> Layout:
        encoding = str(raw.get("encoding", "")).upper()
        if encoding not in ENCODINGS:
            raise SpecError(place, f"a str needs an encoding of {', '.join(ENCODINGS)}")
        if sized == ("terminator" in raw):
            raise SpecError(place, "a str needs either `size` or `size-eos` or `terminator`")
        if sized:
            return StrLayout(size, encoding)
        return TerminatedLayout(
            int(raw["terminator"]), encoding, not bool(raw.get("eos-error", True))
        )

    def plain(self, kind: str, place: str) -> tuple[Layout, ValueType]:
        if match := NUMBER.fullmatch(kind):
            return self.number(match, place)
        if match := BITS.fullmatch(kind):
            width = int(match[1])
            boolean = width == 1
            return BitsLayout(width, boolean), BOOL if boolean else Int(width, False)
        match = TYPE_NAME.fullmatch(kind.strip())
        if match is None:
            raise SpecError(place, f"type {kind!r} is not supported")
        target = self.library.find_type(self.current, match[1].split("::"), place)
        given = match[2] is not None and match[2].strip()
        arguments = expr.parse_list(match[2], place) if given else ()
        return UserLayout(target, arguments), Struct(target)

    def number(self, match: re.Match[str], place: str) -> tuple[Layout, ValueType]:
        width = int(match[2])
        big = match[3] == "be" if match[3] else self.current.big_endian
        if big is None:
            if width > 1:
                raise SpecError(place, "neither the type nor `meta` tells the order of bytes")
            big = True
        if match[1] == "f":
            if width < 4:
                raise SpecError(place, f"no type {match[0]}")
            return FloatLayout(width, big), Float(width * 8)
        return IntLayout(width, match[1] == "s", big), Int(width * 8, match[1] == "s")

    def switch(self, kind: Raw, raw: Raw, place: str) -> tuple[Layout, Window | None, ValueType]:
        _known(kind, {"switch-on", "cases"}, f"{place}/type")
        sized = "size" in raw or "size-eos" in raw
        cases: list[tuple[Expr, Layout]] = []
        default: Layout | None = None
        types: list[ValueType] = []
        for key, name in kind["cases"].items():
            at = f"{place}/type/cases/{key}"
            layout, item = self.plain(str(name), at)
            if sized and not isinstance(layout, UserLayout):
                raise SpecError(at, "a size for a case that is no type of a spec")
            types.append(item)
            if key == "_":
                default = layout
            else:
                cases.append((expression(key, at), layout))
        if sized and default is None:
            default = BytesLayout(None)
            types.append(BYTES)
        on = expression(kind["switch-on"], f"{place}/type/switch-on")
        window = Window(self.optional(raw, "size", place)) if sized else None
        return SwitchLayout(on, tuple(cases), default), window, _union(types)

    def repeat(self, raw: Raw, place: str) -> Repeat | None:
        kind = raw.get("repeat")
        if kind is None:
            return None
        if kind not in ("expr", "until", "eos"):
            raise SpecError(f"{place}/repeat", f"{kind} is not supported")
        return Repeat(kind, None if kind == "eos" else expression(
            raw[f"repeat-{kind}"], f"{place}/repeat-{kind}"))  # fmt: skip

    def valid(self, raw: Any, place: str) -> Valid:
        if not isinstance(raw, dict):
            return Valid("eq", (expression(raw, place),))
        _known(raw, VALID_KEYS, place)
        if "min" in raw or "max" in raw:
            return Valid("range", tuple(self.optional(raw, key, place) for key in ("min", "max")))
        if len(raw) != 1:
            raise SpecError(place, "one condition expected")
        [(kind, value)] = raw.items()
        if kind == "in-enum":
            return Valid("in-enum", ())
        values = value if isinstance(value, list) else [value]
        return Valid(kind, tuple(expression(v, f"{place}/{kind}") for v in values))


def _union(types: Sequence[ValueType]) -> ValueType:
    different = tuple(dict.fromkeys(types))
    return different[0] if len(different) == 1 else Union(different)


def _contents(raw: Any, place: str) -> bytes:
    parts = raw if isinstance(raw, list) else [raw]
    result = b""
    for part in parts:
        if isinstance(part, int) and part in range(256):
            result += bytes([part])
        elif isinstance(part, str):
            result += part.encode("utf-8")
        else:
            raise SpecError(f"{place}/contents", f"{part!r} is not a byte or string")
    return result
