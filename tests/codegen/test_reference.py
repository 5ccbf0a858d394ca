"""The format reference: nothing is left out, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from codegen.load import load

from tests.shared import ROOT

PAGES = sorted((ROOT / "docs/format").glob("*.md"))
SPECS = load(sorted((ROOT / "specs").glob("*.ksy")))


def _anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]*)\)", page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("name", SPECS)
def test_everything_is_on_the_page(name: str) -> None:
    text = (ROOT / "docs/format" / f"{name}.md").read_text("utf-8")
    for kind in SPECS[name].types():
        for ref in kind.docs.refs:
            assert f"`{ref}`" in text
        members = [*kind.params, *kind.fields, *kind.instances] if kind.parent else []
        for member in members:
            assert f"| `{member.name}` |" in text, member.place
            assert " ".join(member.docs.text.split()).replace("|", "\\|") in text, member.place
        for enum in kind.enums.values():
            for value in enum.members:
                assert f"| {value.value} | `{value.name}` |" in text


def test_versions_are_spelled_out() -> None:
    text = (ROOT / "docs/format/statistics.md").read_text("utf-8")
    assert "| na and later |" in text
    assert "| up to nc |" in text


def test_tables_have_as_many_cells_as_heads() -> None:
    for page in PAGES:
        width = 0
        for line in page.read_text("utf-8").splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not cells or not width or cells == width, f"{page.name}: {line}"
            width = cells
