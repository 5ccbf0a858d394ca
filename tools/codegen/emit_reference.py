"""The format reference: a page of Markdown for each spec, and an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from codegen import ir, types
from codegen.diagram import diagram
from codegen.errors import SpecError
from codegen.load import load
from codegen.output import Output, opening
from codegen.plan import Plan, Target
from codegen.reference_fields import cell, field_rows, instance_row, link, reference, table
from codegen.types import show

INDEX = "README.md"
NOTATION = """\
## How to read the pages

Offsets and sizes are in bytes, offsets from the start of the type. An offset of
*then* means right after the field above; where fields above can be absent or differ in
length there is no number to give.

| type | meaning |
|---|---|
| `u1` `u2` `u4` `u8` | unsigned integer of that many bytes |
| `s1` `s2` `s4` `s8` | signed integer in two's complement |
| `f4` `f8` | IEEE 754 floating-point number |
| `b1` … `b12` | that many bits, the most significant first |
| bytes | bytes without further structure |
| UTF-8, ASCII | text |

Integers are big-endian unless their type ends in `le`. *When* says on what a field's
presence depends: versions by their letters (*na and later* includes oa and da), other
conditions as expressions over fields, parameters and computed values. `_index` is the
number of an item in its list, `_` the item itself, `_io` the stream that the type stands in.
Names of fields are this project's; those of Cassandra stand beside them.
"""


def emit(plan: Plan, target: Target, specs: Sequence[Path]) -> Output:
    """The pages; a spec that is not understood is a complaint."""
    output = Output()
    try:
        loaded = load(specs)
    except SpecError as error:
        output.complaints.append(f"{target.name}: {error}")
        return output
    versions = _versions(loaded)
    up = "/".join(".." for _ in Path(target.folder).parts)
    for spec in loaded.values():
        source = f"{up}/{plan.specs}/{spec.file.name}"
        output.files[f"{spec.name}.md"] = "".join(_page(spec, versions, source))
    output.files[INDEX] = _index(loaded)
    return output


def _versions(loaded: Mapping[str, ir.Spec]) -> list[str]:
    """The letters of the versions in their order."""
    enums = loaded["version"].root.enums if "version" in loaded else {}
    members = enums["id"].members if "id" in enums else ()
    return [member.name for member in sorted(members, key=lambda m: m.value)]


def _index(loaded: Mapping[str, ir.Spec]) -> str:
    specs = sorted(loaded.values(), key=lambda s: (not s.is_component, s.title))
    rows = [[f"[{s.title}]({s.name}.md)", cell(_first_sentence(s.docs.text))] for s in specs]
    return "\n".join(
        [
            opening("<!--", "").rstrip(),
            "# The SSTable format\n",
            "Written down in `specs/`, from which these pages and all parsers are generated.\n",
            table(["page", "what"], rows),
            NOTATION,
        ]
    )


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).split(". ")[0].rstrip(".:") + "."


def _page(spec: ir.Spec, versions: Sequence[str], source: str) -> Iterator[str]:
    yield opening("<!--", spec.file.name)
    yield f"# {spec.title}\n\n{spec.docs.text}\n\n"
    yield from _classes(spec.docs)
    uses = ", ".join(f"[{name}]({name}.md)" for name in spec.imports)
    yield f"Spec: [{spec.file.name}]({source}).{f' Uses {uses}.' if uses else ''}\n\n"
    drawn = diagram(spec)
    if drawn:
        yield "## Nesting\n\n`?` may be absent, `*` is repeated, `…` is drawn elsewhere.\n\n"
        yield f"```text\n{drawn}```\n\n"
    for kind in spec.types():
        yield from _type(kind, versions)


def _classes(docs: ir.Docs) -> Iterator[str]:
    if docs.refs:
        yield f"In Cassandra: {', '.join(f'`{ref}`' for ref in docs.refs)}.\n\n"


def _type(kind: ir.TypeDef, versions: Sequence[str]) -> Iterator[str]:
    wrapped = _wrapped(kind)
    if wrapped is not None:
        yield f"Opened on its own, the spec reads a {reference(kind.spec, wrapped)}.\n\n"
    else:
        yield from _members(kind, versions)
    for enum in kind.enums.values():
        yield from _enum(enum)


def _members(kind: ir.TypeDef, versions: Sequence[str]) -> Iterator[str]:
    if kind.parent is not None:
        yield f"## {kind.key}\n\n{kind.docs.text}\n\n"
        yield from _classes(kind.docs)
    elif kind.fields or kind.instances:
        yield f"## {kind.name}\n\n"
    if kind.params:
        rows = [[f"`{p.name}`", _param_type(kind, p), cell(p.docs.text)] for p in kind.params]
        yield "Needs from outside:\n\n" + table(["parameter", "type", "what"], rows) + "\n"
    if kind.fields:
        heads = ["offset", "size", "field", "type", "when", "what", "in Cassandra"]
        yield table(heads, list(field_rows(kind, versions))) + "\n"
    elif kind.parent is not None:
        yield "Takes no bytes.\n\n"
    if kind.instances:
        rows = [instance_row(kind, instance, versions) for instance in kind.instances]
        heads = ["computed", "as", "when", "what", "in Cassandra"]
        yield table(heads, rows) + "\n"


def _wrapped(kind: ir.TypeDef) -> ir.UserLayout | None:
    """What a root wraps, if that is all it does."""
    if kind.parent is None and [field.name for field in kind.fields] == ["body"]:
        layout = kind.fields[0].layout
        return layout if isinstance(layout, ir.UserLayout) else None
    return None


def _param_type(kind: ir.TypeDef, param: ir.Param) -> str:
    value = param.value_type
    if isinstance(value, types.Struct) and value.type is not None:
        return link(kind.spec, value.type)
    if isinstance(value, types.Enum):
        return link(kind.spec, value.enum.owner, value.enum)
    return f"`{show(value)}`"


def _enum(enum: ir.EnumDef) -> Iterator[str]:
    yield f"## enum {enum.name}\n\n"
    rows = [
        [str(m.value), f"`{m.name}`", cell(m.docs.text), cell(m.docs.origin)] for m in enum.members
    ]
    heads = ["value", "name", "what", "in Cassandra"]
    if not any(row[-1] for row in rows):
        rows, heads = [row[:-1] for row in rows], heads[:-1]
    yield table(heads, rows) + "\n"
