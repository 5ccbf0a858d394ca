"""Small specs, one for each way of putting types together that the specs may use."""

from __future__ import annotations

from tests.codegen.features import Feature

STRUCTURE = (
    Feature(
        "windows",
        """
seq:
  - {id: len, type: u1}
  - {id: body, type: inner(len), size: len}
  - {id: boxes, type: box, size: 2, repeat: expr, repeat-expr: 2}
  - {id: rest, type: box, size-eos: true}
types:
  inner:
    params: [{id: len, type: u1}]
    seq:
      - {id: x, type: u1}
      - {id: y, size: _io.size - _io.pos}
      - {id: never, type: u1, if: not _io.eof}
    instances:
      size: {value: _io.size}
  box:
    seq:
      - {id: x, type: u1}
""",
        good=("03 010203 1100 2200 33", "01 09 1101 2202 33445566"),
        bad=("03 0102", "00 1100 2200 33", "01 09 1101 2202"),
    ),
    Feature(
        "switches",
        """
seq:
  - {id: kind, type: u1, enum: kind}
  - id: plain
    type: {switch-on: kind, cases: {'kind::byte': u1, 'kind::word': u2, 'kind::box': box(3)}}
  - id: sized
    size: 2
    type: {switch-on: kind.to_i, cases: {1: box(1), 2: pair}}
  - id: other
    type: {switch-on: kind.to_i, cases: {3: box(2), _: pair}}
types:
  box:
    params: [{id: n, type: u1}]
    seq: [{id: x, size: n}]
  pair:
    seq: [{id: a, type: u1}, {id: b, type: u1}]
enums:
  kind: {1: byte, 2: word, 3: box}
""",
        good=("01 aa 0102 0304", "02 aabb 0102 0304", "03 aabbcc 0102 0304", "09 0102 0304"),
        bad=("01 aa 0102 03", "02 aa"),
    ),
    Feature(
        "positions",
        """
seq:
  - {id: ofs, type: u1}
  - {id: num, type: u1}
  - {id: body, size: num}
instances:
  footer: {pos: _io.size - 1, type: u1}
  pair: {pos: ofs, type: pair, if: ofs > 0}
  list: {pos: ofs, type: u1, repeat: expr, repeat-expr: num}
  window: {pos: 1, type: pair, size: 2}
  total: {value: footer + ofs}
types:
  pair:
    seq:
      - {id: a, type: u1}
      - {id: b, type: u1, if: a == peek - 1 or true}
    instances:
      peek: {pos: _io.pos, type: u1}
""",
        good=("02 02 aabb", "01 01 aabb", "00 00 05"),
    ),
    Feature(
        "peeking",
        """
seq:
  - {id: parts, type: part(_io.pos), repeat: until, repeat-until: _io.pos >= ofs_end}
  - {id: end, type: u1}
instances:
  ofs_end: {pos: _io.size - 1, type: u1}
types:
  part:
    params: [{id: position, type: s8}]
    seq:
      - {id: padding, size: 1, if: next == 0}
      - {id: item, type: u2, if: next != 0}
    instances:
      next: {pos: position, type: u1}
""",
        good=("00 0102 00 0304 06", "0102 02"),
        bad=("00", "01"),
    ),
    Feature(
        "params",
        """
seq:
  - {id: header, type: header}
  - {id: body, type: 'body([1, -1, 300], header, header.kind, header.num > 1, "ab", header.raw)'}
types:
  header:
    seq:
      - {id: num, type: u1}
      - {id: kind, type: u1, enum: kind}
      - {id: raw, size: 2}
    instances:
      twice: {value: num * 2}
  body:
    params:
      - {id: shapes, type: 's4[]'}
      - {id: header, type: header}
      - {id: kind, type: u1, enum: kind}
      - {id: flag, type: bool}
      - {id: text, type: str}
      - {id: raw, type: bytes}
    seq:
      - {id: a, size: 'flag ? header.twice : 0'}
      - {id: b, type: 'leaf(shapes, header)', if: 'kind == kind::full'}
    instances:
      sum: {value: 'shapes[0] + shapes[1] + shapes[2] + text.length + raw[0]'}
      count: {value: shapes.size}
  leaf:
    params:
      - {id: shapes, type: 's4[]'}
      - {id: any, type: struct}
    seq:
      - {id: x, type: u2, if: 'shapes[1] == -1'}
    instances:
      back: {value: any.as<header>.num}
enums:
  kind: {0: empty, 1: full}
""",
        good=("02 01 0a0b 01020304 0506", "01 00 0a0b", "01 01 ffff 0102"),
        bad=("02 01 0a0b 0102",),
    ),
    Feature(
        "imports",
        """
seq:
  - {id: num, type: shared}
  - {id: pair, type: shared::pair(num.value)}
  - {id: color, type: u1, enum: shared::color}
  - {id: all, type: shared, repeat: expr, repeat-expr: num.value}
instances:
  sum: {value: 'num.value + all.size + pair.a'}
""",
        good=("01 0a 07 05", "02 0a0b 02 05 8101", "00 0a 01"),
        bad=("02 0a0b 02 05",),
        imports=("shared",),
    ),
    Feature(
        "nested_types",
        """
seq:
  - {id: outer, type: outer}
types:
  outer:
    seq:
      - {id: inner, type: inner}
      - {id: kind, type: u1, enum: kind}
    types:
      inner:
        seq:
          - {id: leaf, type: leaf}
          - {id: far, type: leaf::deep}
      leaf:
        seq: [{id: x, type: u1}]
        types:
          deep:
            seq: [{id: z, type: u1, enum: kind}]
    enums:
      kind: {1: near}
  leaf:
    seq: [{id: y, type: u2}]
enums:
  kind: {1: distant}
""",
        good=("01 01 01", "02 03 04"),
    ),
    Feature(
        "names_of_dict_methods",
        """
seq:
  - {id: keys, type: u1}
  - {id: values, type: u1, repeat: expr, repeat-expr: keys}
  - {id: items, type: inner}
  - {id: get, type: u1, if: keys > 1}
  - {id: update, type: u1}
instances:
  copy: {value: keys + update}
types:
  inner:
    params: []
    seq: [{id: pop, type: u1}, {id: clear, type: u1}]
    instances:
      search: {value: pop + clear}
""",
        good=("01 05 0607 08", "02 0506 0607 09 08"),
    ),
    Feature(
        "recursion",
        """
seq:
  - {id: tree, type: node}
types:
  node:
    seq:
      - {id: num, type: u1}
      - {id: children, type: node, repeat: expr, repeat-expr: num}
    instances:
      weight: {value: 'num == 0 ? 1 : children[0].weight.as<s4> + 1'}
""",
        good=("00", "02 01 00 00", "01 01 01 00"),
        bad=("01", "05" * 3, "01" * 5000),
    ),
    Feature(
        "with_parameter",
        """
seq: [{id: dummy, type: u1}]
types:
  gated:
    params:
      - {id: version, type: u1}
      - {id: shapes, type: 's4[]'}
    seq:
      - {id: a, type: u1, if: version >= 2}
      - {id: b, size: 'shapes[_index]', repeat: expr, repeat-expr: shapes.size}
""",
        good=("01 02 0304",),
        bad=("01 02 03",),
        type="gated",
        params=(3, [1, 2]),
    ),
)
