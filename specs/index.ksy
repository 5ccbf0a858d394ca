meta:
  id: index
  title: Apache Cassandra SSTable, Index.db of the BIG format
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
  An entry for each partition, in the order of Data.db: the key, where the partition
  starts in Data.db (uncompressed), and for large partitions an index of blocks of
  rows, which `body` shows as bytes. Its layout is `promoted_index`, which takes the
  clustering columns' value lengths, since nothing in the file tells them.
doc-ref: org.apache.cassandra.io.sstable.format.big.BigTableWriter.IndexWriter
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file.
    -orig-id: Index.db
types:
  body:
    doc: All entries.
    doc-ref: org.apache.cassandra.io.sstable.format.big.BigTableWriter.IndexWriter
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: entries
        type: entry
        repeat: eos
        doc: An entry for each partition.
        -orig-id: entries
  entry:
    doc: Key and place of a partition.
    doc-ref: org.apache.cassandra.io.sstable.format.big.RowIndexEntry.Serializer
    seq:
      - id: len_key
        type: u2
        doc: Length of the key in bytes.
        -orig-id: length
      - id: key
        size: len_key
        doc: The partition key.
        -orig-id: key
      - id: position
        type: vint
        doc: Where the partition starts in Data.db, in bytes before compression.
        -orig-id: position
      - id: len_promoted_index
        type: vint
        doc: Length of the index of blocks in bytes; 0 if there is none.
        -orig-id: size
      - id: promoted_index
        size: len_promoted_index.value
        doc: The index of blocks, see the type `promoted_index`.
        -orig-id: columnsIndex
  promoted_index:
    doc: Where the blocks of a large partition are and which rows they hold.
    doc-ref: org.apache.cassandra.io.sstable.format.big.RowIndexEntry.Serializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: clustering_shapes
        type: s4[]
        doc: Length of each clustering column's values, -1 if variable.
    seq:
      - id: header
        type: promoted_index_header(version)
        doc: What is known of the partition as a whole.
        -orig-id: IndexedEntry
      - id: blocks
        type: block(version, clustering_shapes)
        repeat: expr
        repeat-expr: header.num_blocks.value
        doc: The blocks in the order of Data.db.
        -orig-id: columnsIndex
      - id: offsets
        type: u4
        repeat: expr
        repeat-expr: header.num_blocks.value
        doc: Where each block's entry starts, in bytes from the first one.
        -orig-id: offsets
  promoted_index_header:
    doc: What an index of blocks says of the partition as a whole.
    doc-ref: org.apache.cassandra.io.sstable.format.big.RowIndexEntry.Serializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: header_length
        type: vint
        doc: |
          Length of what precedes the first block in Data.db: the partition's key and
          deletion and the static row, in bytes.
        -orig-id: headerLength
      - id: partition_deletion
        type: deletion_time::deletion(version)
        doc: The partition's deletion, as in Data.db.
        -orig-id: deletionTime
      - id: num_blocks
        type: vint
        doc: Number of blocks.
        -orig-id: columnsIndexCount
  promoted_index_offsets:
    doc: |
      The same bytes as `promoted_index`, read for the offsets alone, so that a block
      can be found without reading those before it.
    doc-ref: org.apache.cassandra.io.sstable.format.big.RowIndexEntry.ShallowInfoRetriever
    params:
      - id: num_offsets
        type: u4
        doc: Number of blocks, as the header says.
    seq:
      - id: before
        size: _io.size - num_offsets.as<u8> * 4
        doc: The header and the blocks.
        -orig-id: indexInfo
      - id: offsets
        type: u4
        repeat: expr
        repeat-expr: num_offsets
        doc: Where each block's entry starts, in bytes from the first one.
        -orig-id: offsets
  block:
    doc: A block of rows and range tombstone bounds, of some 64 KiB unless configured otherwise.
    doc-ref: org.apache.cassandra.io.sstable.IndexInfo
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: clustering_shapes
        type: s4[]
        doc: Length of each clustering column's values, -1 if variable.
    seq:
      - id: first_name
        type: clustering::prefix(clustering_shapes)
        doc: Clustering of the block's first row, or the bound it starts with.
        -orig-id: firstName
      - id: last_name
        type: clustering::prefix(clustering_shapes)
        doc: Clustering of the block's last row, or the bound it ends with.
        -orig-id: lastName
      - id: offset
        type: vint
        doc: Where the block starts, in bytes from the partition's start.
        -orig-id: offset
      - id: width_delta
        type: vint
        doc: The block's length in bytes less 65536, signed.
        -orig-id: width
      - id: has_end_open_marker
        type: u1
        valid:
          max: 1
        doc: Whether a range tombstone is open where the block ends.
        -orig-id: endOpenMarker
      - id: end_open_marker
        type: deletion_time::deletion(version)
        if: has_end_open_marker != 0
        doc: Deletion of the range tombstone that is open where the block ends.
        -orig-id: endOpenMarker
    instances:
      width:
        value: width_delta.signed + 65536
        doc: The block's length in bytes.
        -orig-id: width
