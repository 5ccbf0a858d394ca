meta:
  id: values
  title: Serialized CQL values
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
  imports:
    - vint
    - version
doc: |
  The bytes of a value of each CQL type, as they stand in cells, clusterings, cell
  paths and partition keys, without the length that goes before them there.
  A value fills its stream, so where it is embedded it needs a `size`. No layout
  here depends on the version.

  Most types also take a value without any bytes, which is neither null nor the
  type's zero; it is not a case of the types below, whoever holds the length sees it.
doc-ref: org.apache.cassandra.db.marshal.AbstractType
seq:
  - id: body
    type: body(version::id::oa.to_i)
    doc: A list or set.
    -orig-id: value
types:
  body:
    doc: A list or set, of elements of any type.
    doc-ref: org.apache.cassandra.serializers.CollectionSerializer
    params:
      - id: version
        type: u1
        doc: Number of the format version, see `version`; of no influence.
    seq:
      - id: value
        type: collection_value
        doc: The collection.
        -orig-id: value
  collection_value:
    doc: |
      A frozen list, or a frozen set, whose elements stand in the order of their type.
      Collections that are not frozen have a cell for each element instead.
    doc-ref: |
      org.apache.cassandra.serializers.CollectionSerializer
      org.apache.cassandra.serializers.ListSerializer
      org.apache.cassandra.serializers.SetSerializer
    seq:
      - id: num_elements
        type: s4
        doc: Number of elements; a negative one counts as none.
        -orig-id: elements
      - id: elements
        type: nullable_value
        repeat: expr
        repeat-expr: 'num_elements < 0 ? 0 : num_elements'
        doc: The elements.
        -orig-id: values
  map_value:
    doc: A frozen map, with its entries in the order of the keys' type.
    doc-ref: org.apache.cassandra.serializers.MapSerializer
    seq:
      - id: num_entries
        type: s4
        doc: Number of entries; a negative one counts as none.
        -orig-id: elements
      - id: entries
        type: map_entry
        repeat: expr
        repeat-expr: 'num_entries < 0 ? 0 : num_entries'
        doc: The entries.
        -orig-id: values
  map_entry:
    doc: A key and what it maps to.
    doc-ref: org.apache.cassandra.serializers.MapSerializer
    seq:
      - id: key
        type: nullable_value
        doc: The key.
        -orig-id: key
      - id: value
        type: nullable_value
        doc: The value.
        -orig-id: value
  nullable_value:
    doc: Length and bytes of a value inside another one, or the mark of a null.
    doc-ref: org.apache.cassandra.serializers.CollectionSerializer.readValue
    seq:
      - id: len_value
        type: s4
        doc: Length in bytes; negative, in practice -1, where the value is null.
        -orig-id: size
      - id: value
        size: len_value
        if: len_value >= 0
        doc: The value, in the serialized form of its type.
        -orig-id: value
  tuple_value:
    doc: |
      A tuple, or a frozen user type. Fields at the end may be missing, which is as if
      they were null: a value that was written before its type got further fields.
    doc-ref: |
      org.apache.cassandra.db.marshal.TupleType.split
      org.apache.cassandra.serializers.TupleSerializer
      org.apache.cassandra.serializers.UserTypeSerializer
    seq:
      - id: fields
        type: nullable_value
        repeat: eos
        doc: The fields in the order of the type.
        -orig-id: components
  fixed_vector_value:
    doc: A vector of elements whose type has values of one length.
    doc-ref: org.apache.cassandra.db.marshal.VectorType.FixedLengthSerializer
    params:
      - id: len_elements
        type: s4
        doc: Length of each element in bytes.
      - id: num_elements
        type: s4
        doc: Number of elements, the vector's dimension.
    seq:
      - id: elements
        size: len_elements
        repeat: expr
        repeat-expr: num_elements
        doc: The elements, each in the serialized form of its type.
        -orig-id: elements
  variable_vector_value:
    doc: A vector of elements whose type has values of different lengths.
    doc-ref: org.apache.cassandra.db.marshal.VectorType.VariableLengthSerializer
    params:
      - id: num_elements
        type: s4
        doc: Number of elements, the vector's dimension.
    seq:
      - id: elements
        type: vector_element
        repeat: expr
        repeat-expr: num_elements
        doc: The elements.
        -orig-id: elements
  vector_element:
    doc: Length and bytes of an element; there are no nulls in vectors.
    doc-ref: org.apache.cassandra.db.marshal.VectorType.VariableLengthSerializer.readValue
    seq:
      - id: len_value
        type: vint
        doc: Length in bytes.
        -orig-id: size
      - id: value
        size: len_value.value
        doc: The element, in the serialized form of its type.
        -orig-id: value
  composite_value:
    doc: |
      Several values in one: the partition key where it has more than one column, the
      names in tables that came from Thrift, and values of the type CompositeType.
    doc-ref: org.apache.cassandra.db.marshal.CompositeType
    seq:
      - id: components
        type: composite_component(_index)
        repeat: eos
        doc: |
          The components; the first may be the mark of a static column's name rather
          than a value.
        -orig-id: components
  composite_component:
    doc: One component, or the mark of a static column's name.
    doc-ref: org.apache.cassandra.db.marshal.CompositeType
    params:
      - id: index
        type: s4
        doc: The component's index; only the first can be the static mark.
    seq:
      - id: len_value
        type: u2
        doc: Length of the value in bytes, 65535 for the static mark.
        -orig-id: length
      - id: value
        size: len_value
        if: not is_static_mark
        doc: The value, in the serialized form of its type.
        -orig-id: value
      - id: end_of_component
        type: s1
        if: not is_static_mark
        doc: |
          0 in stored values; in bounds of slices -1 for before and 1 for after all
          that starts with these components.
        -orig-id: end-of-component
    instances:
      is_static_mark:
        value: index == 0 and len_value == 0xffff
        doc: Whether this is no component but says that a static column is named.
        -orig-id: STATIC_MARKER
  dynamic_composite_value:
    doc: Several values in one, each of which tells its type.
    doc-ref: org.apache.cassandra.db.marshal.DynamicCompositeType
    seq:
      - id: components
        type: dynamic_composite_component
        repeat: eos
        doc: The components.
        -orig-id: components
  dynamic_composite_component:
    doc: A value and its type, the type by an alias or by its name.
    doc-ref: org.apache.cassandra.db.marshal.DynamicCompositeType
    seq:
      - id: header
        type: u2
        doc: |
          With the top bit set, the alias of the type in the lower byte; else the
          length of the type's name in bytes.
        -orig-id: header
      - id: type_name
        size: header
        type: str
        encoding: UTF-8
        if: not is_alias
        doc: The type's class, with its parameters.
        -orig-id: name
      - id: len_value
        type: u2
        doc: Length of the value in bytes.
        -orig-id: length
      - id: value
        size: len_value
        doc: The value, in the serialized form of its type.
        -orig-id: value
      - id: end_of_component
        type: s1
        doc: |
          0 in stored values; in bounds of slices -1 for before and 1 for after all
          that starts with these components.
        -orig-id: end-of-component
    instances:
      is_alias:
        value: header >= 0x8000
        doc: Whether the type is told by an alias.
      alias:
        value: header & 0xff
        doc: The alias, a character of ASCII.
        -orig-id: alias
  counter_value:
    doc: |
      The state of a counter: for each replica that took part a shard with the count
      that it contributed. The counter's value is the sum of the counts.
    doc-ref: org.apache.cassandra.db.context.CounterContext
    seq:
      - id: num_header_elements
        type: s2
        doc: |
          Number of shards that are global or local, the others are remote; negated
          where local shards are to be made remote once read.
        -orig-id: headerSize
      - id: header_elements
        type: s2
        repeat: expr
        repeat-expr: 'num_header_elements < 0 ? 0 - num_header_elements : num_header_elements'
        doc: |
          Indexes of the shards that are not remote: as it is for a local one, with
          -32768 added for a global one.
        -orig-id: headerElt
      - id: shards
        type: counter_shard
        repeat: eos
        doc: The shards, in the order of their counter ids.
        -orig-id: shards
  counter_shard:
    doc: What one replica contributed.
    doc-ref: org.apache.cassandra.db.context.CounterContext
    seq:
      - id: counter_id
        size: 16
        doc: The replica's counter id, a UUID.
        -orig-id: id
      - id: clock
        type: s8
        doc: How many times the shard has changed; in old shards milliseconds, negated once removed.
        -orig-id: clock
      - id: count
        type: s8
        doc: The sum of the replica's increments.
        -orig-id: count
  duration_value:
    doc: |
      Months, days and nanoseconds, which do not convert into each other. All are
      positive or zero, or all negative or zero.
    doc-ref: org.apache.cassandra.serializers.DurationSerializer
    seq:
      - id: months
        type: vint
        doc: Months, as `signed`, of 32 bits.
        -orig-id: months
      - id: days
        type: vint
        doc: Days, as `signed`, of 32 bits.
        -orig-id: days
      - id: nanoseconds
        type: vint
        doc: Nanoseconds, as `signed`, of 64 bits.
        -orig-id: nanoseconds
  decimal_value:
    doc: A decimal number of any size, unscaled * 10^-scale.
    doc-ref: org.apache.cassandra.serializers.DecimalSerializer
    seq:
      - id: scale
        type: s4
        doc: Number of digits after the decimal point; may be negative.
        -orig-id: scale
      - id: unscaled
        type: varint_value
        doc: The number without its decimal point.
        -orig-id: unscaledValue
  varint_value:
    doc: An integer of any size.
    doc-ref: org.apache.cassandra.serializers.IntegerSerializer
    seq:
      - id: magnitude
        size-eos: true
        doc: The integer in two's complement, most significant byte first.
        -orig-id: value
  tinyint_value:
    doc: An 8-bit integer.
    doc-ref: org.apache.cassandra.serializers.ByteSerializer
    seq:
      - id: value
        type: s1
        doc: The integer.
        -orig-id: value
  smallint_value:
    doc: A 16-bit integer. As a cell's path, the position of a user type's field.
    doc-ref: org.apache.cassandra.serializers.ShortSerializer
    seq:
      - id: value
        type: s2
        doc: The integer.
        -orig-id: value
  int_value:
    doc: A 32-bit integer.
    doc-ref: org.apache.cassandra.serializers.Int32Serializer
    seq:
      - id: value
        type: s4
        doc: The integer.
        -orig-id: value
  bigint_value:
    doc: A 64-bit integer.
    doc-ref: org.apache.cassandra.serializers.LongSerializer
    seq:
      - id: value
        type: s8
        doc: The integer.
        -orig-id: value
  float_value:
    doc: A 32-bit floating-point number of IEEE 754.
    doc-ref: org.apache.cassandra.serializers.FloatSerializer
    seq:
      - id: value
        type: f4
        doc: The number.
        -orig-id: value
  double_value:
    doc: A 64-bit floating-point number of IEEE 754.
    doc-ref: org.apache.cassandra.serializers.DoubleSerializer
    seq:
      - id: value
        type: f8
        doc: The number.
        -orig-id: value
  boolean_value:
    doc: True or false.
    doc-ref: org.apache.cassandra.serializers.BooleanSerializer
    seq:
      - id: value
        type: u1
        doc: 0 for false, anything else, in practice 1, for true.
        -orig-id: value
  text_value:
    doc: A string; of the type ascii, one with bytes below 128 only.
    doc-ref: |
      org.apache.cassandra.serializers.UTF8Serializer
      org.apache.cassandra.serializers.AsciiSerializer
    seq:
      - id: value
        type: str
        size-eos: true
        encoding: UTF-8
        doc: The string.
        -orig-id: value
  blob_value:
    doc: Bytes, also of a type that is not known.
    doc-ref: org.apache.cassandra.serializers.BytesSerializer
    seq:
      - id: value
        size-eos: true
        doc: The bytes.
        -orig-id: value
  uuid_value:
    doc: A UUID of any version.
    doc-ref: org.apache.cassandra.serializers.UUIDSerializer
    seq:
      - id: value
        size: 16
        doc: The UUID in the order of its text form.
        -orig-id: value
  timeuuid_value:
    doc: |
      A UUID of version 1, which holds a time. As a cell's path, it gives a list's
      element its place.
    doc-ref: org.apache.cassandra.utils.TimeUUID.Serializer
    seq:
      - id: time_low
        type: u4
        doc: The lowest 32 bits of the time.
        -orig-id: time_low
      - id: time_mid
        type: u2
        doc: The middle 16 bits of the time.
        -orig-id: time_mid
      - id: time_hi_and_version
        type: u2
        doc: The version, 1, in the highest four bits; the highest twelve bits of the time.
        -orig-id: time_hi_and_version
      - id: clock_seq_and_node
        size: 8
        doc: Variant, clock sequence and node.
        -orig-id: lsb
    instances:
      ticks:
        value: >-
          (time_hi_and_version & 0xfff).as<u8> * 0x1000000000000 +
          time_mid.as<u8> * 0x100000000 + time_low
        doc: The time, in units of 100 nanoseconds since the 15th of October 1582.
        -orig-id: rawTimestamp
  inet_value:
    doc: An address of IPv4, four bytes, or of IPv6, sixteen bytes.
    doc-ref: org.apache.cassandra.serializers.InetAddressSerializer
    seq:
      - id: address
        size-eos: true
        doc: The address.
        -orig-id: address
  date_value:
    doc: A day, without a time zone.
    doc-ref: org.apache.cassandra.serializers.SimpleDateSerializer
    seq:
      - id: days
        type: u4
        doc: Days; 2147483648 is the first of January 1970.
        -orig-id: days
  time_value:
    doc: A time of day, without a time zone.
    doc-ref: org.apache.cassandra.serializers.TimeSerializer
    seq:
      - id: nanoseconds
        type: s8
        doc: Nanoseconds since midnight.
        -orig-id: nanoseconds
  timestamp_value:
    doc: A point in time.
    doc-ref: org.apache.cassandra.serializers.TimestampSerializer
    seq:
      - id: milliseconds
        type: s8
        doc: Milliseconds since 1970 in UTC.
        -orig-id: time
