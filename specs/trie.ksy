meta:
  id: trie
  title: Trie nodes of BTI indexes
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
doc: |
  A node of a trie on disk. Partitions.db is one trie, Rows.db holds one for each
  partition that is large enough. The bytes on the path from the root to a node
  are a key or as much of it as sets it apart from its neighbours; what the key
  leads to is the node's payload, which follows the node and differs between the two
  files.

  Nodes are written bottom-up: children before their parents. A pointer to a
  child is the distance back to it, the node's own position less the child's. Nodes that
  lead to one another are packed into the same page of 4096 bytes where that is
  possible, which keeps most pointers at 12 bits; where the rest of a page cannot
  take what comes next it is filled with zeros. A node never crosses a page's end.

  Of the sixteen types of node, `single` ones have one child, `sparse` ones list
  the transitions, `dense` ones have a pointer for each byte in a range.
  The number is the size of a pointer in bits.
doc-ref: org.apache.cassandra.io.tries.TrieNode
seq:
  - id: body
    type: node
    doc: One node.
    -orig-id: TrieNode
types:
  node:
    doc: One node without its payload.
    doc-ref: org.apache.cassandra.io.tries.TrieNode
    seq:
      - id: kind
        type: b4
        enum: kind
        doc: Type of node.
        -orig-id: ordinal
      - id: low_bits
        type: b4
        doc: |
          Bits that tell what payload there is, 0 for none; in the two types
          without payload the pointer's most significant, or only, four bits.
        -orig-id: payloadFlags
      - id: single_low_byte
        type: u1
        if: kind == kind::single_nopayload_12
        doc: The pointer's least significant eight bits.
        -orig-id: delta
      - id: num_transitions
        type: u1
        if: is_sparse
        valid:
          min: 1
        doc: Number of children.
        -orig-id: count
      - id: transitions
        type: u1
        repeat: expr
        repeat-expr: 'is_single ? 1 : num_transitions'
        if: is_single or is_sparse
        doc: The bytes that lead to the children, in ascending order.
        -orig-id: transitions
      - id: first_transition
        type: u1
        if: is_dense
        doc: The byte that leads to the first child.
        -orig-id: start
      - id: last_slot
        type: u1
        if: is_dense
        valid:
          max: 0xff - first_transition
        doc: Number of bytes in the range, less one.
        -orig-id: length-1
      - id: pointers
        type: pointer(len_pointer)
        repeat: expr
        repeat-expr: num_pointers
        if: len_pointer > 0
        doc: Distances to the children; in a dense node 0 where a byte leads nowhere.
        -orig-id: targets
      - id: pairs
        type: pointer_pair
        repeat: expr
        repeat-expr: num_pointers / 2
        if: is_packed
        doc: The same as `pointers` with 12 bits each, two in three bytes.
        -orig-id: targets
      - id: odd
        type: odd_pointer
        if: is_packed and num_pointers % 2 == 1
        doc: The last of an odd number of 12-bit pointers.
        -orig-id: targets
    instances:
      is_single:
        value: >-
          kind == kind::single_nopayload_4 or kind == kind::single_8
          or kind == kind::single_nopayload_12 or kind == kind::single_16
        doc: Whether the node has exactly one child, as `transitions` says.
        -orig-id: Single
      is_sparse:
        value: >-
          kind == kind::sparse_8 or kind == kind::sparse_12 or kind == kind::sparse_16
          or kind == kind::sparse_24 or kind == kind::sparse_40
        doc: Whether `transitions` lists the children.
        -orig-id: Sparse
      is_dense:
        value: >-
          kind == kind::dense_12 or kind == kind::dense_16 or kind == kind::dense_24
          or kind == kind::dense_32 or kind == kind::dense_40 or kind == kind::long_dense
        doc: Whether there is a pointer for each byte from `first_transition` on.
        -orig-id: Dense
      is_packed:
        value: kind == kind::sparse_12 or kind == kind::dense_12
        doc: Whether pointers have 12 bits and are in `pairs` and `odd`.
        -orig-id: FRACTIONAL_BYTES
      single_pointer:
        value: >-
          kind == kind::single_nopayload_12 ? low_bits * 0x100 + single_low_byte :
          kind == kind::single_nopayload_4 ? low_bits : 0
        doc: Distance to the child in a node without payload; else 0.
        -orig-id: delta
      num_pointers:
        value: 'is_single ? 1 : is_sparse ? num_transitions : is_dense ? last_slot + 1 : 0'
        doc: Number of pointers, those that lead nowhere included.
        -orig-id: transitionRange
      len_pointer:
        value: >-
          kind == kind::single_8 or kind == kind::sparse_8 ? 1 :
          kind == kind::single_16 or kind == kind::sparse_16 or kind == kind::dense_16 ? 2 :
          kind == kind::sparse_24 or kind == kind::dense_24 ? 3 :
          kind == kind::dense_32 ? 4 :
          kind == kind::sparse_40 or kind == kind::dense_40 ? 5 :
          kind == kind::long_dense ? 8 : 0
        doc: Length of each of `pointers` in bytes; 0 where there are none of whole bytes.
        -orig-id: bytesPerPointer
      payload_bits:
        value: >-
          kind == kind::single_nopayload_4 or kind == kind::single_nopayload_12 ? 0 : low_bits
        doc: What payload follows the node; 0 for none.
        -orig-id: payloadFlags
      is_null:
        value: kind == kind::payload_only and low_bits == 0
        doc: |
          Whether it has neither children nor payload. Only the trie without any
          keys has such a node, so a zero byte elsewhere is padding.
  pointer:
    doc: A distance back to a child, in whole bytes.
    doc-ref: org.apache.cassandra.io.util.SizedInts.readUnsigned
    params:
      - id: len_bytes
        type: u1
        doc: Length in bytes, 1, 2, 3, 4, 5 or 8.
    seq:
      - id: bytes
        size: len_bytes
        doc: The distance, most significant byte first.
        -orig-id: delta
    instances:
      value:
        value: >-
          len_bytes == 1 ? bytes[0].as<u8> :
          len_bytes == 2 ? bytes[0].as<u8> * 0x100 + bytes[1] :
          len_bytes == 3 ? bytes[0].as<u8> * 0x10000 + bytes[1].as<u8> * 0x100 + bytes[2] :
          len_bytes == 4 ? low4 :
          len_bytes == 5 ? bytes[0].as<u8> * 0x100000000 + low4 :
          (bytes[0].as<u8> * 0x1000000 + bytes[1].as<u8> * 0x10000
          + bytes[2].as<u8> * 0x100 + bytes[3]) * 0x100000000 + low4
        doc: Distance in bytes.
        -orig-id: delta
      low4:
        value: >-
          bytes[len_bytes - 4].as<u8> * 0x1000000 + bytes[len_bytes - 3].as<u8> * 0x10000
          + bytes[len_bytes - 2].as<u8> * 0x100 + bytes[len_bytes - 1]
        if: len_bytes >= 4
        doc: The last four bytes as an unsigned integer.
  pointer_pair:
    doc: Two distances of 12 bits each.
    doc-ref: org.apache.cassandra.io.tries.TrieNode.read12Bits
    seq:
      - id: first
        type: b12
        doc: Distance to the first of the two children, in bytes.
        -orig-id: p0
      - id: second
        type: b12
        doc: Distance to the second of the two children, in bytes.
        -orig-id: p1
  odd_pointer:
    doc: A distance of 12 bits in two bytes.
    doc-ref: org.apache.cassandra.io.tries.TrieNode.read12Bits
    seq:
      - id: first
        type: b12
        doc: Distance to the child in bytes.
        -orig-id: pd
      - id: padding
        type: b4
        doc: Zero.
  edge:
    doc: |
      A transition from a node to a child; takes no bytes of its own. Brings the various
      ways in which nodes store transitions into one form.
    doc-ref: org.apache.cassandra.io.tries.TrieNode.transition
    params:
      - id: node
        type: node
        doc: The node.
      - id: index
        type: s4
        doc: Which of the node's pointers, from 0 on.
    instances:
      transition:
        value: 'node.is_dense ? node.first_transition + index : node.transitions[index]'
        doc: The byte that leads to the child.
        -orig-id: transitionByte
      delta:
        value: >-
          node.len_pointer > 0 ? node.pointers[index].value :
          not node.is_packed ? node.single_pointer.as<u8> :
          index % 2 == 1 ? node.pairs[index / 2].second.as<u8> :
          index < node.num_pointers - 1 ? node.pairs[index / 2].first.as<u8> :
          node.odd.first.as<u8>
        doc: Distance back to the child in bytes; 0 where there is no child.
        -orig-id: transitionDelta
  sized_int:
    doc: A signed integer of as many bytes as the payload's bits tell.
    doc-ref: org.apache.cassandra.io.util.SizedInts
    params:
      - id: len_bytes
        type: u1
        doc: Length in bytes, 0 to 8.
    seq:
      - id: bytes
        size: len_bytes
        doc: The integer in two's complement, most significant byte first.
        -orig-id: value
    instances:
      high:
        value: 'len_bytes == 0 ? 0 : bytes[0] < 0x80 ? bytes[0].as<s8> : bytes[0].as<s8> - 0x100'
        doc: The first byte as a signed integer.
      value:
        value: >-
          len_bytes <= 1 ? high :
          len_bytes == 2 ? high * 0x100 + bytes[1] :
          len_bytes == 3 ? high * 0x10000 + bytes[1].as<s8> * 0x100 + bytes[2] :
          len_bytes == 4 ? high * 0x1000000 + low3 :
          len_bytes == 5 ? (high * 0x100 + bytes[1]) * 0x1000000 + low3 :
          len_bytes == 6 ? (high * 0x10000 + bytes[1].as<s8> * 0x100 + bytes[2]) * 0x1000000 + low3 :
          len_bytes == 7 ? (high * 0x1000000 + bytes[1].as<s8> * 0x10000 + bytes[2].as<s8> * 0x100
          + bytes[3]) * 0x1000000 + low3 :
          ((high * 0x1000000 + bytes[1].as<s8> * 0x10000 + bytes[2].as<s8> * 0x100
          + bytes[3]) * 0x100 + bytes[4]) * 0x1000000 + low3
        doc: |
          The integer. Written with products rather than shifts, so that JavaScript is
          exact up to 2^53.
        -orig-id: read
      low3:
        value: >-
          bytes[len_bytes - 3].as<s8> * 0x10000 + bytes[len_bytes - 2].as<s8> * 0x100 + bytes[len_bytes - 1]
        if: len_bytes >= 3
        doc: The last three bytes as an unsigned integer.
enums:
  kind:
    0:
      id: payload_only
      doc: No children. One byte.
      -orig-id: PAYLOAD_ONLY
    1:
      id: single_nopayload_4
      doc: One child at most 15 bytes back and no payload. Two bytes.
      -orig-id: SINGLE_NOPAYLOAD_4
    2:
      id: single_8
      doc: One child, eight-bit pointer.
      -orig-id: SINGLE_8
    3:
      id: single_nopayload_12
      doc: One child at most 4095 bytes back and no payload. Three bytes.
      -orig-id: SINGLE_NOPAYLOAD_12
    4:
      id: single_16
      doc: One child, 16-bit pointer.
      -orig-id: SINGLE_16
    5:
      id: sparse_8
      doc: Listed transitions, eight-bit pointers.
      -orig-id: SPARSE_8
    6:
      id: sparse_12
      doc: Listed transitions, 12-bit pointers.
      -orig-id: SPARSE_12
    7:
      id: sparse_16
      doc: Listed transitions, 16-bit pointers.
      -orig-id: SPARSE_16
    8:
      id: sparse_24
      doc: Listed transitions, 24-bit pointers.
      -orig-id: SPARSE_24
    9:
      id: sparse_40
      doc: Listed transitions, 40-bit pointers.
      -orig-id: SPARSE_40
    10:
      id: dense_12
      doc: A range of transitions, 12-bit pointers.
      -orig-id: DENSE_12
    11:
      id: dense_16
      doc: A range of transitions, 16-bit pointers.
      -orig-id: DENSE_16
    12:
      id: dense_24
      doc: A range of transitions, 24-bit pointers.
      -orig-id: DENSE_24
    13:
      id: dense_32
      doc: A range of transitions, 32-bit pointers.
      -orig-id: DENSE_32
    14:
      id: dense_40
      doc: A range of transitions, 40-bit pointers.
      -orig-id: DENSE_40
    15:
      id: long_dense
      doc: A range of transitions, 64-bit pointers.
      -orig-id: LONG_DENSE
