"""Where the rig keeps what it downloads and compiles: `.cache/`, which git ignores."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"


@contextmanager
def filling(target: Path) -> Iterator[Path]:
    """Fill a folder so that it appears whole or not at all.

    Yields an empty folder beside `target` that takes its name when the block ends well. When
    another process was faster, its result stands.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as temporary:
        new = Path(temporary) / "new"
        new.mkdir()
        yield new
        try:
            new.rename(target)
        except OSError:
            if not target.is_dir():
                raise


def environment() -> dict[str, str]:
    """The environment for a JVM: in UTC, without options that a user's shell may carry."""
    dropped = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
