"""The packages of the Kaitai Web IDE, installed for the tests, and what runs them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.shared import ROOT

SOURCES = ROOT / "tools" / "webide"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@cache
def installed() -> Path:
    """A folder with the page, the scripts and `node_modules`, made once in .cache/."""
    files = sorted(path for path in SOURCES.iterdir() if path.is_file())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    folder = ROOT / ".cache" / f"webide-{digest[:16]}"
    if folder.is_dir():
        return folder
    npm = _program("npm", "nodejs and npm")
    folder.parent.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="webide-", dir=folder.parent))
    for path in files:
        shutil.copy(path, made)
    done = _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], made)
    if done.returncode:
        shutil.rmtree(made)
        pytest.fail(f"npm could not install kaitai-struct-compiler: {done.stderr}")
    try:
        made.rename(folder)
    except OSError:
        # Another process was faster.
        shutil.rmtree(made)
    return folder


def tree(spec: Path, file: Path) -> Any:
    """The tree that the compiler's JavaScript makes of `file`."""
    node = _program("node", "nodejs")
    done = _run([node, str(installed() / "parse.js"), str(spec), str(file)], installed())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def drawn(spec: Path, file: Path, folder: Path) -> str:
    """The page's HTML after it has drawn the tree, from a headless Chromium.

    A picture of it is left in `folder` as page.png.
    """
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.fail("this test needs Chromium: apt-get install -y chromium")
    site = folder / "site"
    shutil.copytree(installed(), site)
    shutil.copy(spec, site / "spec.ksy")
    shutil.copy(file, site / "file.bin")
    with _served(site) as address:
        page = f"{address}/index.html?spec=spec.ksy&file=file.bin"
        for output in (f"--screenshot={folder / 'page.png'}", "--dump-dom"):
            done = _run(
                [
                    *(browser, *_QUIET, f"--user-data-dir={folder / 'profile'}"),
                    *("--window-size=1300,1800", "--virtual-time-budget=60000", output, page),
                ],
                folder,
            )
            assert done.returncode == 0, done.stderr
    return done.stdout


def _program(name: str, packages: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"this test needs {name}: apt-get install -y {packages}")
    return found


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on standard error."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
