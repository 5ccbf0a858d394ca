meta:
  id: summary
  title: Apache Cassandra SSTable, Summary.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
doc: |
  A sample of Index.db of the BIG format: every so many partition keys (128 unless the
  table says otherwise) one key and its place in Index.db; then the first and the
  last key of the SSTable. Beware of the byte order: offsets and positions are
  little-endian, everything else is big-endian. The file can be made anew from
  Index.db.
doc-ref: org.apache.cassandra.io.sstable.indexsummary.IndexSummaryComponent
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file.
    -orig-id: Summary.db
types:
  body:
    doc: Sampling, offsets, entries, first and last key.
    doc-ref: |
      org.apache.cassandra.io.sstable.indexsummary.IndexSummary.IndexSummarySerializer
      org.apache.cassandra.io.sstable.indexsummary.IndexSummaryComponent
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: min_index_interval
        type: s4
        doc: Number of partitions from one entry to the next at full sampling.
        -orig-id: minIndexInterval
      - id: num_offsets
        type: u4
        valid:
          max: 0x1fffffff
        doc: Number of entries.
        -orig-id: offsetCount
      - id: len_table
        type: s8
        valid:
          min: num_offsets.as<s8> * 4
        doc: Length of offsets and entries together, in bytes.
        -orig-id: offHeapSize
      - id: sampling_level
        type: s4
        doc: How many of every 128 entries are kept; 128 at full sampling.
        -orig-id: samplingLevel
      - id: size_at_full_sampling
        type: s4
        doc: Number of entries that there would be at full sampling.
        -orig-id: sizeAtFullSampling
      - id: offsets
        type: u4le
        repeat: expr
        repeat-expr: num_offsets
        doc: Where each entry starts, in bytes from the first offset.
        -orig-id: offsets
      - id: entries
        type: >-
          entry((_index + 1 < num_offsets ? offsets[_index + 1].as<s8> : len_table)
          - offsets[_index])
        repeat: expr
        repeat-expr: offsets.size
        doc: The entries in the order of their tokens.
        -orig-id: entries
      - id: len_first_key
        type: u4
        doc: Length of the first key in bytes.
        -orig-id: length
      - id: first_key
        size: len_first_key
        doc: Key of the first partition.
        -orig-id: first
      - id: len_last_key
        type: u4
        doc: Length of the last key in bytes.
        -orig-id: length
      - id: last_key
        size: len_last_key
        doc: Key of the last partition.
        -orig-id: last
  entry:
    doc: A partition key and its place in Index.db.
    doc-ref: org.apache.cassandra.io.sstable.indexsummary.IndexSummary
    params:
      - id: len_entry
        type: s8
        doc: Length of the entry in bytes.
    seq:
      - id: key
        size: len_entry - 8
        doc: The partition key.
        -orig-id: key
      - id: position
        type: u8le
        doc: Where the key's entry starts in Index.db.
        -orig-id: position
