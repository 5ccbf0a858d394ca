meta:
  id: data
  title: Apache Cassandra SSTable, Data.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
    - vint
    - deletion_time
    - clustering
doc: |
  The rows: one partition after another in the order of their tokens, with no
  header, no footer and no padding. Where the SSTable has a CompressionInfo.db this
  is the layout of the decompressed stream, and positions in indexes count in it.

  Nothing in the file tells what columns there are. The serialization header in
  Statistics.db does, and types below that need it take these arrays, with one number
  for each column in the header's order:

  * `clustering_shapes`: the length in bytes of a clustering column's values where
    the type fixes it, else -1;
  * `static_shapes`, `regular_shapes`: the same for static and regular columns, and
    -2 for a complex column, which has any number of cells, each with a path
    (collections and user-defined types that are not frozen).

  The root, which has no header to go by, shows the first partition's key and
  deletion. A spec with a table's own columns baked in shows everything.
doc-ref: org.apache.cassandra.io.sstable.format.SortedTableWriter
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file as far as it can be read without a serialization header.
    -orig-id: Data.db
types:
  body:
    doc: The first partition's header, and all that follows as bytes.
    doc-ref: org.apache.cassandra.io.sstable.format.SortedTableWriter
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: first_partition_header
        type: partition_header(version)
        doc: Key and deletion of the first partition.
        -orig-id: partition
      - id: unparsed
        size-eos: true
        doc: Rows of the first partition and all other partitions.
        -orig-id: unfiltereds
  partition:
    doc: A partition with all that it holds.
    doc-ref: org.apache.cassandra.io.sstable.format.SortedTablePartitionWriter
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: clustering_shapes
        type: s4[]
        doc: Shapes of the clustering columns.
      - id: static_shapes
        type: s4[]
        doc: Shapes of the static columns.
      - id: regular_shapes
        type: s4[]
        doc: Shapes of the regular columns.
    seq:
      - id: header
        type: partition_header(version)
        doc: Key and deletion.
        -orig-id: partitionHeader
      - id: unfiltereds
        type: unfiltered(clustering_shapes, static_shapes, regular_shapes)
        repeat: until
        repeat-until: _.is_end_of_partition
        doc: |
          The static row, if the partition has one, then rows and range tombstone
          markers in clustering order, then the end of the partition.
        -orig-id: unfiltereds
  partition_header:
    doc: A partition's key and what deletes it as a whole.
    doc-ref: org.apache.cassandra.io.sstable.format.SortedTablePartitionWriter.start
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: len_key
        type: u2
        doc: Length of the key in bytes.
        -orig-id: length
      - id: key
        size: len_key
        doc: |
          The partition key in the serialized form of its type. Where it has several
          columns each of them is a two-byte length, the value and a zero byte.
        -orig-id: key
      - id: deletion
        type: deletion_time::deletion(version)
        doc: When the whole partition was deleted, if it was.
        -orig-id: partitionLevelDeletion
  unfiltered:
    doc: |
      A row, a range tombstone marker, or the end of the partition. Called unfiltered
      because tombstones have not been filtered out yet.
    doc-ref: org.apache.cassandra.db.rows.UnfilteredSerializer
    params:
      - id: clustering_shapes
        type: s4[]
        doc: Shapes of the clustering columns.
      - id: static_shapes
        type: s4[]
        doc: Shapes of the static columns.
      - id: regular_shapes
        type: s4[]
        doc: Shapes of the regular columns.
    seq:
      - id: flags
        type: u1
        doc: What it is and which of its fields are there; see the instances.
        -orig-id: flags
      - id: extended_flags
        type: u1
        if: has_extended_flags
        doc: More flags; taken as zero where they are absent.
        -orig-id: extendedFlags
      - id: row
        type: row(flags, is_static, clustering_shapes, static_shapes, regular_shapes)
        if: is_row
        doc: A row, static or not.
        -orig-id: row
      - id: marker
        type: range_tombstone_marker(clustering_shapes)
        if: is_marker
        doc: A bound or boundary of range tombstones.
        -orig-id: marker
    instances:
      is_end_of_partition:
        value: flags & 0x01 != 0
        doc: Nothing follows in this partition.
        -orig-id: END_OF_PARTITION
      is_marker:
        value: not is_end_of_partition and flags & 0x02 != 0
        doc: A range tombstone marker, not a row.
        -orig-id: IS_MARKER
      is_row:
        value: not is_end_of_partition and flags & 0x02 == 0
        doc: A row, static or not.
        -orig-id: ROW
      has_extended_flags:
        value: not is_end_of_partition and flags & 0x80 != 0
        doc: Another byte of flags follows.
        -orig-id: EXTENSION_FLAG
      is_static:
        value: 'has_extended_flags ? extended_flags & 0x01 != 0 : false'
        doc: The static row.
        -orig-id: IS_STATIC
      has_shadowable_deletion:
        value: 'has_extended_flags ? extended_flags & 0x02 != 0 : false'
        doc: |
          The row's deletion is shadowed by newer row liveness (materialized views,
          before 4.0).
        -orig-id: HAS_SHADOWABLE_DELETION
  row:
    doc: A row's clustering, its size, and its content.
    doc-ref: org.apache.cassandra.db.rows.UnfilteredSerializer
    params:
      - id: flags
        type: u1
        doc: Flags of the unfiltered.
      - id: is_static
        type: bool
        doc: Whether this is the static row, which has no clustering.
      - id: clustering_shapes
        type: s4[]
        doc: Shapes of the clustering columns.
      - id: static_shapes
        type: s4[]
        doc: Shapes of the static columns.
      - id: regular_shapes
        type: s4[]
        doc: Shapes of the regular columns.
    seq:
      - id: clustering
        type: clustering::values(clustering_shapes, clustering_shapes.size)
        if: not is_static
        doc: Values of the clustering columns; no byte where the table has none.
        -orig-id: clustering
      - id: len_body
        type: vint
        doc: Length of the rest of the row in bytes.
        -orig-id: rowSize
      - id: body
        type: 'row_body(flags, is_static ? static_shapes : regular_shapes)'
        size: len_body.value
        doc: The rest of the row.
        -orig-id: rowBody
  row_body:
    doc: Liveness, deletion and columns of a row.
    doc-ref: org.apache.cassandra.db.rows.UnfilteredSerializer.serializeRowBody
    params:
      - id: flags
        type: u1
        doc: Flags of the unfiltered.
      - id: shapes
        type: s4[]
        doc: Shapes of the static columns in a static row, else of the regular ones.
    seq:
      - id: len_previous_unfiltered
        type: vint
        doc: |
          Length in bytes of the unfiltered before this one, or for the first that is
          not static, of the partition's header and static row. For reading backwards.
        -orig-id: previousUnfilteredSize
      - id: liveness_info
        type: liveness_info(has_ttl)
        if: has_timestamp
        doc: When the row itself was inserted; absent if only its columns were set.
        -orig-id: primaryKeyLivenessInfo
      - id: deletion
        type: deletion_delta
        if: has_deletion
        doc: When the row was deleted.
        -orig-id: deletion
      - id: columns_subset
        type: columns_subset(shapes.size, has_all_columns)
        doc: Which of the header's columns the row has; no byte where it has all.
        -orig-id: columns
      - id: columns
        type: >-
          column(_index, shapes[_index], has_complex_deletion, columns_subset,
          _index == 0 ? 0 : columns[_index - 1].num_listed)
        repeat: expr
        repeat-expr: shapes.size
        doc: All of the header's columns in its order; those that the row lacks have no byte.
        -orig-id: columnsData
    instances:
      has_timestamp:
        value: flags & 0x04 != 0
        doc: The row has liveness info.
        -orig-id: HAS_TIMESTAMP
      has_ttl:
        value: flags & 0x08 != 0
        doc: The row's liveness info expires.
        -orig-id: HAS_TTL
      has_deletion:
        value: flags & 0x10 != 0
        doc: The row has a deletion.
        -orig-id: HAS_DELETION
      has_all_columns:
        value: flags & 0x20 != 0
        doc: The row has all of the header's columns.
        -orig-id: HAS_ALL_COLUMNS
      has_complex_deletion:
        value: flags & 0x40 != 0
        doc: Every complex column in the row starts with a deletion.
        -orig-id: HAS_COMPLEX_DELETION
  liveness_info:
    doc: A timestamp, and where it expires the time to live and when that ends.
    doc-ref: org.apache.cassandra.db.LivenessInfo
    params:
      - id: has_ttl
        type: bool
        doc: Whether it expires.
    seq:
      - id: timestamp
        type: vint
        doc: Microseconds, less the header's minimum timestamp.
        -orig-id: timestamp
      - id: ttl
        type: vint
        if: has_ttl
        doc: Seconds, less the header's minimum time to live.
        -orig-id: ttl
      - id: local_expiration_time
        type: vint
        if: has_ttl
        doc: Seconds since 1970, less the header's minimum local deletion time, in 32 bits.
        -orig-id: localExpirationTime
  deletion_delta:
    doc: A deletion time as differences from the serialization header's minimums.
    doc-ref: org.apache.cassandra.db.SerializationHeader.writeDeletionTime
    seq:
      - id: marked_for_delete_at
        type: vint
        doc: Microseconds, less the header's minimum timestamp.
        -orig-id: markedForDeleteAt
      - id: local_deletion_time
        type: vint
        doc: Seconds since 1970, less the header's minimum local deletion time, in 32 bits.
        -orig-id: localDeletionTime
  columns_subset:
    doc: |
      Which of the header's columns a row has. Below 64 columns a bitmap with a one bit
      for each column that is missing, the first column in the least significant bit.
      From 64 on the number of missing columns, then the indexes of those that are
      present if they are fewer than half, else of those that are missing.
    doc-ref: org.apache.cassandra.db.Columns.Serializer.deserializeSubset
    params:
      - id: num_columns
        type: s4
        doc: Number of columns in the header.
      - id: has_all_columns
        type: bool
        doc: Whether the row's flags say that it has all, and nothing is written here.
    seq:
      - id: missing
        type: vint
        if: not has_all_columns
        doc: |
          Bitmap of the missing columns, or their number if there are 64 columns or more.
          Zero means that none is missing.
        -orig-id: encoded
      - id: indexes
        type: vint
        repeat: expr
        repeat-expr: num_indexes
        if: is_large
        doc: Indexes of the columns that are present, or missing, in ascending order.
        -orig-id: idx
    instances:
      is_small:
        value: not has_all_columns and num_columns < 64
        doc: Encoded as a bitmap.
      is_large:
        value: 'not has_all_columns and num_columns >= 64 ? missing.value != 0 : false'
        doc: Encoded as a list of indexes.
        -orig-id: deserializeLargeSubset
      num_present:
        value: num_columns - missing.value
        if: is_large
        doc: Number of columns that the row has.
        -orig-id: columnCount
      lists_present:
        value: 'is_large ? num_present < num_columns / 2 : false'
        doc: Whether the indexes are of the columns that are present.
      num_indexes:
        value: 'is_large ? (lists_present ? num_present : missing.value) : 0'
        doc: Number of indexes.
  column:
    doc: A column's cell or cells, or nothing where the row lacks it.
    doc-ref: org.apache.cassandra.db.rows.UnfilteredSerializer.writeComplexColumn
    params:
      - id: index
        type: s4
        doc: The column's index in the header.
      - id: shape
        type: s4
        doc: The column's shape.
      - id: has_complex_deletion
        type: bool
        doc: Whether complex columns of this row start with a deletion.
      - id: subset
        type: columns_subset
        doc: Which columns the row has.
      - id: num_listed_before
        type: s4
        doc: How many of the subset's indexes are below this column's.
    seq:
      - id: cell
        type: cell(shape)
        if: is_present and shape != -2
        doc: The cell of a simple column.
        -orig-id: cell
      - id: complex
        type: complex_column(has_complex_deletion)
        if: is_present and shape == -2
        doc: The cells of a complex column.
        -orig-id: complexColumnData
    instances:
      missing_byte:
        value: >-
          index / 8 < subset.missing.len_extra ?
          subset.missing.extra[subset.missing.len_extra - 1 - index / 8] :
          index / 8 == subset.missing.len_extra ?
          subset.missing.first & (0x7f >> subset.missing.len_extra) : 0
        if: subset.is_small
        doc: |
          The bitmap's byte that holds this column's bit. Taken from the bytes, since the
          bitmap can have more bits than JavaScript's numbers.
      is_listed:
        value: >-
          subset.is_large and num_listed_before < subset.num_indexes ?
          subset.indexes[num_listed_before].value == index : false
        doc: Whether the subset's indexes name this column.
      num_listed:
        value: 'is_listed ? num_listed_before + 1 : num_listed_before'
        doc: How many of the subset's indexes are up to this column's.
      is_present:
        value: >-
          subset.is_large ? is_listed == subset.lists_present :
          subset.is_small ? (missing_byte >> (index % 8)) & 1 == 0 : true
        doc: Whether the row has this column.
  complex_column:
    doc: The cells of a collection or user-defined type that is not frozen.
    doc-ref: org.apache.cassandra.db.rows.ComplexColumnData
    params:
      - id: has_deletion
        type: bool
        doc: Whether a deletion of the whole column comes first.
    seq:
      - id: deletion
        type: deletion_delta
        if: has_deletion
        doc: |
          When the whole column was deleted. Present in every complex column of the row
          if in one; where this one was not deleted its numbers are those of a live
          deletion time.
        -orig-id: complexDeletion
      - id: num_cells
        type: vint
        doc: Number of cells.
        -orig-id: count
      - id: cells
        type: complex_cell
        repeat: expr
        repeat-expr: num_cells.value
        doc: The cells in the order of their paths.
        -orig-id: cells
  cell_header:
    doc: What is common to all cells, a flag byte and times.
    doc-ref: org.apache.cassandra.db.rows.Cell.Serializer
    seq:
      - id: flags
        type: u1
        doc: Which fields follow; see the instances.
        -orig-id: flags
      - id: timestamp
        type: vint
        if: not uses_row_timestamp
        doc: Microseconds, less the header's minimum timestamp.
        -orig-id: timestamp
      - id: local_deletion_time
        type: vint
        if: (is_deleted or is_expiring) and not uses_row_ttl
        doc: |
          Seconds since 1970, less the header's minimum local deletion time: when the
          cell was deleted, or when it expires. Below zero, so of nine bytes, where what has
          expired was compacted to a tombstone of when it was written, which is earlier than
          the minimum of what was compacted.
        -orig-id: localDeletionTime
      - id: ttl
        type: vint
        if: is_expiring and not uses_row_ttl
        doc: Seconds, less the header's minimum time to live.
        -orig-id: ttl
    instances:
      is_deleted:
        value: flags & 0x01 != 0
        doc: A tombstone.
        -orig-id: IS_DELETED_MASK
      is_expiring:
        value: flags & 0x02 != 0
        doc: Has a time to live.
        -orig-id: IS_EXPIRING_MASK
      has_empty_value:
        value: flags & 0x04 != 0
        doc: No value follows.
        -orig-id: HAS_EMPTY_VALUE_MASK
      uses_row_timestamp:
        value: flags & 0x08 != 0
        doc: The timestamp is that of the row's liveness info.
        -orig-id: USE_ROW_TIMESTAMP_MASK
      uses_row_ttl:
        value: flags & 0x10 != 0
        doc: Time to live and its end are those of the row's liveness info.
        -orig-id: USE_ROW_TTL_MASK
  cell:
    doc: The one cell of a simple column.
    doc-ref: org.apache.cassandra.db.rows.Cell.Serializer
    params:
      - id: shape
        type: s4
        doc: The column's shape.
    seq:
      - id: header
        type: cell_header
        doc: Flags and times.
        -orig-id: cell
      - id: len_value
        type: vint
        if: shape < 0 and not header.has_empty_value
        doc: Length of the value in bytes, where the type does not fix it.
        -orig-id: length
      - id: value
        size: 'shape < 0 ? len_value.value : shape'
        if: not header.has_empty_value
        doc: The value in the serialized form of the column's type.
        -orig-id: value
  complex_cell:
    doc: One of the cells of a complex column.
    doc-ref: org.apache.cassandra.db.rows.Cell.Serializer
    seq:
      - id: header
        type: cell_header
        doc: Flags and times.
        -orig-id: cell
      - id: len_path
        type: vint
        doc: Length of the path in bytes.
        -orig-id: length
      - id: path
        size: len_path.value
        doc: |
          Which cell of the column: a list's element by a time UUID, a set's by its value,
          a map's by its key, a field of a user-defined type by its two-byte position.
        -orig-id: path
      - id: len_value
        type: vint
        if: not header.has_empty_value
        doc: Length of the value in bytes.
        -orig-id: length
      - id: value
        size: len_value.value
        if: not header.has_empty_value
        doc: The value in the serialized form of its type; a set's cells have none.
        -orig-id: value
  range_tombstone_marker:
    doc: Where a deletion of a range of rows starts or ends, or one ends and another starts.
    doc-ref: org.apache.cassandra.db.rows.RangeTombstoneMarker
    params:
      - id: clustering_shapes
        type: s4[]
        doc: Shapes of the clustering columns.
    seq:
      - id: bound
        type: clustering::bound(clustering_shapes)
        doc: The place among the rows.
        -orig-id: clustering
      - id: len_body
        type: vint
        doc: Length of the rest of the marker in bytes.
        -orig-id: markerSize
      - id: body
        type: marker_body(bound.kind)
        size: len_body.value
        doc: The rest of the marker.
        -orig-id: markerBody
  marker_body:
    doc: The deletion of a bound, or both deletions of a boundary.
    doc-ref: org.apache.cassandra.db.rows.UnfilteredSerializer.deserializeMarkerBody
    params:
      - id: kind
        type: u1
        enum: clustering::kind
        doc: Kind of the marker's bound.
    seq:
      - id: len_previous_unfiltered
        type: vint
        doc: Length of the unfiltered before this one in bytes.
        -orig-id: previousUnfilteredSize
      - id: deletion
        type: deletion_delta
        doc: The deletion that starts or ends here; of a boundary the one that ends.
        -orig-id: endDeletion
      - id: start_deletion
        type: deletion_delta
        if: is_boundary
        doc: The deletion that starts at a boundary.
        -orig-id: startDeletion
    instances:
      is_boundary:
        value: >-
          kind == clustering::kind::excl_end_incl_start_boundary or
          kind == clustering::kind::incl_end_excl_start_boundary
        doc: Whether one deletion ends and another starts.
        -orig-id: isBoundary
