"""What a folder of gold masters holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def write(folder: Path, seed: int, statements: str) -> None:
    """Write manifest.json: the seed, a digest of all statements, every file's SHA-256."""
    files = {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    content = {"seed": seed, "statements_sha256": statements, "files": files}
    text = json.dumps(content, indent=0) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
