"""Which of Parquet's columns get dictionaries, at any depth, and that values stay as they are."""

import datetime
import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from cqlite.export.table_files import open_table_file

SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("day", pa.date32()),
        ("at", pa.timestamp("ms", "UTC")),
        ("reading", pa.float64()),
        ("count", pa.int64()),
        ("id", pa.uuid()),
        ("tags", pa.list_(pa.string())),
        ("scores", pa.map_(pa.string(), pa.int32())),
        ("place", pa.struct([("street", pa.string()), ("number", pa.int32())])),
    ]
)
ROW = {
    "name": "a",
    "day": datetime.date(2024, 2, 29),
    "at": datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC),
    "reading": 1.5,
    "count": 7,
    "id": b"0123456789abcdef",
    "tags": ["x", "y"],
    "scores": [("k", 1)],
    "place": {"street": "s", "number": 3},
}


def columns(file: pq.ParquetFile) -> Iterator[tuple[str, bool]]:
    group = file.metadata.row_group(0)
    for i in range(group.num_columns):
        yield group.column(i).path_in_schema, group.column(i).has_dictionary_page


def test_texts_bytes_and_dates_have_dictionaries() -> None:
    table = pa.Table.from_pylist([ROW] * 3, SCHEMA)
    stream = io.BytesIO()
    writer = open_table_file("parquet", stream, SCHEMA)
    for batch in table.to_batches():
        writer.write(batch)
    writer.close()
    file = pq.ParquetFile(pa.BufferReader(stream.getvalue()))
    assert {path for path, has in columns(file) if has} == {
        "name",
        "day",
        "id",
        "tags.list.element",
        "scores.key_value.key",
        "place.street",
    }
    assert file.read().to_pylist() == table.to_pylist()
