"""The engines that tests of scans run on, each of them a parameter of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest

import cqlite
from cqlite.io import native


def has_native() -> bool:
    """Whether the native engine was built and can scan."""
    return find_spec("cqlite._native") is not None and native.native_module() is not None


ENGINES = ("reference", "native") if has_native() else ("reference",)
"""Those that there are; `tests/unit/test_engine.py` fails where CI should have both."""


def must_have_native() -> bool:
    """Whether this is CI with what builds the native engine."""
    return bool(os.environ.get("CI")) and shutil.which("cargo") is not None


@contextmanager
def using(name: str) -> Iterator[None]:
    """Has `cqlite` use the engine `name`, and makes sure of that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(native.VARIABLE, name)
        assert cqlite.engine() == name
        yield


on_engines = pytest.mark.parametrize("engine", ENGINES)
"""Runs a test that takes `engine` on all of them."""
