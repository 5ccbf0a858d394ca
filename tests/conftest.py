"""Makes every SSTable at hand available to any test that asks for the argument `sstable`."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from cqlite.io.native import VARIABLE
from tests.engines import has_native
from tests.shared import all_sstables

# Where the native engine was not built, commands say so unless the reference engine is asked for.
if not has_native():
    os.environ.setdefault(VARIABLE, "reference")

# Texts look as on any machine, whatever terminal the tests are run in.
for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH", "FORCE_COLOR", "PY_COLORS", "NO_COLOR"):
    os.environ.pop(name, None)
# By this, typer takes whatever it writes to for a terminal.
os.environ.pop("GITHUB_ACTIONS", None)
os.environ["TERM"] = "xterm"

# How long an example takes is up to what else the machine does.
settings.register_profile(
    "tests", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sstable" in metafunc.fixturenames:
        metafunc.parametrize("sstable", all_sstables(), ids=str)


def pytest_runtest_teardown() -> None:
    """Takes back what the command line sets for the rest of a process, which this one is not.

    A process that ends before it was told something would end this one too, by SIGPIPE.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    gc.unfreeze()
