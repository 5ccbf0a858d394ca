"""Paths as users give them, which can be URLs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

# Compiled where a path does not begin at the root.
_URL = r"([a-z][a-z0-9+.-]+):/{1,2}"


def as_path(path: str | Path) -> Path:
    """``path``, as something with the methods of ``Path`` also where it is a URL.

    A URL that was taken for a path, and so has one slash left, is taken for a URL again.

    Raises:
        UnsupportedFeatureError: it is a URL and fsspec, or what it needs, is not installed.
    """
    if is_remote(path):
        return cast(Path, path)
    if str(path).startswith("/"):
        return Path(path)
    match = re.match(_URL, str(path))
    if match is None or Path(path).exists():
        return Path(path)
    from cqlite.io.remote import RemotePath

    return cast(Path, RemotePath.of(f"{match[1]}://{str(path)[match.end() :]}"))


def is_remote(path: str | Path) -> bool:
    """Whether the file is none of the operating system's: a ``RemotePath``."""
    return not isinstance(path, str | Path)
