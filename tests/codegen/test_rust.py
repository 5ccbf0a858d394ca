"""What the Rust emitter refuses, and the form of what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from codegen import emit_rust
from codegen.main import generate, specs_of
from codegen.output import Output
from codegen.plan import load

from tests.shared import ROOT

PLAN = load()
TARGET = next(target for target in PLAN.targets if target.name == "rust")


def _emit(folder: Path, body: str) -> Output:
    spec = folder / "small.ksy"
    spec.write_text(f"meta: {{id: small, endian: be}}\n{body}\n", encoding="utf-8")
    return emit_rust.emit(PLAN, TARGET, [spec])


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
        assert f"pub fn {name}(&self) -> Result<{kind}, Fault> {{" in text


def test_nothing_is_unchecked() -> None:
    made = generate(PLAN, TARGET, ROOT)
    assert len(made.files) == len(specs_of(PLAN, ROOT)) + 1
    for name, text in made.files.items():
        for word in ("unsafe", "unwrap()", "expect(", "panic!", "wrapping_", " as u", " as i"):
            code = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
            assert not [line for line in code if word in line], f"{name}: {word}"
