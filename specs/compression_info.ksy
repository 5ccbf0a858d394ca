meta:
  id: compression_info
  title: Apache Cassandra SSTable, CompressionInfo.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
doc: |
  How Data.db is compressed and where each compressed chunk starts. Not there where
  Data.db is not compressed. In Data.db each chunk is followed by its CRC32, four
  bytes big-endian, that counts neither as part of the chunk nor in
  `max_compressed_length`.
doc-ref: org.apache.cassandra.io.compress.CompressionMetadata
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file, in the form of `na` and later.
    -orig-id: CompressionInfo.db
types:
  body:
    doc: Compression parameters and the offset of each chunk.
    doc-ref: org.apache.cassandra.io.compress.CompressionMetadata.open
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: compressor_name
        type: short_string
        doc: The compressor's class name without its package, or in full where it is not Cassandra's.
        -orig-id: compressorName
      - id: num_options
        type: u4
        doc: Number of options.
        -orig-id: optionCount
      - id: options
        type: option
        repeat: expr
        repeat-expr: num_options
        doc: Options of the compressor.
        -orig-id: options
      - id: chunk_length
        type: u4
        valid:
          min: 1
          max: 0x7fffffff
        doc: Length of each chunk before compression in bytes; the last may be shorter.
        -orig-id: chunkLength
      - id: max_compressed_length
        type: u4
        if: version >= version::id::na.to_i
        doc: |
          Chunks that would be this long or longer after compression are stored as they
          are. 2147483647 if none are.
        -orig-id: maxCompressedSize
      - id: data_length
        type: u8
        doc: Length of Data.db before compression in bytes.
        -orig-id: dataLength
      - id: num_chunk_offsets
        type: u4
        valid:
          min: 1
          max: 0x7fffffff
        doc: Number of chunks.
        -orig-id: chunkCount
      - id: chunk_offsets
        type: u8
        repeat: expr
        repeat-expr: num_chunk_offsets
        doc: Where each chunk starts in Data.db, in bytes.
        -orig-id: chunkOffsets
  option:
    doc: An option of the compressor.
    doc-ref: org.apache.cassandra.io.compress.CompressionMetadata.open
    seq:
      - id: key
        type: short_string
        doc: The option's name.
        -orig-id: key
      - id: value
        type: short_string
        doc: The option's value.
        -orig-id: value
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
