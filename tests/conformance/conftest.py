"""Sums up what the conformance tests measured, over all of pytest's processes."""

from __future__ import annotations

import pytest

CLAIMED = "claimed bytes"
"""Property of a test: how many bytes of an SSTable's files named fields own, and of how many."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    measured = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == CLAIMED
    ]
    if not measured:
        return
    claimed = sum(value[0] for value in measured)
    total = sum(value[1] for value in measured)
    terminalreporter.write_line(
        f"bytes claimed by a named field: {claimed} of {total} "
        f"in {len(measured)} SSTables ({100 * claimed / total:g} %)"
    )
