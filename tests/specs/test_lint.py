"""The rules for specs: those of the repository keep them, and each rule bites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from codegen.lint import lint
from codegen.plan import load

from tests.codegen.test_check import VERSION, WRAPPED
from tests.shared import ROOT

PLAN = replace(load(), no_orig_id={}, plain_roots=("version",))
GOOD = WRAPPED.replace("NAME", "sample")


def test_specs_keep_the_rules() -> None:
    assert lint(load(), sorted((ROOT / "specs").glob("*.ksy"))) == []


def _lint(folder: Path, text: str, **changes: object) -> list[str]:
    (folder / "sample.ksy").write_text(text, encoding="utf-8")
    (folder / "version.ksy").write_text(VERSION, encoding="utf-8")
    return lint(replace(PLAN, **changes), sorted(folder.glob("*.ksy")))  # type: ignore[arg-type]


def test_a_good_spec_has_no_findings(tmp_path: Path) -> None:
    assert _lint(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("doc: What it is.\n", "", "sample.ksy:: no doc"),
        ("        doc: Length.\n", "", "sample.ksy:/types/body/seq/len_data: no doc"),
        ("    doc: The body.\n    doc-ref", "    doc-ref", "sample.ksy:/types/body: no doc"),
        (", doc: The version.", "", "sample.ksy:/types/body/params/version: no doc"),
        ("    doc-ref: org.example.Sample\n", "", "sample.ksy:/types/body: no doc-ref"),
        ("        -orig-id: length\n", "", "sample.ksy:/types/body/seq/len_data: no -orig-id"),
        ("  license: Apache-2.0\n", "", "sample.ksy:/meta: no license"),
        ("  title: A sample\n", "", "sample.ksy:/meta: no title"),
        ("  id: sample", "  id: other", "sample.ksy:/meta/id: other, but the file is sample"),
        (
            "oa.to_i",
            "ma.to_i",
            "sample.ksy:/seq/body/type: the version has to be that of oa or da",
        ),
        ("- id: body\n", "- id: file\n", "sample.ksy:/seq: a root has the one field `body`"),
        (
            "id: version, type",
            "id: number, type",
            "sample.ksy:/types/body/params: `body` takes the one parameter `version`",
        ),
        (
            "doc: What it is.\ndoc-ref: org.example.Sample\n",
            "doc-ref: org.example.Sample\ndoc: What it is.\n",
            "sample.ksy:: sections have to stand in the order meta, doc, doc-ref, params, seq, "
            "instances, types, enums",
        ),
        (
            "types:\n",
            "params: [{id: p, type: u1, doc: P.}]\ntypes:\n",
            "sample.ksy:/params: a root cannot have parameters",
        ),
        ("types:\n", "instances: {x: {value: 1}}\ntypes:\n", "sample.ksy:/instances/x: no doc"),
        ("types:\n", "enums: {e: {1: x}}\ntypes:\n", "sample.ksy:/enums/e/x: no doc"),
        (
            "types:\n",
            "types:\n  sample: {doc: S., doc-ref: org.example.Sample}\n",
            "sample.ksy:/types/sample: a type cannot have the name of its spec",
        ),
        ("[version]", "[version, /other]", "sample.ksy:/meta/imports: no spec /other"),
        ("size: len_data", "size: nothing", "no field, parameter or instance nothing"),
    ],
)
def test_each_rule_bites(tmp_path: Path, old: str, new: str, finding: str) -> None:
    assert old in GOOD
    findings = _lint(tmp_path, GOOD.replace(old, new, 1))
    assert any(finding in found for found in findings), findings


def test_fields_without_a_name_in_cassandra_are_listed_with_a_reason(tmp_path: Path) -> None:
    bare = GOOD.replace("        -orig-id: length\n", "")
    allowed = {"sample.body.len_data": "it is only implied"}
    assert _lint(tmp_path, bare, no_orig_id=allowed) == []
    unneeded = ["plan.toml: no_orig_id.sample.body.len_data: not needed"]
    assert _lint(tmp_path, GOOD, no_orig_id=allowed) == unneeded
    assert _lint(tmp_path, GOOD, no_orig_id={"sample.none": "gone"}) == [
        "plan.toml: no_orig_id.sample.none: not needed"
    ]


def test_reasons_are_given() -> None:
    assert all(reason.strip() for reason in load().no_orig_id.values())
