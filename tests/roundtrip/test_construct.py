"""Parsed with the Construct schemas and built again, every component is what it was."""

from __future__ import annotations

import io

import pytest

from cqlite.io import DATA, SPEC_OF_COMPONENT
from cqlite.layouts import construct
from cqlite.sstable import SSTable
from tests.parts import parts
from tests.shared import SSTableFixture


def test_built_components_are_identical(sstable: SSTableFixture) -> None:
    total = 0
    with SSTable(sstable.data_path) as opened:
        for component in opened.components:
            if component not in SPEC_OF_COMPONENT:
                pytest.fail(f"no spec of {component}")
            for path, params, data in parts(opened, component):
                stream = io.BytesIO(data)
                record = construct.parse(
                    path, stream, params, opened.components.where(component), 0
                )
                assert stream.tell() == len(data), f"{component}: {path} left bytes over"
                assert construct.build(path, record, *params) == data, f"{component}: {path}"
                total += len(data)
    assert total >= opened.components.size(DATA)
