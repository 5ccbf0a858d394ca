meta:
  id: statistics
  title: Apache Cassandra SSTable, Statistics.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
    - vint
    - clustering
doc: |
  What is known of an SSTable as a whole, in up to four parts: `validation` (the
  partitioner), `compaction` (an estimate of the number of partitions), `stats`
  (ranges, histograms, repair state) and `header` (the columns and the minimums that
  Data.db is encoded against). A table of contents says where each part starts; each
  ends where the next one starts. From `na` on the count, the table of contents and
  each part are followed by a CRC32.
doc-ref: org.apache.cassandra.io.sstable.metadata.MetadataSerializer
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file, in the form of `oa` and `da`.
    -orig-id: Statistics.db
types:
  body:
    doc: Table of contents and parts.
    doc-ref: org.apache.cassandra.io.sstable.metadata.MetadataSerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: toc
        type: toc(version)
        doc: Which parts there are, and where each starts.
        -orig-id: toc
      - id: components
        type: >-
          component(version, toc.entries[_index].kind,
          (_index + 1 < toc.entries.size ? toc.entries[_index + 1].ofs_component.as<s8> : _io.size.as<s8>)
          - toc.entries[_index].ofs_component)
        repeat: expr
        repeat-expr: toc.entries.size
        doc: The parts, in the order of the table of contents.
        -orig-id: components
  toc:
    doc: The table of contents.
    doc-ref: org.apache.cassandra.io.sstable.metadata.MetadataSerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: num_entries
        type: u4
        valid:
          min: 1
          max: 4
        doc: Number of parts.
        -orig-id: count
      - id: num_entries_checksum
        type: u4
        if: version >= version::id::na.to_i
        doc: CRC32 of the four bytes before it.
        -orig-id: checksum
      - id: entries
        type: toc_entry
        repeat: expr
        repeat-expr: num_entries
        doc: One entry for each part.
        -orig-id: toc
      - id: entries_checksum
        type: u4
        if: version >= version::id::na.to_i
        doc: CRC32 of the number and the entries, without the checksum between them.
        -orig-id: checksum
  toc_entry:
    doc: Which part, and where it starts.
    doc-ref: org.apache.cassandra.io.sstable.metadata.MetadataSerializer
    seq:
      - id: kind
        type: u4
        enum: metadata_type
        valid:
          any-of:
            - metadata_type::validation
            - metadata_type::compaction
            - metadata_type::stats
            - metadata_type::header
        doc: Which part.
        -orig-id: type
      - id: ofs_component
        type: u4
        doc: Where the part starts, in bytes from the start of the file.
        -orig-id: lastPosition
  component:
    doc: A part and, from `na` on, its checksum.
    doc-ref: org.apache.cassandra.io.sstable.metadata.MetadataSerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: kind
        type: u4
        enum: metadata_type
        doc: Which part.
      - id: len_component
        type: s8
        doc: Length in bytes, with the checksum.
    seq:
      - id: content
        size: 'version >= version::id::na.to_i ? len_component - 4 : len_component'
        type:
          switch-on: kind
          cases:
            metadata_type::validation: validation_metadata
            metadata_type::compaction: compaction_metadata
            metadata_type::stats: stats_metadata(version)
            metadata_type::header: serialization_header
        doc: The part itself.
        -orig-id: component
      - id: checksum
        type: u4
        if: version >= version::id::na.to_i
        doc: CRC32 of the part.
        -orig-id: checksum
  checksummed:
    doc: |
      A part that has a checksum, as bytes, for readers that check before they look
      into it.
    doc-ref: org.apache.cassandra.io.sstable.metadata.MetadataSerializer
    params:
      - id: len_component
        type: s8
        doc: Length in bytes, with the checksum.
    seq:
      - id: content
        size: len_component - 4
        doc: The part itself.
        -orig-id: component
      - id: checksum
        type: u4
        doc: CRC32 of the part.
        -orig-id: checksum
  validation_metadata:
    doc: What must fit for the SSTable to be opened at all.
    doc-ref: org.apache.cassandra.io.sstable.metadata.ValidationMetadata
    seq:
      - id: partitioner
        type: short_string
        doc: Class name of the partitioner.
        -orig-id: partitioner
      - id: bloom_filter_fp_chance
        type: f8
        doc: The chance of a false positive that the Bloom filter was sized for.
        -orig-id: bloomFilterFPChance
  compaction_metadata:
    doc: What compaction takes into account when it chooses and sizes.
    doc-ref: org.apache.cassandra.io.sstable.metadata.CompactionMetadata
    seq:
      - id: len_cardinality
        type: u4
        doc: Length of the sketch in bytes.
        -orig-id: length
      - id: cardinality
        size: len_cardinality
        type: cardinality
        doc: Sketch from which the number of distinct partition keys is estimated.
        -orig-id: cardinalityEstimator
  cardinality:
    doc: |
      A HyperLogLog++ sketch of the partition keys, with precisions 13 and 25 in all
      that Cassandra writes. It is sparse up to some 6144 keys, then normal.
    doc-ref: com.clearspring.analytics.stream.cardinality.HyperLogLogPlus
    seq:
      - id: codec
        type: s4
        valid: -2
        doc: The library's version of its own encoding, negated.
        -orig-id: VERSION
      - id: precision
        type: uleb
        doc: The normal form has two to the power of this many registers.
        -orig-id: p
      - id: sparse_precision
        type: uleb
        doc: How many bits of a key's hash the sparse form keeps as an index.
        -orig-id: sp
      - id: format
        type: uleb
        doc: 0 for the normal form, 1 for the sparse one.
        -orig-id: format
      - id: len_registers
        type: uleb
        if: is_normal
        doc: Length of the registers in bytes.
        -orig-id: size
      - id: registers
        size: len_registers.value
        type: registers
        if: is_normal
        doc: The registers of the normal form.
        -orig-id: registerSet
      - id: num_sparse
        type: uleb
        if: not is_normal
        doc: Number of entries of the sparse form.
        -orig-id: sparseSet.length
      - id: sparse
        type: uleb
        repeat: expr
        repeat-expr: num_sparse.value
        if: not is_normal
        doc: Encoded hashes in ascending order, each as the difference to the one before it.
        -orig-id: sparseSet
    instances:
      is_normal:
        value: format.value == 0
        doc: Whether the sketch is in the normal form.
        -orig-id: Format.NORMAL
  registers:
    doc: |
      Registers of five bits, six to a word from the least significant bit on. The
      word's top two bits are unused.
    doc-ref: com.clearspring.analytics.stream.cardinality.RegisterSet
    seq:
      - id: words
        type: u4
        repeat: eos
        doc: Six registers each.
        -orig-id: M
  uleb:
    doc: An unsigned integer in groups of seven bits, least significant first, as in protobuf.
    doc-ref: com.clearspring.analytics.util.Varint
    seq:
      - id: groups
        type: u1
        repeat: until
        repeat-until: _ < 0x80
        doc: Seven bits each; the top bit is set in all but the last.
        -orig-id: b
    instances:
      value:
        value: >-
          (groups[0] & 0x7f).as<u8>
          + (groups.size > 1 ? (groups[1] & 0x7f).as<u8> * 0x80 : 0)
          + (groups.size > 2 ? (groups[2] & 0x7f).as<u8> * 0x4000 : 0)
          + (groups.size > 3 ? (groups[3] & 0x7f).as<u8> * 0x200000 : 0)
          + (groups.size > 4 ? (groups[4] & 0x7f).as<u8> * 0x10000000 : 0)
        doc: The integer; more than five groups are not written.
        -orig-id: readUnsignedVarInt
  stats_metadata:
    doc: Ranges, counts, histograms and the state of repair.
    doc-ref: org.apache.cassandra.io.sstable.metadata.StatsMetadata
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: estimated_partition_size
        type: estimated_histogram
        doc: Partitions by their size in Data.db, uncompressed, in bytes.
        -orig-id: estimatedPartitionSize
      - id: estimated_cell_per_partition_count
        type: estimated_histogram
        doc: Partitions by their number of cells.
        -orig-id: estimatedCellPerPartitionCount
      - id: commit_log_upper_bound
        type: commit_log_position
        doc: Everything up to this place of the commit log is in the SSTable.
        -orig-id: commitLogUpperBound
      - id: min_timestamp
        type: s8
        doc: Smallest timestamp of cells, rows and deletions; by convention in microseconds.
        -orig-id: minTimestamp
      - id: max_timestamp
        type: s8
        doc: Largest timestamp of cells, rows and deletions; by convention in microseconds.
        -orig-id: maxTimestamp
      - id: min_local_deletion_time
        type: u4
        doc: |
          Smallest local deletion time in seconds since 1970. What neither is deleted
          nor expires counts as 2147483647 up to `nc` and as 4294967295 from `oa` on.
        -orig-id: minLocalDeletionTime
      - id: max_local_deletion_time
        type: u4
        doc: Largest local deletion time, in the same way.
        -orig-id: maxLocalDeletionTime
      - id: min_ttl
        type: s4
        doc: Smallest time to live in seconds, 0 where there is none.
        -orig-id: minTTL
      - id: max_ttl
        type: s4
        doc: Largest time to live in seconds.
        -orig-id: maxTTL
      - id: compression_ratio
        type: f8
        doc: Compressed size over uncompressed size; -1 where Data.db is not compressed.
        -orig-id: compressionRatio
      - id: estimated_tombstone_drop_time
        type: tombstone_histogram(version)
        doc: Tombstones and expiring cells by their local deletion time.
        -orig-id: estimatedTombstoneDropTime
      - id: sstable_level
        type: s4
        doc: Level in leveled compaction, 0 otherwise.
        -orig-id: sstableLevel
      - id: repaired_at
        type: s8
        doc: When the SSTable was repaired, in milliseconds since 1970; 0 if it was not.
        -orig-id: repairedAt
      - id: min_clustering_values
        type: clustering_values
        if: version < version::id::oa.to_i
        doc: Smallest value of each clustering column; not to be relied on before `md`.
        -orig-id: minClusteringValues
      - id: max_clustering_values
        type: clustering_values
        if: version < version::id::oa.to_i
        doc: Largest value of each clustering column; not to be relied on before `md`.
        -orig-id: maxClusteringValues
      - id: covered_clustering
        type: covered_clustering
        if: version >= version::id::oa.to_i
        doc: A range of clusterings that holds all rows and range tombstones.
        -orig-id: coveredClustering
      - id: has_legacy_counter_shards
        type: u1
        valid:
          max: 1
        doc: Whether there are counter shards in the form of before 2.1.
        -orig-id: hasLegacyCounterShards
      - id: total_columns_set
        type: s8
        doc: Number of cells; a collection counts once.
        -orig-id: totalColumnsSet
      - id: total_rows
        type: s8
        doc: Number of rows.
        -orig-id: totalRows
      - id: commit_log_lower_bound
        type: commit_log_position
        if: version >= version::id::mb.to_i
        doc: Where the part of the commit log starts that the SSTable covers.
        -orig-id: commitLogLowerBound
      - id: commit_log_intervals
        type: commit_log_intervals
        if: version >= version::id::mc.to_i
        doc: The parts of the commit log that the SSTable covers.
        -orig-id: commitLogIntervals
      - id: has_pending_repair
        type: u1
        if: version >= version::id::na.to_i
        valid:
          max: 1
        doc: Whether the SSTable belongs to a repair session that is not finished.
        -orig-id: pendingRepair
      - id: pending_repair
        size: 16
        if: version >= version::id::na.to_i and has_pending_repair != 0
        doc: The repair session's time-based UUID.
        -orig-id: pendingRepair
      - id: is_transient
        type: u1
        if: version >= version::id::na.to_i
        valid:
          max: 1
        doc: Whether the data is of a transient replica.
        -orig-id: isTransient
      - id: has_originating_host_id
        type: u1
        if: knows_originating_host_id
        valid:
          max: 1
        doc: Whether the host that wrote the SSTable is known.
        -orig-id: originatingHostId
      - id: originating_host_id
        size: 16
        if: knows_originating_host_id and has_originating_host_id != 0
        doc: UUID of the host that wrote the SSTable.
        -orig-id: originatingHostId
      - id: has_partition_level_deletions
        type: u1
        if: version >= version::id::oa.to_i
        valid:
          max: 1
        doc: Whether any whole partition is deleted.
        -orig-id: hasPartitionLevelDeletions
      - id: first_key
        type: vint_bytes
        if: version >= version::id::oa.to_i
        doc: Key of the first partition.
        -orig-id: firstKey
      - id: last_key
        type: vint_bytes
        if: version >= version::id::oa.to_i
        doc: Key of the last partition.
        -orig-id: lastKey
      - id: token_space_coverage
        type: f8
        if: version >= version::id::oa.to_i
        doc: Share of the tokens that are local to the node which the SSTable covers; NaN if unknown.
        -orig-id: tokenSpaceCoverage
      - id: prerelease
        type: prerelease_stats
        if: version == version::id::nc.to_i
        doc: What only `nc` has here, and 5.0 as released passes over.
        -orig-id: StatsMetadata
      - id: padding
        size-eos: true
        if: version >= version::id::oa.to_i
        doc: |
          Zeros, four for each point of the tombstone histogram: Cassandra allots the
          part with the points' former width, and writes all that it has allotted.
        -orig-id: bytes
    instances:
      knows_originating_host_id:
        value: version == version::id::me.to_i or version >= version::id::nb.to_i
        doc: Whether the version has the host's id at all.
        -orig-id: hasOriginatingHostId
  prerelease_stats:
    doc: |
      Fields that came with `nc` while 5.0 was developed, and that the released 5.0 reads
      from `oa` on only, where the range of clusterings replaces the smallest and
      largest values.
    doc-ref: org.apache.cassandra.io.sstable.metadata.StatsMetadata
    seq:
      - id: has_partition_level_deletions
        type: u1
        valid:
          max: 1
        doc: Whether any whole partition is deleted.
        -orig-id: hasPartitionLevelDeletions
      - id: covered_clustering
        type: covered_clustering
        doc: A range of clusterings that holds all rows and range tombstones.
        -orig-id: coveredClustering
      - id: first_key
        type: vint_bytes
        doc: Key of the first partition.
        -orig-id: firstKey
      - id: last_key
        type: vint_bytes
        doc: Key of the last partition.
        -orig-id: lastKey
  estimated_histogram:
    doc: |
      Counts of values in buckets that grow by a fifth. A bucket holds the values
      above the offset of the bucket before it and up to its own; the last bucket has
      those above all offsets.
    doc-ref: org.apache.cassandra.utils.EstimatedHistogram
    seq:
      - id: num_buckets
        type: u4
        valid:
          min: 2
        doc: Number of buckets, one more than there are offsets.
        -orig-id: buckets.length
      - id: buckets
        type: estimated_bucket
        repeat: expr
        repeat-expr: num_buckets
        doc: |
          The buckets, each beside the offset of the bucket before it; the first is
          beside its own.
        -orig-id: buckets
  estimated_bucket:
    doc: A count, and the offset that the bucket starts after.
    doc-ref: org.apache.cassandra.utils.EstimatedHistogram
    seq:
      - id: offset
        type: s8
        doc: |
          Offset of the bucket before this one, which counts the values up to it. Beside
          the first bucket, the first bucket's own offset, so it stands twice.
        -orig-id: bucketOffsets
      - id: count
        type: s8
        doc: How many values are in the bucket.
        -orig-id: buckets
  tombstone_histogram:
    doc: A streaming histogram, in which the nearest points were merged as it grew.
    doc-ref: org.apache.cassandra.utils.streamhist.TombstoneHistogram
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: max_bin_size
        type: u4
        doc: Once the limit of points; now their number.
        -orig-id: maxBinSize
      - id: num_points
        type: u4
        doc: Number of points.
        -orig-id: size
      - id: points
        type: tombstone_point(version)
        repeat: expr
        repeat-expr: num_points
        doc: The points in ascending order.
        -orig-id: bin
  tombstone_point:
    doc: A local deletion time and how many have it; the numbers were wider up to `nc`.
    doc-ref: |
      org.apache.cassandra.utils.streamhist.TombstoneHistogram.HistogramSerializer
      org.apache.cassandra.utils.streamhist.TombstoneHistogram.LegacyHistogramSerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: legacy_local_deletion_time
        type: f8
        if: version < version::id::oa.to_i
        doc: Seconds since 1970, up to `nc`.
        -orig-id: point
      - id: legacy_count
        type: s8
        if: version < version::id::oa.to_i
        doc: How many tombstones, up to `nc`.
        -orig-id: value
      - id: local_deletion_time
        type: s8
        if: version >= version::id::oa.to_i
        doc: Seconds since 1970, from `oa` on.
        -orig-id: point
      - id: count
        type: s4
        if: version >= version::id::oa.to_i
        doc: How many tombstones, from `oa` on.
        -orig-id: value
  commit_log_position:
    doc: A place in the commit log.
    doc-ref: org.apache.cassandra.db.commitlog.CommitLogPosition
    seq:
      - id: segment_id
        type: s8
        doc: Number of the segment; -1 for none.
        -orig-id: segmentId
      - id: position
        type: s4
        doc: Offset in the segment in bytes.
        -orig-id: position
  commit_log_intervals:
    doc: A set of closed intervals that do not overlap.
    doc-ref: org.apache.cassandra.db.commitlog.IntervalSet
    seq:
      - id: num_intervals
        type: u4
        doc: Number of intervals.
        -orig-id: count
      - id: intervals
        type: commit_log_interval
        repeat: expr
        repeat-expr: num_intervals
        doc: The intervals in ascending order.
        -orig-id: ranges
  commit_log_interval:
    doc: From one place of the commit log to another.
    doc-ref: org.apache.cassandra.db.commitlog.IntervalSet
    seq:
      - id: start
        type: commit_log_position
        doc: Where the interval starts.
        -orig-id: key
      - id: end
        type: commit_log_position
        doc: Where the interval ends, inclusive.
        -orig-id: value
  clustering_values:
    doc: A value for each clustering column, or for the first few of them.
    doc-ref: org.apache.cassandra.io.sstable.metadata.StatsMetadata.StatsMetadataSerializer
    seq:
      - id: num_values
        type: u4
        doc: Number of values.
        -orig-id: colCount
      - id: values
        type: short_bytes
        repeat: expr
        repeat-expr: num_values
        doc: The values, in the order of the clustering columns.
        -orig-id: values
  covered_clustering:
    doc: The types of the clustering columns, then a range of clusterings.
    doc-ref: |
      org.apache.cassandra.io.sstable.metadata.StatsMetadata.StatsMetadataSerializer
      org.apache.cassandra.db.Slice.Serializer
    seq:
      - id: types
        type: type_list
        doc: Types of the clustering columns.
        -orig-id: clusteringTypes
      - id: lengths
        type: value_length(types.types[_index].value)
        repeat: expr
        repeat-expr: types.num_types.value
        doc: Length of each column's values; takes no bytes.
        -orig-id: valueLengthIfFixed
      - id: start
        type: slice_bound(lengths)
        doc: Where the range starts.
        -orig-id: start
      - id: end
        type: slice_bound(lengths)
        doc: Where the range ends.
        -orig-id: end
  slice_bound:
    doc: A bound, as in `clustering`, for types that are listed in the file itself.
    doc-ref: org.apache.cassandra.db.ClusteringBoundOrBoundary.Serializer
    params:
      - id: lengths
        type: value_length[]
        doc: Length of each clustering column's values.
    seq:
      - id: kind
        type: u1
        enum: clustering::kind
        valid:
          any-of:
            - clustering::kind::excl_end_bound
            - clustering::kind::incl_start_bound
            - clustering::kind::incl_end_bound
            - clustering::kind::excl_start_bound
        doc: Start or end, including the values or not.
        -orig-id: kind
      - id: num_values
        type: u2
        valid:
          max: lengths.size
        doc: How many of the clustering columns the bound gives, from the first on.
        -orig-id: size
      - id: blocks
        type: slice_block(lengths, _index * 32, num_values)
        repeat: expr
        repeat-expr: (num_values + 31) / 32
        doc: The values, 32 to a block.
        -orig-id: values
  slice_block:
    doc: A header, then those of up to 32 values that are neither null nor empty.
    doc-ref: org.apache.cassandra.db.ClusteringPrefix.Serializer.deserializeValuesWithoutSize
    params:
      - id: lengths
        type: value_length[]
        doc: Length of each clustering column's values.
      - id: first
        type: s4
        doc: Index of the block's first value.
      - id: num_values
        type: s4
        doc: Number of values in all blocks.
    seq:
      - id: header
        type: vint
        doc: Two bits for each value, as in `clustering`.
        -orig-id: header
      - id: items
        type: clustering::value(lengths[first + _index].value, header, _index)
        repeat: expr
        repeat-expr: 'num_values - first < 32 ? num_values - first : 32'
        doc: The block's values.
        -orig-id: values
  value_length:
    doc: |
      The length that a type gives all its values, taken from the type's name. Takes
      no bytes of its own.
    doc-ref: org.apache.cassandra.db.marshal.AbstractType.valueLengthIfFixed
    params:
      - id: text
        type: str
        doc: The type, as Cassandra writes it.
    seq:
      - id: inner
        type: value_length(inner_text)
        if: is_reversed or is_vector
        doc: The reversed type, or the type of the vector's elements.
        -orig-id: baseType
    instances:
      name:
        value: >-
          text.length > 32 and text.substring(0, 32) == "org.apache.cassandra.db.marshal."
          ? text.substring(32, text.length) : text
        doc: The type without the package that Cassandra's own types are in.
      is_reversed:
        value: name.length > 14 and name.substring(0, 13) == "ReversedType("
        doc: Whether this is another type, sorted the other way round.
        -orig-id: ReversedType
      is_vector:
        value: name.length > 16 and name.substring(0, 11) == "VectorType("
        doc: Whether this is a vector, whose dimension stands after its elements' type.
        -orig-id: VectorType
      num_digits:
        value: >-
          name.substring(name.length - 3, name.length - 2) == " " ? 1 :
          name.substring(name.length - 4, name.length - 3) == " " ? 2 :
          name.substring(name.length - 5, name.length - 4) == " " ? 3 : 4
        if: is_vector
        doc: Number of digits of the dimension, of which Cassandra allows at most 8192.
      inner_text:
        value: >-
          is_vector ? name.substring(11, name.length - num_digits - 4)
          : name.substring(13, name.length - 1)
        if: is_reversed or is_vector
        doc: The inner type.
      value:
        value: >-
          is_reversed ? inner.value.as<s4> :
          is_vector ? (inner.value.as<s4> < 0 ? -1 :
          inner.value.as<s4> * name.substring(name.length - num_digits - 1, name.length - 1).to_i) :
          name == "EmptyType" ? 0 :
          name == "BooleanType" ? 1 :
          name == "Int32Type" or name == "FloatType" ? 4 :
          name == "LongType" or name == "DoubleType" or name == "TimestampType" or name == "DateType" ? 8 :
          name == "UUIDType" or name == "TimeUUIDType" or name == "LegacyTimeUUIDType" or name == "LexicalUUIDType" ? 16 : -1
        doc: Length in bytes; -1 where it differs between values.
        -orig-id: valueLengthIfFixed
  serialization_header:
    doc: |
      The types of all columns and the minimums that timestamps, deletion times and
      times to live in Data.db are counted from. Types are written the way Cassandra's
      marshal classes name themselves.
    doc-ref: org.apache.cassandra.db.SerializationHeader.Serializer
    seq:
      - id: min_timestamp
        type: vint
        doc: |
          Timestamps in Data.db are differences to this one, in microseconds, which is
          counted from `timestamp_epoch`, 2015-09-22 00:00 UTC, modulo 2^64.
        -orig-id: minTimestamp
      - id: min_local_deletion_time
        type: vint
        doc: |
          Local deletion times in Data.db are differences to this one, in seconds, which
          is counted from `deletion_time_epoch`, 2015-09-22 00:00 UTC, modulo 2^64.
        -orig-id: minLocalDeletionTime
      - id: min_ttl
        type: vint
        doc: Times to live in Data.db are differences to this one, in seconds.
        -orig-id: minTTL
      - id: key_type
        type: type_name
        doc: Type of the partition key, a composite if it has several columns.
        -orig-id: keyType
      - id: clustering_types
        type: type_list
        doc: Types of the clustering columns.
        -orig-id: clusteringTypes
      - id: static_columns
        type: column_list
        doc: Static columns.
        -orig-id: staticColumns
      - id: regular_columns
        type: column_list
        doc: Regular columns.
        -orig-id: regularColumns
    instances:
      timestamp_epoch:
        value: 1442880000000000
        doc: What `min_timestamp` is counted from, in microseconds since 1970.
        -orig-id: TIMESTAMP_EPOCH
      deletion_time_epoch:
        value: 1442880000
        doc: What `min_local_deletion_time` is counted from, in seconds since 1970.
        -orig-id: DELETION_TIME_EPOCH
  type_list:
    doc: A number of types.
    doc-ref: org.apache.cassandra.serializers.AbstractTypeSerializer
    seq:
      - id: num_types
        type: vint
        doc: Number of types.
        -orig-id: size
      - id: types
        type: type_name
        repeat: expr
        repeat-expr: num_types.value
        doc: The types.
        -orig-id: types
  type_name:
    doc: A type, written as its marshal class with that class's parameters.
    doc-ref: org.apache.cassandra.serializers.AbstractTypeSerializer
    seq:
      - id: len_value
        type: vint
        doc: Length in bytes.
        -orig-id: length
      - id: value
        type: str
        size: len_value.value
        encoding: UTF-8
        doc: The type.
        -orig-id: raw
  column_list:
    doc: Columns in the order in which rows have them.
    doc-ref: org.apache.cassandra.db.SerializationHeader.Serializer
    seq:
      - id: num_columns
        type: vint
        doc: Number of columns.
        -orig-id: length
      - id: columns
        type: column
        repeat: expr
        repeat-expr: num_columns.value
        doc: The columns.
        -orig-id: typeMap
  column:
    doc: A column's name and type.
    doc-ref: org.apache.cassandra.db.SerializationHeader.Serializer
    seq:
      - id: name
        type: vint_bytes
        doc: The name; text in UTF-8 in all tables made with CQL.
        -orig-id: name
      - id: type
        type: type_name
        doc: The type.
        -orig-id: type
  vint_bytes:
    doc: Bytes after their length.
    doc-ref: org.apache.cassandra.utils.ByteBufferUtil.readWithVIntLength
    seq:
      - id: len_value
        type: vint
        doc: Length in bytes.
        -orig-id: length
      - id: value
        size: len_value.value
        doc: The bytes.
        -orig-id: bytes
  short_bytes:
    doc: Bytes after their length.
    doc-ref: org.apache.cassandra.utils.ByteBufferUtil.readWithShortLength
    seq:
      - id: len_value
        type: u2
        doc: Length in bytes.
        -orig-id: length
      - id: value
        size: len_value
        doc: The bytes.
        -orig-id: bytes
  short_string:
    doc: Text after its length.
    doc-ref: java.io.DataInput.readUTF
    seq:
      - id: len_value
        type: u2
        doc: Length in bytes.
        -orig-id: utflen
      - id: value
        type: str
        size: len_value
        encoding: UTF-8
        doc: The text.
        -orig-id: str
enums:
  metadata_type:
    0:
      id: validation
      doc: Partitioner and the Bloom filter's false positive chance.
      -orig-id: VALIDATION
    1:
      id: compaction
      doc: Estimate of the number of partitions.
      -orig-id: COMPACTION
    2:
      id: stats
      doc: Ranges, counts, histograms and the state of repair.
      -orig-id: STATS
    3:
      id: header
      doc: Columns and encoding minimums.
      -orig-id: HEADER
