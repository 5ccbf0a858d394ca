meta:
  id: deletion_time
  title: Deletion times
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  imports:
    - version
doc: |
  When something was deleted: a timestamp in microseconds that decides what is
  shadowed, and a wall-clock time in seconds from which the tombstone's age counts.
  Stands in full for whole partitions and in indexes; inside rows the same two
  numbers are differences from the serialization header's minimums, see `data`.
doc-ref: org.apache.cassandra.db.DeletionTime
seq:
  - id: body
    type: deletion(version::id::oa.to_i)
    doc: One deletion time, in the form of `oa` and `da`.
    -orig-id: DeletionTime
types:
  deletion:
    doc: |
      Up to `nc` always twelve bytes, in the order local deletion time, timestamp.
      From `oa` on one byte where nothing is deleted, else twelve bytes in the order
      timestamp, local deletion time, where the top bit of the first byte is clear
      because timestamps are positive.
    doc-ref: |
      org.apache.cassandra.db.DeletionTime.Serializer
      org.apache.cassandra.db.DeletionTime.LegacySerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: legacy
        type: legacy
        if: version < version::id::oa.to_i
        doc: The form of `ma` to `nc`.
        -orig-id: legacySerializer
      - id: modern
        type: modern
        if: version >= version::id::oa.to_i
        doc: The form of `oa` and `da`.
        -orig-id: serializer
    instances:
      is_live:
        value: 'version >= version::id::oa.to_i ? modern.is_live : legacy.is_live'
        doc: Whether nothing is deleted.
        -orig-id: LIVE
  legacy:
    doc: Twelve bytes, up to `nc`.
    doc-ref: org.apache.cassandra.db.DeletionTime.LegacySerializer
    seq:
      - id: local_deletion_time
        type: s4
        doc: Seconds since 1970; 2147483647 where nothing is deleted.
        -orig-id: localDeletionTime
      - id: marked_for_delete_at
        type: s8
        doc: Microseconds since 1970; the smallest 64-bit integer where nothing is deleted.
        -orig-id: markedForDeleteAt
    instances:
      is_live:
        value: 'local_deletion_time == 0x7fffffff and marked_for_delete_at < -0x7fffffffffffffff'
        doc: Whether nothing is deleted.
        -orig-id: LIVE
  modern:
    doc: One byte or twelve, from `oa` on.
    doc-ref: org.apache.cassandra.db.DeletionTime.Serializer
    seq:
      - id: head
        type: u1
        valid:
          max: 0x80
        doc: |
          0x80 where nothing is deleted and no byte follows; else the most significant
          byte of the timestamp. More bits beside the top one are corruption.
        -orig-id: flags
      - id: second
        type: u1
        if: not is_live
        doc: Second byte of the timestamp.
        -orig-id: bytes1
      - id: third
        type: u2
        if: not is_live
        doc: Third and fourth byte of the timestamp.
        -orig-id: bytes2
      - id: low
        type: u4
        if: not is_live
        doc: The timestamp's least significant four bytes.
        -orig-id: bytes4
      - id: local_deletion_time
        type: u4
        if: not is_live
        doc: Seconds since 1970, unsigned.
        -orig-id: localDeletionTimeUnsignedInteger
    instances:
      is_live:
        value: head == 0x80
        doc: Whether nothing is deleted.
        -orig-id: IS_LIVE_DELETION
      marked_for_delete_at:
        value: '((head.as<s8> * 0x100 + second) * 0x10000 + third) * 0x100000000 + low'
        if: not is_live
        doc: Microseconds since 1970.
        -orig-id: markedForDeleteAt
