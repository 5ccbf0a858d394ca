"""What an installation contains."""

from __future__ import annotations

import tomllib

from tests.shared import ROOT


def test_every_package_is_installed() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        setuptools = tomllib.load(file)["tool"]["setuptools"]
    found = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in ROOT.glob("cqlite/**/__init__.py")
    }
    generated = {name for name in setuptools["package-dir"] if name != "cqlite"}
    assert found | generated == set(setuptools["packages"])
