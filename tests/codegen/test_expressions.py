"""The expression language: what the parser understands and how Python and readers see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from codegen import expr, ir
from codegen.errors import SpecError
from codegen.load import load
from codegen.write_python import PythonWriter
from codegen.write_text import code, condition

SPEC = """
meta: {id: version, endian: be}
seq:
  - {id: a, type: u1}
  - {id: b, type: u4}
  - {id: s, type: str, size: 3, encoding: ASCII}
  - {id: list, type: u1, repeat: expr, repeat-expr: 3}
  - {id: version, type: u1}
instances:
  x: {value: 'EXPRESSION'}
enums:
  id: {0: ma, 1: mb, 2: mc}
"""


def _instance(tmp_path: Path, text: str) -> ir.Instance:
    path = tmp_path / "version.ksy"
    path.write_text(SPEC.replace("EXPRESSION", text), encoding="utf-8")
    return load([path])["version"].root.instances[0]


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("a", 'this["a"]'),
        ("1_000 + 0x1F + 0b11 + 0o17 + 007", "1000 + 31 + 3 + 15 + 7"),
        ("a + b * 2", 'this["a"] + this["b"] * 2'),
        ("(a + b) * 2", '(this["a"] + this["b"]) * 2'),
        ("a - (b - 1)", 'this["a"] - (this["b"] - 1)'),
        ("a / 2 % 3", 'this["a"] // 2 % 3'),
        ("a & 1 == 0", 'this["a"] & 1 == 0'),
        ("not (a == 1) and b > 2", 'not this["a"] == 1 and this["b"] > 2'),
        ("(a == 1) == (b == 2)", '(this["a"] == 1) == (this["b"] == 2)'),
        ("a > 1 ? b : a < 0 ? 1 : 2", 'this["b"] if this["a"] > 1 else 1 if this["a"] < 0 else 2'),
        ("(a > 1 ? 2 : 3) + 1", '(2 if this["a"] > 1 else 3) + 1'),
        ("-a + ~b", '-this["a"] + ~this["b"]'),
        ("a << 2 | b >> 1 ^ 3 & 1", 'this["a"] << 2 | this["b"] >> 1 ^ 3 & 1'),
        ("a.as<u8> * 256", 'this["a"] * 256'),
        ("list[a].to_s", 'str(this["list"][this["a"]])'),
        ("list.size + s.length", 'len(this["list"]) + len(this["s"])'),
        ("list.last", 'this["list"][-1]'),
        ("s.to_i(16)", 'int(this["s"], 16)'),
        ("id::mb.to_i", "int(Id.mb)"),
        ("[1, 2]", r"b'\x01\x02'"),
        ("[a, 2]", '[this["a"], 2]'),
        ("_io.size - _io.pos", 'this["_io"].size - this["_io"].pos'),
        ('"a\\tb"', r"'a\tb'"),
    ],
)
def test_python(tmp_path: Path, text: str, python: str) -> None:
    instance = _instance(tmp_path, text)
    assert instance.value is not None
    assert PythonWriter(lambda enum: enum.name.capitalize()).write(instance.value) == python


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("version >= id::mb.to_i", "mb and later"),
        ("version > id::mb.to_i", "mc and later"),
        ("version < id::mb.to_i", "up to ma"),
        ("version <= id::mb.to_i", "up to mb"),
        ("version == id::mb.to_i", "mb only"),
        ("version != id::mb.to_i", "not mb"),
        ("version >= id::mb.to_i and version < id::mc.to_i and a == 1",
         "mb and later, up to mb, `a == 1`"),
        ("a == 1 or version >= id::mb.to_i", "`a == 1 or version >= mb`"),
        ("a & 0x40 != 0", "`a & 0x40 != 0`"),
        ("(a == 1 or b == 2) and a < 5", "`(a == 1 or b == 2)`, `a < 5`"),
        ("not (a == 1 or b == 0x8000)", "`not (a == 1 or b == 0x8000)`"),
    ],
)  # fmt: skip
def test_conditions_for_readers(tmp_path: Path, text: str, shown: str) -> None:
    instance = _instance(tmp_path, text)
    assert instance.value is not None
    assert condition(instance.value, ("ma", "mb", "mc")) == shown


@pytest.mark.parametrize(
    "text",
    ["a ? b : 3 + 1", "(a + 1) * 2", "a - (b - 1)", "not a and (b or list)", "s.substring(0, 1)"],
)
def test_text_parses_to_the_same_tree(text: str) -> None:
    tree = expr.parse(text, "here")
    assert _shape(expr.parse(code(tree), "here")) == _shape(tree)


def _shape(node: expr.Expr) -> Any:
    plain = {k: v for k, v in vars(node).items() if isinstance(v, str | int)}
    return type(node).__name__, plain, [_shape(child) for child in expr.children(node)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a +", "something is missing"),
        ("a b", "unexpected 'b'"),
        ("(a", r"'\)' expected"),
        ("a ? b", "':' expected"),
        ("a $ b", r"unexpected character '\$'"),
        ("a.5", "unexpected '.5'|a name expected|unexpected"),
        ("sizeof<u4>", "sizeof is not supported"),
        ("nothing", "no field, parameter or instance nothing"),
        ("_parent.a", "no field, parameter or instance _parent"),
        ("_", "`_` has no meaning here"),
        ("a.size", "u1 has no size"),
        ("s.nothing(1)", "str has no method nothing"),
        ("a and b", "bool expected"),
        ("s + 1", "cannot compute"),
        ("s == 1", "cannot compare"),
        ("s < list", "cannot compare"),
        ("id::ma < id::mb", "no order"),
        ("a == 1 ? s : b", "one conditional expression"),
        ("id::mz", "has no mz"),
        ("none::ma", "no enum none"),
        ("x + 1", "depends on itself"),
        ("a.as<nothing>", "no type nothing"),
        ("a[0]", "u1 has no elements"),
        ("[a, s]", "items of different types"),
        ("-s", "int expected"),
        ("s[0]", "str has no elements"),
    ],
)
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        _instance(tmp_path, text)
    assert caught.value.place.startswith("version.ksy:/instances/x")
