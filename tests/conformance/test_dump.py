"""`cqlite dump` against what sstabledump printed, character for character."""

from __future__ import annotations

import io
import re

from cqlite.export.sstabledump import SSTableDump
from cqlite.sstable import SSTable
from tests.shared import SSTableFixture

# Depends on the clock at which sstabledump ran.
_EXPIRED = re.compile(r'"expired" : (true|false)')


def _without_expired(text: str) -> str:
    return _EXPIRED.sub('"expired" : -', text)


def test_dump_is_what_sstabledump_prints(sstable: SSTableFixture) -> None:
    out = io.StringIO()
    with SSTable(sstable.data_path) as opened:
        SSTableDump(out, opened.header_schema, now=0).write(opened)
    golden = sstable.golden_dump.read_text(encoding="utf-8")
    assert _without_expired(out.getvalue()).strip() == _without_expired(golden).strip()
