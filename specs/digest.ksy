meta:
  id: digest
  title: Apache Cassandra SSTable, Digest.crc32
  license: Apache-2.0
  ks-version: '0.11'
  file-extension: crc32
  imports:
    - version
doc: |
  The CRC32 of Data.db as decimal digits. All bytes of the file count, so for a
  compressed Data.db also the chunks' own checksums.
doc-ref: org.apache.cassandra.io.util.DataIntegrityMetadata.FileDigestValidator
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file.
    -orig-id: Digest.crc32
types:
  body:
    doc: One line of text.
    doc-ref: org.apache.cassandra.io.util.ChecksumWriter.writeFullChecksum
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: checksum
        type: str
        size-eos: true
        encoding: ASCII
        doc: An unsigned 32-bit integer in decimal digits. A line end after it is ignored.
        -orig-id: storedDigestValue
