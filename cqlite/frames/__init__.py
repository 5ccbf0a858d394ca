"""Tables for SQL and data frames: DuckDB and Polars, which read only what they need."""

from cqlite.frames.dataset import dataset
from cqlite.frames.duck import connect
from cqlite.frames.polars_source import scan_polars

__all__ = ["connect", "dataset", "scan_polars"]
