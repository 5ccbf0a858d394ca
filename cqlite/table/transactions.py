"""Logs of compactions that were not cleaned up after: which SSTables are not to be read.

While Cassandra replaces SSTables by others, a log in the table's directory names both.
If the log says that the transaction was committed, the old ones are leftovers, else the new
ones are. Follows ``LogFile``, ``LogRecord`` and ``LogAwareFileLister`` of ``db.lifecycle``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cqlite.codec import be
from cqlite.codec.checksum import crc32_of
from cqlite.errors import CorruptSSTableError, Where
from cqlite.io import files_in
from cqlite.records import record

# Compiled where there is a log.
_FILE = r"(?:(?:[a-z]+-)?.{2}_)?txn_(?P<type>.*)_(?P<id>.*)\.log"
_RECORD = (
    r"(?i:(?P<type>add|remove|commit|abort):\[(?P<path>[^,]*),?(?P<time>\d*),?(?P<files>\d*)\]"
    r"\[(?P<checksum>\d*)\])"
)
_STATISTICS = "Statistics.db"


@record
class _Record:
    """A line of a log.

    Attributes:
        type: ``ADD``, ``REMOVE``, ``COMMIT`` or ``ABORT``.
        path: an SSTable's file names up to the component; empty for the latter two.
        update_time: milliseconds, when the SSTable's files were last changed.
    """

    type: str
    path: str
    update_time: int

    @property
    def prefix(self) -> str:
        """The SSTable's file names up to the component, without the directory."""
        return self.path.rpartition("/")[2]


@record
class Leftovers:
    """What transactions left behind in some directories.

    Attributes:
        prefixes: of file names, such as ``nb-3-big-``, of SSTables that are not to be read.
        warnings: what is not read and why, in sentences.
    """

    prefixes: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


def leftovers(directories: Sequence[Path]) -> Leftovers:
    """What the transaction logs in one table's ``directories`` say is not to be read.

    Raises:
        CorruptSSTableError: a log is damaged before its last line.
    """
    prefixes: set[str] = set()
    warnings: list[str] = []
    for name, paths in sorted(_logs(directories).items()):
        records = max((_read(path) for path in paths), key=len)
        committed = bool(records) and records[-1].type == "COMMIT"
        obsolete = "REMOVE" if committed else "ADD"
        found = [r for r in records if r.type == obsolete and _files(directories, r)]
        prefixes.update(entry.prefix for entry in found)
        warnings += _warnings(name, committed, found)
        if committed:
            warnings += _changed(name, directories, found)
        else:
            warnings += _missing(name, directories, records)
    return Leftovers(frozenset(prefixes), tuple(warnings))


def _logs(directories: Sequence[Path]) -> dict[str, list[Path]]:
    """Logs by name; a transaction over several directories has the same log in each."""
    found: dict[str, list[Path]] = {}
    for directory in directories:
        for name in files_in(directory):
            if name.endswith(".log") and re.fullmatch(_FILE, name):
                found.setdefault(name, []).append(directory / name)
    return found


def _read(path: Path) -> list[_Record]:
    lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    records = []
    for number, line in enumerate(lines, start=1):
        entry = _record(line)
        if entry is not None:
            records.append(entry)
        elif number < len(lines):
            raise CorruptSSTableError(f"line {number} of the log is damaged", Where(path))
    return records


def _record(line: str) -> _Record | None:
    """The record that ``line`` is, ``None`` if it is damaged or cut off."""
    match = re.fullmatch(_RECORD, line)
    if match is None:
        return None
    kind, path = match["type"].upper(), match["path"]
    time, files = int(match["time"] or 0), int(match["files"] or 0)
    numbers = (part & 0xFFFFFFFF for part in (time, time >> 32, files))
    parts = [path.encode("utf-8", "surrogateescape"), kind.encode()]
    checksum = crc32_of([*parts, *(be.pack_unsigned(number, 4) for number in numbers)])
    return _Record(kind, path, time) if str(checksum) == match["checksum"] else None


def _files(directories: Iterable[Path], entry: _Record) -> list[Path]:
    """The files that are there of the SSTable."""
    return [p for d in directories for p in d.glob("*") if p.name.startswith(entry.prefix)]


def _warnings(name: str, committed: bool, found: Sequence[_Record]) -> Iterator[str]:
    reason = "replaced" if committed else "written"
    state = "was committed" if committed else "was not finished"
    for entry in found:
        yield f"{entry.prefix[:-1]} is not read: {name}, which {state}, says that it was {reason}"


def _changed(name: str, directories: Sequence[Path], found: Iterable[_Record]) -> Iterator[str]:
    """SSTables that were changed since: a node would not start with them."""
    for entry in found:
        files = [p for p in _files(directories, entry) if not p.name.endswith(_STATISTICS)]
        changed = max((path.stat().st_mtime_ns // 1_000_000_000 for path in files), default=0)
        # Behind a URL, it is not known.
        if changed and changed != entry.update_time // 1000:
            yield (
                f"{entry.prefix[:-1]} was changed at {changed}, {name} says "
                f"{entry.update_time // 1000}: if it was restored, remove the log"
            )


def _missing(name: str, directories: Sequence[Path], records: Iterable[_Record]) -> Iterator[str]:
    """SSTables that an unfinished transaction was to replace, and that are gone."""
    for entry in records:
        if entry.type == "REMOVE" and not _files(directories, entry):
            yield f"{entry.prefix[:-1]} is missing, though {name} is not finished"
