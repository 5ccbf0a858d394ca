"""Finding nodes: by their path, or by a byte that they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, islice

from cqlite.errors import CqliteError, Where
from cqlite.inspect.tree import Node

_LISTED = 12


def find_path(nodes: Iterable[Node], path: str, where: Where) -> Node:
    """The node at ``path``, such as ``body.toc_entries[0].kind``; a leading ``body`` may lack.

    Raises:
        CqliteError: there is no such field; the message says which there are.
    """
    names = [name for name in path.strip(".").split(".") if name]
    if not names:
        raise CqliteError(f"{path!r} is not a path of fields", where)
    if names[0] != "body":
        first = next(iter(nodes), None)
        if first is not None and first.name == "body":
            nodes = first.children()
        elif first is not None:
            nodes = chain((first,), nodes)
    found: Node | None = None
    for name in names:
        siblings = nodes if found is None else found.children()
        found = _named(siblings, name, "" if found is None else found.path, where)
    assert found is not None
    return found


def _named(nodes: Iterable[Node], name: str, parent: str, where: Where) -> Node:
    seen: dict[str, None] = {}
    for node in nodes:
        if node.name == name:
            return node
        seen[node.name if len(seen) < _LISTED else "…"] = None
    names = ", ".join(islice(seen, _LISTED + 1)) or "none"
    place = f" in {parent}" if parent else ""
    raise CqliteError(f"no field {name!r}{place}; there are: {names}", where)


def holds(offset: int) -> Callable[[Node], bool]:
    """Whether a node has the byte at ``offset`` and is not merely computed or pointed to."""
    return lambda node: node.start <= offset < node.end
