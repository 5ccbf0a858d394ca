"""What the rig says when it can't, and that it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.shared import ROOT
from tools.cassandra import jdk, maven
from tools.cassandra.config import NodeConfig
from tools.cassandra.errors import RigError
from tools.cassandra.node import Node
from tools.cassandra.offline import Tools
from tools.cassandra.sandbox import Sandbox


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    jdk.java_17.cache_clear()
    with pytest.raises(RigError, match="Java is missing"):
        jdk.java_17()


def test_no_maven(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RigError, match="Maven is missing"):
        maven.fetch([("org.example", "nothing", "1")], tmp_path / "new")


def test_nothing_to_fetch(tmp_path: Path) -> None:
    with pytest.raises(RigError, match=r"could not fetch org.apache.cassandra:no-such-thing:1"):
        maven.fetch([("org.apache.cassandra", "no-such-thing", "1")], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_port_in_use(tools: Tools) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = NodeConfig(native_port=port)
        with pytest.raises(RigError, match=f"Port {port} on 127.0.0.1, wanted for CQL, is in use"):
            Node(config, tools=tools).__enter__()


def test_node_that_dies_while_it_starts(tools: Tools) -> None:
    config = NodeConfig(partitioner="NoSuchPartitioner")
    with pytest.raises(RigError, match="died while it started") as caught:
        Node(config, tools=tools).__enter__()
    assert "NoSuchPartitioner" in caught.value.log
    assert "\n" not in caught.value.sentence


def _gone(path: Path, pids: list[int]) -> bool:
    return not path.exists() and not any(Path(f"/proc/{pid}").exists() for pid in pids)


_OWNER = """
import sys, time
from pathlib import Path
from tools.cassandra.sandbox import Sandbox
box = Sandbox()
pid = box.run(["sh", "-c", "sleep 300 & echo $! > child; wait"], box.folder / "log")
while not (box.folder / "child").exists() or not (box.folder / "child").read_text().strip():
    time.sleep(0.05)
print(box.folder, pid, (box.folder / "child").read_text().strip(), flush=True)
time.sleep(300)
"""


_TOOLS_OWNER = """
import time
from tools.cassandra.offline import Tools
tools = Tools()
print(tools.folder, tools.pid, flush=True)
time.sleep(300)
"""


@pytest.mark.parametrize("script", [_OWNER, _TOOLS_OWNER], ids=["sandbox", "tools"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nothing_stays_when_the_owner_is_killed(how: signal.Signals, script: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    ) as owner:
        assert owner.stdout is not None
        folder, *pids = owner.stdout.readline().split()
        owner.send_signal(how)
    deadline = time.monotonic() + 60
    while not _gone(Path(folder), [int(pid) for pid in pids]):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_stays_after_close() -> None:
    with Sandbox() as box:
        pid = box.run(["sleep", "300"], box.folder / "log")
        assert box.is_alive(pid)
        os.kill(pid, 0)
    assert _gone(box.folder, [pid])
