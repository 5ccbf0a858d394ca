"""Every spec compiles without a warning for every language that the compiler knows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from codegen.compiler import compile_specs
from codegen.plan import load

from tests.shared import ROOT

SPECS = sorted((ROOT / "specs").glob("*.ksy"))
# Languages and the options without which they cannot be had. The compiler's own target
# for Construct is left out: it does not know parameters (see tools/codegen/emit_construct.py).
LANGUAGES: dict[str, tuple[str, ...]] = {
    "cpp_stl": ("--cpp-standard", "11"),
    "csharp": (),
    "go": (),
    "graphviz": (),
    "html": (),
    "java": ("-w", "--read-pos"),
    "javascript": (),
    "lua": (),
    "nim": (),
    "perl": (),
    "php": (),
    "python": ("-w", "--read-pos"),
    "ruby": (),
    "rust": (),
}


@pytest.mark.java
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiles_without_warnings(tmp_path: Path, language: str) -> None:
    options = LANGUAGES[language]
    assert compile_specs(load().compiler, SPECS, tmp_path, language, options) == []
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) >= len(SPECS)


SCRIPTS = sorted((ROOT / "generated/javascript").glob("*.js"))


@pytest.mark.node
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_generated_javascript_is_valid(script: Path) -> None:
    subprocess.run(["node", "--check", str(script)], check=True, capture_output=True)
