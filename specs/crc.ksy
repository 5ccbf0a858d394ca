meta:
  id: crc
  title: Apache Cassandra SSTable, CRC.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
doc: |
  Checksums of the chunks of a Data.db that is not compressed. Where it is compressed
  there is no such file, since each compressed chunk is followed by its checksum.
doc-ref: org.apache.cassandra.io.util.DataIntegrityMetadata.ChecksumValidator
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file.
    -orig-id: CRC.db
types:
  body:
    doc: Length of the chunks, then a checksum for each.
    doc-ref: org.apache.cassandra.io.util.ChecksumWriter
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: chunk_size
        type: u4
        valid:
          min: 1
          max: 0x7fffffff
        doc: Length of each chunk of Data.db in bytes; the last may be shorter.
        -orig-id: chunkSize
      - id: checksums
        type: u4
        repeat: eos
        doc: CRC32 of each chunk.
        -orig-id: incrementalChecksumValue
