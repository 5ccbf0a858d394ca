"""What CQL statements about schemas say, before any name in them is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cqlite.records import record


@record
class Name:
    """The name of a table or type, with its keyspace if that is written."""

    keyspace: str | None
    name: str


@record
class TypeExpr:
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


@record
class ColumnDef:
    """A column of CREATE TABLE or ALTER TABLE ADD."""

    name: str
    type: TypeExpr
    is_static: bool = False
    is_primary_key: bool = False
    mask: str | None = None


@record
class Use:
    """USE."""

    keyspace: str


@record
class CreateKeyspace:
    """CREATE KEYSPACE."""

    name: str
    options: dict[str, Any]


@record
class CreateType:
    """CREATE TYPE."""

    name: Name
    fields: tuple[tuple[str, TypeExpr], ...]


@record
class AlterType:
    """ALTER TYPE: fields added or altered, and renamed."""

    name: Name
    added: tuple[tuple[str, TypeExpr], ...] = ()
    altered: tuple[tuple[str, TypeExpr], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


@record
class CreateTable:
    """CREATE TABLE. ``order`` has whether a clustering column is in descending order."""

    name: Name
    columns: tuple[ColumnDef, ...]
    partition_key: tuple[str, ...]
    clustering: tuple[str, ...]
    order: Mapping[str, bool] = MappingProxyType({})
    options: Mapping[str, Any] = MappingProxyType({})


@record
class AlterTable:
    """ALTER TABLE. ``dropped_at`` is in microseconds, if it is written."""

    name: Name
    added: tuple[ColumnDef, ...] = ()
    dropped: tuple[str, ...] = ()
    dropped_at: int | None = None
    altered: tuple[tuple[str, TypeExpr], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    options: Mapping[str, Any] = MappingProxyType({})
    drops_compact_storage: bool = False


@record
class CreateView:
    """CREATE MATERIALIZED VIEW. ``columns`` is ``None`` for all; ``order`` as in CREATE TABLE."""

    name: Name
    base: Name
    columns: tuple[str, ...] | None
    partition_key: tuple[str, ...]
    clustering: tuple[str, ...]
    order: Mapping[str, bool] = MappingProxyType({})
    options: Mapping[str, Any] = MappingProxyType({})


@record
class AlterView:
    """ALTER MATERIALIZED VIEW."""

    name: Name
    options: Mapping[str, Any]


@record
class CreateIndex:
    """CREATE INDEX, with its text up to the semicolon; ``class_name`` is what USING says."""

    name: str
    table: Name
    text: str
    columns: tuple[str, ...]
    class_name: str
    options: dict[str, Any]


@record
class Drop:
    """DROP KEYSPACE, TABLE, TYPE or MATERIALIZED VIEW."""

    what: str
    name: Name


@record
class Skipped:
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
