"""A streaming JSON writer that lays text out as sstabledump does.

Follows Jackson's ``DefaultPrettyPrinter`` with the indenters of ``JsonTransformer``:
each entry is on a line of its own unless compact mode is on at that moment.
"""

from __future__ import annotations

from typing import TextIO

from cqlite.types.text import quote_json


class JsonWriter:
    """Writes one JSON value to ``out``, piece by piece.

    Attributes:
        compact_objects: whether objects go on one line from now on.
        compact_arrays: the same for arrays.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._buffer: list[str] = []
        self._is_empty = True
        self._depth = 0
        self._entries: list[int] = []
        self._after_name = False
        self.compact_objects = False
        self.compact_arrays = False
        self.commit()

    def commit(self) -> None:
        """Hands on what was written since the last time; only then it stands."""
        self._is_empty = self._is_empty and not self._buffer
        self._out.write("".join(self._buffer))
        self._buffer.clear()
        self._kept = list(self._entries)

    def end_text(self) -> None:
        """Ends the last line, unless nothing was written."""
        self.commit()
        if not self._is_empty:
            self._out.write("\n")

    def rollback(self) -> None:
        """Takes back what was written since the last :meth:`commit`."""
        self._buffer.clear()
        self._entries = list(self._kept)
        self._depth = len(self._entries)
        self._after_name = self.compact_objects = self.compact_arrays = False

    def start_object(self) -> None:
        """Opens an object."""
        self._start("{")

    def end_object(self) -> None:
        """Closes the innermost object."""
        self._end("}", self.compact_objects)

    def start_array(self) -> None:
        """Opens an array."""
        self._start("[")

    def end_array(self) -> None:
        """Closes the innermost array."""
        self._end("]", self.compact_arrays)

    def name(self, name: str) -> None:
        """The name of the object's next entry."""
        self._separate(self.compact_objects)
        self._buffer.append(f"{quote_json(name)} : ")
        self._after_name = True

    def string(self, text: str) -> None:
        """A string value."""
        self.raw(quote_json(text))

    def raw(self, text: str) -> None:
        """A value that is JSON already."""
        self._before_value()
        self._buffer.append(text)

    def field(self, name: str, text: str) -> None:
        """An entry whose value is JSON already."""
        self.name(name)
        self.raw(text)

    def string_field(self, name: str, text: str) -> None:
        """An entry whose value is a string."""
        self.name(name)
        self.raw(quote_json(text))

    def _start(self, bracket: str) -> None:
        self._before_value()
        self._buffer.append(bracket)
        self._depth += 1
        self._entries.append(0)

    def _end(self, bracket: str, compact: bool) -> None:
        self._depth -= 1
        if self._entries.pop():
            self._indent(compact)
        else:
            self._buffer.append(" ")
        self._buffer.append(bracket)

    def _before_value(self) -> None:
        if self._after_name:
            self._after_name = False
        elif self._entries:
            self._separate(self.compact_arrays)

    def _separate(self, compact: bool) -> None:
        if self._entries[-1]:
            self._buffer.append(",")
        self._entries[-1] += 1
        self._indent(compact)

    def _indent(self, compact: bool) -> None:
        self._buffer.append(" " if compact else "\n" + "  " * self._depth)


class JsonLinesWriter(JsonWriter):
    """The same without any space, and a line for each outermost value."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._is_first = True

    def name(self, name: str) -> None:
        """The name of the object's next entry."""
        self._separate(True)
        self._buffer.append(f"{quote_json(name)}:")
        self._after_name = True

    def _before_value(self) -> None:
        if not self._entries and not self._is_first:
            self._buffer.append("\n")
        self._is_first = False
        super()._before_value()

    def _end(self, bracket: str, compact: bool) -> None:
        self._entries.pop()
        self._buffer.append(bracket)

    def _indent(self, compact: bool) -> None:
        pass
