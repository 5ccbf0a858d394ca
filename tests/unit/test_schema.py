"""Schemas from headers, CQL text and rows of system_schema."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqlite.errors import SchemaError, Where
from cqlite.query.selection import every_column
from cqlite.schema import ColumnKind, ColumnMetadata, TableSchema, parse_cql
from cqlite.schema.cql import parse_table
from cqlite.schema.system import SYSTEM_TABLES, from_system_schema
from cqlite.types import Murmur3Partitioner, parse_type
from tests.shared import SHARED

SNAPSHOT = Path(__file__).with_name("snapshot_schema.cql").read_text(encoding="utf-8")


def table(text: str, keyspace: str | None = "ks", name: str = "t") -> TableSchema:
    found = parse_cql(text).table(keyspace, name)
    assert found is not None
    return found


def header(**changes: Any) -> TableSchema:
    arguments: dict[str, Any] = {
        "key_type": "CompositeType(Int32Type,UTF8Type)",
        "clustering_types": ["ReversedType(LongType)", "UTF8Type"],
        "static_columns": {"s": "Int32Type"},
        "regular_columns": {"v": "UTF8Type", "l": "ListType(Int32Type)"},
        "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner",
    }
    return TableSchema.from_header(**(arguments | changes))


FITTING = """
    CREATE TABLE ks.t (a int, b text, c bigint, d text, s int STATIC, v text, l list<int>,
        PRIMARY KEY ((a, b), c, d)) WITH CLUSTERING ORDER BY (c DESC);
"""


def test_header() -> None:
    schema = header()
    assert [c.name for c in schema.partition_key] == ["PartitionKey", "PartitionKey1"]
    assert [c.name for c in schema.clustering_columns] == ["clustering", "clustering1"]
    assert [c.is_descending for c in schema.clustering_columns] == [True, False]
    assert [c.name for c in schema.regular_columns] == ["v", "l"]
    assert (schema.keyspace, schema.name, schema.kind) == ("keyspace", "table", "REGULAR")
    assert not schema.names_are_known
    assert header(name="t.idx").kind == "INDEX"
    assert "made up" in " ".join(schema.to_cql().split())
    assert parse_cql(schema.to_cql()).table("keyspace", "table") is not None
    of_udt = header(regular_columns={"u": "UserType(shop,74,61:Int32Type)"})
    assert of_udt.keyspace == "shop"


def test_keys() -> None:
    schema = header()
    key = schema.join_key([b"\0\0\0\1", b"x:y"])
    assert schema.split_key(key) == [b"\0\0\0\1", b"x:y"]
    assert schema.decode_key(key) == (1, "x:y")
    assert schema.key_strings(key) == ["1", "x:y"]
    assert schema.key_string(key) == r"1:x\:y"
    assert schema.key_from_string(r"1:x\:y") == key
    assert schema.partitioner == Murmur3Partitioner()
    single = header(key_type="UTF8Type")
    assert single.split_key(b"x:y") == [b"x:y"]
    assert single.key_strings(b"x:y") == ["x:y"]
    with pytest.raises(SchemaError):
        _ = header(partitioner=None).partitioner


def test_order_of_clusterings() -> None:
    schema = header()
    one, two = (n.to_bytes(8, "big") for n in (1, 2))
    assert schema.compare_clusterings([one], [two]) > 0
    assert schema.compare_clusterings([None], [two]) < 0
    assert schema.compare_clusterings([one, b"a"], [one, b"b"]) < 0
    assert schema.compare_clusterings([one, b"a"], [one]) == 0


def test_a_schema_that_fits() -> None:
    schema = table(FITTING).matched_to(header())
    assert schema.partitioner_name is not None
    assert [c.name for c in schema.partition_key] == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key_type": "Int32Type"}, "partition key of ks.t is .* by the schema and int by"),
        ({"clustering_types": ["UTF8Type"]}, "2 clustering columns by the schema and 1 by"),
        ({"clustering_types": ["LongType", "UTF8Type"]}, "column c of ks.t is bigint in desc"),
        ({"static_columns": {"v": "UTF8Type"}}, "a regular column v .* a static one of type text"),
        ({"static_columns": {"x": "UTF8Type"}}, "no column x by the schema"),
        ({"regular_columns": {"v": "DoubleType"}}, "v of ks.t is text .* double by Statistics.db"),
        ({"regular_columns": {"l": "FrozenType(ListType(Int32Type))"}}, "is list<int> by"),
    ],
)
def test_a_schema_that_does_not_fit(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        table(FITTING).matched_to(header(**changes))


def test_what_altering_allows() -> None:
    text = "CREATE TABLE ks.t (k int PRIMARY KEY, b blob, t text, n varint, ts timestamp, u u)"
    schema = table(f"CREATE TYPE ks.u (a int, b text); {text};")
    columns = {
        "b": "Int32Type",
        "t": "AsciiType",
        "n": "Int32Type",
        "ts": "DateType",
        "u": "UserType(ks,75,61:Int32Type)",
    }
    older = header(
        key_type="Int32Type", clustering_types=[], static_columns={}, regular_columns=columns
    )
    assert schema.matched_to(older).column("b") is not None


def test_dropped_columns_fit() -> None:
    text = FITTING + "ALTER TABLE ks.t DROP v USING TIMESTAMP 123;"
    schema = table(text)
    assert schema.column("v") is None
    assert [(d.name, d.dropped_time) for d in schema.dropped_columns] == [("v", 123)]
    schema.matched_to(header())
    assert table(schema.to_cql()).to_cql() == schema.to_cql()


def test_snapshot_of_cassandra() -> None:
    schema = parse_cql(SNAPSHOT)
    odd = schema.table("Ks", "Odd Table")
    assert odd is not None
    assert odd.id == uuid.UUID("5a1c395e-b41f-11e5-9f22-ba0be0483c10")
    assert [c.cql_name for c in odd.partition_key] == ['"Pk 1"', '"select"']
    assert [c.name for c in odd.clustering_columns] == ["ck", 'C"q']
    assert [c.is_descending for c in odd.clustering_columns] == [True, False]
    assert [c.name for c in odd.regular_columns] == ["fu", "v", "u"]
    assert odd.options["comment"] == "it's"
    assert odd.options["bloom_filter_fp_chance"] == 0.01
    assert odd.options["compression"]["compression_level"] == "4"
    assert [(d.name, d.column.type.cql_name) for d in odd.dropped_columns] == [
        ("gone", "int"),
        ("gone2", "list<text>"),
    ]
    user_type = odd.column("u")
    assert user_type is not None
    assert user_type.type.is_multi_cell
    assert user_type.type.marshal_name.endswith(
        "UserType(Ks,61646472,737472656574:"
        "org.apache.cassandra.db.marshal.UTF8Type,4e6f:org.apache.cassandra.db.marshal.FrozenType("
        "org.apache.cassandra.db.marshal.ListType(org.apache.cassandra.db.marshal.Int32Type)))"
    )
    single = schema.table("Ks", "single")
    assert single is not None
    again = single.column("dropped")
    assert again is not None
    assert again.type.cql_name == "int"
    assert single.dropped_columns[0].column.type.cql_name == "text"
    counters = schema.table("Ks", "c")
    assert counters is not None
    assert counters.is_counter


def test_to_cql_is_what_cassandra_writes() -> None:
    """Statement by statement, but for the order of options."""
    ours = [found.to_cql() for found in parse_cql(SNAPSHOT).tables()]
    assert set(statements("\n".join(ours))) == set(statements(SNAPSHOT))


def statements(text: str) -> Iterator[tuple[str, ...]]:
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    for statement in text.replace("IF NOT EXISTS ", "").split(";\n"):
        lines = " ".join(statement.split()).rstrip(";").replace(") WITH ", ") AND ")
        if lines:
            yield tuple(sorted(lines.split(" AND ")))


def test_statements_one_after_another() -> None:
    schema = parse_cql("""
        -- a comment; with a semicolon
        CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}
            AND durable_writes = true;
        USE k; /* another; */ CREATE TYPE a (x int, y frozen<b>); CREATE TYPE b (z text);
        CREATE TABLE t (p int, "Q" frozen<a>, r set<frozen<b>>, w 'org.apache.X', PRIMARY KEY (p));
        ALTER TABLE t ADD (n1 int, n2 tuple<int, text> STATIC);
        ALTER TABLE t RENAME p TO pp;
        ALTER TABLE t WITH comment = $$it's$$ AND gc_grace_seconds = 5;
        ALTER TYPE b ADD more double; ALTER TYPE b RENAME z TO zz;
        CREATE INDEX i ON t (n1); CREATE CUSTOM INDEX ON k.t (r) USING 'sai';
        CREATE FUNCTION f (x int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$ ; $$;
        CREATE MATERIALIZED VIEW v AS SELECT * FROM t WHERE pp IS NOT NULL PRIMARY KEY (pp);
        INSERT INTO t (p) VALUES (1.5e3); GRANT ALL ON t TO u;
        CREATE TABLE gone (k int PRIMARY KEY); DROP TABLE IF EXISTS gone
    """)
    assert schema.keyspaces["k"]["replication"]["replication_factor"] == 1
    assert [found.name for found in schema.tables()] == ["t", "v"]
    found = schema.table("k", "t")
    assert found is not None
    assert [c.name for c in found.columns()] == ["pp", "n2", "Q", "n1", "w", "r"]
    quoted = found.column("Q")
    assert quoted is not None
    assert quoted.type.cql_name == "frozen<a>"
    b = found.user_types["b"]
    assert b.field_names == ("zz", "more")
    assert found.options == {"comment": "it's", "gc_grace_seconds": 5}
    assert found.indexes == (
        "CREATE INDEX i ON t (n1)",
        "CREATE CUSTOM INDEX ON k.t (r) USING 'sai'",
    )
    custom = found.column("w")
    assert custom is not None
    assert custom.type.marshal_name == "org.apache.X"
    again = parse_cql(found.to_cql().replace(" ON t ", " ON k.t "))
    assert again.table("k", "t") is not None


def test_masks_and_reserved_words() -> None:
    schema = table("""CREATE TABLE ks.t (k int PRIMARY KEY, key int, "set" set<int>, type text,
        m text MASKED WITH mask_inner(1, null), n int MASKED WITH DEFAULT)""")
    assert "m text MASKED WITH mask_inner(1, null)" in schema.to_cql()
    assert '"set" set<int>' in schema.to_cql()
    assert table(schema.to_cql()).to_cql() == schema.to_cql()


def test_a_keyspace_that_is_not_told() -> None:
    schema = parse_cql("CREATE TABLE t (k int PRIMARY KEY)")
    found = schema.table("any", "t")
    assert found is not None
    assert found.keyspace == "any"
    assert schema.table("any", "other") is None


def test_compact_storage() -> None:
    plain = table("CREATE TABLE ks.t (k text PRIMARY KEY, a int, b text) WITH COMPACT STORAGE")
    assert [(c.name, c.kind) for c in plain.columns()] == [
        ("k", ColumnKind.PARTITION_KEY),
        ("column1", ColumnKind.CLUSTERING),
        ("a", ColumnKind.STATIC),
        ("b", ColumnKind.STATIC),
        ("value", ColumnKind.REGULAR),
    ]
    assert plain.is_compact
    dense = table("CREATE TABLE ks.t (k text, c int, PRIMARY KEY (k, c)) WITH COMPACT STORAGE")
    assert [c.type.cql_name for c in dense.regular_columns] == ["empty"]
    counter = table("CREATE TABLE ks.t (k text PRIMARY KEY, n counter) WITH COMPACT STORAGE")
    assert counter.is_counter
    with_value = table(
        "CREATE TABLE ks.t (k text, c int, v int, PRIMARY KEY (k, c)) WITH COMPACT STORAGE"
    )
    shown = [[c.name for c in every_column(t)] for t in (plain, dense, counter, with_value)]
    assert shown == [["k", "a", "b"], ["k", "c"], ["k", "n"], ["k", "c", "v"]]


def test_compact_storage_that_was_dropped() -> None:
    """What it hid is shown then."""
    found = table(
        "CREATE TABLE ks.t (k text PRIMARY KEY, a int) WITH COMPACT STORAGE; "
        "ALTER TABLE ks.t DROP COMPACT STORAGE"
    )
    assert not found.is_compact
    assert [c.name for c in every_column(found)] == ["k", "column1", "a", "value"]


@pytest.mark.parametrize(
    ("flags", "hidden"), [(set(), {"column1", "value"}), ({"compound"}, set()), (None, set())]
)
def test_compact_storage_by_the_flags_of_system_schema(
    flags: set[str] | None, hidden: set[str]
) -> None:
    columns = [
        ("k", "partition_key", 0, "text"),
        ("column1", "clustering", 0, "text"),
        ("a", "static", -1, "int"),
        ("value", "regular", -1, "blob"),
    ]
    where = {"keyspace_name": "ks", "table_name": "t"}
    rows = {
        "tables": [{**where, "flags": flags}],
        "columns": [
            {**where, "column_name": name, "kind": kind, "position": position, "type": kind_of}
            for name, kind, position, kind_of in columns
        ],
    }
    found = from_system_schema(rows).table("ks", "t")
    assert found is not None
    assert found.hidden_columns == hidden


def test_a_legacy_table_in_a_comment() -> None:
    schema = table("""/*
        Warning: Table ks.t omitted because it has constructs not compatible with CQL (was
        created via legacy API). Approximate structure, for reference:
        CREATE TABLE ks.t (k blob, c blob, v blob, PRIMARY KEY (k, c)) WITH COMPACT STORAGE
            AND CLUSTERING ORDER BY (c ASC);
        */""")
    assert schema.is_compact


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CREATE TABLE t (k int)", "0 primary keys"),
        ("CREATE TABLE t (k int PRIMARY KEY, PRIMARY KEY (k))", "2 primary keys"),
        ("CREATE TABLE t (k int, PRIMARY KEY (x))", "no key column x"),
        ("CREATE TABLE t (k nothing PRIMARY KEY)", "no type nothing"),
        ("CREATE TABLE t (k list<int, int> PRIMARY KEY)", "list takes 1 types"),
        ("CREATE TABLE t (k vector<float> PRIMARY KEY)", "no type vector with such"),
        ("CREATE TABLE t (k int PRIMARY KEY", "line 1, column 34: expected ','"),
        ("CREATE TABLE t (k int PRIMARY KEY) WITH x", "expected '='"),
        ("CREATE TABLE t (from int PRIMARY KEY)", "expected a name, found 'from'"),
        ("CREATE TYPE a (x frozen<a>); CREATE TABLE t (k a PRIMARY KEY)", "part of itself"),
        ("ALTER TABLE t DROP x", "no table t"),
        ("ALTER TYPE t ADD x int", "no type t"),
        ("CREATE TABLE t (k 'List(' PRIMARY KEY)", "ends within parameters"),
        ("CREATE TABLE t (k int PRIMARY KEY); 'open", 'line 1, column 37: unexpected "\'"'),
    ],
)
def test_malformed_statements(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as caught:
        parse_cql(text, Where("schema.cql"))
    assert caught.value.where.file == "schema.cql"


@settings(max_examples=300)
@given(st.text(st.sampled_from(list("CREATE TABLE(k int,y)<>'\";.*/-:{}=1x$")), max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    for start in ("", "CREATE TABLE t (k int PRIMARY KEY, ", "CREATE TYPE x ("):
        with suppress(SchemaError):
            parse_cql(start + text)


def test_order_of_columns_in_rows() -> None:
    names = ["b", "a", "Z", "é", "_x", "aa", "a" * 7 + "b", "a" * 7 + "a"]
    columns = [ColumnMetadata(n, parse_type("Int32Type"), ColumnKind.REGULAR) for n in names]
    columns.append(ColumnMetadata("A", parse_type("ListType(Int32Type)"), ColumnKind.REGULAR))
    ordered = [c.name for c in sorted(columns, key=ColumnMetadata.sort_key)]
    assert ordered == ["é", "Z", "_x", "a", "aa", "aaaaaaaa", "aaaaaaab", "b", "A"]


def test_rows_of_system_schema() -> None:
    def column(
        name: str, kind: str, position: int, cql: str, order: str = "none"
    ) -> dict[str, Any]:
        return {
            "keyspace_name": "k",
            "table_name": "t",
            "column_name": name,
            "kind": kind,
            "position": position,
            "type": cql,
            "clustering_order": order,
        }

    at = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    of_table = {"keyspace_name": "k", "table_name": "t"}
    schema = from_system_schema(
        {
            "keyspaces": [{"keyspace_name": "k", "replication": {"class": "x"}}],
            "types": [
                {
                    "keyspace_name": "k",
                    "type_name": "outer",
                    "field_names": ["a"],
                    "field_types": ["frozen<inner>"],
                },
                {
                    "keyspace_name": "k",
                    "type_name": "inner",
                    "field_names": ["b"],
                    "field_types": ["int"],
                },
            ],
            "tables": [
                {
                    **of_table,
                    "id": uuid.UUID(int=5),
                    "flags": {"compound"},
                    "gc_grace_seconds": 3,
                    "comment": None,
                }
            ],
            "columns": [
                column("v", "regular", -1, "outer"),
                column("c", "clustering", 0, "int", "desc"),
                column("b", "partition_key", 1, "text"),
                column("a", "partition_key", 0, "uuid"),
                column("s", "static", -1, "frozen<set<text>>"),
            ],
            "dropped_columns": [
                {
                    **of_table,
                    "column_name": "old",
                    "dropped_time": at,
                    "type": "int",
                    "kind": "regular",
                }
            ],
            "indexes": [
                {**of_table, "index_name": "i", "kind": "COMPOSITES", "options": {"target": "v"}},
                {
                    **of_table,
                    "index_name": "j",
                    "kind": "CUSTOM",
                    "options": {"target": "c", "class_name": "sai", "x": "y"},
                },
            ],
        }
    )
    found = schema.table("k", "t")
    assert found is not None
    assert [c.name for c in found.columns()] == ["a", "b", "c", "s", "v"]
    assert found.clustering_columns[0].is_descending
    assert found.dropped_columns[0].dropped_time == 1704067200000000
    text = found.to_cql()
    assert "CREATE TYPE k.inner" in text.split("CREATE TYPE k.outer")[0]
    assert "ID = 00000000-0000-0000-0000-000000000005" in text
    assert "gc_grace_seconds = 3" in text
    assert "CREATE INDEX i ON k.t (v);" in text
    assert "CREATE CUSTOM INDEX j ON k.t (c) USING 'sai' WITH OPTIONS = {'x': 'y'};" in text
    assert table(text, "k", "t").to_cql() == text


def test_system_tables_are_whole() -> None:
    assert {
        "keyspaces",
        "tables",
        "columns",
        "types",
        "dropped_columns",
        "views",
        "indexes",
    } == set(SYSTEM_TABLES)
    assert [c.name for c in SYSTEM_TABLES["columns"].partition_key] == ["keyspace_name"]


def shared_statements() -> Iterator[tuple[str, str]]:
    for path in sorted(SHARED.glob("types/cql-*.json")):
        answers = json.loads(path.read_text(encoding="utf-8"))
        types = "".join(
            f"CREATE TYPE types.{name} ({', '.join(f'{n} {t}' for n, t in fields)});"
            for name, fields in answers["udts"].items()
        )
        for name, told in answers["tables"].items():
            yield name, types + told["create"]


def test_statements_that_a_node_took() -> None:
    for name, text in shared_statements():
        written = table(text, "types", name).to_cql()
        assert table(written, "types", name).to_cql() == written


def test_views_with_other_keys_than_their_base_table_want_live_primary_keys() -> None:
    """``TableMetadata.enforceStrictLiveness``, as ``system_schema`` tells it."""

    def column(table: str, name: str, kind: str, position: int) -> dict[str, object]:
        return {
            "keyspace_name": "k",
            "table_name": table,
            "column_name": name,
            "kind": kind,
            "position": position,
            "type": "int",
        }

    views = ("by_v", "by_c")
    columns = [
        column("t", "p", "partition_key", 0),
        column("t", "c", "clustering", 0),
        column("t", "v", "regular", -1),
    ]
    for view, key in zip(views, ("v", "c"), strict=True):
        columns.append(column(view, key, "partition_key", 0))
        columns.append(column(view, "p", "clustering", 0))
    rows = {
        "columns": columns,
        "views": [
            {"keyspace_name": "k", "view_name": name, "base_table_name": "t"} for name in views
        ],
        "tables": [{"keyspace_name": "k", "table_name": "t"}],
    }
    schema = from_system_schema(rows)
    strict = {table.name: table.strict_liveness for table in schema.tables()}
    assert strict == {"t": False, "by_v": True, "by_c": False}


_CLUSTER = """
CREATE KEYSPACE a WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TYPE a.u (x int); -- CREATE TABLE a.t (wrong int);
CREATE TABLE a.t (k int PRIMARY KEY, v frozen<u>, "W;" text) WITH comment = 'CREATE TABLE b.t; ''';
create index on a.t (v);
CREATE TABLE IF NOT EXISTS a."T" (k text PRIMARY KEY);
CREATE TABLE b.t (k uuid PRIMARY KEY);
CREATE CUSTOM INDEX i ON b.t (k) USING 'x';
ALTER TABLE a . t ADD added int;
ALTER TABLE b.t ADD other int;
CREATE TABLE a.gone (k int PRIMARY KEY);
DROP TABLE a.gone;
USE a;
CREATE TABLE plain (k blob PRIMARY KEY)
"""


def test_one_table_of_a_whole_schema() -> None:
    whole = parse_cql(_CLUSTER)
    for keyspace, name in (("a", "t"), ("a", "T"), ("b", "t"), ("a", "plain")):
        found = parse_table(_CLUSTER, keyspace, name)
        assert found.table(keyspace, name) == whole.table(keyspace, name)
        assert found.by_name.keys() == {(keyspace, name)}


def test_a_table_that_a_schema_lacks_is_looked_for_in_all_of_it() -> None:
    text = "CREATE TABLE b.t (k uuid PRIMARY KEY);"
    assert parse_table(text, "a", "t") == parse_cql(text)
    assert parse_table(text, "a", "t").table("a", "t") is None


def test_other_tables_are_not_looked_into() -> None:
    text = "CREATE TABLE a.t (k int PRIMARY KEY);\nCREATE TABLE a.u (this is nonsense);"
    assert parse_table(text, "a", "t").table("a", "t") is not None
    with pytest.raises(SchemaError, match="line 2, column 24"):
        parse_table(text, "a", "u")
    commented = f"/* {text} */ CREATE TABLE a.t (k int PRIMARY KEY)"
    assert parse_table(commented, "a", "t") == parse_cql(commented)
