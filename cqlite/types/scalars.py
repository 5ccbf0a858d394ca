"""Strings, bytes, booleans, addresses and UUIDs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cqlite.codec import be
from cqlite.types import byte_comparable as bc
from cqlite.types.base import ScalarType, compare_numbers
from cqlite.types.text import from_hex, quote_literal

if TYPE_CHECKING:
    import ipaddress
    from uuid import UUID

# What Cassandra takes for UTF-8: more than it decodes, surrogates and some overlong forms. It
# is compiled, as other patterns are that few queries need, where one does.
_LAX_UTF8: Final = (
    rb"(?s:[\x00-\x7f]|\xc0\x80|[\xc2-\xdf][\x80-\xbf]|\xe0[^\x80-\x9f][\x80-\xbf]"
    rb"|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x10-\x3f\x50-\x7f\x90-\xbf\xd0-\xff][\x80-\xbf]{2}"
    rb"|[\xf1-\xf7][\x80-\xbf]{3})*"
)
_UUID_TEXT: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HALF: Final = 8
_UUID_BYTES: Final = 16
_SIGN_OF_EACH_BYTE: Final = bytes(byte ^ 0x80 for byte in range(256))


class _Text(ScalarType):
    """A string; without bytes it is the empty string."""

    charset: ClassVar[str]
    is_json_string = True

    def _load(self, data: bytes) -> str:
        try:
            return data.decode(self.charset)
        except UnicodeDecodeError as error:
            self._refuse(data, f"not {self.charset} at byte {error.start}")

    def _dump(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError("not a string")
        return value.encode(self.charset)

    def _text(self, data: bytes) -> str:
        return self._load(data)

    def _parse(self, text: str) -> bytes:
        return text.encode(self.charset)

    def decode(self, data: bytes) -> str:
        return self._load(data)

    def to_cql_literal(self, data: bytes) -> str:
        return quote_literal(self._load(data))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.escaped(data)


class AsciiType(_Text):
    """``ascii``: str."""

    class_name, cql, charset = "AsciiType", "ascii", "ascii"

    def validate(self, data: bytes) -> None:
        if not data.isascii():
            self._refuse(data, "a byte above 127")


class UTF8Type(_Text):
    """``text``: str."""

    class_name, cql, charset = "UTF8Type", "text", "utf-8"

    def validate(self, data: bytes) -> None:
        if not data.isascii() and not re.fullmatch(_LAX_UTF8, data):
            self._refuse(data, "not UTF-8")


class BytesType(ScalarType):
    """``blob``: bytes."""

    class_name, cql = "BytesType", "blob"

    def _load(self, data: bytes) -> bytes:
        return data

    def _dump(self, value: Any) -> bytes:
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError("not bytes")
        return bytes(value)

    def _text(self, data: bytes) -> str:
        return data.hex()

    def _parse(self, text: str) -> bytes:
        return from_hex(text)

    def decode(self, data: bytes) -> bytes:
        return data

    def to_json(self, data: bytes) -> str:
        return f'"0x{data.hex()}"'

    def to_cql_literal(self, data: bytes) -> str:
        return f"0x{data.hex()}"

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.escaped(data)


class BooleanType(ScalarType):
    """``boolean``: bool; any byte but 0 is true."""

    class_name, cql, lengths, fixed_length = "BooleanType", "boolean", (1,), 1

    def _load(self, data: bytes) -> bool:
        return data != b"\0"

    def _dump(self, value: Any) -> bytes:
        if not isinstance(value, bool):
            raise TypeError("not a boolean")
        return b"\1" if value else b"\0"

    def _text(self, data: bytes) -> str:
        return "true" if self._load(data) else "false"

    def _parse(self, text: str) -> bytes:
        if text.lower() not in ("true", "false"):
            raise ValueError("neither true nor false")
        return self._dump(text.lower() == "true")

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._load(left), self._load(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return self._dump(self._load(data)) if self._checked(data) else None


class InetAddressType(ScalarType):
    """``inet``: ``ipaddress.IPv4Address`` or ``IPv6Address``.

    In text, an IPv6 address that maps an IPv4 one shows as that, and others have all of
    their eight groups, both as Java does.
    """

    class_name, cql, lengths = "InetAddressType", "inet", (4, 16)
    is_quoted = is_json_string = True

    def _load(self, data: bytes) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        # Here, as few queries have any.
        from ipaddress import ip_address

        return ip_address(data)

    def _dump(self, value: Any) -> bytes:
        from ipaddress import ip_address

        return ip_address(value).packed

    def _text(self, data: bytes) -> str:
        from ipaddress import IPv4Address

        address = self._load(data)
        if isinstance(address, IPv4Address):
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return ":".join(f"{int(group, 16):x}" for group in address.exploded.split(":"))

    def _parse(self, text: str) -> bytes:
        if ":" not in text:
            return _ipv4(text)
        inner = text[1:-1] if text[0] == "[" and text[-1] == "]" else text
        # Java takes numbers of interfaces, and groups with any zeros before them.
        match = re.fullmatch(r"([0-9A-Fa-f:.]+)(?:%[0-9]+)?", inner)
        if not match:
            raise ValueError("not an address")
        from ipaddress import IPv6Address

        address = IPv6Address(re.sub(r"(?<![0-9A-Fa-f.])0+(?=[0-9A-Fa-f])", "", match[1]))
        return (address.ipv4_mapped or address).packed

    def byte_comparable(self, data: bytes) -> bytes | None:
        return bc.escaped(data)


def _ipv4(text: str) -> bytes:
    """An address of up to four numbers, the last of which is all of the bytes that are left."""
    parts = text.split(".")
    if not re.fullmatch(r"[0-9.]{1,15}", text) or not all(parts) or len(parts) > 4:
        raise ValueError("not an address")
    numbers = [be.pack_unsigned(int(part), 1) for part in parts[:-1]]
    return b"".join([*numbers, be.pack_unsigned(int(parts[-1]), 5 - len(parts))])


class _Uuid(ScalarType):
    lengths: ClassVar[tuple[int, ...] | None] = (_UUID_BYTES,)
    fixed_length = _UUID_BYTES
    is_json_string = True

    def _load(self, data: bytes) -> UUID:
        # Here, since most queries have none, and with it comes ``platform``.
        from uuid import UUID

        return UUID(bytes=data)

    def _dump(self, value: Any) -> bytes:
        from uuid import UUID

        parsed = value if isinstance(value, UUID) else UUID(value)
        return parsed.bytes

    def _text(self, data: bytes) -> str:
        return str(self._load(data))

    def _parse(self, text: str) -> bytes:
        if not re.fullmatch(_UUID_TEXT, text):
            raise ValueError("not a UUID")
        return bytes.fromhex(text.replace("-", ""))


def _version(data: bytes) -> int:
    return data[6] >> 4


def _by_time(data: bytes) -> bytes:
    """The first half of a UUID of version 1 with its time's highest bits first."""
    return data[6:8] + data[4:6] + data[0:4]


class UUIDType(_Uuid):
    """``uuid``: ``uuid.UUID``. Sorts by version, of version 1 by time, else by bytes."""

    class_name, cql = "UUIDType", "uuid"

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._swizzled(left), self._swizzled(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return self._swizzled(data) if self._checked(data) else None

    def _swizzled(self, data: bytes) -> bytes:
        """The version's four bits first; what was before them follows."""
        if _version(data) == 1:
            return _by_time(data) + data[_HALF:]
        digits = data.hex()
        return from_hex(digits[12] + digits[:12] + digits[13:])


class _TimeUuid(_Uuid):
    """Sorts by time, then by the signed bytes of the rest."""

    def _ordered(self, data: bytes) -> bytes:
        if _version(data) != 1:
            self._refuse(data, f"a UUID of version {_version(data)}")
        return _by_time(data) + data[_HALF:].translate(_SIGN_OF_EACH_BYTE)

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._ordered(left), self._ordered(right))

    def byte_comparable(self, data: bytes) -> bytes | None:
        return self._ordered(data) if self._checked(data) else None

    def _parse(self, text: str) -> bytes:
        data = super()._parse(text)
        if _version(data) != 1:
            raise ValueError("not of version 1")
        return data


class TimeUUIDType(_TimeUuid):
    """``timeuuid``: ``uuid.UUID`` of version 1."""

    class_name, cql = "TimeUUIDType", "timeuuid"

    def validate(self, data: bytes) -> None:
        super().validate(data)
        if data and _version(data) != 1:
            self._refuse(data, f"a UUID of version {_version(data)}")


class LegacyTimeUUIDType(_TimeUuid):
    """``timeuuid`` as user-defined functions see it; of the same order."""

    class_name, cql = "LegacyTimeUUIDType", "timeuuid"


class LexicalUUIDType(_Uuid):
    """``uuid.UUID``, sorted as two signed integers of 64 bits. Not a type of CQL."""

    class_name = "LexicalUUIDType"

    @property
    def cql_name(self) -> str:
        return f"'{self.marshal_name}'"

    def _compare(self, left: bytes, right: bytes) -> int:
        return compare_numbers(self._halves(left), self._halves(right))

    def _halves(self, data: bytes) -> tuple[int, int]:
        return be.unpack_signed(data[:_HALF], 8), be.unpack_signed(data[_HALF:], 8)

    def to_cql_literal(self, data: bytes) -> str:
        return f"0x{data.hex()}"

    def byte_comparable(self, data: bytes) -> bytes | None:
        if not self._checked(data):
            return None
        return bc.signed_fixed(data[:_HALF]) + bc.signed_fixed(data[_HALF:])


class EmptyType(ScalarType):
    """No value but the one without bytes: EMPTY. What cells of sets hold."""

    class_name, cql, lengths, fixed_length = "EmptyType", "empty", (0,), 0

    def _load(self, data: bytes) -> Any:
        self._refuse(data, "it only has the value without bytes")

    def _dump(self, value: Any) -> bytes:
        raise ValueError("it only has the value without bytes")

    def _text(self, data: bytes) -> str:
        self._refuse(data, "it only has the value without bytes")

    def _parse(self, text: str) -> bytes:
        raise ValueError("it only has the value without bytes")

    def compare(self, left: bytes, right: bytes) -> int:
        return 0

    def byte_comparable(self, data: bytes) -> bytes | None:
        return None
