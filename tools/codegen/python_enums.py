"""Enumerations apart from the official compiler's parsers, to be had without their runtime."""

from __future__ import annotations

import re
from collections.abc import Mapping

from codegen.errors import CodegenError
from codegen.output import opening

MODULE = "enums"
"""The module's name beside the parsers, which have its classes under the names that they had."""

_ENUM = re.compile(r"^    class (\w+)\(IntEnum\):\n((?:        [^\n]*\n)+)", re.MULTILINE)
_IMPORT = "from enum import IntEnum\n"
_HEAD = '''"""The enumerations of all specs, each a class from its first use on."""

from enum import IntEnum

MEMBERS = {
'''
_TAIL = """}


def __getattr__(name):
    if name not in MEMBERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()[name] = IntEnum(name, MEMBERS[name], module=__name__)
    return made
"""


def apart(files: Mapping[str, str], package: str) -> dict[str, str]:
    """``files`` of the compiler, and one that has the enumerations of all specs.

    The enumeration ``id`` of the spec ``version`` is the class ``VersionId`` there. Those of
    types inside a spec stay where they are.

    Args:
        files: modules by their file names.
        package: what they are imported from.

    Raises:
        CodegenError: a spec has the name of the module of enumerations.
    """
    if f"{MODULE}.py" in files:
        raise CodegenError(f"no spec can be named {MODULE}, which is the enumerations' module")
    made: dict[str, str] = {}
    members: list[str] = []
    for name, text in sorted(files.items()):
        spec = "".join(part.capitalize() for part in name.removesuffix(".py").split("_"))
        for enum, lines in _ENUM.findall(text):
            members.append(f'    "{spec}{enum}": {{\n{_items(lines)}    }},\n')
        changed = _ENUM.sub(rf"    \1 = {MODULE}.{spec}\1\n", text)
        if changed != text:
            changed = changed.replace(_IMPORT, f"from {package} import {MODULE}\n{_IMPORT}", 1)
        if "(IntEnum)" not in changed:
            changed = changed.replace(_IMPORT, "", 1)
        made[name] = changed
    first = f"{opening('#', '*.ksy')}# type: ignore\n"
    made[f"{MODULE}.py"] = "".join([first, _HEAD, *members, _TAIL])
    return made


def _items(lines: str) -> str:
    """What a class body assigns as items of a dictionary."""
    pairs = (line.split(" = ") for line in lines.split("\n") if line)
    return "".join(f'        "{name.strip()}": {number},\n' for name, number in pairs)
