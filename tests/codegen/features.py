"""Small specs, one for each way to store a value that the specs may use.

Each has bytes that it takes, given as hexadecimal, and bytes that it must refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Feature:
    """A spec without its ``meta``, inputs that it takes, and inputs that it refuses."""

    name: str
    body: str
    good: tuple[str, ...]
    bad: tuple[str, ...] = ()
    type: str = ""
    params: tuple[Any, ...] = ()
    imports: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole spec."""
        lines = ["meta:", f"  id: {self.name}", "  endian: be"]
        if self.imports:
            lines.append(f"  imports: [{', '.join(self.imports)}]")
        return "\n".join(lines) + "\n" + self.body


SHARED = Feature(
    "shared",
    """
seq:
  - {id: first, type: u1}
  - {id: extra, size: len_extra}
instances:
  len_extra: {value: 'first < 0x80 ? 0 : 1'}
  value: {value: 'len_extra == 0 ? first.as<u8> : (first & 0x3f).as<u8> * 0x100 + extra[0]'}
types:
  pair:
    params: [{id: version, type: u1}]
    seq:
      - {id: a, type: u1}
      - {id: b, type: u1, if: 'version > 1'}
enums:
  color: {1: red, 2: green, 7: blue}
""",
    good=("05", "81ff"),
    bad=("", "81"),
)

VALUES = (
    SHARED,
    Feature(
        "numbers",
        """
seq:
  - {id: a, type: u1}
  - {id: b, type: u2}
  - {id: c, type: u4}
  - {id: d, type: u8}
  - {id: e, type: s1}
  - {id: f, type: s2}
  - {id: g, type: s4}
  - {id: h, type: s8}
  - {id: i, type: f4}
  - {id: j, type: f8}
  - {id: k, type: u2le}
  - {id: l, type: s4le}
  - {id: m, type: u8le}
  - {id: n, type: f4le}
  - {id: o, type: f8le}
""",
        good=(
            "01 0203 04050607 08090a0b0c0d0e0f 80 8001 80000001 8000000000000001 3fc00000 "
            "bff8000000000000 0102 010000ff 0100000000000080 0000c03f 000000000000f83f",
            "ff" * 68,
            "7f" + "00" * 29 + "7f800000" + "7ff0000000000000" + "00" * 26,
        ),
        bad=("", "01 02", "00" * 67),
    ),
    Feature(
        "blobs",
        """
seq:
  - {id: len, type: u1}
  - {id: data, size: len}
  - {id: text, size: 'len - 1', type: str, encoding: UTF-8}
  - {id: ascii, size: 2, type: str, encoding: ASCII}
  - {id: rest, size-eos: true}
""",
        good=("03 010203 c3a4 4142 ff00", "01 00 5a5a"),
        bad=("03 0102", "00", "03 010203 c328 4142", "01 00 ffff"),
    ),
    Feature(
        "text_to_end",
        "seq: [{id: text, size-eos: true, type: str, encoding: UTF-8}]",
        good=("", "e282ac78"),
        bad=("e282",),
    ),
    Feature(
        "lines",
        """
seq:
  - {id: head, type: str, terminator: 0x3b, encoding: ASCII}
  - {id: lines, type: str, terminator: 0x0a, eos-error: false, encoding: UTF-8, repeat: eos}
""",
        good=("413b 780a790a", "413b 780a79", "3b", "413b 0a0a"),
        bad=("4142", ""),
    ),
    Feature(
        "magic",
        """
seq:
  - {id: magic, contents: [0x43, 'ql', 0]}
  - {id: a, type: u1, valid: 3}
  - {id: b, type: u1, valid: {min: 2, max: 5}}
  - {id: c, type: u1, valid: {any-of: [1, 'a + 1', 9]}}
  - {id: d, type: u1, valid: {expr: '_ % 2 == 0 and _ >= a'}}
  - {id: e, type: u1, enum: color, valid: {in-enum: true}}
  - {id: f, type: u1, repeat: expr, repeat-expr: 2, valid: {max: b}}
enums:
  color: {1: red, 2: green}
""",
        good=("43716c00 03 02 04 04 01 0102", "43716c00 03 05 09 08 02 0500"),
        bad=(
            "43716c01 03 02 04 04 01 0102",
            "43716c00 04 02 04 04 01 0102",
            "43716c00 03 01 04 04 01 0102",
            "43716c00 03 06 04 04 01 0102",
            "43716c00 03 02 05 04 01 0102",
            "43716c00 03 02 04 05 01 0102",
            "43716c00 03 02 04 02 01 0102",
            "43716c00 03 02 04 04 03 0102",
            "43716c00 03 02 04 04 01 0103",
        ),
    ),
    Feature(
        "enumerations",
        """
seq:
  - {id: a, type: u1, enum: color}
  - {id: b, type: s2, enum: inner::size}
  - {id: c, type: u1, enum: shared::color, repeat: expr, repeat-expr: 2}
instances:
  is_red: {value: 'a == color::red'}
  number: {value: 'a.to_i * 2'}
  other: {value: '1 + c[0].to_i', enum: color}
  imported: {value: 'c[1] == shared::color::blue'}
types:
  inner:
    enums:
      size: {-1: small, 256: large}
enums:
  color: {1: red, 2: green}
""",
        good=("01 0100 0107", "02 ffff 0207", "09 0001 0909"),
        imports=("shared",),
    ),
    Feature(
        "conditions",
        """
seq:
  - {id: flags, type: u1}
  - {id: a, type: u2, if: 'flags & 1 != 0'}
  - {id: b, type: u1, if: 'flags & 2 != 0 and not (flags & 4 == 4) or flags == 0x80'}
  - {id: c, size: 1, if: has_c}
instances:
  has_c: {value: 'flags >= 8 ? true : false'}
  sum: {value: 'a + b', if: 'flags & 3 == 3'}
""",
        good=("00", "01 0102", "03 0102 05", "06", "80 07 ff", "0b 0102 05 ff"),
        bad=("01 01", "03 0102"),
    ),
    Feature(
        "arithmetic",
        """
seq:
  - {id: a, type: s4}
  - {id: b, type: u1}
instances:
  sum: {value: 'a + b * 2 - 1'}
  quotient: {value: 'b / 2'}
  remainder: {value: 'b % 3'}
  shifts: {value: '(b << 4) | (b >> 4)'}
  bits: {value: '~b & 0xff ^ 0x0f'}
  negative: {value: '-a'}
  nested: {value: 'b > 10 ? (b > 20 ? 2 : 1) : 0'}
  both: {value: '(a > 0) == (b > 0)'}
  compares: {value: 'not (a <= b or a == 5) and b != 0x1_0'}
  precise: {value: 'a.as<s8> * 0x100000000'}
  wide: {value: '(b & 0b1010).as<u8>'}
  list: {value: '[-1, a, b]'}
  bytes: {value: '[0x41, 0x42]'}
  text: {value: '"x" + b.to_s'}
""",
        good=("00000007 05", "fffffff9 ff", "00000000 00", "7fffffff 15"),
    ),
    Feature(
        "strings",
        """
seq:
  - {id: len, type: u1}
  - {id: text, size: len, type: str, encoding: ASCII}
  - {id: digits, size: 2, type: str, encoding: ASCII}
  - {id: raw, size: 2}
instances:
  length: {value: text.length}
  number: {value: digits.to_i}
  hexadecimal: {value: 'digits.to_i(16)'}
  head: {value: 'text.substring(0, 2)', if: text.length >= 2}
  tail: {value: 'text.substring(2, text.length) == "c"', if: text.length >= 2}
  decoded: {value: 'raw.to_s("UTF-8")'}
  last: {value: raw.last + raw.first}
  size: {value: raw.length}
""",
        good=("03 616263 3432 7879", "00 3037 7979", "04 61626364 3939 4142"),
    ),
    Feature(
        "repeats",
        """
seq:
  - {id: num, type: s1}
  - {id: counted, type: u2, repeat: expr, repeat-expr: num}
  - {id: until, type: u1, repeat: until, repeat-until: '_ == 0'}
  - {id: blobs, size: _index, repeat: expr, repeat-expr: 3}
  - {id: rest, type: item(_index), repeat: eos}
types:
  item:
    params: [{id: index, type: s4}]
    seq:
      - {id: x, type: u1}
    instances:
      product: {value: index * x}
""",
        good=("02 00010002 010200 aabbcc 050607", "ff 00 aabbcc", "00 0900 010203"),
        bad=("02 0001", "00 0102", "7f 00 0100"),
    ),
    Feature(
        "self_reference",
        """
seq:
  - id: items
    type: 'item(_index == 0 ? 0 : items[_index - 1].total)'
    repeat: until
    repeat-until: 'items[_index].x == 0 or items.size == 4'
instances:
  total: {value: items.last.total}
  num: {value: items.size}
types:
  item:
    params: [{id: before, type: s4}]
    seq:
      - {id: x, type: u1}
    instances:
      total: {value: before + x}
""",
        good=("010200", "00", "01010101", "01020300"),
        bad=("0102",),
    ),
    Feature(
        "bits",
        """
seq:
  - {id: a, type: b4}
  - {id: flag, type: b1}
  - {id: b, type: b3}
  - {id: half, type: half, repeat: expr, repeat-expr: 3}
  - {id: whole, type: u1}
  - {id: num, type: b4}
  - {id: twelve, type: b12, repeat: expr, repeat-expr: num}
  - {id: kind, type: b2, enum: kind}
  - {id: tail, size: 1}
  - {id: long, type: b40}
types:
  half:
    seq:
      - {id: x, type: b4}
enums:
  kind: {0: none, 3: all}
""",
        good=(
            "5e 1230 77 1fffc0 aa 0102030405",
            "ff 4560 00 20010020 ff ffffffffff",
            "00 0000 01 00 ff 0000000000",
        ),
        bad=("5e 1230 77 1fff", "5e"),
    ),
    Feature(
        "packed",
        """
seq:
  - {id: pairs, type: pair, repeat: expr, repeat-expr: 2}
  - {id: odd, type: b12}
  - {id: pad, type: b4}
types:
  pair:
    seq:
      - {id: first, type: b12}
      - {id: second, type: b12}
""",
        good=("123456 789abc def0",),
        bad=("123456 789a",),
    ),
)
