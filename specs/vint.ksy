meta:
  id: vint
  title: Variable-length integer
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
doc: |
  An integer of one to nine bytes. The number of leading one bits of the first
  byte tells how many bytes follow; its remaining bits are the most significant
  bits of the value, and the bytes that follow are the rest, big-endian.
  The same bytes are read as unsigned (`value`) or, where the field says so, as
  signed in zigzag form (`signed`).
doc-ref: org.apache.cassandra.utils.vint.VIntCoding
seq:
  - id: first
    type: u1
    doc: Length prefix in the leading one bits, high bits of the value in the rest.
    -orig-id: firstByte
  - id: extra
    size: len_extra
    doc: The bytes after the first, most significant first.
    -orig-id: extraBytes
instances:
  len_extra:
    value: >-
      first < 0x80 ? 0 : first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 :
      first < 0xf8 ? 4 : first < 0xfc ? 5 : first < 0xfe ? 6 : first < 0xff ? 7 : 8
    doc: Number of bytes that follow the first.
    -orig-id: numberOfExtraBytesToRead
  value:
    value: >-
      len_extra == 0 ? first.as<u8> :
      len_extra == 1 ? (first & 0x3f).as<u8> * 0x100 + extra[0] :
      len_extra == 2 ? (first & 0x1f).as<u8> * 0x10000 + extra[0].as<u8> * 0x100 + extra[1] :
      len_extra == 3 ? (first & 0x0f).as<u8> * 0x1000000 + extra[0].as<u8> * 0x10000 + extra[1].as<u8> * 0x100 + extra[2] :
      len_extra == 4 ? (first & 0x07).as<u8> * 0x100000000 + low4 :
      len_extra == 5 ? ((first & 0x03).as<u8> * 0x100 + extra[0]) * 0x100000000 + low4 :
      len_extra == 6 ? ((first & 0x01).as<u8> * 0x10000 + extra[0].as<u8> * 0x100 + extra[1]) * 0x100000000 + low4 :
      len_extra == 7 ? (extra[0].as<u8> * 0x10000 + extra[1].as<u8> * 0x100 + extra[2]) * 0x100000000 + low4 :
      (extra[0].as<u8> * 0x1000000 + extra[1].as<u8> * 0x10000 + extra[2].as<u8> * 0x100 + extra[3]) * 0x100000000 + low4
    doc: |
      The integer as unsigned 64 bits. Written with products rather than shifts,
      so that JavaScript is exact up to 2^53.
    -orig-id: readUnsignedVInt
  low4:
    value: >-
      extra[len_extra - 4].as<u8> * 0x1000000 + extra[len_extra - 3].as<u8> * 0x10000
      + extra[len_extra - 2].as<u8> * 0x100 + extra[len_extra - 1]
    doc: The least significant four bytes, where four or more bytes follow the first.
  signed:
    value: 'value % 2 == 0 ? (value / 2).as<s8> : -1 - (value / 2).as<s8>'
    doc: The integer as signed 64 bits, zigzag decoded.
    -orig-id: decodeZigZag64
