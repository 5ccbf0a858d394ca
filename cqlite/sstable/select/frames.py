"""What a scan gives all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from cqlite.sstable.select.scan import Scan


class Frames:
    """What can be scanned, as a whole in the forms of other libraries."""

    if TYPE_CHECKING:

        def scan(self, *arguments: Any, **options: Any) -> Scan:
            """The rows as Arrow record batches."""

    def to_arrow(self, *arguments: Any, **options: Any) -> pyarrow.Table:
        """All rows as a ``pyarrow.Table``; takes and raises what :meth:`scan` does."""
        return self.scan(*arguments, **options).to_arrow()

    def to_pandas(self, *arguments: Any, **options: Any) -> pandas.DataFrame:
        """All rows as a ``pandas.DataFrame``; takes and raises what :meth:`scan` does."""
        return self.scan(*arguments, **options).to_pandas()

    def to_polars(self, *arguments: Any, **options: Any) -> polars.DataFrame:
        """All rows as a ``polars.DataFrame``; takes and raises what :meth:`scan` does."""
        return self.scan(*arguments, **options).to_polars()
