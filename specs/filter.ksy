meta:
  id: filter
  title: Apache Cassandra SSTable, Filter.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
doc: |
  A Bloom filter of the partition keys. A key that is in the SSTable has all of its
  `num_hashes` bits set. With `h1` and `h2` the two halves of the key's 128-bit
  Murmur3 hash (seed 0, Cassandra's variant) as signed 64-bit integers and
  `capacity` the number of bits, the key's bits have the numbers
  `abs((base + i * increment) % capacity)` for `i` from 0 on, in wrapping 64-bit
  arithmetic with a remainder that takes the sign of the dividend; `base` is `h2`
  and `increment` is `h1`.
doc-ref: |
  org.apache.cassandra.utils.BloomFilterSerializer
  org.apache.cassandra.utils.BloomFilter
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file, in the form of `na` and later.
    -orig-id: Filter.db
types:
  body:
    doc: Number of hashes and the bits.
    doc-ref: |
      org.apache.cassandra.utils.BloomFilterSerializer
      org.apache.cassandra.utils.obs.OffHeapBitSet
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: num_hashes
        type: s4
        doc: Number of bits that each key sets.
        -orig-id: hashCount
      - id: num_words
        type: u4
        valid:
          max: 0x7fffffff
        doc: Number of 64-bit words; the filter has 64 times as many bits.
        -orig-id: wordCount
      - id: legacy_bits
        size: num_words.as<u8> * 8
        if: version < version::id::na.to_i
        doc: |
          The bits up to `me`, in big-endian words: bit `n` is bit `n % 8` of byte
          `n / 64 * 8 + 7 - n % 64 / 8`, bits counted from the least significant.
        -orig-id: bytes
      - id: bits
        size: num_words.as<u8> * 8
        if: version >= version::id::na.to_i
        doc: |
          The bits from `na` on: bit `n` is bit `n % 8` of byte `n / 8`, counted from the
          least significant.
        -orig-id: bytes
