"""DESCRIBE: what there is, as CQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cqlite.errors import QueryError
from cqlite.query.session import Session
from cqlite.schema import TableSchema
from cqlite.schema.index import indexes_of
from cqlite.schema.write import needed_types, table_to_cql, type_to_cql
from cqlite.types import UserType
from cqlite.types.text import maybe_quote


def describe(session: Session, words: Sequence[str]) -> Iterator[str]:
    """The lines of a DESCRIBE.

    Args:
        words: what follows DESCRIBE; names are unquoted, and lower case where they were not
            quoted.

    Raises:
        QueryError: there is no such thing.
        CqliteError: the SSTables of it cannot be opened.
    """
    if not words:
        raise QueryError("DESCRIBE what? HELP DESCRIBE says")
    if [*words[-2:]] == ["with", "internals"]:
        name = words[-3] if len(words) in (3, 4) else ""
        yield from _table(session, name, with_internals=True)
        return
    for count in (2, 1):
        what, names = " ".join(words[:count]).lower(), words[count:]
        if what in _UNREAD:
            raise QueryError(f"cqlite reads no {what}")
        if what in _LISTS and not names:
            yield from _LISTS[what](session)
            return
        if what in _NAMED and len(names) == 1:
            yield from _NAMED[what](session, names[0])
            return
    if len(words) > 1:
        raise QueryError(f"cannot describe {' '.join(words)}")
    yield from _anything(session, words[0])


def tables(session: Session) -> dict[str, list[str]]:
    """The names of the tables by their keyspaces, both sorted.

    Raises:
        CqliteError: as ``Session.names``, which looks through all directories.
    """
    found: dict[str, list[str]] = {}
    for keyspace, name in session.names():
        if keyspace:
            found.setdefault(keyspace, []).extend([name] if name else [])
    return found


def columns(words: Sequence[str], width: int = 80) -> list[str]:
    """Words in columns, as ``ls`` has them."""
    size = max(map(len, words)) + 2
    count = max(1, width // size)
    rows = [words[at : at + count] for at in range(0, len(words), count)]
    return ["".join(word.ljust(size) for word in row).rstrip() for row in rows]


def _keyspaces(session: Session) -> Iterator[str]:
    yield ""
    names = list(map(maybe_quote, tables(session)))
    yield from columns(names) if names else ["<none>"]
    yield ""


def _tables(session: Session) -> Iterator[str]:
    found = tables(session)
    for keyspace in [session.keyspace] if session.keyspace else found:
        names = list(map(maybe_quote, found.get(keyspace, ())))
        yield ""
        if not session.keyspace:
            title = f"Keyspace {maybe_quote(keyspace)}"
            yield from (title, "-" * len(title))
        yield from columns(names) if names else ["<empty>"]
    yield ""


def _cluster(session: Session) -> Iterator[str]:
    yield ""
    yield from (f"Data: {path}" for path in session.paths)
    partitioners = {
        schema.partitioner_name for schema in _schemas(session) if schema.partitioner_name
    }
    yield from (f"Partitioner: {name.rpartition('.')[2]}" for name in sorted(partitioners))
    yield ""


def _schemas(session: Session, keyspace: str | None = None) -> Iterator[TableSchema]:
    for other, name in session.names():
        if name is not None and (keyspace is None or other == keyspace):
            yield session.table(other, name).schema


def _schema(session: Session) -> Iterator[str]:
    for keyspace in tables(session):
        yield from _keyspace(session, keyspace)


def _in_use(session: Session) -> str:
    if session.keyspace is None:
        raise QueryError("Not in any keyspace.")
    return session.keyspace


def _keyspace_alone(session: Session, name: str) -> Iterator[str]:
    _check_keyspace(session, name)
    options = session.schema.keyspaces.get(name) if session.schema is not None else None
    if options:
        from cqlite.schema.write import option_value

        pairs = (f"{key} = {option_value(value)}" for key, value in options.items())
        yield f"CREATE KEYSPACE {maybe_quote(name)} WITH {' AND '.join(pairs)};"
        yield ""


def _keyspace(session: Session, name: str) -> Iterator[str]:
    yield from _keyspace_alone(session, name)
    known: dict[str, UserType] = {}
    texts = []
    for schema in _schemas(session, name):
        for kind in needed_types(schema):
            known.setdefault(kind.name, kind)
        texts.append(table_to_cql(schema, with_internals=False, with_types=False))
    for kind in known.values():
        yield from (type_to_cql(kind), "")
    for text in texts:
        yield from (text, "")


def _check_keyspace(session: Session, name: str) -> None:
    if name not in tables(session):
        raise QueryError(f"'{name}' not found in keyspaces")


def _table(session: Session, name: str, *, with_internals: bool = False) -> Iterator[str]:
    keyspace, _, table = name.rpartition(".")
    schema = session.table(keyspace or None, table).schema
    text = table_to_cql(schema, with_internals=with_internals, with_types=False)
    yield from ("", text, "")


def _index(session: Session, name: str) -> Iterator[str]:
    keyspace, _, index = name.rpartition(".")
    for schema in _schemas(session, keyspace or session.keyspace):
        for one in indexes_of(schema):
            if one.name == index:
                yield from ("", f"{one.text};", "")
                return
    raise QueryError(f"'{name}' not found in keyspace")


def _types(session: Session) -> Iterator[str]:
    names = sorted(_user_types(session))
    yield from ("", *(columns(list(map(maybe_quote, names))) if names else ["<empty>"]), "")


def _user_types(session: Session) -> dict[str, UserType]:
    found: dict[str, UserType] = {}
    for schema in _schemas(session, session.keyspace):
        found.update({kind.name: kind for kind in needed_types(schema)})
    return found


def _type(session: Session, name: str) -> Iterator[str]:
    kind = _user_types(session).get(name.rpartition(".")[2])
    if kind is None:
        raise QueryError(f"User type '{name}' not found in keyspace")
    yield from ("", type_to_cql(kind), "")


def _anything(session: Session, name: str) -> Iterator[str]:
    """A keyspace, else a table, as cqlsh looks for a name alone."""
    return _keyspace(session, name) if name in tables(session) else _table(session, name)


_LISTS: Final[dict[str, Callable[[Session], Iterator[str]]]] = {
    "keyspaces": _keyspaces,
    "tables": _tables,
    "types": _types,
    "schema": _schema,
    "full schema": _schema,
    "cluster": _cluster,
    "keyspace": lambda session: _keyspace(session, _in_use(session)),
    "only keyspace": lambda session: _keyspace_alone(session, _in_use(session)),
}
_NAMED: Final[dict[str, Callable[[Session, str], Iterator[str]]]] = {
    "keyspace": _keyspace,
    "only keyspace": _keyspace_alone,
    "table": _table,
    "columnfamily": _table,
    "materialized view": _table,
    "index": _index,
    "type": _type,
}
_UNREAD: Final = {
    "function", "functions", "aggregate", "aggregates", "materialized views", "roles", "users",
}  # fmt: skip
"""What SSTables of tables and their schema have nothing about."""
