"""What a node answers about tables, and what it logs meanwhile."""

from __future__ import annotations

import re
import time

from cqlite import Table
from cqlite.errors import CqliteError
from cqlite.query.execute import execute
from cqlite.query.statement import prepare
from tools.cassandra.answers import Answer, Asking, RefusalError
from tools.cassandra.node import Node

_COLUMNS = re.compile(r'[^\s"]+(?: ,[^\s"]+)+')
_NANS: dict[bytes | None, bytes] = {
    bytes.fromhex("fff8000000000000"): bytes.fromhex("7ff8000000000000"),
    bytes.fromhex("ffc00000"): bytes.fromhex("7fc00000"),
}
_UNWRAPPED = "org.apache.cassandra.serializers.MarshalException: "
"""What a node's errors begin with where it didn't foresee them."""
_EXPECTED = (
    "Could not skip cache",
    "tombstone_warn_threshold",
    # On a machine that is busy or whose disk is slow.
    " GC in ",
    "due to local pause of",
    "commit log syncs over the past",
)


def rows_of(node: Node, keyspace: str, table: str) -> list[str]:
    """The rows of a table as JSON; without TTLs, which run out differently."""
    return [row[0] for row in node.cql(f"SELECT JSON * FROM {keyspace}.{table}")]


def objections(node: Node, start: int) -> list[str]:
    """Warnings and errors in the node's log from byte ``start`` on.

    But for the advice to the operating system on a file that was closed meanwhile, for what
    it says of queries that come upon many tombstones, and for what only took long.
    """
    log = node.log.read_bytes()[start:].decode("utf-8", "replace")
    lines = (line for line in log.splitlines() if line.startswith(("WARN", "ERROR")))
    return [line for line in lines if not any(text in line for text in _EXPECTED)]


def answered(table: Table, text: str, now: int) -> Answer:
    """Our answer at a time in seconds."""
    statement = prepare(text, lambda _keyspace, _name: table.schema, now_ms=now * 1000)
    result = execute(statement, table, now=now)
    return Answer(result.names, list(result))


def difference(asking: Asking, table: Table, text: str) -> str | None:
    """What is different, None if nothing is."""
    before = int(time.time())
    try:
        theirs: Answer | str = asking.ask(text)
    except RefusalError as error:
        theirs = str(error).removeprefix(_UNWRAPPED)
    # What is left of a time to live changes every second.
    for now in range(before, int(time.time()) + 1):
        try:
            ours: Answer | str = answered(table, text, now)
        except CqliteError as error:
            ours = error.message
        if _is_failure(theirs) or (_is_malformed(theirs) and _is_malformed(ours)):
            return None
        if _comparable(ours) == _comparable(theirs):
            return None
    return f"{text}\n  node: {str(theirs)[:1000]}\n  ours: {str(ours)[:1000]}"


def _is_failure(answer: Answer | str) -> bool:
    """Whether a node fell over a statement, as it does over nulls in tuples and lists."""
    return str(answer).startswith(("Operation failed", "java.lang.", "org.apache.cassandra.cql3."))


def _is_malformed(answer: Answer | str) -> bool:
    return str(answer).startswith(("line ", "expected ", "unexpected ")) or (
        "decod" in str(answer) and " JSON string" in str(answer)
    )


def _comparable(answer: Answer | str) -> Answer | str:
    """An answer with one NaN, or an error in which functions and columns are named in one order.

    Java takes the sign of a NaN from the processor, and the order from hash codes.
    """
    if isinstance(answer, Answer):
        rows = [tuple(_NANS.get(value, value) for value in row) for row in answer.rows]
        return Answer(answer.names, rows)
    answer = _COLUMNS.sub(lambda match: " ,".join(sorted(match[0].split(" ,"))), answer)
    found = re.search(r"signatures: (.*?)\)(?=$|:)", answer)
    if found is None:
        return answer
    signatures = ", ".join(sorted(re.split(r", (?=system\.)", found[1])))
    return answer[: found.start(1)] + signatures + answer[found.end(1) :]
