"""Which engine is used, and that each is what it says."""

from __future__ import annotations

import sys

import pytest

import cqlite
from cqlite.errors import UnsupportedFeatureError
from cqlite.io import native
from cqlite.sstable import SSTable
from tests.engines import has_native, must_have_native, on_engines, using
from tests.shared import sstables

CASE = sstables(own_only=True, containing="own/oa/wide/")[0]


def test_the_native_engine_is_there_where_it_must_be() -> None:
    assert has_native() or not must_have_native()


@on_engines
def test_the_engine_that_is_asked_for_reads(engine: str) -> None:
    with using(engine), SSTable(CASE.data_path) as sstable:
        assert sstable.to_arrow().num_rows == 52
        module = type(sstable.engine).__module__
    assert (module == "cqlite.sstable.select.reference") is (engine == "reference")


def test_an_unknown_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(native.VARIABLE, "fast")
    with pytest.raises(UnsupportedFeatureError, match="'fast'; the engines are"):
        cqlite.engine()


def test_a_native_engine_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "native_module", lambda: None)
    monkeypatch.delenv(native.VARIABLE, raising=False)
    assert cqlite.engine() == "reference"
    monkeypatch.setenv(native.VARIABLE, "native")
    with pytest.raises(UnsupportedFeatureError, match="built without it"):
        cqlite.engine()


def test_without_pyarrow_the_command_that_helps_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with SSTable(CASE.data_path) as sstable, using("reference"):
        scan = sstable.scan()
        with pytest.raises(UnsupportedFeatureError, match=r"pip install 'cqlite-sstable\[arrow\]'"):
            scan.to_arrow()
        assert len(sstable.get(1)) == 39
