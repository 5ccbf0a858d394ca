"""Rules that every spec keeps beyond being valid, each finding with file and path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from codegen import expr, ir
from codegen.errors import SpecError
from codegen.load import load
from codegen.plan import Plan

NAME = re.compile(r"[a-z][a-z0-9_]*")
SECTIONS = ("meta", "doc", "doc-ref", "params", "seq", "instances", "types", "enums")
FIRST_VERSIONS = ("oa", "da")


def lint(plan: Plan, specs: Sequence[Path]) -> list[str]:
    """All findings in ``specs``, one line each."""
    try:
        loaded = load(specs)
    except SpecError as error:
        return [str(error)]
    unused = dict(plan.no_orig_id)
    findings: list[str] = []
    for spec in loaded.values():
        findings += _file(spec)
        findings += _root(spec, plan.plain_roots)
        for kind in spec.types():
            findings += _type(kind, unused)
    findings += [f"plan.toml: no_orig_id.{path}: not needed" for path in sorted(unused)]
    return findings


def _file(spec: ir.Spec) -> Iterator[str]:
    place = f"{spec.file.name}:/meta"
    if spec.name != spec.file.stem:
        yield f"{place}/id: {spec.name}, but the file is {spec.file.stem}"
    if not spec.license:
        yield f"{place}: no license"
    if spec.title == spec.name:
        yield f"{place}: no title"
    for name in spec.imports:
        if not NAME.fullmatch(name):
            yield f"{place}/imports: {name} is not a bare name"
    raw = yaml.safe_load(spec.file.read_text(encoding="utf-8"))
    yield from _order(raw, f"{spec.file.name}:")
    if spec.name in raw.get("types", {}):
        # The compiler's JavaScript then takes the inner type for the root.
        yield f"{spec.file.name}:/types/{spec.name}: a type cannot have the name of its spec"


def _order(raw: Mapping[str, Any], place: str) -> Iterator[str]:
    sections = [key for key in raw if key in SECTIONS]
    if sections != sorted(sections, key=SECTIONS.index):
        yield f"{place}: sections have to stand in the order {', '.join(SECTIONS)}"
    for name, inner in raw.get("types", {}).items():
        yield from _order(inner, f"{place}/types/{name}")


def _root(spec: ir.Spec, plain_roots: Iterable[str]) -> Iterator[str]:
    """A root has no parameters and one field, `body`, or is in the plan's list."""
    root = spec.root
    if root.params:
        yield f"{root.place}/params: a root cannot have parameters"
    if spec.name in plain_roots:
        return
    if [field.name for field in root.fields] != ["body"]:
        yield f"{root.place}/seq: a root has the one field `body`"
        return
    layout = root.fields[0].layout
    if not isinstance(layout, ir.UserLayout):
        yield f"{root.place}/seq/body: `body` has to be of a type of the spec"
    elif layout.type.name == "body":
        yield from _body(layout)


def _body(layout: ir.UserLayout) -> Iterator[str]:
    if [param.name for param in layout.type.params] != ["version"]:
        yield f"{layout.type.place}/params: `body` takes the one parameter `version`"
    elif not _is_version(layout.arguments[0]):
        place = layout.type.spec.root.place
        yield f"{place}/seq/body/type: the version has to be that of {' or '.join(FIRST_VERSIONS)}"


def _is_version(node: expr.Expr) -> bool:
    member = node.value if isinstance(node, expr.Attribute) else None
    return isinstance(member, expr.EnumMember) and member.member in FIRST_VERSIONS


def _type(kind: ir.TypeDef, unused: dict[str, str]) -> Iterator[str]:
    yield from _documented(kind.docs, kind.place)
    if not kind.docs.refs:
        yield f"{kind.place}: no doc-ref"
    members: list[ir.Member] = [*kind.params, *kind.fields, *kind.instances]
    for member in members:
        yield from _documented(member.docs, member.place)
    for field in kind.fields:
        path = f"{kind.path}.{field.name}".replace("::", ".")
        allowed = unused.pop(path, None) is not None
        if not field.docs.origin and not allowed:
            yield f"{field.place}: no -orig-id"
        elif field.docs.origin and allowed:
            yield f"plan.toml: no_orig_id.{path}: not needed"
    for enum in kind.enums.values():
        for value in enum.members:
            yield from _documented(value.docs, f"{kind.place}/enums/{enum.name}/{value.name}")


def _documented(docs: ir.Docs, place: str) -> Iterator[str]:
    if not docs.text:
        yield f"{place}: no doc"
