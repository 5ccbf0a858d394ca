"""A statement's text, for errors that say where in it they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from cqlite.errors import InvalidValueError, QueryError, SchemaError


class Source:
    """A statement as it was written.

    Args:
        text: what parse trees were made from.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def written(self, context: Any) -> str:
        """Something as it is written."""
        return self.text[context.start.start : context.stop.stop + 1]

    def fail(self, context: Any, message: str) -> NoReturn:
        """Raises a QueryError about something in the text."""
        raise self.placed(QueryError(message), context)

    def placed(self, error: QueryError, context: Any) -> QueryError:
        """The error with the place of ``context``, unless it has one."""
        start = context.start.start
        return error.placed(self.text, start, context.stop.stop + 1 - start)

    @contextmanager
    def placing(self, context: Any) -> Iterator[None]:
        """Errors of what is done within are about ``context``, unless they know better."""
        try:
            yield
        except QueryError as error:
            raise self.placed(error, context) from None
        except (InvalidValueError, SchemaError) as error:
            raise self.placed(QueryError(error.message), context) from None
