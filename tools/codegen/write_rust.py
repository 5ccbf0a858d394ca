"""Expressions of the specs as Rust.

Rust's integers have widths and Kaitai's have none, so each expression is computed in
the first of ``i64``, ``u64`` and ``i128`` that takes all its values, as far as the widths of what
it is made of tell. That only chooses the type: every operation is checked when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from codegen import expr, ir
from codegen.errors import SpecError
from codegen.expr import Expr
from codegen.types import Array, Bool, Bytes, Enum, Float, Int, Str, Stream, Struct, ValueType

RANGES = {
    "i64": (-(2**63), 2**63 - 1),
    "u64": (0, 2**64 - 1),
    "i128": (-(2**127), 2**127 - 1),
}
# What a count of things in memory can be.
COUNT = (0, 2**40)
WIDTHS = {"i64": 64, "u64": 64, "i128": 128}
METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "div_euclid", "%": "rem_euclid"}
BITWISE = {"&": "&", "|": "|", "^": "^"}
ABSENT = ".ok_or(Fault::Absent)?"


@dataclass(frozen=True)
class Code:
    """An expression in Rust.

    Attributes:
        text: the code; may return from the function around it by ``?``.
        kind: ``i64 u64 i128 f64 bool str bytes enum struct list numbers slice``; a struct
            or list is a reference, all else is a copy.
        low, high: for integers, what the value can be.
        item: for arrays, how an item is held.
    """

    text: str
    kind: str
    low: int = 0
    high: int = 0
    item: ir.Field | ValueType | None = None


@dataclass(frozen=True)
class Scope:
    """Where an expression stands.

    Attributes:
        me: what the object is called.
        cursor: whether there is a cursor, else ``_io`` is the object's own.
        items: a repeated field that is being read, and whether only the previous item is kept.
        value: ``_``.
    """

    me: str
    cursor: bool = False
    items: ir.Field | None = None
    streamed: bool = False
    value: Code | None = None


def holds_numbers(field: ir.Field) -> bool:
    """Whether a field's items are plain integers that are read where they are asked for."""
    plain = isinstance(field.layout, ir.IntLayout) and field.enum is None and field.valid is None
    return plain and field.repeat is not None and field.repeat.kind != "until"


def int_type(low: int, high: int) -> str:
    """The first type that takes all values from ``low`` to ``high``."""
    for name, (smallest, largest) in RANGES.items():
        if smallest <= low and high <= largest:
            return name
    return "i128"


def escaped(name: str) -> str:
    """``name`` as an identifier."""
    return f"{name}_" if name in KEYWORDS else name


KEYWORDS = {
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
}  # fmt: skip


class RustWriter:
    """Writes the expressions of one function.

    Args:
        scope: where they stand.
        enum_name: how the module calls an enum.
        instance: an instance's result and whether reading it can fail.
    """

    def __init__(
        self,
        scope: Scope,
        enum_name: Callable[[ir.EnumDef], str],
        instance: Callable[[ir.Instance], Returned],
    ) -> None:
        self.scope = scope
        self.enum_name = enum_name
        self.instance = instance

    def write(self, node: Expr) -> Code:
        """``node`` as Rust."""
        code: Code = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return code

    def integer(self, node: Expr, to: str = "i64") -> str:
        """``node`` as an integer of the type ``to``, checked if that is not sure."""
        return self.coerce(self.write(node), to)

    def coerce(self, code: Code, to: str) -> str:
        """``code`` as the integer type ``to``."""
        if code.kind == to:
            return code.text
        if code.kind not in RANGES:
            raise SpecError("rust", f"integer expected, found {code.kind}")
        if code.low == code.high and code.text.lstrip("-").isdigit():
            return f"{code.text}_{to}"
        if to == "i128":
            return f"i128::from({code.text})"
        smallest, largest = _range(to)
        if smallest <= code.low and code.high <= largest:
            return f"narrow::<{to}, _>({code.text})"
        return f"fitted!({to}, {code.text})"

    def _literal(self, node: expr.Literal) -> Code:
        if isinstance(node.value, bool):
            return Code("true" if node.value else "false", "bool")
        if isinstance(node.value, int):
            return self._number(node.value)
        if isinstance(node.value, float):
            return Code(f"{node.value!r}_f64", "f64")
        return Code('"' + node.value.replace("\\", "\\\\").replace('"', '\\"') + '"', "str")

    def _number(self, value: int) -> Code:
        kind = int_type(value, value)
        # A plain number is an i64 wherever its type is open.
        text = str(value) if kind == "i64" else f"{value}_{kind}"
        return Code(text, kind, value, value)

    def _name(self, node: expr.Name) -> Code:
        if node.name == "_index":
            return Code("index", "i64", *COUNT)
        if node.name == "_":
            assert self.scope.value is not None
            return self.scope.value
        if node.ref is self.scope.items and isinstance(node.ref, ir.Field):
            if self.scope.streamed:
                raise SpecError(node.ref.place, "only the previous item is kept")
            return Code("items", "items", item=node.ref)
        return self.member(self.scope.me, node.ref)

    def member(self, owner: str, ref: ir.Member) -> Code:
        """The member ``ref`` of the object ``owner``."""
        if isinstance(ref, ir.Instance):
            return self._instance(owner, ref)
        if isinstance(ref, ir.Param):
            return self.held(f"{owner}.{escaped(ref.name)}", ref.value_type, False)
        if ref.window is not None:
            raise SpecError(ref.place, "a sub-stream in an expression is not supported by Rust")
        text = f"{owner}.{escaped(ref.name)}"
        if ref.repeat is not None:
            if ref.condition is not None:
                text += f".as_ref(){ABSENT}"
            numbers = holds_numbers(ref)
            return Code(text, "numbers" if numbers else "list", item=ref)
        if isinstance(ref.layout, ir.TerminatedLayout):
            text += ".text"
        return self.held(text, ref.type, ref.condition is not None)

    def held(self, text: str, kind: ValueType, optional: bool) -> Code:
        """A value of ``kind`` that stands in the place ``text``."""
        if isinstance(kind, Struct):
            # Boxes and structs both reach their members through a reference.
            return Code(f"{text}.as_ref(){ABSENT}" if optional else text, "struct")
        if optional:
            text += ABSENT
        if isinstance(kind, Int):
            return self._stored(text, kind)
        if isinstance(kind, Array):
            inner = kind.item
            return Code(text, "slice" if isinstance(inner, Int) else "list", item=inner)
        return Code(text, self._kind(kind))

    @staticmethod
    def _kind(kind: ValueType) -> str:
        for wanted, name in (
            (Bool, "bool"), (Float, "f64"), (Str, "str"), (Bytes, "bytes"), (Enum, "enum"),
        ):  # fmt: skip
            if isinstance(kind, wanted):
                return name
        raise SpecError("rust", f"{type(kind).__name__} in an expression is not supported")

    @staticmethod
    def _stored(text: str, kind: Int) -> Code:
        bits = kind.bits or 64
        low = -(2 ** (bits - 1)) if kind.signed else 0
        high = 2 ** (bits - 1) - 1 if kind.signed else 2**bits - 1
        if bits == 64:
            return Code(text, "i64" if kind.signed else "u64", low, high)
        return Code(f"i64::from({text})", "i64", low, high)

    def _instance(self, owner: str, ref: ir.Instance) -> Code:
        returned = self.instance(ref)
        text = f"{owner}.{escaped(ref.name)}()"
        if ref.at is not None:
            text += ".map_err(|error| error.fault)?"
        elif returned.fallible:
            text += "?"
        if ref.condition is not None:
            text += ABSENT
        if ref.at is not None:
            if ref.at.repeat is not None:
                raise SpecError(ref.place, "an array at a position is not supported by Rust here")
            return self.held(text, ref.at.type, False)
        return replace(returned.code, text=text)

    def _enummember(self, node: expr.EnumMember) -> Code:
        return Code(f"{self.enum_name(node.ref)}::{node.member.upper()}", "enum")

    def _unary(self, node: expr.Unary) -> Code:
        if node.op == "not":
            return Code(f"!({self.write(node.value).text})", "bool")
        if node.op == "-":
            if isinstance(node.value, expr.Literal) and isinstance(node.value.value, int):
                return self._number(-node.value.value)
            zero = expr.Literal(0)
            return self._arithmetic("-", self.write(zero), self.write(node.value))
        raise SpecError("rust", f"operator {node.op} is not supported")

    def _binary(self, node: expr.Binary) -> Code:
        left, right = self.write(node.left), self.write(node.right)
        if node.op in ("and", "or"):
            op = "&&" if node.op == "and" else "||"
            return Code(f"({left.text}) {op} ({right.text})", "bool")
        if node.op in expr.COMPARISONS:
            return self._comparison(node.op, left, right)
        if node.op in METHODS:
            return self._arithmetic(node.op, left, right)
        if node.op in BITWISE:
            return self._bitwise(node.op, left, right)
        if node.op == ">>":
            shift = self.coerce(right, "u32")
            sure = right.low >= 0 and right.high < WIDTHS[left.kind]
            text = _checked(f"({_typed(left.text, left.kind)}).checked_shr({shift})", sure)
            return Code(text, left.kind, min(left.low, 0), max(left.high, 0))
        raise SpecError("rust", f"operator {node.op} is not supported")

    def _comparison(self, op: str, left: Code, right: Code) -> Code:
        if left.kind in RANGES:
            kind = int_type(min(left.low, right.low), max(left.high, right.high))
            one, other = self.coerce(left, kind), self.coerce(right, kind)
            return Code(f"({one}) {op} ({other})", "bool")
        return Code(f"({left.text}) {op} ({right.text})", "bool")

    def _arithmetic(self, op: str, left: Code, right: Code) -> Code:
        if left.kind not in RANGES or right.kind not in RANGES:
            raise SpecError("rust", f"{left.kind} {op} {right.kind} is not supported")
        low, high = _interval(op, left, right)
        if op in "*+" and left.low == left.high and right.low == right.high:
            return self._number(low)
        kind = int_type(min(low, left.low, right.low), max(high, left.high, right.high))
        if op in "/%" and right.low <= 0:
            kind = int_type(min(low, left.low, right.low), max(high, left.high))
        one, other = self.coerce(left, kind), self.coerce(right, kind)
        fits = RANGES[kind][0] <= low and high <= RANGES[kind][1]
        sure = fits and (op not in "/%" or right.low > 0)
        text = _checked(f"({_typed(one, kind)}).checked_{METHODS[op]}({other})", sure)
        low, high = max(low, RANGES[kind][0]), min(high, RANGES[kind][1])
        # A narrower type once the operation is done, so that wide ones do not spread.
        narrow = int_type(low, high)
        code = Code(text, kind, low, high)
        return Code(self.coerce(code, narrow), narrow, low, high) if narrow != kind else code

    def _bitwise(self, op: str, left: Code, right: Code) -> Code:
        kind = int_type(min(left.low, right.low), max(left.high, right.high))
        one, other = self.coerce(left, kind), self.coerce(right, kind)
        text = f"(({one}) {op} ({other}))"
        if left.low < 0 or right.low < 0:
            positive = [c.high for c in (left, right) if c.low >= 0]
            if op == "&" and positive:
                return Code(text, kind, 0, min(positive))
            return Code(text, kind, *RANGES[kind])
        if op == "&":
            return Code(text, kind, 0, min(left.high, right.high))
        return Code(text, kind, 0, 2 ** max(left.high.bit_length(), right.high.bit_length()) - 1)

    def _ternary(self, node: expr.Ternary) -> Code:
        condition = self.write(node.condition).text
        yes, no = self.write(node.yes), self.write(node.no)
        code = yes
        one, other = yes.text, no.text
        if yes.kind in RANGES:
            low, high = min(yes.low, no.low), max(yes.high, no.high)
            kind = int_type(low, high)
            one, other = self.coerce(yes, kind), self.coerce(no, kind)
            code = Code("", kind, low, high)
        return replace(code, text=f"(if {condition} {{ {one} }} else {{ {other} }})")

    def _attribute(self, node: expr.Attribute) -> Code:
        if isinstance(node.value.type, Stream):
            return self._stream(node)
        if isinstance(node.value, expr.EnumMember):
            member = node.value.ref.member(node.value.member)
            return self._number(member.value)
        if self.scope.streamed and _is_previous(node.value, self.scope.items):
            return self._of_previous(node.ref)
        owner = self.write(node.value)
        if owner.kind == "struct":
            return self.member(owner.text, node.ref)
        if node.name in ("size", "length"):
            return self._size(owner)
        if node.name == "to_i":
            return self._to_i(owner)
        raise SpecError("rust", f"attribute {node.name} is not supported")

    def _of_previous(self, ref: ir.Member) -> Code:
        """A member of the item before, of which nothing else is kept."""
        code = self.member("value", ref)
        fails = "?" if code.text.endswith("?") else ""
        return replace(code, text=f"previous_{ref.name}.ok_or(Fault::Range)?{fails}")

    @staticmethod
    def _size(owner: Code) -> Code:
        name = "length" if owner.kind == "str" else "count"
        suffix = "" if owner.kind == "str" else ".len()"
        return Code(f"{name}({owner.text}{suffix})", "i64", *COUNT)

    @staticmethod
    def _to_i(owner: Code) -> Code:
        if owner.kind == "enum":
            return Code(f"{owner.text}.0", "i64", *RANGES["i64"])
        if owner.kind == "bool":
            return Code(f"i64::from({owner.text})", "i64", 0, 1)
        if owner.kind == "str":
            return Code(f"number({owner.text})?", "i64", *RANGES["i64"])
        raise SpecError("rust", f"to_i of {owner.kind} is not supported")

    def _stream(self, node: expr.Attribute) -> Code:
        if not isinstance(node.value, expr.Name):
            raise SpecError("rust", "another object's stream is not supported")
        owner = "cur" if self.scope.cursor else f"{self.scope.me}.io"
        if not self.scope.cursor and node.name != "size":
            raise SpecError("rust", f"_io.{node.name} once all is read is not supported")
        kind = "bool" if node.name == "eof" else "i64"
        return Code(f"{owner}.{node.name}()", kind, *COUNT)

    def _call(self, node: expr.Call) -> Code:
        if node.method != "substring":
            raise SpecError("rust", f"method {node.method} is not supported")
        start, end = (self.integer(argument) for argument in node.arguments)
        return Code(f"substring({self.write(node.value).text}, {start}, {end})?", "str")

    def _index(self, node: expr.Index) -> Code:
        if self.scope.streamed and _is_previous(node, self.scope.items):
            raise SpecError("rust", "the previous item as a whole is not kept")
        index = self.integer(node.index)
        owner = self.write(node.value)
        if owner.kind == "bytes":
            return Code(f"byte({owner.text}, {index})?", "i64", 0, 255)
        if owner.kind == "slice":
            return Code(f"i64::from(*item({owner.text}, {index})?)", "i64", *RANGES["i64"])
        return self._item(owner, index)

    def _item(self, owner: Code, index: str) -> Code:
        kind = owner.item.type if isinstance(owner.item, ir.Field) else owner.item
        assert kind is not None
        text = f"{owner.text}.item({index})?"
        if owner.kind == "numbers" or isinstance(kind, Struct):
            return self.held(text, kind, False)
        text = f"(*{text})"
        if isinstance(owner.item, ir.Field) and isinstance(owner.item.layout, ir.TerminatedLayout):
            text += ".text"
        return self.held(text, kind, False)

    def _cast(self, node: expr.Cast) -> Code:
        code = self.write(node.value)
        if not isinstance(node.type, Int):
            return code
        bits = node.type.bits or 64
        low = -(2 ** (bits - 1)) if node.type.signed else 0
        high = 2 ** (bits - 1) - 1 if node.type.signed else 2**bits - 1
        if low <= code.low and code.high <= high:
            return code
        low, high = max(low, code.low), min(high, code.high)
        return self._clamped(code, node.type, low, high)

    def _clamped(self, code: Code, to: Int, low: int, high: int) -> Code:
        bits = to.bits or 64
        name = f"{'i' if to.signed else 'u'}{bits}"
        text = f"fitted!({name}, {code.text})"
        if bits == 64:
            wanted = Code(text, name, low, high)
            narrow = int_type(low, high)
            return (
                wanted if narrow == name else Code(self.coerce(wanted, narrow), narrow, low, high)
            )
        return Code(f"i64::from({text})", "i64", low, high)

    def _array(self, node: expr.Array) -> Code:
        if isinstance(node.type, Bytes):
            raise SpecError("rust", "bytes in an expression are not supported")
        values = [self.write(item) for item in node.items]
        if any(value.low != value.high for value in values):
            raise SpecError("rust", "only constants in an array are supported")
        return Code(f"&[{', '.join(str(v.low) for v in values)}]", "slice", item=Int(32, True))


@dataclass(frozen=True)
class Returned:
    """What an instance's method returns: ``code`` without a text, and whether it can fail."""

    code: Code
    fallible: bool


def is_fallible(text: str) -> bool:
    """Whether code may return from the function around it."""
    return "?" in text or "fitted!(" in text


def _checked(text: str, sure: bool) -> str:
    """A checked operation; ``sure`` if its operands' widths show that it has an outcome."""
    return f"proven({text})" if sure else f"{text}.ok_or(Fault::Overflow)?"


def _range(name: str) -> tuple[int, int]:
    """What an integer type can hold; of ``usize``, which depends on the machine, 32 bits."""
    bits = 32 if name == "usize" else int(name[1:])
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if name[0] == "i" else (0, 2**bits - 1)


def _typed(text: str, kind: str) -> str:
    """A number with its type, which methods need."""
    return f"{text}_{kind}" if text.lstrip("-").isdigit() else text


def asked_of_previous(field: ir.Field) -> list[ir.Member]:
    """The members of the item before that the arguments of the next one ask for."""
    assert isinstance(field.layout, ir.UserLayout)
    found = [
        node.ref
        for argument in field.layout.arguments
        for node in expr.walk(argument)
        if isinstance(node, expr.Attribute) and _is_previous(node.value, field)
    ]
    return list(dict.fromkeys(found))


def _is_previous(node: Expr, field: ir.Field | None) -> bool:
    """Whether ``node`` is ``field[_index - 1]``."""
    if not isinstance(node, expr.Index):
        return False
    index = node.index
    return (
        field is not None
        and isinstance(node.value, expr.Name)
        and node.value.ref is field
        and isinstance(index, expr.Binary)
        and index.op == "-"
        and isinstance(index.left, expr.Name)
        and index.left.name == "_index"
        and isinstance(index.right, expr.Literal)
        and index.right.value == 1
    )


def _interval(op: str, left: Code, right: Code) -> tuple[int, int]:
    if op == "+":
        return left.low + right.low, left.high + right.high
    if op == "-":
        return left.low - right.high, left.high - right.low
    if op == "*":
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        return min(corners), max(corners)
    if op == "%":
        return 0, max(abs(right.low), abs(right.high)) - 1
    if right.low > 0:
        corners = [a // b for a in (left.low, left.high) for b in (right.low, right.high)]
        return min(corners), max(corners)
    bound = max(abs(left.low), abs(left.high))
    return -bound, bound
