"""Nothing is wrong with what Cassandra wrote, but for what is known to be inexact."""

from __future__ import annotations

from cqlite.sstable import SSTable
from cqlite.sstable.verify import Severity, verify
from tests.shared import SSTableFixture

INEXACT = {"/mc/legacy_mc_inaccurate_min_max/", "/mc/deletions/"}
"""Least and greatest clusterings from before `md`, which leave out range tombstones."""

MIN_MAX = {
    "statistics.stats_metadata.min_clustering_values",
    "statistics.stats_metadata.max_clustering_values",
}


def test_verify(sstable: SSTableFixture) -> None:
    with SSTable(sstable.data_path) as opened:
        findings = list(verify(opened))
    if any(name in str(sstable) for name in INEXACT):
        assert findings
        assert {(f.severity, f.where.field) for f in findings} <= {
            (Severity.WARNING, field) for field in MIN_MAX
        }
    else:
        assert [str(f) for f in findings] == []
