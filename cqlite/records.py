"""Records: classes of fields that don't change, made in a hundredth of what a dataclass takes.

The standard library writes source text for six methods of each dataclass and compiles it, half a
millisecond each, and loads ``inspect`` for it: of a short answer that was a third. The methods of
records are the same for all, but for ``__init__``, which is compiled when some were made.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, TypeVar, dataclass_transform

T = TypeVar("T")

_FEW: Final = 48
"""As many records take no longer to be made without a function of their own than it to compile."""


class _Fields:
    """A class's fields in the form that ``dataclasses`` has them in, made when that asks."""

    def __get__(self, instance: object, owner: Any) -> Any:
        from dataclasses import field, make_dataclass

        def described(name: str) -> Any:
            if name not in owner.__defaults__:
                return field()
            default = owner.__defaults__[name]
            if isinstance(default, _Made):
                return field(default_factory=default.make)
            return field(default=default)

        fields = [(name, Any, described(name)) for name in owner.__match_args__]
        twin: Any = make_dataclass(owner.__name__, fields, frozen=True)
        owner.__dataclass_fields__ = twin.__dataclass_fields__
        return owner.__dataclass_fields__


class _Made:
    """A default that is made anew for each record."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def made(*, default_factory: Callable[[], T]) -> T:
    """The default of a field, made anew for each record, such as an empty list."""
    default: Any = _Made(default_factory)
    return default  # type: ignore[no-any-return]


@dataclass_transform(frozen_default=True, field_specifiers=(made,))
def record(cls: type[T]) -> type[T]:
    """A class whose annotated names are the fields of its instances, after those of its bases.

    Fields have slots and can't be set; a value after the ``=`` is a field's default. Records
    are equal where their classes are the same and their fields equal, and hashable where
    their fields are; they can be copied and pickled, and functions of ``dataclasses`` take
    them. Every annotation in the body is a
    field's: a constant of the class has none. ``__slots__`` in the body are further ones,
    such as ``__dict__`` for cached properties.

    As with dataclasses that have slots, ``super()`` needs its arguments in methods.
    """
    return _remade(cls, _COMMON | _FROZEN)


@dataclass_transform(field_specifiers=(made,))
def mutable(cls: type[T]) -> type[T]:
    """The same but that fields can be set, and what it makes is not hashable."""
    return _remade(cls, _COMMON | {"__hash__": None})


def _remade(cls: type[T], methods: dict[str, Any]) -> type[T]:
    given = vars(cls)
    own = (*given.get("__annotations__", ()),)
    names = (*dict.fromkeys((*getattr(cls, "__match_args__", ()), *own)),)
    defaults = getattr(cls, "__defaults__", {}) | {n: given[n] for n in own if n in given}
    body = methods | {n: v for n, v in given.items() if n not in (*own, "__dict__", "__weakref__")}
    body["__slots__"] = (*own, *given.get("__slots__", ()))
    body["__match_args__"] = names
    body["__defaults__"] = defaults
    body["__dataclass_fields__"] = _Fields()
    body["__key__"] = attrgetter(*names) if names else staticmethod(_no_fields)
    make: Any = type(cls)
    found = make(cls.__name__, cls.__bases__, body)

    if "__init__" not in given:
        found.__init__ = _first_initializer(found, names, defaults)
    return found  # type: ignore[no-any-return]


def _no_fields(_: object) -> tuple[()]:
    return ()


def replace(one: T, **fields: Any) -> T:
    """A record like ``one`` but for these fields."""
    names = one.__match_args__  # type: ignore[attr-defined]
    return type(one)(**({name: getattr(one, name) for name in names} | fields))


def _first_initializer(cls: Any, names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """A function that sets all fields of a few records, before one is compiled to do so."""
    left = _FEW
    wanted = frozenset(names)
    set_field = object.__setattr__
    is_checked = hasattr(cls, "__post_init__")

    def __init__(self: Any, *args: Any, **fields: Any) -> None:  # noqa: N807
        nonlocal left
        left -= 1
        given = dict(zip(names, args, strict=False)) | fields
        values = defaults | given
        if left < 0 or len(given) < len(args) + len(fields) or values.keys() != wanted:
            # What is wrong with arguments, Python says of a function that has parameters.
            cls.__init__ = _initializer(cls, names, defaults)
            cls.__init__(self, *args, **fields)
            return
        for name, value in values.items():
            set_field(self, name, value.make() if isinstance(value, _Made) else value)
        if is_checked:
            self.__post_init__()

    return __init__


def _initializer(cls: Any, names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """A function that sets all fields, with their names and defaults as its parameters."""
    scope: dict[str, Any] = {}
    parameters, lines = [], []
    for name in names:
        scope[f"set_{name}"] = getattr(cls, name).__set__
        parameter, value = name, name
        if name in defaults:
            default = f"default_{name}"
            scope[default] = defaults[name]
            parameter = f"{name}={default}"
            if isinstance(defaults[name], _Made):
                value = f"{default}.make() if {name} is {default} else {name}"
        parameters.append(parameter)
        lines.append(f"    set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    text = "\n".join((f"def __init__({', '.join(('self', *parameters))}):", *lines, "    return"))
    exec(text, scope)
    return scope["__init__"]


# What all records have.


def _set(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"{name} of a {type(self).__name__} can't be set")


def _delete(self: Any, name: str) -> None:
    raise AttributeError(f"{name} of a {type(self).__name__} can't be deleted")


def _equals(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return self.__key__(self) == self.__key__(other)


def _hash(self: Any) -> int:
    return hash(self.__key__(self))


def _text(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({fields})"


def _reduced(self: Any) -> tuple[Any, ...]:
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)


_COMMON: dict[str, Any] = {"__eq__": _equals, "__repr__": _text, "__reduce__": _reduced}
_FROZEN: dict[str, Any] = {"__setattr__": _set, "__delattr__": _delete, "__hash__": _hash}
