"""What reads untrusted bytes in Rust cannot be unsafe, and cannot panic by its own code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.shared import ROOT

CRATES = ("rust", "rust/python")

DENIED = {
    "arithmetic_side_effects",
    "as_conversions",
    "expect_used",
    "indexing_slicing",
    "panic",
    "string_slice",
    "todo",
    "unimplemented",
    "unreachable",
    "unwrap_used",
}

_ALLOWED = re.compile(r"#!?\[(?:allow|expect|warn)\(([^\]]*)\)\]", re.DOTALL)


def manifest(crate: str) -> dict[str, object]:
    return tomllib.loads((ROOT / crate / "Cargo.toml").read_text(encoding="utf-8"))


def sources() -> list[Path]:
    folders = [*(ROOT / crate / "src" for crate in CRATES), ROOT / "generated" / "rust"]
    return sorted(path for folder in folders for path in folder.rglob("*.rs"))


def test_the_workspace_forbids_and_denies() -> None:
    lints = manifest("rust")["workspace"]["lints"]  # type: ignore[index]
    assert lints["rust"]["unsafe_code"] == "forbid"
    assert {name for name, level in lints["clippy"].items() if level == "deny"} >= DENIED


@pytest.mark.parametrize("crate", CRATES)
def test_crates_take_the_workspace_lints(crate: str) -> None:
    assert manifest(crate)["lints"] == {"workspace": True}


def test_numbers_that_overflow_are_found_in_releases_too() -> None:
    assert manifest("rust")["profile"]["release"]["overflow-checks"] is True  # type: ignore[index]


def test_no_source_allows_what_is_denied() -> None:
    found = sources()
    assert len(found) > 50
    for path in found:
        for allowed in _ALLOWED.findall(path.read_text(encoding="utf-8")):
            names = set(re.findall(r"clippy::(\w+)", allowed))
            assert not names & DENIED, f"{path.name} allows {names & DENIED}"
