"""What a node answers to statements, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tools.cassandra.driver import REQUEST_TIMEOUT, Connection


@dataclass(frozen=True)
class Answer:
    """An answer to a statement.

    Attributes:
        names: the columns' titles.
        rows: serialized values, None for null.
    """

    names: tuple[str, ...]
    rows: list[tuple[bytes | None, ...]]


class RefusalError(Exception):
    """The node's words for why it does not answer."""


class Asking:
    """A session that leaves values as they are, and takes no pages."""

    def __init__(self, connection: Connection) -> None:
        from cassandra.cluster import EXEC_PROFILE_DEFAULT

        cluster = connection.session.cluster
        default = cluster.profile_manager.profiles[EXEC_PROFILE_DEFAULT]
        self._session = cluster.connect()
        self._session.client_protocol_handler = _raw_handler()
        self._session.default_fetch_size = None
        self._profile = self._session.execution_profile_clone_update(
            default, row_factory=_as_they_come, request_timeout=REQUEST_TIMEOUT
        )

    def ask(self, statement: str) -> Answer:
        """The answer to a statement.

        Raises:
            RefusalError: the node gives none.
        """
        from cassandra.cluster import SimpleStatement

        try:
            future = self._session.execute_async(
                SimpleStatement(statement), execution_profile=self._profile
            )
            result = list(future.result())
        except Exception as error:
            raise RefusalError(_words(error)) from error
        ((names, rows),) = result
        return Answer(names, rows)

    def close(self) -> None:
        """Ends the session."""
        self._session.shutdown()


def _as_they_come(names: list[str], rows: list[tuple[bytes | None, ...]]) -> list[Any]:
    return [(tuple(names), rows)]


def _words(error: Exception) -> str:
    text = str(error)
    start = text.find('message="')
    if start < 0:
        return text
    # Some of the driver's errors are in angle brackets.
    return text[start + len('message="') :].removesuffix(">").removesuffix('"')


def _raw_handler() -> Any:
    """The driver's protocol but for the decoding of rows."""
    from cassandra.protocol import ResultMessage, _ProtocolHandler, read_int

    class RawResult(ResultMessage):  # type: ignore[misc]
        def recv_results_rows(
            self, f: Any, version: int, types: Any, metadata: Any, _: Any
        ) -> None:
            self.recv_results_metadata(f, types)
            columns = self.column_metadata or metadata
            self.column_names = [column[2] for column in columns]
            self.column_types = [column[3] for column in columns]
            count = read_int(f)
            self.parsed_rows = [tuple(self.recv_row(f, len(columns))) for _ in range(count)]

    class Handler(_ProtocolHandler):  # type: ignore[misc]
        message_types_by_opcode = _ProtocolHandler.message_types_by_opcode | {
            ResultMessage.opcode: RawResult
        }

    return Handler
