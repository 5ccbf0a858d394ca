"""The plan: which targets there are and where their files go."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAN_FILE = Path(__file__).with_name("plan.toml")
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Compiler:
    """A pinned compiler: what it is called, Maven coordinates, main class, cache folder."""

    title: str
    group: str
    artifact: str
    version: str
    main: str
    cache: str


@dataclass(frozen=True)
class Usual:
    """What most objects of a type are like.

    Attributes:
        type: the type, as ``spec::type``.
        fixed: fields of one byte, as ``spec::type.field``, and the numbers they usually have.
        never: fields that usually aren't there.
        told: fields that are told of, lists item by item.
        number: the member, as ``type.member``, that is all there is to say of an object
            of its type, which the prelude can read and put. Where it is given, usual
            objects are encoded in a way of their own too.
    """

    type: str
    fixed: Mapping[str, int]
    never: tuple[str, ...]
    told: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True)
class Target:
    """One kind of generated files.

    Attributes:
        name: as given to ``--only``.
        emitter: ``kaitai``, ``construct``, ``antlr``, ``rust`` or ``reference``.
        folder: where the files go, relative to the repository.
        language, options, suffix, comment: for ``kaitai`` and ``antlr`` only: the
            compiler's target, its options, the files' suffix and what starts a comment.
        module: for ``construct`` only: the package that the modules are imported from.
        grammar, tool: for ``antlr`` only: the grammar in the specs' folder, the compiler.
        walk: for ``rust`` only: types, as ``spec::type``, that can be walked.
        usual: for ``rust`` only: objects that are decoded in a way of their own.
        package: documentation of the package or module that holds the files, empty if
            there is none.
    """

    name: str
    emitter: str
    folder: str
    language: str = ""
    options: tuple[str, ...] = ()
    suffix: str = ""
    comment: str = ""
    package: str = ""
    module: str = ""
    grammar: str = ""
    tool: Compiler | None = None
    walk: tuple[str, ...] = ()
    usual: tuple[Usual, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that ``plan.toml`` says.

    Attributes:
        no_orig_id: fields that Cassandra has no name for, with the reason.
        plain_roots: specs whose root is no wrapper around ``body``.
    """

    specs: str
    compiler: Compiler
    targets: tuple[Target, ...]
    no_orig_id: Mapping[str, str]
    plain_roots: tuple[str, ...]


def load(path: Path = PLAN_FILE) -> Plan:
    """Reads a plan; unknown keys are a ``TypeError``."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    targets = tuple(_target(name, entry) for name, entry in raw["targets"].items())
    rules = raw.get("lint", {})
    return Plan(
        specs=raw["specs"],
        compiler=Compiler(**raw["compiler"]),
        targets=targets,
        no_orig_id=rules.get("no_orig_id", {}),
        plain_roots=tuple(rules.get("plain_roots", ())),
    )


def _target(name: str, entry: Mapping[str, Any]) -> Target:
    tool = Compiler(**entry["tool"]) if "tool" in entry else None
    lists = {key: tuple(entry.get(key, ())) for key in ("options", "walk")}
    usual = tuple(_usual(each) for each in entry.get("usual", ()))
    return Target(name=name, **{**entry, **lists, "tool": tool, "usual": usual})


def _usual(entry: Mapping[str, Any]) -> Usual:
    return Usual(**{**entry, "never": tuple(entry["never"]), "told": tuple(entry["told"])})
