"""Expressions of the specs simplified, and names of columns as names in a spec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqlite.inspect import expressions as ex
from cqlite.inspect.documents import spec, spec_names
from cqlite.inspect.specialise import Ids, camel


def simplified(text: str, **known: ex.Expr) -> str:
    """An expression with names replaced and folded."""

    def change(node: ex.Expr) -> ex.Expr:
        if isinstance(node, ex.Name):
            return known.get(node.name, node)
        return ex.fold(node)

    return ex.text(ex.rewrite(ex.parse(text), change))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a and true", "a"),
        ("a and 1 > 2", "false"),
        ("true or a", "true"),
        ("not (1 == 1)", "false"),
        ("a ? b : false", "a and b"),
        ("a ? b : 0", "a ? b : 0"),
        ("3 < 2 ? a : b + 0", "b"),
        ("[4, -1, 7][2]", "7"),
        ("[4, -1].size", "2"),
        ("(8 / 3).as<u1> * 0x10", "32"),
        ("n - 0 < 32 ? n - 0 : 32", "n < 32 ? n : 32"),
        ("(n < 32 ? n : 32) > 5", "n > 5"),
        ("(n < 32 ? n : 32) > 40", "(n < 32 ? n : 32) > 40"),
        ("(n + 31) / 32 > 1", "n > 32"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a & 3) == 1 and not b", "a & 3 == 1 and not b"),
        ("(a >> (i % 8)) & 1 == 0", "(a >> (i % 8)) & 1 == 0"),
        ("a.b[i + 1].to_s.substring(0, 2)", "a.b[i + 1].to_s.substring(0, 2)"),
        ("-1 - x", "-1 - x"),
    ],
)
def test_simplified(source: str, expected: str) -> None:
    assert simplified(source) == expected


def test_known_names_decide() -> None:
    shapes = ex.Array((ex.Const(4), ex.Const(-1)))
    source = "shapes[_index] < 0 ? len.value : shapes[_index]"
    assert simplified(source, shapes=shapes, _index=ex.Const(0)) == "4"
    assert simplified(source, shapes=shapes, _index=ex.Const(1)) == "len.value"


@pytest.mark.parametrize("source", ["a +", "a b", "f(", "#", "a.1", "sizeof<x>", ""])
def test_refused(source: str) -> None:
    with pytest.raises(ValueError, match="cannot understand"):
        ex.parse(source)


def expressions() -> Iterator[Any]:
    """All expressions of all specs."""
    for name in spec_names():
        for definition in (spec(name), *spec(name).get("types", {}).values()):
            for item in (*definition.get("seq", ()), *definition.get("instances", {}).values()):
                for key in ("if", "size", "pos", "value", "repeat-expr", "repeat-until"):
                    if key in item:
                        yield item[key]


def test_what_the_specs_say_survives_being_written() -> None:
    found = list(expressions())
    assert len(found) > 200
    for source in found:
        tree = ex.parse(source)
        assert ex.parse(ex.text(tree)) == tree


leaves = st.one_of(st.integers(0, 9).map(ex.Const), st.sampled_from("abc").map(ex.Name))
arithmetic = st.recursive(
    leaves,
    lambda inner: st.builds(
        ex.Binary, st.sampled_from(["+", "-", "*", "&", "|", "^"]), inner, inner
    ),
    max_leaves=6,
)


@given(arithmetic)
def test_folding_keeps_the_value(tree: ex.Expr) -> None:
    names = {"a": 3, "b": 5, "c": 1}
    text = ex.text(tree)
    folded = simplified(text)
    assert eval(folded, {}, dict(names)) == eval(text, {}, dict(names))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("user_id", "user_id"),
        ("userId", "userid"),
        ("Größe", "gr__e"),
        ("1st", "col_1st"),
        ("", "col"),
        ("日本", "col"),
        ("_x", "col_x"),
        ("and", "col_and"),
        ("constructor", "col_constructor"),
        ("to_string", "col_to_string"),
        ("flags", "col_flags"),
    ],
)
def test_ids(name: str, expected: str) -> None:
    assert Ids({"flags"}).of(name) == expected


@given(st.lists(st.text(max_size=6), max_size=30))
def test_ids_are_valid_and_differ_in_javascript_too(names: list[str]) -> None:
    ids = Ids()
    made = [ids.of(name) for name in names]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in made)
    assert len({camel(name) for name in made}) == len(names)
