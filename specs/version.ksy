meta:
  id: version
  title: SSTable format versions
  license: Apache-2.0
  ks-version: '0.11'
doc: |
  The two letters at the start of an SSTable's file names, numbered in the order
  in which features were added. Nothing inside a component tells its version, so
  every type whose layout depends on it takes the number as a parameter named
  `version` and compares it: `version >= version::id::na.to_i`.

  `da` is of the BTI format, which starts where BIG's `oa` stands: every gate that
  is open for `oa` is open for `da`.
doc-ref: |
  org.apache.cassandra.io.sstable.format.big.BigFormat.BigVersion
  org.apache.cassandra.io.sstable.format.bti.BtiFormat.BtiVersion
enums:
  id:
    0:
      id: ma
      doc: 3.0.0. The row-based storage engine's first format.
    1:
      id: mb
      doc: 3.0.7, 3.7. Statistics carry the commit log's lower bound.
    2:
      id: mc
      doc: 3.0.8, 3.9. Statistics carry commit log intervals.
    3:
      id: md
      doc: 3.0.18, 3.11.4. Corrected minimum and maximum clusterings.
    4:
      id: me
      doc: 3.0.25, 3.11.11. Statistics carry the originating host id.
    5:
      id: na
      doc: |
        4.0-rc1. Chunks stored raw, pending repair, transient replicas, checksums in
        Statistics.db, another order of bytes in the Bloom filter. No originating
        host id, although `me` has it.
    6:
      id: nb
      doc: 4.0-rc2, and what 5.0 writes in compatibility mode. Originating host id.
    7:
      id: nc
      doc: 5.0 before its release. The layout of `nb`.
    8:
      id: oa
      doc: |
        5.0. Unsigned 32-bit local deletion times, one byte for a live deletion time,
        covered clusterings, key range, token space coverage, partition-level
        deletions marker.
    9:
      id: da
      doc: 5.0. BTI, with tries for indexes.
