meta:
  id: clustering
  title: Clusterings and bounds
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  imports:
    - vint
doc: |
  The values of clustering columns: of a row, or of a bound that a range tombstone
  or an index block starts or ends with. How a value is written depends on its type,
  so each type here takes `shapes`, an array with one number for each clustering
  column: its length in bytes where the type fixes that, -1 where it does not.
  The root has a single column of variable length.
doc-ref: org.apache.cassandra.db.ClusteringPrefix
seq:
  - id: body
    type: prefix([-1])
    doc: A clustering or bound of one column of variable length.
    -orig-id: ClusteringPrefix
types:
  prefix:
    doc: The kind, then the values; a full clustering has no count, a bound has.
    doc-ref: org.apache.cassandra.db.ClusteringPrefix.Serializer
    params:
      - id: shapes
        type: s4[]
        doc: Length of each clustering column's values, -1 if variable.
    seq:
      - id: kind
        type: u1
        enum: kind
        valid:
          any-of:
            - kind::excl_end_bound
            - kind::incl_start_bound
            - kind::excl_end_incl_start_boundary
            - kind::clustering
            - kind::incl_end_excl_start_boundary
            - kind::incl_end_bound
            - kind::excl_start_bound
        doc: What the values are of.
        -orig-id: kind
      - id: num_bound_values
        type: u2
        if: kind != kind::clustering
        valid:
          max: shapes.size
        doc: How many of the clustering columns the bound gives, from the first on.
        -orig-id: size
      - id: values
        type: values(shapes, num_values)
        doc: The values.
        -orig-id: values
    instances:
      num_values:
        value: 'kind == kind::clustering ? shapes.size : num_bound_values'
        doc: Number of values.
        -orig-id: size
  bound:
    doc: The bound of a range tombstone, or the boundary between two.
    doc-ref: org.apache.cassandra.db.ClusteringBoundOrBoundary.Serializer
    params:
      - id: shapes
        type: s4[]
        doc: Length of each clustering column's values, -1 if variable.
    seq:
      - id: kind
        type: u1
        enum: kind
        valid:
          any-of:
            - kind::excl_end_bound
            - kind::incl_start_bound
            - kind::excl_end_incl_start_boundary
            - kind::incl_end_excl_start_boundary
            - kind::incl_end_bound
            - kind::excl_start_bound
        doc: Start, end or both, including the values or not.
        -orig-id: kind
      - id: num_values
        type: u2
        valid:
          max: shapes.size
        doc: How many of the clustering columns the bound gives, from the first on.
        -orig-id: size
      - id: values
        type: values(shapes, num_values)
        doc: The values.
        -orig-id: values
  values:
    doc: Blocks of at most 32 values, each block with a header of two bits for each value.
    doc-ref: org.apache.cassandra.db.ClusteringPrefix.Serializer.deserializeValuesWithoutSize
    params:
      - id: shapes
        type: s4[]
        doc: Length of each clustering column's values, -1 if variable.
      - id: num_values
        type: s4
        doc: Number of values, at most one for each column.
    seq:
      - id: blocks
        type: block(shapes, _index * 32, num_values)
        repeat: expr
        repeat-expr: (num_values + 31) / 32
        doc: All values, 32 to a block.
        -orig-id: values
  block:
    doc: A header, then those of up to 32 values that are neither null nor empty.
    doc-ref: org.apache.cassandra.db.ClusteringPrefix.Serializer.deserializeValuesWithoutSize
    params:
      - id: shapes
        type: s4[]
        doc: Length of each clustering column's values, -1 if variable.
      - id: first
        type: s4
        doc: Index of the block's first value.
      - id: num_values
        type: s4
        doc: Number of values in all blocks.
    seq:
      - id: header
        type: vint
        doc: |
          Two bits for each value, from the least significant on: the first is set
          where the value is empty, the second where it is null.
        -orig-id: header
      - id: items
        type: value(shapes[first + _index], header, _index)
        repeat: expr
        repeat-expr: 'num_values - first < 32 ? num_values - first : 32'
        doc: The block's values.
        -orig-id: values
  value:
    doc: One value, or none where the header says that it is empty or null.
    doc-ref: org.apache.cassandra.db.marshal.AbstractType.writeValue
    params:
      - id: shape
        type: s4
        doc: The value's length in bytes, -1 if variable.
      - id: header
        type: vint
        doc: The block's header.
      - id: index
        type: s4
        doc: The value's index in its block.
    seq:
      - id: len_value
        type: vint
        if: is_present and shape < 0
        doc: Length of the value in bytes, where its type does not fix it.
        -orig-id: length
      - id: value
        size: 'shape < 0 ? len_value.value : shape'
        if: is_present
        doc: The value, in the serialized form of its type.
        -orig-id: value
    instances:
      header_byte:
        value: >-
          index / 4 < header.len_extra ? header.extra[header.len_extra - 1 - index / 4] :
          index / 4 == header.len_extra ? header.first & (0x7f >> header.len_extra) : 0
        doc: |
          The header's byte that holds this value's two bits. Taken from the bytes, since
          the header can have more bits than JavaScript's numbers.
      is_empty:
        value: (header_byte >> (index % 4 * 2)) & 1 == 1
        doc: Whether the value is present and has no bytes.
        -orig-id: isEmpty
      is_null:
        value: (header_byte >> (index % 4 * 2)) & 2 == 2
        doc: Whether there is no value.
        -orig-id: isNull
      is_present:
        value: not is_empty and not is_null
        doc: Whether bytes follow.
enums:
  kind:
    0:
      id: excl_end_bound
      doc: Ends before the values.
    1:
      id: incl_start_bound
      doc: Starts at the values.
    2:
      id: excl_end_incl_start_boundary
      doc: One range ends before the values, another starts at them.
    3:
      id: static_clustering
      doc: The static row; never written.
    4:
      id: clustering
      doc: A row, with a value for every clustering column.
    5:
      id: incl_end_excl_start_boundary
      doc: One range ends with the values, another starts after them.
    6:
      id: incl_end_bound
      doc: Ends with the values.
    7:
      id: excl_start_bound
      doc: Starts after the values.
