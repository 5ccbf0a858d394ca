"""Makes every SSTable at hand available to any test that asks for the argument `sstable`."""

from __future__ import annotations

import pytest

from tests.shared import all_sstables


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sstable" in metafunc.fixturenames:
        metafunc.parametrize("sstable", all_sstables(), ids=str)
