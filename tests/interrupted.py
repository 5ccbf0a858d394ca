"""Writes an SSTable set again and again, each time killed or out of room one step later.

python -m tests.interrupted kill|full new|old FOLDER [arrow]: writes to FOLDER/0, FOLDER/1, … in
processes of their own until one is through, and prints how many were not. With `arrow` the
native engine writes batches.

With `kill`, each ends by SIGKILL before its next access to the file system. With `full`, files
cannot grow beyond a limit, which rises; the process has to end by an ``OutputError``.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from itertools import count
from pathlib import Path

from cqlite import OutputError, Writer, write_arrow

ROWS = 40
NOW = 1_700_000_000
FULL = 3
"""Exit code of those that ran out of room and said so."""
SCHEMA = "CREATE TABLE k.t (id int PRIMARY KEY, v text)"
_STEP = 97
_WATCHED = ("open", "os.", "shutil.", "tempfile.")


def write(directory: Path, *, arrow: bool = False) -> None:
    """Several SSTables, by way of several sorted runs."""
    if arrow:
        import pyarrow as pa

        data = pa.table({"id": range(ROWS), "v": ["x" * 100] * ROWS})
        how = {"memory": 4000, "max_sstable_size": 2000, "now": NOW}
        write_arrow(data, SCHEMA, directory, timestamp=NOW * 1_000_000, **how)
        return
    with Writer(SCHEMA, directory, memory=4000, max_sstable_size=2000, now=NOW) as writer:
        for number in range(ROWS):
            writer.write({"id": number, "v": "x" * 100}, timestamp=NOW * 1_000_000)


def _kill_at(step: int) -> None:
    left = iter(range(step))

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event != "os.kill" and event.startswith(_WATCHED) and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def _limit(step: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (step * _STEP, step * _STEP))


def _child(how: str, directory: Path, step: int, arrow: bool) -> int:
    try:
        (_kill_at if how == "kill" else _limit)(step)
        write(directory, arrow=arrow)
    except OutputError:
        return FULL
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main(how: str, target: str, folder: Path, arrow: bool) -> int:
    write(folder / "whole", arrow=arrow)
    for step in count():
        directory = folder / str(step) / "made"
        directory.parent.mkdir()
        if target == "old":
            directory.mkdir()
        pid = os.fork()
        if pid == 0:
            os._exit(_child(how, directory, step, arrow))
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if ended == 0:
            print(step)
            return 0
        if ended != (-signal.SIGKILL if how == "kill" else FULL):
            return 1
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), "arrow" in sys.argv[4:]))
