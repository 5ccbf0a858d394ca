"""The folder in which the examples of the documentation and of `--help` can be run as they are.

It has a data directory with a table `shop.orders` and what else examples name.
"""

from __future__ import annotations

import shutil
import uuid
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from cqlite import Table, Writer
from cqlite.export.sstabledump import SSTableDump
from cqlite.schema import TableSchema, parse_cql
from tests.shared import OWN

INSTALLED = "/var/lib/cassandra/data"
"""The data directory of a node, which stands for `data/` here."""

T = 1_700_000_000_000_000

ORDERS = (
    "CREATE TABLE shop.orders (id int, line int, name text, status text, total decimal, "
    "PRIMARY KEY (id, line));"
)
DIFFERENT = "CREATE TABLE shop.events (id int, c int, v text, PRIMARY KEY (id, c));"


def make(folder: Path) -> None:
    """Fills an empty folder."""
    orders = _table(ORDERS)
    _write_orders(folder / "snapshot", orders, "oa")
    _write_orders(folder / "da", orders, "da")
    name = f"orders-{uuid.UUID(int=1).hex}"
    live = folder / "data" / "shop" / name
    tables = [folder / node / "shop" / name for node in ("node1", "node2")]
    copies = (live, live / "snapshots" / "monday", folder / "backup", folder / "backups/ks/t")
    for place in (*tables, *copies, folder / "damaged", folder):
        shutil.copytree(folder / "snapshot", place, dirs_exist_ok=True)
    shutil.copytree(folder / "da", folder, dirs_exist_ok=True)
    with Writer(orders, live, format="oa") as writer:
        writer.write({"id": 7, "line": 1, "status": "sent"}, timestamp=T + 900_000_000_000_000)
    with Writer(orders, tables[1]) as writer:
        writer.write({"id": 5, "line": 2, "status": "lost"}, timestamp=T + 1)
    for keyspace, table in (("a", "t"), ("b", "u")):
        schema = _table(f"CREATE TABLE {keyspace}.{table} (id int PRIMARY KEY, {table} text);")
        target = folder / "data" / keyspace / f"{table}-{uuid.UUID(int=2).hex}"
        with Writer(schema, _with_schema(target, schema)) as writer:
            writer.write({"id": 1, table: "x"}, timestamp=T)
    damaged = folder / "damaged" / "oa-1-big-Data.db"
    damaged.write_bytes(damaged.read_bytes()[:-20])
    for path in (OWN / "me" / "columns_8").glob("me-*"):
        shutil.copy(path, folder / path.name)
    _inputs(folder)
    _sides_of_a_diff(folder)


def _table(cql: str) -> TableSchema:
    (table,) = parse_cql(cql).tables()
    return table


def _with_schema(folder: Path, schema: TableSchema) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.cql").write_text(schema.to_cql(with_internals=False), encoding="utf-8")
    return folder


def _write_orders(folder: Path, schema: TableSchema, format: str) -> None:
    with Writer(schema, _with_schema(folder, schema), format=format) as writer:
        for id in range(60):
            for line in range(4):
                row = {"name": f"n{id}", "status": "new", "total": Decimal(id)}
                writer.write({"id": id, "line": line, **row}, timestamp=T)


def _inputs(folder: Path) -> None:
    (folder / "table.cql").write_text(ORDERS, encoding="utf-8")
    with Table(folder / "snapshot") as table:
        rows = table.to_arrow()
        (sstable,) = table.sstables
        with (folder / "dump.json").open("w", encoding="utf-8") as out:
            SSTableDump(out, sstable.schema, T // 1_000_000).write(sstable)
    pa.parquet.write_table(rows, folder / "rows.parquet")
    for name in ("a.csv", "b.csv"):
        pa.csv.write_csv(rows, folder / name)


def _sides_of_a_diff(folder: Path) -> None:
    schema = _table(DIFFERENT)
    before, after = (_with_schema(folder / name, schema) for name in ("before", "after"))
    with Writer(schema, before) as writer:
        writer.write({"id": 3, "c": 1, "v": "gone"}, timestamp=T)
        writer.write({"id": 4, "c": 1, "v": "old"}, timestamp=T)
    with Writer(schema, after) as writer:
        writer.write({"id": 9, "c": 1, "v": "new"}, timestamp=T + 5)
        writer.write({"id": 4, "c": 1, "v": "newer"}, timestamp=T + 7)
