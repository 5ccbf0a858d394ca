"""Every option of sstabledump against the real one, character for character."""

from __future__ import annotations

import re

import pytest

from cqlite.cli import _run
from tests.shared import SSTableFixture, sstables
from tools.cassandra.offline import Tools

CASES = sstables(own_only=True)
_EXPIRED = re.compile(r'"expired" ?: ?(true|false)')


@pytest.mark.parametrize("option", ["-d", "-e", "-t", "-l"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_option_prints_what_sstabledump_prints(
    case: SSTableFixture, option: str, tools: Tools, capfd: pytest.CaptureFixture[str]
) -> None:
    theirs = tools.dump(case.data_path, option)
    capfd.readouterr()
    assert _run(["dump", str(case.data_path), option]) == 0
    ours = capfd.readouterr().out
    assert _EXPIRED.sub("-", ours).strip() == _EXPIRED.sub("-", theirs).strip()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_chosen_and_excluded_keys(
    case: SSTableFixture, tools: Tools, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = [partition["partition"]["key"] for partition in case.dump()]
    # The real tool fails on a key that is given twice.
    texts = sorted({key[0] for key in (keys[0], keys[-1]) if len(key) == 1})
    for option in ("-k", "-x"):
        arguments = [part for text in texts for part in (option, text)]
        theirs = tools.dump(case.data_path, *arguments)
        capfd.readouterr()
        assert _run(["dump", str(case.data_path), *arguments]) == 0
        ours = capfd.readouterr().out
        assert _EXPIRED.sub("-", ours).strip() == _EXPIRED.sub("-", theirs).strip()
