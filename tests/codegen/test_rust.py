"""What the Rust emitter refuses, and the form of what it writes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from codegen import emit_rust
from codegen.main import generate, specs_of
from codegen.output import Output
from codegen.plan import Usual, load

from tests.shared import ROOT

PLAN = load()
TARGET = next(target for target in PLAN.targets if target.name == "rust")


def _emit(
    folder: Path, body: str, walk: tuple[str, ...] = (), usual: tuple[Usual, ...] = ()
) -> Output:
    spec = folder / "small.ksy"
    spec.write_text(f"meta: {{id: small, endian: be}}\n{body}\n", encoding="utf-8")
    return emit_rust.emit(PLAN, replace(TARGET, walk=walk, usual=usual), [spec])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("seq: [{id: a, type: b40}]", "more than 32 bits"),
        ("seq: [{id: a, type: u1}]\ninstances: {b: {value: 'a << 2'}}", "operator <<"),
        ("seq: [{id: a, size: 1}]\ninstances: {b: {value: 'a.to_s(\"UTF-8\")'}}", "method to_s"),
        ("seq: [{id: a, type: {switch-on: 1, cases: {1: u1}}}]", "SwitchLayout"),
    ],
)
def test_what_it_does_not_know_is_refused(tmp_path: Path, body: str, reason: str) -> None:
    made = _emit(tmp_path, body)
    assert len(made.complaints) == 1
    assert reason in made.complaints[0]


def test_an_integer_is_computed_in_a_type_that_takes_it(tmp_path: Path) -> None:
    made = _emit(
        tmp_path,
        "seq: [{id: a, type: u4}, {id: b, type: u8}]\n"
        "instances: {c: {value: 'a + 1'}, d: {value: 'b - 1'}, e: {value: 'a * 0x100000000 + a'}}",
    )
    assert made.complaints == []
    text = made.files["small.rs"]
    for name, kind in (("c", "i64"), ("d", "i128"), ("e", "u64")):
        # No operation can overflow in these types, so that nothing can fail.
        assert f"pub fn {name}(&self) -> {kind} {{" in text


REFUSED = """
seq:
  - {id: parts, type: part, repeat: expr, repeat-expr: 2}
types:
  part:
    seq: [{id: number, type: u4, valid: {max: 9}}]
"""


def test_errors_are_where_what_is_wrong_begins_and_know_what_it_is_in(tmp_path: Path) -> None:
    text = _emit(tmp_path, REFUSED).files["small.rs"]
    check = text.index("if !((i64::from(it)) <= (9))")
    assert text.index("let mark = cur.mark();") < text.index("let it = cur.u32be()?;") < check
    assert 'Err(cur.refuse(mark, &"small::part.number").into())' in text
    assert 'inner!(cur, Part::read(cur), "parts", Some(index))' in text


CASES = """
seq:
  - {id: first, type: u1}
  - {id: more, size: num_more}
instances:
  num_more: {value: 'first < 10 ? 0 : first < 20 ? 1 : 2'}
  sum: {value: 'num_more == 0 ? first : num_more == 1 ? more[0] : more[0] * 256 + more[1]'}
  last: {value: 'more[num_more - 1]'}
"""


def test_what_depends_on_a_size_of_few_values_is_computed_while_reading(tmp_path: Path) -> None:
    text = _emit(tmp_path, CASES).files["small.rs"]
    assert "kept_num_more: i64," in text
    assert "pub fn sum(&self) -> i64 {" in text
    # Without any byte there is no last one.
    assert "pub fn last(&self) -> Result<i64, Fault> {" in text


WALKED = """
seq: [{id: body, type: body}]
types:
  body:
    seq:
      - {id: num, type: u1}
      - {id: items, type: 'item(_index == 0 ? 0 : items[_index - 1].value)', repeat: expr,
         repeat-expr: num}
      - {id: len_part, type: u1}
      - {id: part, size: len_part, type: item(0)}
  item:
    params: [{id: before, type: u1}]
    seq: [{id: value, type: u1}]
"""


def test_lists_and_parts_are_walked(tmp_path: Path) -> None:
    made = _emit(tmp_path, WALKED, ("small::body",))
    assert made.complaints == []
    text = made.files["small.rs"]
    head = text[text.index("pub struct BodyHead") :]
    assert "pub num: u8," in head
    assert "pub items" not in head
    for name in ("body_items", "body_items_next", "body_items_item", "body_part", "body_part_end"):
        assert f"fn {name}(" in head


def test_only_what_has_lists_or_parts_is_walked(tmp_path: Path) -> None:
    made = _emit(tmp_path, WALKED, ("small::item",))
    assert made.complaints == ["rust: plan: there is nothing to walk in small::item"]


def test_nothing_is_unchecked() -> None:
    made = generate(PLAN, TARGET, ROOT)
    assert len(made.files) == len(specs_of(PLAN, ROOT)) + 1
    for name, text in made.files.items():
        for word in ("unsafe", "unwrap()", "expect(", "panic!", "wrapping_", " as u", " as i"):
            code = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
            assert not [line for line in code if word in line], f"{name}: {word}"


USUAL = """
seq: []
types:
  row:
    params: [{id: shapes, type: 's4[]'}]
    seq:
      - {id: flags, type: u1}
      - {id: extended, type: u1, if: 'flags & 0x80 != 0'}
      - {id: time, type: number, if: 'flags & 4 != 0'}
      - id: cells
        type: cell(shapes[_index], has_times)
        repeat: expr
        repeat-expr: shapes.size
    instances:
      has_times: {value: 'flags & 8 != 0'}
  number:
    seq: [{id: digit, type: u1}]
  cell:
    params: [{id: shape, type: s4}, {id: has_time, type: bool}]
    seq:
      - {id: time, type: number, if: has_time}
      - {id: len, type: number, if: shape < 0}
      - {id: value, size: 'shape < 0 ? len.digit : shape'}
"""


def _usual(**given: Any) -> tuple[Usual, ...]:
    fixed = {"small::row.flags": 4}
    told = ("small::row.time", "small::row.cells", "small::cell.value")
    return (Usual(**{"type": "small::row", "fixed": fixed, "never": (), "told": told, **given}),)


def test_usual_objects_are_decoded_without_what_is_settled(tmp_path: Path) -> None:
    made = _emit(tmp_path, USUAL, usual=_usual())
    assert made.complaints == []
    text = made.files["small.rs"]
    body = text[text.index("pub fn usual_row") :]
    assert "if cur.u8()? != 4 { return Err(Fault::Invalid); }" in body
    assert "extended" not in body
    assert body.count("time") == body.count("time_1") + body.count("row_time")
    assert "if !told.row_cells(index_2) { break; }" in body
    for method in ("row_time", "row_cells", "cell_value"):
        assert text.count(f"fn {method}(&mut self") == 1


def test_usual_objects_have_items_and_numbers_looked_up_once(tmp_path: Path) -> None:
    made = _emit(tmp_path, USUAL, usual=_usual(number="small::number.digit"))
    text = made.files["small.rs"]
    body = text[text.index("pub fn usual_row") : text.index("pub fn put_usual_row")]
    assert body.count("item(shapes, ") == 1
    assert "let time_1 = cur.number()?;" in body
    assert "fn row_time(&mut self, value: u64) -> Result<(), Fault>;" in text
    assert "Number::read" not in body


def test_usual_objects_are_encoded_with_lengths_of_what_follows(tmp_path: Path) -> None:
    made = _emit(tmp_path, USUAL, usual=_usual(number="small::number.digit"))
    assert made.complaints == []
    text = made.files["small.rs"]
    body = text[text.index("pub fn put_usual_row") :]
    assert "out.put(&[4]);" in body
    assert "put_number(source.row_time()?, out);" in body
    assert re.search(r"let (\w+) = source.cell_value\(\)\?;\n.*put_number\(.*\1.len", body)
    for method in ("row_time", "cell_value"):
        assert text.count(f"fn {method}(&mut self) -> Result<") == 1


def test_usual_objects_of_what_cannot_be_put(tmp_path: Path) -> None:
    made = _emit(tmp_path, USUAL, usual=_usual(number="small::other.digit"))
    assert len(made.complaints) == 1
    assert "small::number where it is encoded" in made.complaints[0]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"fixed": {}}, "small::row.flags"),
        ({"told": ("small::row.nothing",)}, "small::row.nothing"),
        ({"never": ("small::cell.nothing",)}, "small::cell.nothing"),
    ],
)
def test_usual_objects_that_cannot_be(tmp_path: Path, given: dict[str, Any], reason: str) -> None:
    made = _emit(tmp_path, USUAL, usual=_usual(**given))
    assert len(made.complaints) == 1
    assert reason in made.complaints[0]
