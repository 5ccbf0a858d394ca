meta:
  id: partitions
  title: Apache Cassandra SSTable, Partitions.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
    - trie
doc: |
  The partition index of the BTI format: a trie that leads from a partition key to
  where the partition is. The path to a payload is a prefix of the byte-comparable form
  of the partition's token and key, just as long as it takes to tell it from the
  keys before and after; so a key that is not in the SSTable can lead to
  another key's payload, and whoever looks one up has to compare the whole key where
  the payload points.

  The byte-comparable form of a key is 0x40, the token's (for Murmur3Partitioner eight
  bytes with the top bit inverted), 0x40, the key with zeros escaped, 0x38.
doc-ref: org.apache.cassandra.io.sstable.format.bti.PartitionIndex
seq:
  - id: body
    type: body(version::id::da.to_i)
    doc: The whole file.
    -orig-id: Partitions.db
types:
  body:
    doc: |
      All nodes as they lie in the file, the first and the last key, the footer. To
      descend from the root, open `root`.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.PartitionIndex.load
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: parts
        type: part(_io.pos, ofs_keys.as<s8>)
        repeat: until
        repeat-until: _io.pos >= ofs_keys
        doc: The trie's nodes, children before their parents, and padding between them.
        -orig-id: trie
      - id: keys
        type: keys
        doc: The first and the last key.
        -orig-id: first, last
      - id: footer
        type: footer
        doc: Positions of the parts.
        -orig-id: footer
    instances:
      ofs_keys:
        pos: _io.size - 24
        type: u8
        doc: Position of `keys`, looked up in the footer.
        -orig-id: firstPos
      root:
        pos: footer.ofs_root
        type: branch(footer.ofs_root.as<s8>)
        doc: The trie's root, and through it all other nodes.
        -orig-id: root
  footer:
    doc: The last 24 bytes of the file.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.PartitionIndex.load
    seq:
      - id: ofs_keys
        type: u8
        doc: Position of the first and the last key.
        -orig-id: firstPos
      - id: num_keys
        type: u8
        doc: Number of partitions.
        -orig-id: keyCount
      - id: ofs_root
        type: u8
        doc: Position of the trie's root.
        -orig-id: root
  keys:
    doc: The first and the last partition's key, in the order of tokens.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.PartitionIndex.load
    seq:
      - id: len_first
        type: u2
        doc: Length of the first key in bytes.
        -orig-id: length
      - id: first
        size: len_first
        doc: The first partition's key.
        -orig-id: first
      - id: len_last
        type: u2
        doc: Length of the last key in bytes.
        -orig-id: length
      - id: last
        size: len_last
        doc: The last partition's key.
        -orig-id: last
  part:
    doc: A node, or the padding at the end of a page.
    doc-ref: org.apache.cassandra.io.tries.IncrementalTrieWriterPageAware
    params:
      - id: position
        type: s8
        doc: Position in the file.
      - id: ofs_end
        type: s8
        doc: Position of the end of all nodes.
    seq:
      - id: padding
        type: page_padding(position, ofs_end)
        if: first_byte == 0
        doc: What fills a page up.
      - id: node
        type: node
        if: first_byte != 0
        doc: A node with its payload.
        -orig-id: TrieNode
    instances:
      first_byte:
        pos: position
        type: u1
        doc: The byte that follows; 0 does not start a node.
  page_padding:
    doc: Zeros up to the end of the page of 4096 bytes.
    doc-ref: org.apache.cassandra.io.util.PageAware.pad
    params:
      - id: position
        type: s8
        doc: Position in the file.
      - id: ofs_end
        type: s8
        doc: Position that padding does not go beyond.
    seq:
      - id: zeros
        size: >-
          ofs_end - position < 4096 - position % 4096 ? ofs_end - position : 4096 - position % 4096
        doc: Zero bytes.
  node:
    doc: A node of the trie with its payload.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.PartitionIndex.PartitionIndexSerializer
    seq:
      - id: node
        type: trie::node
        doc: Type, transitions, pointers.
        -orig-id: TrieNode
      - id: payload
        type: payload(node.payload_bits)
        if: node.payload_bits != 0
        doc: Where the partition is, if a key leads here.
        -orig-id: payload
  payload:
    doc: Where a partition is.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.PartitionIndex.Payload
    params:
      - id: bits
        type: u1
        doc: The node's payload bits; 8 and above if there is a byte of the hash.
    seq:
      - id: hash_byte
        type: u1
        if: bits >= 8
        doc: |
          The least significant byte of the key's hash, as the Bloom filter computes it;
          tells most keys that only share the prefix.
        -orig-id: hashBits
      - id: position_or_inverse
        type: 'trie::sized_int(bits >= 8 ? bits - 7 : bits)'
        doc: |
          Position of the partition's entry in Rows.db; if negative, its bitwise inverse is
          the position in Data.db of a partition that is not in Rows.db.
        -orig-id: position
    instances:
      is_in_rows:
        value: position_or_inverse.value >= 0
        doc: Whether the position is in Rows.db rather than in Data.db.
      position:
        value: 'is_in_rows ? position_or_inverse.value : -1 - position_or_inverse.value'
        doc: Position in Rows.db or in Data.db.
        -orig-id: position
  branch:
    doc: A node and all that it leads to.
    doc-ref: org.apache.cassandra.io.tries.Walker
    params:
      - id: position
        type: s8
        doc: The node's position in the file.
    seq:
      - id: node
        type: node
        doc: The node.
        -orig-id: TrieNode
      - id: children
        type: child(position, node.node, _index)
        repeat: expr
        repeat-expr: node.node.num_pointers
        doc: What its transitions lead to; takes no bytes.
        -orig-id: transitions
  child:
    doc: A transition; takes no bytes of its own.
    doc-ref: org.apache.cassandra.io.tries.TrieNode.transition
    params:
      - id: parent_position
        type: s8
        doc: Position of the node that it starts from.
      - id: node
        type: trie::node
        doc: The node that it starts from.
      - id: index
        type: s4
        doc: Which of the node's pointers, from 0 on.
    seq:
      - id: edge
        type: trie::edge(node, index)
        doc: The byte and the distance; takes no bytes.
        -orig-id: transition
    instances:
      position:
        value: parent_position - edge.delta
        doc: Position of the child.
        -orig-id: transition
      branch:
        pos: position
        type: branch(position)
        if: edge.delta > 0
        doc: The child, if there is one.
        -orig-id: TrieNode
