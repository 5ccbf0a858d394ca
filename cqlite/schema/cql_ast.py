"""What CQL statements about schemas say, before any name in them is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a table or type, with its keyspace if that is written."""

    keyspace: str | None
    name: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ColumnDef:
    """A column of CREATE TABLE or ALTER TABLE ADD."""

    name: str
    type: TypeExpr
    is_static: bool = False
    is_primary_key: bool = False
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """USE."""

    keyspace: str


@dataclass(frozen=True, slots=True)
class CreateKeyspace:
    """CREATE KEYSPACE."""

    name: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CreateType:
    """CREATE TYPE."""

    name: Name
    fields: tuple[tuple[str, TypeExpr], ...]


@dataclass(frozen=True, slots=True)
class AlterType:
    """ALTER TYPE: fields added or altered, and renamed."""

    name: Name
    added: tuple[tuple[str, TypeExpr], ...] = ()
    altered: tuple[tuple[str, TypeExpr], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CreateTable:
    """CREATE TABLE. ``order`` has whether a clustering column is in descending order."""

    name: Name
    columns: tuple[ColumnDef, ...]
    partition_key: tuple[str, ...]
    clustering: tuple[str, ...]
    order: dict[str, bool] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlterTable:
    """ALTER TABLE. ``dropped_at`` is in microseconds, if it is written."""

    name: Name
    added: tuple[ColumnDef, ...] = ()
    dropped: tuple[str, ...] = ()
    dropped_at: int | None = None
    altered: tuple[tuple[str, TypeExpr], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    drops_compact_storage: bool = False


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """CREATE INDEX, with its text up to the semicolon."""

    table: Name
    text: str


@dataclass(frozen=True, slots=True)
class Drop:
    """DROP KEYSPACE, TABLE or TYPE."""

    what: str
    name: Name


@dataclass(frozen=True, slots=True)
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
    | CreateIndex
    | Drop
    | Skipped
)
