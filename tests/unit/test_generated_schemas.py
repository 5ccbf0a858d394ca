"""Generated tables: unique, the same every time, and between them all that is listed here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from random import Random

import pytest

from cqlite.cql import parse_rule, tokenize
from cqlite.schema import ColumnKind, parse_cql
from cqlite.types.text import RESERVED
from tools.goldmaster.kinds import FAMILIES, KEY_SCALARS, MAKERS, SCALARS
from tools.goldmaster.recipes import COLUMN_COUNTS, COMPRESSIONS, OPTIONS
from tools.goldmaster.schemas import GeneratedSchema, generate
from tools.goldmaster.values import NULL, edges, values

COUNT = 130
ROLES = tuple(ColumnKind)
KEYS = (ColumnKind.PARTITION_KEY, ColumnKind.CLUSTERING)


@cache
def schemas() -> list[GeneratedSchema]:
    return generate(1, COUNT)


@cache
def features() -> frozenset[str]:
    return frozenset().union(*(schema.features for schema in schemas()))


def targets() -> Iterator[str]:
    """What the tables must have between them, by features."""
    yield from (f"{role}: {name}" for role, name in product(ROLES, KEY_SCALARS))
    yield from (f"{role}: duration" for role in ROLES if role not in KEYS)
    yield from (f"{role}: counter" for role in ROLES if role not in KEYS)
    for role, family in product(ROLES, FAMILIES):
        has_cells = family in ("list", "set", "map", "udt")
        if role not in KEYS or not has_cells:
            yield f"{role}: {family}"
        if has_cells:
            yield f"{role}: frozen {family}"
    yield from (f"{family} of depth {depth}" for family, depth in product(MAKERS, range(1, 5)))
    yield from (f"depth {n}, {how}" for n, how in product(range(1, 5), ("frozen", "not frozen")))
    for count in (1, 2, 3):
        yield from (f"order {', '.join(o)}" for o in product(("ASC", "DESC"), repeat=count))
    yield "order none"
    yield from (f"{count} partition key columns" for count in (1, 2, 3, 8))
    yield from (f"{count} columns" for count in COLUMN_COUNTS)
    yield from (f"compression {name}" for name in COMPRESSIONS)
    yield from (f"{next(iter(options))} {name}" for name, options in OPTIONS.items())
    yield from ("counter", "udt of udt", "quoted names", "reserved names", "quoted types")
    yield from ("no columns but keys", "only static columns", "frozen by what is around")
    yield "vectors of every type"


@pytest.mark.parametrize("target", list(targets()))
def test_coverage(target: str) -> None:
    assert target in features()


def test_names_and_options_that_are_covered() -> None:
    names = {column.name for schema in schemas() for column in schema.columns}
    assert names >= RESERVED
    assert any(not name.isascii() for name in names)
    assert any('"' in name for name in names)
    assert any(" " in name for name in names)
    assert any(name != name.lower() for name in names)
    reaching = {
        *("compression", "bloom_filter_fp_chance", "crc_check_chance", "default_time_to_live"),
        *("min_index_interval", "max_index_interval", "gc_grace_seconds"),
    }
    assert {name for schema in schemas() for name in schema.schema.options} >= reaching
    compressions = [s.schema.options.get("compression", {}) for s in schemas()]
    classes = {c.get("class") for c in compressions}
    assert classes >= {
        *("LZ4Compressor", "SnappyCompressor", "DeflateCompressor", "ZstdCompressor"),
        "NoopCompressor",
    }
    assert any(c.get("enabled") == "false" for c in compressions)
    assert any("min_compress_ratio" in c for c in compressions)
    assert len({c.get("chunk_length_in_kb") for c in compressions}) >= 6


def test_unique() -> None:
    found = schemas()
    assert len(found) == COUNT >= 100
    assert len({schema.name for schema in found}) == COUNT
    shapes = {tuple(s.replace(schema.name, "") for s in schema.statements) for schema in found}
    assert len(shapes) == COUNT
    types = [statement.split("(")[0] for schema in found for statement in schema.types]
    assert len(set(types)) == len(types)
    assert max(len(schema.name) for schema in found) <= 48


def test_the_same_for_the_same_seed() -> None:
    assert [s.statements for s in generate(1, 40)] == [s.statements for s in schemas()[:40]]
    others = [s.statements for s in generate(2, COUNT)]
    assert others != [s.statements for s in schemas()]
    one, two = generate(1, 3)[2], schemas()[2]
    name = one.columns[-1].name
    first = [value.cql for value in islice(one.values(name, 7), 50)]
    assert first == [value.cql for value in islice(two.values(name, 7), 50)]
    assert first != [value.cql for value in islice(one.values(name, 8), 50)]


def test_another_keyspace() -> None:
    (schema,) = generate(1, 1, "other")
    assert schema.schema.keyspace == "other"
    assert " other." in schema.create


def test_round_trip() -> None:
    """What a schema writes is what was read."""
    for schema in schemas():
        again = parse_cql(schema.schema.to_cql()).table(schema.keyspace, schema.name)
        assert again == schema.schema, schema.name


def test_columns_are_those_of_the_schema() -> None:
    for schema in schemas():
        for column in schema.columns:
            parsed = schema.schema.column(column.name)
            assert parsed is not None
            assert parsed.kind is column.role
            assert parsed.is_descending == column.is_descending
        assert len(list(schema.schema.columns())) == len(schema.columns)


def test_literals_parse() -> None:
    """Literals parse; that they are valid, a node says in another test."""
    for schema in schemas():
        for column in schema.columns[:20]:
            for value in islice(schema.values(column.name), 4):
                assert value is not NULL
                parse_rule("termOnly", value.cql, tokenize(value.cql))


def test_keys_of_one_column_are_not_empty() -> None:
    for schema in schemas():
        key = schema.of_role(ColumnKind.PARTITION_KEY)
        if len(key) == 1:
            found = {value.cql for value in islice(schema.values(key[0].name), 60)}
            assert not found & {"''", "0x"}


@pytest.mark.parametrize("name", SCALARS)
def test_edges(name: str) -> None:
    """Each scalar type's edges come among its values."""
    schema = next(s for s in schemas() if s.name.endswith(f"_{name}"))
    column = next(c for c in schema.columns if c.kind.name == name and c.role == "regular")
    found = {value.cql for value in islice(schema.values(column.name), 1000)}
    assert found >= {value.cql for value in edges(column.kind)}
    assert len(found) > len(edges(column.kind)) or name == "boolean"


def test_edges_that_are_listed() -> None:
    texts = {value.cql for schema in schemas() for c in schema.columns for value in edges(c.kind)}
    assert texts >= {"''", "0x", "NaN", "-Infinity", "-0.0", "[]", "{}", "4294967295"}
    assert texts >= {"9223372036854775807", "-128", "'23:59:59.999999999'", "253402300799999"}
    nulls = [value for value in texts if "null" in value]
    assert any(value.startswith("(") for value in nulls)
    assert any(value.startswith("{") for value in nulls)


def test_values_come_from_the_state_alone() -> None:
    column = schemas()[0].columns[-1]
    one = [v.cql for v in islice(values(column.kind, Random(5)), 20)]
    assert one == [v.cql for v in islice(values(column.kind, Random(5)), 20)]
