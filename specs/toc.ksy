meta:
  id: toc
  title: Apache Cassandra SSTable, TOC.txt
  license: Apache-2.0
  ks-version: '0.11'
  file-extension: txt
  imports:
    - version
doc: The names of the SSTable's components, one to a line, in any order.
doc-ref: org.apache.cassandra.io.sstable.format.TOCComponent
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: The file.
    -orig-id: TOC.txt
types:
  body:
    doc: All lines.
    doc-ref: org.apache.cassandra.io.sstable.format.TOCComponent.loadTOC
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: components
        type: str
        terminator: 0x0a
        eos-error: false
        encoding: UTF-8
        repeat: eos
        doc: What follows the SSTable's identifier in the component's file name, such as `Data.db`.
        -orig-id: componentNames
