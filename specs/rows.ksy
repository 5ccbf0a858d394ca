meta:
  id: rows
  title: Apache Cassandra SSTable, Rows.db
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  file-extension: db
  imports:
    - version
    - vint
    - deletion_time
    - trie
doc: |
  The row indexes of the BTI format: for each partition of more than one block (of
  16 KiB by default) a trie that leads from a clustering to the block it is in, and
  after the trie the partition's entry. The file has no directory of its own:
  Partitions.db says where the entries are. It may be empty.

  The path to a payload is a separator: above all clusterings of the block before, not
  above the first one of the block that the payload points to. The first block's
  is empty, so the root has a payload. One more separator follows the last block,
  with a payload that points to the partition's end.
doc-ref: org.apache.cassandra.io.sstable.format.bti.RowIndexWriter
seq:
  - id: body
    type: body(version::id::da.to_i)
    doc: The whole file.
    -orig-id: Rows.db
types:
  body:
    doc: |
      All nodes and entries as they lie in the file. To descend from a partition's
      root, open `root` in its entry. Partitions.db says where the entries are; without
      it, what follows a possible root is taken for an entry if it points back to it.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.BtiTableWriter.IndexWriter.append
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: parts
        type: >-
          part(version, _io.pos, _index > 0 ? parts[_index - 1].ofs_root : -1)
        repeat: eos
        doc: |
          Nodes, children before their parents; after a partition's root, the last of its
          nodes, its entry; padding between nodes.
        -orig-id: rowIndexWriter
  part:
    doc: A node, an entry, or the padding at the end of a page.
    doc-ref: org.apache.cassandra.io.tries.IncrementalTrieWriterPageAware
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: position
        type: s8
        doc: Position in the file.
      - id: ofs_possible_root
        type: s8
        doc: Position of the part before, if that can be a partition's root; else -1.
    seq:
      - id: entry
        type: entry(version, position)
        if: is_entry
        doc: What a partition's entry says, after the root of the partition's trie.
        -orig-id: TrieIndexEntry
      - id: padding
        type: page_padding(position, _io.size.as<s8>)
        if: is_padding
        doc: What fills a page up.
      - id: node
        type: node(version)
        if: not is_entry and not is_padding
        doc: A node with its payload.
        -orig-id: TrieNode
    instances:
      first_byte:
        pos: position
        type: u1
        doc: The byte that follows; 0 does not start a node.
      len_key_ahead:
        pos: position
        type: u2
        if: position + 6 <= _io.size
        doc: Length of the key if an entry starts here.
      root_ahead:
        pos: position
        type: root_ahead(position)
        doc: Where the root is if an entry starts here.
      is_entry:
        value: >-
          ofs_possible_root >= 0 and position + 6 <= _io.size
          and position + 6 + len_key_ahead <= _io.size
          and root_ahead.ofs_root == ofs_possible_root
        doc: Whether an entry starts here, which its pointer to the root before it proves.
      is_padding:
        value: first_byte == 0 and not is_entry
        doc: Whether padding starts here.
      ofs_root:
        value: >-
          not is_entry and not is_padding and node.node.payload_bits != 0
          and node.node.num_pointers > 0 ? position : -1
        doc: The position if this can be a partition's root, a node with payload and children.
  root_ahead:
    doc: |
      The start of `entry`, for a look at what may be one. Told apart from other bytes
      by where its root is.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.TrieIndexEntry
    params:
      - id: position
        type: s8
        doc: Position in the file.
    seq:
      - id: len_key
        type: u2
        doc: Length of the key in bytes.
        -orig-id: length
      - id: key
        size: len_key
        doc: The partition key.
        -orig-id: key
      - id: data_position
        type: vint
        doc: Position of the partition in Data.db.
        -orig-id: position
      - id: root_delta
        type: vint
        doc: Position of the trie's root relative to the end of the key, signed.
        -orig-id: indexTrieRoot - basePosition
    instances:
      ofs_root:
        value: position + 2 + len_key + root_delta.signed
        doc: Position of the trie's root.
        -orig-id: indexTrieRoot
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
  entry:
    doc: A partition that has a row index.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.TrieIndexEntry
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: position
        type: s8
        doc: The entry's position in the file.
    seq:
      - id: len_key
        type: u2
        doc: Length of the key in bytes.
        -orig-id: length
      - id: key
        size: len_key
        doc: The partition key.
        -orig-id: key
      - id: data_position
        type: vint
        doc: Position of the partition in Data.db.
        -orig-id: position
      - id: root_delta
        type: vint
        doc: Position of the trie's root relative to the end of the key, signed.
        -orig-id: indexTrieRoot - basePosition
      - id: num_blocks
        type: vint
        doc: Number of blocks that the partition's rows are in.
        -orig-id: rowIndexBlockCount
      - id: deletion
        type: deletion_time::deletion(version)
        doc: When the whole partition was deleted, if it was.
        -orig-id: deletionTime
    instances:
      ofs_root:
        value: position + 2 + len_key + root_delta.signed
        doc: Position of the trie's root.
        -orig-id: indexTrieRoot
      root:
        pos: ofs_root
        type: branch(version, ofs_root)
        doc: The root of the partition's trie, and through it all its other nodes.
        -orig-id: indexTrieRoot
  node:
    doc: A node of a trie with its payload.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.RowIndexReader.getSerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
    seq:
      - id: node
        type: trie::node
        doc: Type, transitions, pointers.
        -orig-id: TrieNode
      - id: payload
        type: payload(version, node.payload_bits)
        if: node.payload_bits != 0
        doc: The block that starts at the separator that leads here, if one does.
        -orig-id: payload
  payload:
    doc: Where a block of rows is, and what deletion is open where it starts.
    doc-ref: org.apache.cassandra.io.sstable.format.bti.RowIndexReader.IndexInfo
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: bits
        type: u1
        doc: The node's payload bits; 8 and above if a deletion is open.
    seq:
      - id: offset
        type: 'trie::sized_int(bits & 7)'
        doc: Position of the block's first row or marker relative to the partition's start.
        -orig-id: offset
      - id: open_deletion
        type: deletion_time::deletion(version)
        if: bits >= 8
        doc: Deletion of the range tombstone that is open where the block starts.
        -orig-id: openDeletion
  branch:
    doc: A node and all that it leads to.
    doc-ref: org.apache.cassandra.io.tries.Walker
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
      - id: position
        type: s8
        doc: The node's position in the file.
    seq:
      - id: node
        type: node(version)
        doc: The node.
        -orig-id: TrieNode
      - id: children
        type: child(version, position, node.node, _index)
        repeat: expr
        repeat-expr: node.node.num_pointers
        doc: What its transitions lead to; takes no bytes.
        -orig-id: transitions
  child:
    doc: A transition; takes no bytes of its own.
    doc-ref: org.apache.cassandra.io.tries.TrieNode.transition
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`.
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
        type: branch(version, position)
        if: edge.delta > 0
        doc: The child, if there is one.
        -orig-id: TrieNode
