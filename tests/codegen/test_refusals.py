"""Specs that say more than the emitters know are refused, with the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from codegen.errors import SpecError
from codegen.load import load

HEAD = "meta: {id: bad, endian: be}\n"


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ("seq: [{id: a, type: u1, process: zlib}]", "/seq/a/process", "not supported"),
        ("seq: [{type: u1}]", "/seq/0", "needs an id"),
        ("seq: [{id: a}]", "/seq/a", "needs `type`"),
        ("seq: [{id: a, type: u3}]", "/seq/a/type", "no type u3"),
        ("seq: [{id: a, type: f2}]", "/seq/a/type", "no type f2"),
        ("seq: [{id: a, type: b3le}]", "/seq/a/type", "no type b3le"),
        ("seq: [{id: a, type: strz}]", "/seq/a/type", "no type strz"),
        ("seq: [{id: a, type: nothing}]", "/seq/a/type", "no type nothing"),
        ("seq: [{id: a, type: u2, size: 2}]", "/seq/a/size", "not supported"),
        ("seq: [{id: a, type: str, size: 2}]", "/seq/a", "needs an encoding"),
        ("seq: [{id: a, type: str, encoding: UTF-8}]", "/seq/a", "needs either"),
        ("seq: [{id: a, size: 2, terminator: 0}]", "/seq/a/terminator", "only supported for str"),
        ("seq: [{id: a, size: x}]", "/seq/a/size", "no field, parameter or instance x"),
        ("seq: [{id: a, size: true}]", "/seq/a/size", "int expected"),
        ("seq: [{id: a, type: u1, if: 1}]", "/seq/a/if", "bool expected"),
        ("seq: [{id: a, type: u1, repeat: while}]", "/seq/a/repeat", "not supported"),
        ("seq: [{id: a, type: u1, repeat: expr, repeat-expr: true}]", "/repeat-expr", "int exp"),
        ("seq: [{id: a, type: u1, repeat: until, repeat-until: _}]", "/repeat-until", "bool exp"),
        ("seq: [{id: a, type: u1, enum: none}]", "/seq/a/enum", "no enum none"),
        ("seq: [{id: a, size: 1, enum: e}]\nenums: {e: {1: x}}", "/seq/a/enum", "needs an integer"),
        ("seq: [{id: a, type: u1}]\nenums: {e: {x: y}}", "/enums/e", "is not an integer"),
        ("seq: [{id: a, type: u1, valid: {in-enum: true}}]", "/seq/a/valid", "needs an enum"),
        ("seq: [{id: a, type: u1, valid: {expr: '_'}}]", "/seq/a/valid", "bool expected"),
        ("seq: [{id: a, type: u1, valid: '\"x\"'}]", "/seq/a/valid", "str for a field of u1"),
        ("seq: [{id: a, type: u1, valid: {not: 1}}]", "/seq/a/valid/not", "not supported"),
        ("seq: [{id: a, type: u1, valid: {eq: 1, expr: 1}}]", "/seq/a/valid", "one condition"),
        ("seq: [{id: a, contents: [256]}]", "/seq/a/contents", "not a byte"),
        ("seq: [{id: a, type: u1}, {id: a, type: u1}]", "", "a is there twice"),
        ("seq: [{id: a, type: t(1)}]\ntypes: {t: {}}", "/seq/a/type", "takes 0 arguments, not 1"),
        (
            "seq: [{id: a, type: t(true)}]\ntypes: {t: {params: [{id: p, type: u1}]}}",
            "/seq/a/type",
            "bool for parameter p of u1",
        ),
        (
            "seq: [{id: a, type: u1}, {id: b, size: 1, type: {switch-on: a, cases: {1: u1}}}]",
            "/seq/b/type/cases/1",
            "no type of a spec",
        ),
        (
            "seq: [{id: a, type: u1}, {id: b, type: {switch-on: a, cases: {'\"x\"': u1}}}]",
            "/seq/b/type/cases",
            "str for u1",
        ),
        ("instances: {a: {doc: x}}", "/instances/a", "needs `value` or `pos`"),
        ("instances: {a: {pos: 0, io: _root._io, type: u1}}", "/instances/a/io", "not supported"),
        ("instances: {a: {value: b.c}, b: {value: a}}", "/instances/a", "itself"),
        ("to-string: '1'", "/to-string", "not supported"),
    ],
)
def test_refused(tmp_path: Path, body: str, place: str, message: str) -> None:
    path = tmp_path / "bad.ksy"
    path.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(SpecError, match=message) as caught:
        load([path])
    assert place in caught.value.place
    assert caught.value.place.startswith("bad.ksy:")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("meta: [", "not YAML"),
        ("- a", "not a mapping"),
        ("meta: {id: bad, bit-endian: le}", "only `be`"),
        ("meta: {id: bad, endian: {switch-on: 1}}", "only `be` and `le`"),
        ("meta: {id: bad, ks-opaque-types: true}", "not supported"),
        ("meta: {id: bad, imports: [other]}", "no spec other"),
        ("meta: {id: bad}\nseq: [{id: a, type: u2}]", "order of bytes"),
    ],
)
def test_refused_as_a_whole(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.ksy"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=message):
        load([path])


def test_circles_of_imports_are_refused(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        path = tmp_path / f"{name}.ksy"
        path.write_text(f"meta: {{id: {name}, imports: [{other}]}}", encoding="utf-8")
    with pytest.raises(SpecError, match="a circle: a imports b imports a"):
        load(sorted(tmp_path.glob("*.ksy")))
