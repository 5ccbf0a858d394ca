"""Writes docs/cli.md from what each command says of itself, or checks that it is current.

python tools/cli_reference.py --write | --check
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
_ENVIRONMENT = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}
# By these, which services for CI set, typer takes whatever it writes to for a terminal.
_DROPPED = {"FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"}


def _help(*arguments: str) -> str:
    """What `cqlite ARGUMENTS --help` prints at a fixed width."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    result = subprocess.run(
        [sys.executable, "-m", "cqlite", *arguments, "--help"],
        env=kept | _ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return "\n".join(line.rstrip() for line in result.stdout.strip("\n").splitlines())


def page() -> str:
    """The page's text."""
    from cqlite.cli import COMMANDS

    parts = ["<!-- Written by tools/cli_reference.py; do not edit. -->", "# Commands", ""]
    parts += [f"```text\n{_help()}\n```", ""]
    for command in COMMANDS:
        parts += [f"## cqlite {command}", "", f"```text\n{_help(command)}\n```", ""]
    return "\n".join(parts)


def main() -> int:
    """Runs the command line; 1 if the page is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") != page():
        print("docs/cli.md is not current: run python tools/cli_reference.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
