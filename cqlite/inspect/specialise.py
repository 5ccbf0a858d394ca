"""Specs with everything that is known of an SSTable worked in.

A partial evaluator of .ksy documents: it starts at a type with some of its parameters
known, carries them through all types below, drops what can't occur and writes one
document that needs no imports and no parameters. What a table adds (names and types of
columns) comes from :class:`Hooks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cqlite.inspect import expressions as ex
from cqlite.inspect.documents import spec

_BUILTIN = re.compile(r"[us][1248](le|be)?|f[48](le|be)?|b\d+(le|be)?|str|strz|bool")
_EXPRESSIONS = ("if", "value", "size", "pos", "repeat-expr", "repeat-until")

SourceType = tuple[str, str]
"""Name of a spec and of one of its types; the latter is empty for the spec's root."""

Document = dict[str, Any]


@dataclass(eq=False)
class OutType:
    """A type of the document that is made.

    Attributes:
        name: its name there.
        definition: the type as YAML.
        constants: instances whose values are known, which it therefore lacks.
        members: types of those fields, parameters and instances that have one of these.
    """

    name: str
    definition: Document = field(default_factory=dict)
    constants: dict[str, ex.Const] = field(default_factory=dict)
    members: dict[str, OutType] = field(default_factory=dict)


@dataclass
class Scope:
    """A type while it is worked on.

    Attributes:
        source: which type of the specs it comes from.
        out: what it becomes.
        known: parameters and instances with known values.
        context: what hooks handed down.
    """

    source: SourceType
    out: OutType
    known: dict[str, ex.Expr]
    context: Any

    @property
    def ids(self) -> set[str]:
        """The names in the type as in the specs."""
        definition = source_definition(self.source)
        listed = [*definition.get("seq", ()), *definition.get("params", ())]
        return {item["id"] for item in listed} | set(definition.get("instances", {}))


FieldHook = Callable[["Specialiser", Scope, Document], list[Document]]


@dataclass(frozen=True)
class Hooks:
    """What is added to the specs.

    Attributes:
        fields: by spec, type and field, what makes its fields instead.
        instances: by spec and type, what makes further instances.
        kept: parameters, by spec, type and name, that stay parameters even if known.
        label: a name for a context, which goes into names of types.
        depends: whether a type looks at its context.
        representations: by spec and type, what the Web IDE shows of a closed node.
    """

    fields: Mapping[tuple[str, str, str], FieldHook] = field(default_factory=dict)
    instances: Mapping[SourceType, Callable[[Specialiser, Scope], Document]] = field(
        default_factory=dict
    )
    kept: frozenset[tuple[str, str, str]] = frozenset()
    label: Callable[[Any], str] = lambda context: ""
    depends: Callable[[SourceType, Any], bool] = lambda source, context: False
    representations: Mapping[SourceType, str] = field(default_factory=dict)


def source_definition(source: SourceType) -> Document:
    """A type as the specs have it."""
    document = spec(source[0])
    found: Document = document["types"][source[1]] if source[1] else document
    return found


class Specialiser:
    """Makes the types of one document."""

    def __init__(self, hooks: Hooks | None = None) -> None:
        self.hooks = hooks or Hooks()
        self._made: dict[Any, OutType] = {}
        self._names: set[str] = set()
        self._enums: dict[tuple[str, str], str] = {}

    def types(self) -> dict[str, Document]:
        """All types made so far."""
        return {out.name: out.definition for out in self._made.values()}

    def enums(self) -> dict[str, Document]:
        """All enumerations that are referred to."""
        return {
            name: spec(home)["enums"][enum] for (home, enum), name in sorted(self._enums.items())
        }

    def make(
        self,
        source: SourceType,
        known: Mapping[str, ex.Expr],
        params: Mapping[str, OutType],
        context: Any = None,
    ) -> OutType:
        """The type ``source`` with parameters ``known``, and ``params`` of types made here."""
        if not self.hooks.depends(source, context):
            context = None
        key = (
            source,
            tuple(sorted(known.items(), key=lambda item: item[0])),
            tuple(sorted((name, out.name) for name, out in params.items())),
            context,
        )
        if key not in self._made:
            out = OutType(self.unique_name(_base_name(source) + self.hooks.label(context)))
            self._made[key] = out
            self._fill(Scope(source, out, dict(known), context), params)
        return self._made[key]

    def unique_name(self, wanted: str) -> str:
        """``wanted``, or with a number if there is such a type already."""
        name, number = wanted, 2
        while name in self._names:
            name, number = f"{wanted}_{number}", number + 1
        self._names.add(name)
        return name

    def add(self, out: OutType) -> None:
        """Adds a type that no spec has; its name is from :meth:`unique_name`."""
        self._made[out.name] = out

    def _fill(self, scope: Scope, params: Mapping[str, OutType]) -> None:
        source = source_definition(scope.source)
        out = scope.out.definition
        if scope.source in self.hooks.representations:
            out["-webide-representation"] = self.hooks.representations[scope.source]
        for name in ("doc", "doc-ref"):
            if name in source:
                out[name] = source[name]
        scope.out.members.update(params)
        self._params(scope, source, params)
        self._constants(scope, source)
        fields = [f for item in source.get("seq", ()) for f in self.fields(scope, item)]
        if fields:
            out["seq"] = fields
        instances = self._instances(scope, source)
        instances.update(self._added_instances(scope))
        if instances:
            out["instances"] = instances

    def _params(self, scope: Scope, source: Document, params: Mapping[str, OutType]) -> None:
        kept = [dict(p) for p in source.get("params", ()) if p["id"] not in scope.known]
        for param in kept:
            written = param["type"]
            name = written.removesuffix("[]")
            if param["id"] in params:
                made = params[param["id"]]
                param["type"] = made.name + written[len(name) :]
            elif not _BUILTIN.fullmatch(name):
                made = self.make(resolve(scope.source[0], name), {}, {})
                param["type"] = made.name + written[len(name) :]
                scope.out.members[param["id"]] = made
            if "enum" in param:
                param["enum"] = self._enum(scope, param["enum"])
        if kept:
            scope.out.definition["params"] = kept

    def _constants(self, scope: Scope, source: Document) -> None:
        """Finds instances with a known value; one may depend on another."""
        instances = source.get("instances", {})
        found = True
        while found:
            found = False
            for name, body in instances.items():
                if name in scope.known or "value" not in body or "if" in body:
                    continue
                value = self.simple(scope, body["value"])
                if isinstance(value, ex.Const):
                    scope.known[name] = scope.out.constants[name] = value
                    found = True

    def _instances(self, scope: Scope, source: Document) -> Document:
        made: Document = {}
        for name, body in source.get("instances", {}).items():
            if name in scope.known:
                continue
            changed = self.plain(scope, {**body, "id": name})
            for item in changed:
                made[item.pop("id")] = item
        return made

    def _added_instances(self, scope: Scope) -> Document:
        hook = self.hooks.instances.get(scope.source)
        return hook(self, scope) if hook else {}

    def fields(self, scope: Scope, source: Document) -> list[Document]:
        """What becomes of one field: none, one, or several."""
        hook = self.hooks.fields.get((*scope.source, source["id"]))
        return hook(self, scope, source) if hook else self.plain(scope, source)

    def plain(
        self,
        scope: Scope,
        source: Document,
        *,
        known: Mapping[str, ex.Expr] | None = None,
        condition: ex.Expr = ex.TRUE,
        context: Any = None,
        changes: Mapping[str, Any] | None = None,
    ) -> list[Document]:
        """A field with what is known worked in; no field if its condition can't hold.

        Args:
            scope: the type that has it.
            source: the field as the spec has it.
            known: values for this field alone.
            condition: a further condition, which is taken as it is.
            context: what to hand down instead of the type's own context.
            changes: other attributes than the spec's, ``None`` for none.
        """
        if known:
            scope = Scope(scope.source, scope.out, {**scope.known, **known}, scope.context)
        given = self.simple(scope, source.get("if", True))
        holds = ex.fold(ex.Binary("and", given, condition))
        if ex.is_false(holds):
            return []
        merged = {**source, **(changes or {})}
        merged["if"] = None if ex.is_true(holds) else holds
        if merged["if"] is not None and ex.is_true(condition):
            merged["if"] = source["if"]
        out: Document = {
            name: self._attribute(scope, merged["id"], name, value, context)
            for name, value in merged.items()
            if value is not None
        }
        return [_ordered(out)]

    def _attribute(self, scope: Scope, owner: str, name: str, value: Any, context: Any) -> Any:
        if isinstance(value, ex.Expr):
            return self._text(scope, value)
        if name in _EXPRESSIONS:
            return self._written(scope, value, owner)
        if name == "type":
            return self._type(scope, owner, value, context)
        if name == "enum":
            return self._enum(scope, value)
        if name == "valid":
            return self._valid(scope, value)
        return value

    def _written(self, scope: Scope, value: Any, owner: str = "") -> Any:
        """An expression with what is known worked in; as it was where that changes nothing."""
        before = ex.parse(value)
        after = self.simplify(scope, before, item=owner)
        if self._renamed(scope, after) == before:
            return value
        if isinstance(after, ex.Const) and not isinstance(after.value, str):
            return after.value
        return self._text(scope, after)

    def _valid(self, scope: Scope, value: Any) -> Any:
        if not isinstance(value, dict):
            return self._written(scope, value)
        return {
            kind: [self._written(scope, item) for item in expected]
            if isinstance(expected, list)
            else self._written(scope, expected)
            for kind, expected in value.items()
        }

    def _type(self, scope: Scope, owner: str, value: Any, context: Any) -> Any:
        if isinstance(value, str):
            text, made = self.type_of_field(scope, value, context)
            if made is not None:
                scope.out.members[owner] = made
            return text
        return {
            "switch-on": self._written(scope, value["switch-on"]),
            "cases": {
                self._written(scope, case): self.type_of_field(scope, kind, context)[0]
                for case, kind in value["cases"].items()
            },
        }

    def type_of_field(
        self, scope: Scope, written: str, context: Any = None
    ) -> tuple[str, OutType | None]:
        """What a field's type becomes: as it is to be written, and the type if it is no builtin."""
        name, args = ex.parse_type(written)
        if _BUILTIN.fullmatch(name):
            return written, None
        source = resolve(scope.source[0], name)
        context = scope.context if context is None else context
        known: dict[str, ex.Expr] = {}
        params: dict[str, OutType] = {}
        rest: list[str] = []
        for param, written_arg in zip(
            source_definition(source).get("params", ()), args, strict=True
        ):
            arg = self.simplify(scope, written_arg)
            if _is_known(arg) and (*source, param["id"]) not in self.hooks.kept:
                known[param["id"]] = arg
                context = getattr(arg, "tag", None) or context
                continue
            rest.append(self._text(scope, arg))
            made = self.type_of(scope, arg)
            if made is not None:
                params[param["id"]] = made
        made = self.make(source, known, params, context)
        return made.name + (f"({', '.join(rest)})" if rest else ""), made

    def type_of(self, scope: Scope, expr: ex.Expr) -> OutType | None:
        """The type of what an expression names, if it is one that is made here."""
        match expr:
            case ex.Name(name):
                return scope.out.members.get(name)
            case ex.Attr(of, name):
                owner = self.type_of(scope, of)
                return owner.members.get(name) if owner else None
            case ex.Index(of, _):
                return self.type_of(scope, of)
        return None

    def simple(self, scope: Scope, source: Any) -> ex.Expr:
        """An expression of the specs with what is known worked in."""
        return self.simplify(scope, ex.parse(source))

    def simplify(self, scope: Scope, expr: ex.Expr, *, item: str = "") -> ex.Expr:
        """The same for a tree; ``item`` is the field whose items ``_`` stands for."""

        def change(node: ex.Expr) -> ex.Expr:
            match node:
                case ex.Name(name) if name in scope.known:
                    return scope.known[name]
                case ex.Attr(ex.Enum(path, member), "to_i"):
                    return ex.Const(self._enum_value(scope, path, member))
                case ex.Attr(of, name):
                    subject = ex.Name(item) if of == ex.Name("_") else of
                    owner = self.type_of(scope, subject)
                    if owner is not None and name in owner.constants:
                        return owner.constants[name]
            return ex.fold(node)

        return ex.rewrite(expr, change)

    def _renamed(self, scope: Scope, expr: ex.Expr) -> ex.Expr:
        def change(node: ex.Expr) -> ex.Expr:
            if isinstance(node, ex.Enum):
                return ex.Enum((self._enum(scope, "::".join(node.path)),), node.member)
            return node

        return ex.rewrite(expr, change)

    def _text(self, scope: Scope, expr: ex.Expr) -> str:
        return ex.text(self._renamed(scope, expr))

    def _enum(self, scope: Scope, written: str) -> str:
        home, name = _enum_home(scope.source[0], written)
        return self._enums.setdefault((home, name), f"{home}_{name}")

    def _enum_value(self, scope: Scope, path: tuple[str, ...], member: str) -> int:
        home, name = _enum_home(scope.source[0], "::".join(path))
        for number, body in spec(home)["enums"][name].items():
            if (body["id"] if isinstance(body, dict) else body) == member:
                return int(number)
        raise ValueError(f"no member {member!r} in enum {name!r} of spec {home!r}")


def resolve(home: str, written: str) -> SourceType:
    """Which type ``written`` means in the spec ``home``."""
    *path, name = written.split("::")
    if path:
        return path[0], name
    return (home, name) if name in spec(home).get("types", {}) else (name, "")


def _enum_home(home: str, written: str) -> tuple[str, str]:
    *path, name = written.split("::")
    return (path[0], name) if path else (home, name)


def _base_name(source: SourceType) -> str:
    home, name = source
    if not name or home in ("data", "values"):
        return name or home
    return name if name.startswith(home) else f"{home}_{name}"


def _is_known(expr: ex.Expr) -> bool:
    if isinstance(expr, ex.Array):
        return all(isinstance(item, ex.Const) for item in expr.items)
    return isinstance(expr, ex.Const)


_ORDER = (
    "id", "type", "size", "size-eos", "terminator", "eos-error", "encoding", "enum", "pos",
    "value", "repeat", "repeat-expr", "repeat-until", "if", "valid", "doc", "-orig-id",
)  # fmt: skip


def _ordered(document: Document) -> Document:
    def place(name: str) -> int:
        return _ORDER.index(name) if name in _ORDER else len(_ORDER)

    return {name: document[name] for name in sorted(document, key=place)}


def camel(name: str) -> str:
    """A name as the JavaScript compiler spells it, where two names can become one."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


class Ids:
    """Makes spec names of any names, each once in a type.

    Args:
        taken: names that the type has already.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {camel(name) for name in taken} | _UNSAFE

    def of(self, name: str) -> str:
        """A name of small letters, digits and underscores that is not taken, like ``name``."""
        made = re.sub(r"[^a-z0-9_]", "_", name.lower())
        if not re.match(r"[a-z]", made):
            made = f"col_{made.lstrip('_')}" if made.strip("_") else "col"
        if camel(made) in self._taken:
            made = f"col_{made}"
        wanted, number = made, 2
        while camel(made) in self._taken:
            made, number = f"{wanted}_{number}", number + 1
        self._taken.add(camel(made))
        return made


_UNSAFE = {
    # Words of the expression language.
    *("and", "or", "not", "true", "false", "sizeof", "bitsizeof", "as"),
    # What every object has in JavaScript.
    *("constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"),
    *("toLocaleString", "propertyIsEnumerable", "prototype"),
}
