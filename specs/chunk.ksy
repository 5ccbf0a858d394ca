meta:
  id: chunk
  title: Compressed chunk of Data.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  imports:
    - version
doc: |
  What a compressed Data.db consists of: chunks without gaps, each with a checksum
  after it. CompressionInfo.db tells where they start; a chunk's length is what lies
  between its offset and the next, or the end of the file, less the checksum. The
  root takes all that it is given as one chunk.
doc-ref: org.apache.cassandra.io.compress.CompressedSequentialWriter
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: One chunk.
    -orig-id: chunk
types:
  body:
    doc: One chunk that fills the whole input.
    doc-ref: org.apache.cassandra.io.compress.CompressedSequentialWriter
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: chunk
        type: compressed_chunk(_io.size.as<s4> - 4)
        doc: The chunk.
        -orig-id: chunk
  compressed_chunk:
    doc: Compressed bytes and their checksum.
    doc-ref: org.apache.cassandra.io.util.CompressedChunkReader
    params:
      - id: len_data
        type: s4
        doc: Length of the bytes before the checksum.
    seq:
      - id: data
        size: len_data
        doc: |
          The compressed bytes; or from `na` on, where they are no shorter than
          CompressionInfo's maximum compressed length, the bytes as they are.
        -orig-id: compressed
      - id: crc32
        type: u4
        doc: CRC-32 of the bytes as they stand in the file.
        -orig-id: checksum
  lz4_block:
    doc: What LZ4Compressor writes, a length before the block that LZ4 knows.
    doc-ref: org.apache.cassandra.io.compress.LZ4Compressor
    seq:
      - id: len_decompressed
        type: u4le
        doc: Length of the decompressed bytes, little-endian.
        -orig-id: decompressedLength
      - id: block
        size-eos: true
        doc: One LZ4 block without a frame.
        -orig-id: compressed
