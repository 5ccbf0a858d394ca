"""Construct schemas: for each spec a module over ``cqlite.layouts.construct_prelude``."""

from __future__ import annotations

import keyword
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from codegen import ir
from codegen.errors import SpecError
from codegen.expr import Expr, Literal
from codegen.finish import in_order
from codegen.load import load
from codegen.output import Output, opening
from codegen.plan import Plan, Target
from codegen.write_python import PythonWriter

PRELUDE = "cqlite.layouts.construct_prelude"
# Names that a generated module uses for other things.
TAKEN = {"bytes", "int", "it", "len", "lambda", "root", "str", "substring", "this", "to_enum"}


def emit(plan: Plan, target: Target, specs: Sequence[Path]) -> Output:
    """One module for each spec; a spec that is not understood is a complaint."""
    output = Output()
    try:
        loaded = load(specs)
        for spec in in_order(loaded.values()):
            output.files[f"{spec.name}.py"] = _Module(spec, target.module).text()
    except SpecError as error:
        output.complaints.append(f"{target.name}: {error}")
    return output


def variable(kind: ir.TypeDef) -> str:
    """The name of a type in its module."""
    name = kind.key.replace(".", "__") or "root"
    taken = keyword.iskeyword(name) or name in TAKEN
    return f"{name}_" if taken and kind.parent is not None else name


def enum_class(enum: ir.EnumDef) -> str:
    """The name of an enum's class in its module."""
    parts = enum.path.split("::")[1:]
    return "".join(word.capitalize() for part in parts for word in part.split("_"))


class _Module:
    """Writes the module of one spec."""

    def __init__(self, spec: ir.Spec, package: str) -> None:
        self.spec = spec
        self.package = package
        self.python = PythonWriter(self._enum)
        self.used: set[str] = {"Type"}

    def text(self) -> str:
        kinds = self.spec.types()
        enums = [enum for kind in kinds for enum in kind.enums.values()]
        self._refuse_clashes(kinds, enums)
        body = [self._enum_class(enum) for enum in enums]
        body.append("\n".join(self._declaration(kind) for kind in kinds))
        body += [self._definition(kind) for kind in kinds]
        entries = "".join(f'    "{kind.key}": {variable(kind)},\n' for kind in kinds)
        body.append(f"TYPES = {{\n{entries}}}\n")
        return self._head() + "\n\n" + "\n\n".join(body)

    def _refuse_clashes(self, kinds: list[ir.TypeDef], enums: list[ir.EnumDef]) -> None:
        names = [variable(kind) for kind in kinds] + [enum_class(enum) for enum in enums]
        for name in names:
            if names.count(name) > 1:
                raise SpecError(f"{self.spec.file.name}:", f"two things named {name} in Python")

    def _head(self) -> str:
        spec = self.spec
        lines = [opening("#", spec.file.name), _docstring(spec.title, spec.docs), ""]
        imports = [
            f"from {self.package} import {name} as {name}_spec\n" for name in sorted(spec.imports)
        ]
        used = "".join(f"    {name},\n" for name in sorted(self.used))
        return "".join([*lines, "\n", *imports, f"from {PRELUDE} import (\n{used})\n"])

    def _use(self, name: str) -> str:
        self.used.add(name)
        return name

    def _enum(self, enum: ir.EnumDef) -> str:
        name = enum_class(enum)
        owner = enum.owner.spec
        return name if owner is self.spec else f"{owner.name}_spec.{name}"

    def _type(self, kind: ir.TypeDef) -> str:
        name = variable(kind)
        return name if kind.spec is self.spec else f"{kind.spec.name}_spec.{name}"

    def _enum_class(self, enum: ir.EnumDef) -> str:
        lines = [f"class {enum_class(enum)}({self._use('IntEnum')}):"]
        for member in enum.members:
            lines += [f"    # {line}".rstrip() for line in member.docs.text.splitlines()]
            lines.append(f"    {member.name} = {member.value}")
        if len(lines) == 1:
            lines.append("    pass")
        return "\n".join(lines) + "\n"

    def _declaration(self, kind: ir.TypeDef) -> str:
        params = "".join(f', "{param.name}"' for param in kind.params)
        path = kind.path.replace("::", ".")
        ref = ", ".join(kind.docs.refs)
        rest = f", doc={_text(kind.docs.text)}, ref={_text(ref)}"
        return f'{variable(kind)} = Type("{path}"{params}{rest})'

    def _definition(self, kind: ir.TypeDef) -> str:
        parts = [*(self._field(field) for field in kind.fields)]
        parts += [self._instance(instance) for instance in kind.instances]
        inner = "".join(textwrap.indent(part, "    ") + ",\n" for part in parts)
        return f"{variable(kind)}.define(\n{inner})\n" if inner else f"{variable(kind)}.define()\n"

    def _field(self, field: ir.Field) -> str:
        self._use("Field")
        arguments = [f'"{field.name}"', self._content(field)]
        if field.condition is not None:
            arguments.append(f"when={self._function(field.condition)}")
        arguments += _docs(field.docs)
        return _call("Field", arguments)

    def _instance(self, instance: ir.Instance) -> str:
        comment = "".join(f"# {line}".rstrip() + "\n" for line in instance.docs.text.splitlines())
        return f"{comment}{instance.name}={self._computed(instance)}"

    def _computed(self, instance: ir.Instance) -> str:
        if instance.at is not None and instance.position is not None:
            self._use("At")
            arguments = [f'"{instance.name}"', self._content(instance.at)]
            arguments.append(self._function(instance.position))
            if instance.condition is not None:
                arguments.append(f"when={self._function(instance.condition)}")
            return _call("At", arguments)
        assert instance.value is not None
        value = self._python(instance.value)
        if instance.enum is not None:
            value = f"{self._use('to_enum')}({self._enum(instance.enum)}, {value})"
        if instance.condition is not None:
            value = f"({value}) if {self._python(instance.condition)} else None"
        return f"lambda this: {value}"

    def _python(self, node: Expr) -> str:
        text = self.python.write(node)
        if "substring(" in text:
            self._use("substring")
        return text

    def _function(self, node: Expr, *more: str) -> str:
        return f"lambda {', '.join(('this', *more))}: {self._python(node)}"

    def _number_or_function(self, node: Expr) -> str:
        return self._python(node) if isinstance(node, Literal) else self._function(node)

    def _content(self, field: ir.Field) -> str:
        text = self._layout(field.layout, field.place)
        if field.window is not None:
            size = field.window.size
            rest = f", {self._number_or_function(size)}" if size is not None else ""
            text = f"{self._use('Sized')}({text}{rest})"
        if field.enum is not None:
            text = f"{self._use('Choice')}({text}, {self._enum(field.enum)})"
        if field.valid is not None:
            check, rule = self._check(field)
            text = f"{self._use('Valid')}({text}, lambda this, it: {check}, {_text(rule)})"
        return self._repeated(field, text) if field.repeat is not None else text

    def _repeated(self, field: ir.Field, text: str) -> str:
        assert field.repeat is not None
        if field.repeat.expr is None:
            return f"{self._use('RepeatToEnd')}({text})"
        if field.repeat.kind == "until":
            last = self._function(field.repeat.expr, "it")
            return f"{self._use('RepeatUntil')}({text}, {last})"
        count = self._number_or_function(field.repeat.expr)
        return f"{self._use('RepeatCount')}({text}, {count}, {field.smallest})"

    def _check(self, field: ir.Field) -> tuple[str, str]:
        """The condition of ``valid`` in Python, and a text for messages."""
        assert field.valid is not None
        kind, nodes = field.valid.kind, field.valid.expressions
        texts = [None if node is None else self.python.write(node) for node in nodes]
        if kind == "in-enum":
            assert field.enum is not None
            return f"isinstance(it, {self._enum(field.enum)})", f"not one of {field.enum.path}"
        if kind == "eq":
            return f"it == ({texts[0]})", f"it has to be {_plain(texts[0])}"
        if kind == "any-of":
            options = ", ".join(str(text) for text in texts)
            return f"it in ({options},)", f"it has to be one of {_plain(options)}"
        if kind == "expr":
            return str(texts[0]), f"it has to fulfil {_plain(texts[0])}"
        low, high = texts
        bounds = [f"({low}) <= it"] if low is not None else []
        bounds += [f"it <= ({high})"] if high is not None else []
        words = [f"at least {_plain(low)}"] if low is not None else []
        words += [f"at most {_plain(high)}"] if high is not None else []
        return " and ".join(bounds), f"it has to be {' and '.join(words)}"

    def _layout(self, layout: ir.Layout, place: str) -> str:
        handler = getattr(self, f"_{type(layout).__name__.lower()}", None)
        if handler is None:
            raise SpecError(place, f"{type(layout).__name__} is not supported by Construct")
        text: str = handler(layout)
        return text

    def _intlayout(self, layout: ir.IntLayout) -> str:
        order = "b" if layout.big_endian or layout.width == 1 else "l"
        return self._use(f"Int{layout.width * 8}{'s' if layout.signed else 'u'}{order}")

    def _floatlayout(self, layout: ir.FloatLayout) -> str:
        return self._use(f"Float{layout.width * 8}{'b' if layout.big_endian else 'l'}")

    def _bitslayout(self, layout: ir.BitsLayout) -> str:
        return f"{self._use('Bits')}({layout.width}{', flag=True' if layout.boolean else ''})"

    def _byteslayout(self, layout: ir.BytesLayout) -> str:
        size = "" if layout.size is None else self._number_or_function(layout.size)
        return f"{self._use('Data')}({size})"

    def _strlayout(self, layout: ir.StrLayout) -> str:
        size = "" if layout.size is None else f", {self._number_or_function(layout.size)}"
        return f'{self._use("Text")}("{layout.encoding}"{size})'

    def _terminatedlayout(self, layout: ir.TerminatedLayout) -> str:
        return f'{self._use("Line")}("{layout.encoding}", {layout.terminator}, {layout.open_end})'

    def _contentslayout(self, layout: ir.ContentsLayout) -> str:
        return f"{self._use('Contents')}({layout.contents!r})"

    def _userlayout(self, layout: ir.UserLayout) -> str:
        kind = self._type(layout.type)
        if not layout.arguments:
            return f"{self._use('Nested')}({kind})"
        arguments = "".join(f"{self._python(argument)}, " for argument in layout.arguments)
        return f"{self._use('Nested')}({kind}, lambda this: ({arguments.rstrip()}))"

    def _switchlayout(self, layout: ir.SwitchLayout) -> str:
        cases = "".join(
            f"{self._python(key)}: {self._layout(case, '')}, " for key, case in layout.cases
        )
        default = f", {self._layout(layout.default, '')}" if layout.default is not None else ""
        on = self._function(layout.on)
        return f"{self._use('Switch')}({on}, {{{cases.rstrip(', ')}}}{default})"


def _docs(docs: ir.Docs) -> Iterator[str]:
    if docs.text:
        yield f"doc={_text(docs.text)}"
    if docs.origin:
        yield f"origin={_text(docs.origin)}"


def _call(name: str, arguments: list[str]) -> str:
    inner = "".join(f"    {argument},\n" for argument in arguments)
    return f"{name}(\n{inner})"


def _text(text: str) -> str:
    return repr(" ".join(text.split()))


def _plain(python: str | None) -> str:
    """An expression in Python as a reader of messages wants it."""
    return str(python).replace('this["', "").replace('"]', "")


def _docstring(title: str, docs: ir.Docs) -> str:
    refs = "".join(f"\n{ref}" for ref in docs.refs)
    text = f"{title}\n\n{docs.text}\n{refs}".strip().replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}\n"""\n'
