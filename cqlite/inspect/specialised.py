"""Whole specs: as shipped for a version, or specialised to one SSTable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cqlite.errors import CqliteError
from cqlite.inspect import expressions as ex
from cqlite.inspect.documents import spec, spec_text
from cqlite.inspect.specialise import Document, Hooks, OutType, Scope, Specialiser
from cqlite.inspect.specialise_table import Column, Table, TableHooks
from cqlite.io import DATA, INDEX, SPEC_OF_COMPONENT, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqlite.schema import ColumnMetadata
    from cqlite.sstable import SSTable

_VERSION = re.compile(r"version::id::[a-z]{2}\.to_i")


def spec_of(name: str) -> str:
    """The name of the spec that ``name`` means: a spec's own name or a component's.

    Raises:
        CqliteError: there is none.
    """
    if name in SPEC_OF_COMPONENT:
        return SPEC_OF_COMPONENT[name]
    for component, found in SPEC_OF_COMPONENT.items():
        if name.endswith(component) and "-" in name:
            return found
    spec_text(name)
    return name


def spec_for_version(name: str, version: Version | None) -> str:
    """The spec ``name`` as it is shipped, its root set to ``version`` if that is given.

    Raises:
        CqliteError: there is no such spec, or nothing in it depends on the version.
    """
    text = spec_text(name)
    if version is None:
        return text
    before, marker, rest = text.partition("\nseq:")
    root, separator, after = rest.partition("\ntypes:")
    changed, count = _VERSION.subn(f"version::id::{version.name}.to_i", root, count=1)
    if not count:
        raise CqliteError(f"the spec {name!r} does not depend on the version")
    return before + marker + changed + separator + after


def specialised(sstable: SSTable, component: str) -> str:
    """One .ksy without imports and parameters for a component of ``sstable``.

    For Data.db it has the table's columns as fields and parses the uncompressed stream.

    Raises:
        CqliteError: there is no spec of the component, or Statistics.db, which Data.db and
            Index.db need, is missing or damaged.
    """
    import yaml

    document = _document(sstable, component)
    text: str = yaml.dump(
        document, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=100
    )
    return f"# Made by `cqlite spec --for {sstable.descriptor.prefix}{component}`.\n{text}"


def _document(sstable: SSTable, component: str) -> Document:
    name = spec_of(component)
    if component in (DATA, INDEX):
        table = table_of(sstable)
        specialiser = Specialiser(TableHooks(table).hooks())
        known = table.known()
    else:
        specialiser = Specialiser(Hooks())
        known = {"version": ex.Const(sstable.descriptor.version.number)}
    source = spec(name)
    root = OutType(name)
    scope = Scope((name, ""), root, known, None)
    seq = [field for item in _root_fields(name, source) for field in specialiser.plain(scope, item)]
    document: Document = {
        "meta": {
            "id": _meta_id(sstable, name),
            "title": f"{source['meta']['title']} of {sstable.descriptor.prefix[:-1]}",
            **{k: source["meta"][k] for k in ("file-extension", "license") if k in source["meta"]},
            "ks-version": source["meta"]["ks-version"],
            "endian": "be",
        },
        "doc": _doc(sstable, component, source["doc"]),
        "doc-ref": source["doc-ref"],
        "seq": seq,
        "types": dict(sorted(specialiser.types().items())),
    }
    if specialiser.enums():
        document["enums"] = specialiser.enums()
    return document


def _root_fields(name: str, source: Document) -> list[Document]:
    if name == "data":
        return [
            {
                "id": "partitions",
                "type": "partition(version, clustering_shapes, static_shapes, regular_shapes)",
                "repeat": "eos",
                "doc": "The partitions in the order of their tokens.",
            }
        ]
    return [{**field, "type": "body(version)"} for field in source["seq"]]


def table_of(sstable: SSTable) -> Table:
    """What is known of the table, with the names of the SSTable's schema."""
    header = sstable.metadata.header
    names, types = sstable.schema, sstable.header_schema
    row_format = sstable.row_format
    return Table(
        version=sstable.descriptor.version.number,
        partition_key=_columns(names.partition_key, types.partition_key),
        clustering=_columns(names.clustering_columns, types.clustering_columns),
        static=_columns(row_format.static_columns, types.static_columns),
        regular=_columns(row_format.regular_columns, types.regular_columns),
        minimums={
            "timestamp": header.min_timestamp,
            "local_deletion_time": header.min_local_deletion_time,
            "ttl": header.min_ttl,
        },
    )


def _columns(named: Sequence[ColumnMetadata], typed: Sequence[ColumnMetadata]) -> list[Column]:
    """The first ones' names with the second ones' types, those that the file was written with."""
    return [Column(n.name, t.type) for n, t in zip(named, typed, strict=True)]


def _meta_id(sstable: SSTable, name: str) -> str:
    parts = [sstable.descriptor.keyspace or "", sstable.descriptor.table or "", name]
    made = "_".join(re.sub(r"[^a-z0-9]+", "_", part.lower()).strip("_") for part in parts if part)
    return made if made[:1].isalpha() else f"t_{made}"


def _doc(sstable: SSTable, component: str, doc: str) -> str:
    if component != DATA:
        return doc
    table = ".".join(filter(None, (sstable.descriptor.keyspace, sstable.descriptor.table)))
    return (
        f"The rows of {table or 'a table'} in {sstable.descriptor.prefix}{component}, "
        "without compression: what\n`cqlite decompress` writes.\n"
    )


def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper


__all__ = ["spec_for_version", "spec_of", "specialised", "table_of"]
