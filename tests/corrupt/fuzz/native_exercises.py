"""What the native engine is asked of a damaged SSTable, and how its answers are judged."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa

from cqlite.errors import CorruptSSTableError, CqliteError
from cqlite.export.native import NativeDump
from cqlite.export.sstabledump import SSTableDump
from cqlite.io.native import native_module
from cqlite.sstable import SSTable
from cqlite.sstable.select.facts import Facts, facts_of
from cqlite.sstable.select.plan import ScanPlan
from cqlite.sstable.select.reference import ReferenceReader
from tests.arrow import rows as python_rows
from tests.corrupt.fuzz.exercises import WrongAnswerError
from tests.corrupt.fuzz.native_subject import Subject, fitted

Answer = Any

PANIC = "which is a bug of it"
"""What an error says that stands for a panic."""

IN_INDEX = ("Index.db", "Summary.db", "Partitions.db", "Rows.db", "Filter.db")


class Asker:
    """Asks the native engine about `subject` as it is now.

    Args:
        subject: the SSTable.
        facts: what to tell the engine.
        rng: chooses what to ask, so that it is the same for the whole SSTable.
    """

    def __init__(self, subject: Subject, facts: Facts, rng: random.Random) -> None:
        self.subject = subject
        self.facts = facts
        self._is_other = facts is not subject.facts
        self._plan = self._fitted(subject.plan(rng))
        self._key, self._slices = subject.key(rng), subject.slices(rng)
        self._form = {"lines": rng.random() < 0.5, "raw_timestamps": rng.random() < 0.5}
        self._keys = [subject.key(rng) for _ in range(4)]
        self._starts = [rng.randbytes(rng.randrange(10)) for _ in range(3)]

    def _fitted(self, plan: ScanPlan) -> ScanPlan:
        return fitted(plan, self.facts) if self._is_other else plan

    def questions(self, name: str) -> dict[str, Callable[[], Answer]]:
        """What to ask after damage to the component, by name."""
        if name == "Statistics.db":
            return {"rows": self.all_anew, "dump": self.dump_anew}
        if name in IN_INDEX:
            return {"lookups": self.lookups, "scan": self.scan, "get": self.get}
        found = {"rows": self.rows, "scan": self.scan, "dump": self.dump, "threads": self.threads}
        if self._is_other:
            del found["dump"]
        return {**found, "checksums": self.checksums, "lookups": self.lookups, "get": self.get}

    def rows(self) -> Answer:
        """All rows."""
        return self._scan(self._fitted(self.subject.plans["rows"]))

    def scan(self) -> Answer:
        """A scan that was chosen."""
        return self._scan(self._plan)

    def _scan(self, plan: ScanPlan) -> Answer:
        reader = native_module().Reader(self.facts)
        try:
            return digest(batches(reader.scan(plan)))
        finally:
            reader.close()

    def threads(self) -> Answer:
        """All rows by two threads, which must be those that one finds.

        Threads begin where the index says: data that no longer agree with it are an error.
        """
        plan = self._fitted(self.subject.plans["threads"])
        (rows, error), (expected, reason) = (
            _up_to_error(native_module().Reader(self.facts), replace(plan, threads=number))
            for number in (2, 1)
        )
        if error is None and (reason is not None or rows != expected):
            raise WrongAnswerError(f"two threads: {rows}\n{error}\none: {expected}\n{reason}")
        if error is not None:
            raise error
        return rows

    def all_anew(self) -> Answer:
        """All rows with metadata, Statistics.db being read too."""
        with SSTable(self.subject.path) as sstable:
            plan = sstable.scan(metadata=True, empty="null").plan
            reader = native_module().Reader(facts_of(sstable))
            return digest(batches(reader.scan(plan)))

    def dump(self) -> Answer:
        """The JSON of all rows."""
        out = io.StringIO()
        NativeDump(out, self.subject.opened, 0, **self._form).write()
        return hashlib.sha256(out.getvalue().encode()).hexdigest()

    def dump_anew(self) -> Answer:
        """The JSON of all rows, Statistics.db being read too."""
        out = io.StringIO()
        with SSTable(self.subject.path) as sstable:
            NativeDump(out, sstable, 0, **self._form).write()
        return hashlib.sha256(out.getvalue().encode()).hexdigest()

    def checksums(self) -> Answer:
        """What verify asks."""
        crc, errors = native_module().checksums(
            dict(self.facts.components), self.facts.version, lambda position: None
        )
        return crc, [str(placed(error)) for error in errors]

    def lookups(self) -> Answer:
        """Index and Bloom filter; what is found must be there."""
        reader = native_module().Reader(self.facts)
        found = []
        for key in self._keys:
            may = reader.might_contain(key)
            found.append((may, reader.find(key)))
        found += [reader.first_from(start) for start in self._starts]
        blocks = [reader.block(index) for index in range(min(reader.num_blocks, 3))]
        return found, [hashlib.sha256(block).digest() for block in blocks]

    def get(self) -> Answer:
        """A partition's rows by its key, which they must have."""
        columns = [(c.kind, c.position) for c in self.subject.plans["rows"].columns]
        reader = native_module().Reader(self.facts)
        found = list(reader.rows(self._key, tuple(columns), self._slices, 5))
        return repr(found)


def batches(stream: Any) -> Iterator[pa.RecordBatch]:
    """The batches of a stream, valid ones; raises the engine's own error."""
    reader = pa.RecordBatchReader.from_stream(stream)
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except Exception:
            if stream.error is not None:
                raise stream.error from None
            raise
        batch.validate(full=True)
        yield batch


def digest(found: Iterator[pa.RecordBatch]) -> str:
    """Tells answers apart; their batches count too."""
    sink = hashlib.sha256()
    for batch in found:
        sink.update(batch.serialize())
    return sink.hexdigest()


def placed(error: CqliteError) -> CqliteError:
    """`error`, which must say where the damage is.

    Raises:
        WrongAnswerError: it does not, or it stands for a panic.
    """
    if PANIC in str(error):
        raise WrongAnswerError(str(error))
    if isinstance(error, CorruptSSTableError) and error.where.file is None:
        raise WrongAnswerError(f"no file is named: {error}")
    return error


# Both engines.

Outcome = tuple[Any, CqliteError | None]


def agreement(subject: Subject, question: str) -> tuple[Outcome, Outcome]:
    """What the native and the reference engine answer, up to an error."""
    both = {"rows": _rows, "metadata": _rows, "dump": _dumped, "get": _got}[question]
    native = both(subject, question, is_native=True)
    return native, both(subject, question, is_native=False)


def _rows(subject: Subject, question: str, *, is_native: bool) -> Outcome:
    try:
        with SSTable(subject.path) as sstable:
            plan = sstable.scan(empty="null", metadata=question == "metadata").plan
            reader = (
                native_module().Reader(facts_of(sstable)) if is_native else ReferenceReader(sstable)
            )
            return _up_to_error(reader, plan)
    except CqliteError as error:
        return "", placed(error)


def _up_to_error(reader: Any, plan: ScanPlan) -> Outcome:
    """The rows as text, since a NaN is not equal to itself.

    A partition's deletion right before damage doesn't count: the reference engine reads it
    together with the first unfiltered.
    """
    found: list[Any] = []
    try:
        for batch in batches(reader.scan(plan)):
            found += python_rows(pa.Table.from_batches([batch]))
    except CqliteError as error:
        if found and found[-1].get("row_kind") == "partition":
            found.pop()
        return repr(found), placed(error)
    return repr(found), None


def _dumped(subject: Subject, question: str, *, is_native: bool) -> Outcome:
    out = io.StringIO()
    try:
        with SSTable(subject.path) as sstable:
            if is_native:
                NativeDump(out, sstable, 0).write()
            else:
                SSTableDump(out, sstable.header_schema, 0).write(sstable.partitions())
    except CqliteError as error:
        return out.getvalue(), placed(error)
    return out.getvalue(), None


def _got(subject: Subject, question: str, *, is_native: bool) -> Outcome:
    found: list[Any] = []
    columns = tuple((c.kind, c.position) for c in subject.plans["rows"].columns)
    try:
        with SSTable(subject.path) as sstable:
            reader = (
                native_module().Reader(facts_of(sstable)) if is_native else ReferenceReader(sstable)
            )
            for key in subject.keys[:4]:
                found += reader.rows(key, columns, None, None)
    except CqliteError as error:
        return None, placed(error)
    return found, None


def check_agreement(native: Outcome, reference: Outcome) -> None:
    """Both engines must give the same up to an error of the same class.

    Raises:
        WrongAnswerError: they don't.
    """
    (ours, error), (theirs, expected) = native, reference
    if ours != theirs:
        raise WrongAnswerError(f"other rows:\n{ours}\n{error}\nreference:\n{theirs}\n{expected}")
    if (error is None) != (expected is None):
        raise WrongAnswerError(f"native: {error}\nreference: {expected}")
    if error is not None and expected is not None and not _alike(error, expected):
        raise WrongAnswerError(f"native: {error!r}\nreference: {expected!r}")


def _alike(left: CqliteError, right: CqliteError) -> bool:
    """Damage is damage: which of its classes may depend on what is looked at first."""
    is_related = isinstance(left, type(right)) or isinstance(right, type(left))
    return is_related and left.where.component == right.where.component
