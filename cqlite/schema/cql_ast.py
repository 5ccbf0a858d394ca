"""What CQL statements about schemas say, before any name in them is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Name(NamedTuple):
    """The name of a table or type, with its keyspace if that is written."""

    keyspace: str | None
    name: str


class TypeExpr(NamedTuple):
    """A type as it is written.

    ``name`` is in lower case unless it was quoted; a class in single quotes is in
    ``class_name`` instead. ``dimension`` is that of a vector.
    """

    name: str = ""
    parameters: tuple[TypeExpr, ...] = ()
    keyspace: str | None = None
    dimension: int | None = None
    class_name: str | None = None
    is_quoted: bool = False


class ColumnDef(NamedTuple):
    """A column of CREATE TABLE or ALTER TABLE ADD."""

    name: str
    type: TypeExpr
    is_static: bool = False
    is_primary_key: bool = False
    mask: str | None = None


class Use(NamedTuple):
    """USE."""

    keyspace: str


class CreateKeyspace(NamedTuple):
    """CREATE KEYSPACE."""

    name: str
    options: dict[str, Any]


class CreateType(NamedTuple):
    """CREATE TYPE."""

    name: Name
    fields: tuple[tuple[str, TypeExpr], ...]


class AlterType(NamedTuple):
    """ALTER TYPE: fields added or altered, and renamed."""

    name: Name
    added: tuple[tuple[str, TypeExpr], ...] = ()
    altered: tuple[tuple[str, TypeExpr], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class CreateTable(NamedTuple):
    """CREATE TABLE. ``order`` has whether a clustering column is in descending order."""

    name: Name
    columns: tuple[ColumnDef, ...]
    partition_key: tuple[str, ...]
    clustering: tuple[str, ...]
    order: Mapping[str, bool] = MappingProxyType({})
    options: Mapping[str, Any] = MappingProxyType({})


class AlterTable(NamedTuple):
    """ALTER TABLE. ``dropped_at`` is in microseconds, if it is written."""

    name: Name
    added: tuple[ColumnDef, ...] = ()
    dropped: tuple[str, ...] = ()
    dropped_at: int | None = None
    altered: tuple[tuple[str, TypeExpr], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    options: Mapping[str, Any] = MappingProxyType({})
    drops_compact_storage: bool = False


class CreateView(NamedTuple):
    """CREATE MATERIALIZED VIEW. ``columns`` is ``None`` for all; ``order`` as in CREATE TABLE."""

    name: Name
    base: Name
    columns: tuple[str, ...] | None
    partition_key: tuple[str, ...]
    clustering: tuple[str, ...]
    order: Mapping[str, bool] = MappingProxyType({})
    options: Mapping[str, Any] = MappingProxyType({})


class AlterView(NamedTuple):
    """ALTER MATERIALIZED VIEW."""

    name: Name
    options: Mapping[str, Any]


class CreateIndex(NamedTuple):
    """CREATE INDEX, with its text up to the semicolon; ``class_name`` is what USING says."""

    name: str
    table: Name
    text: str
    columns: tuple[str, ...]
    class_name: str
    options: dict[str, Any]


class Drop(NamedTuple):
    """DROP KEYSPACE, TABLE, TYPE or MATERIALIZED VIEW."""

    what: str
    name: Name


class Skipped(NamedTuple):
    """A statement of no use here, by its first words."""

    words: str


Statement = (
    Use
    | CreateKeyspace
    | CreateType
    | AlterType
    | CreateTable
    | AlterTable
    | CreateView
    | AlterView
    | CreateIndex
    | Drop
    | Skipped
)
