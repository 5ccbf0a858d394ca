"""Which cases there are, from a seed alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from cqlite.schema import ColumnKind
from tools.goldmaster import bulk
from tools.goldmaster.case import KEYSPACE, NODES, SHORT_TTLS, VERSIONS, Case, compression
from tools.goldmaster.draft import GeneratedSchema
from tools.goldmaster.kinds import Kind
from tools.goldmaster.patterns import PATTERNS
from tools.goldmaster.schemas import generate
from tools.goldmaster.workload import LONG_TTLS, Workload

COMPRESSORS = ("LZ4", "Snappy", "Deflate", "Zstd", "Noop", "none")
LEGACY_COMPRESSORS = ("LZ4", "Snappy", "Deflate", "none")
_CHUNKS_KIB = (4, 16, 64)
_SECOND_FLUSH = 3
"""Every so many generated tables there is one with two flushes."""
_COMPACTED = 6
"""Every so many there is one that nodes compact."""


@dataclass(frozen=True)
class Scale:
    """How much to make.

    schemas: generated tables; statements: writes into each, per flush; wide_rows and
    tiny_partitions: of the two bulk cases.
    """

    schemas: int = 125
    statements: int = 40
    wide_rows: int = bulk.WIDE_ROWS
    tiny_partitions: int = bulk.TINY_PARTITIONS


FULL = Scale()
SMALL = Scale(schemas=10, statements=20, wide_rows=2000, tiny_partitions=500)


def plan(seed: int, scale: Scale = FULL) -> dict[str, list[Case]]:
    """The cases that each version gets; the same ones for the same seed and scale."""
    schemas = generate(seed, scale.schemas, KEYSPACE)
    for_nodes = [
        bulk.wide(Random(f"{seed}:wide"), scale.wide_rows),
        bulk.tiny(Random(f"{seed}:tiny"), scale.tiny_partitions),
        *_patterns(seed, COMPRESSORS),
        *(_generated(number, schema, seed, scale) for number, schema in enumerate(schemas)),
    ]
    for_legacy = [
        *(replace(case, is_compacted=False) for case in _patterns(seed, LEGACY_COMPRESSORS)),
        *(
            _legacy(number, schema, seed, scale)
            for number, schema in enumerate(schemas)
            if _is_legacy(schema)
        ),
    ]
    return {version: for_nodes if version in NODES else for_legacy for version in VERSIONS}


def digest(cases: dict[str, list[Case]]) -> str:
    """SHA-256 over all statements, which tells whether two plans are the same."""
    found = hashlib.sha256()
    for version, chosen in cases.items():
        for case in chosen:
            statements = (text for flush in case.flushes for text in flush)
            for text in (version, case.name, *case.types, case.create, *statements):
                found.update(text.encode() + b"\0")
    return found.hexdigest()


def _patterns(seed: int, compressors: tuple[str, ...]) -> list[Case]:
    found = []
    for number, (name, make) in enumerate(PATTERNS.items()):
        for turn, compressor in enumerate(compressors):
            chunk_kib = _CHUNKS_KIB[(number + turn) % len(_CHUNKS_KIB)]
            found.append(make(Random(f"{seed}:{name}:{compressor}"), compressor, chunk_kib))
    return found


def _generated(number: int, schema: GeneratedSchema, seed: int, scale: Scale) -> Case:
    if "compression" in schema.schema.options:
        create = schema.create
        compressor, chunk_kib = _compression_of(schema)
    else:
        compressor, chunk_kib = _turn(number, COMPRESSORS)
        body, options = _split(schema.create)
        more = f"{options} AND " if options else ""
        create = f"{body} WITH {more}{compression(compressor, chunk_kib)}"
    case = _case(number, schema, seed, scale, create, compressor, chunk_kib)
    return replace(case, is_compacted=number % _COMPACTED == 0)


def _legacy(number: int, schema: GeneratedSchema, seed: int, scale: Scale) -> Case:
    compressor, chunk_kib = _turn(number, LEGACY_COMPRESSORS)
    body, options = _split(schema.create)
    # Without the table's other options, most of which 3.11 doesn't know.
    order = f"{options[: options.index(')') + 1]} AND " if options.startswith("CLUSTERING") else ""
    create = f"{_frozen_tuples(body)} WITH {order}{compression(compressor, chunk_kib)}"
    case = _case(number, schema, seed, scale, create, compressor, chunk_kib)
    return replace(case, types=tuple(map(_frozen_tuples, case.types)))


def _frozen_tuples(text: str) -> str:
    """The same types with `frozen` around each tuple, without which 3.11 takes none inside."""
    found = re.search(r"(?<!frozen<)\btuple<", text)
    if found is None:
        return text
    end, depth = found.end(), 1
    while depth:
        depth += {"<": 1, ">": -1}.get(text[end], 0)
        end += 1
    start, inside = found.span()
    tuple_type = f"tuple<{_frozen_tuples(text[inside : end - 1])}>"
    return f"{text[:start]}frozen<{tuple_type}>{_frozen_tuples(text[end:])}"


def _turn(number: int, compressors: tuple[str, ...]) -> tuple[str, int]:
    """Every compressor and chunk length in turn."""
    chunk_kib = _CHUNKS_KIB[number // len(compressors) % len(_CHUNKS_KIB)]
    return compressors[number % len(compressors)], chunk_kib


def _split(create: str) -> tuple[str, str]:
    """A CREATE TABLE up to the parenthesis that closes its columns, and the options."""
    body, found, options = create.rpartition(") WITH ")
    return (f"{body})", options) if found else (create, "")


def _case(
    number: int,
    schema: GeneratedSchema,
    seed: int,
    scale: Scale,
    create: str,
    compressor: str,
    chunk_kib: int,
) -> Case:
    table = f"{KEYSPACE}.{schema.name}"
    rng = Random(f"{seed}:{schema.name}:work")
    work = Workload(schema.schema, table, rng, SHORT_TTLS + LONG_TTLS)
    flushes = 2 if number % _SECOND_FLUSH == 0 else 1
    keys = (*schema.schema.partition_key, *schema.schema.clustering_columns)
    return Case(
        name=schema.name,
        pattern="random",
        table=table,
        types=schema.types,
        create=create,
        flushes=tuple(tuple(work.statements(scale.statements)) for _ in range(flushes)),
        compressor=compressor,
        chunk_kib=chunk_kib,
        features=schema.features,
        key=tuple(column.cql_name for column in keys),
    )


def _compression_of(schema: GeneratedSchema) -> tuple[str, int]:
    """The compressor's short name and KiB per chunk."""
    options = schema.schema.options["compression"]
    if options.get("enabled") == "false":
        return "none", 0
    name = options.get("class", "LZ4Compressor").rpartition(".")[2].removesuffix("Compressor")
    return name, int(options.get("chunk_length_in_kb", 16))


def _is_legacy(schema: GeneratedSchema) -> bool:
    """Whether CQLSSTableWriter of 3.11 can write it: it knows no vectors and no counters.

    It fails on quoted names of types, and refuses literals of collections and UDTs that
    cluster in descending order.
    """
    if "quoted types" in schema.features:
        return False
    kinds = [kind for column in schema.columns for kind in _within(column.kind)]
    if any(kind.name in ("vector", "counter") for kind in kinds):
        return False
    clustering = schema.of_role(ColumnKind.CLUSTERING)
    return not any(column.is_descending and column.kind.parameters for column in clustering)


def _within(kind: Kind) -> Iterator[Kind]:
    yield kind
    for parameter in kind.parameters:
        yield from _within(parameter)
