"""What goes wrong in the rig."""

from __future__ import annotations


class RigError(Exception):
    """Real Cassandra could not be asked; the message says in one sentence why.

    log: the last lines of what the failing process said, or empty.
    """

    def __init__(self, sentence: str, log: str = "") -> None:
        self.sentence = sentence
        self.log = log
        super().__init__(f"{sentence}\n{log}".rstrip())


def last_lines(text: str, count: int = 15) -> str:
    """The last lines of a log that are worth showing."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-count:])
