"""Computed instances: methods of the generated structs, and what they return."""

from __future__ import annotations

from collections.abc import Collection

from codegen import ir
from codegen.errors import SpecError
from codegen.rust_names import Names
from codegen.write_rust import RANGES, Code, Returned, RustWriter, Scope, is_fallible

WHOLE = Code("", "i64", *RANGES["i64"])


def kept_name(instance: ir.Instance) -> str:
    """The struct's field that has the value of an instance that is computed at once."""
    return f"kept_{instance.name}"


class Instances:
    """The instances of all types, as seen from one module.

    Args:
        kept: those that are computed while their objects are decoded.
        early: those that are computed before.
    """

    def __init__(
        self,
        names: Names,
        kept: Collection[ir.Instance] = (),
        early: Collection[ir.Instance] = (),
    ) -> None:
        self.names = names
        self.kept = kept
        self.early = early
        self._known: dict[ir.Instance, Returned] = {}
        self._asked: list[ir.Instance] = []
        self._circular: set[ir.Instance] = set()

    def writer(self) -> RustWriter:
        """A writer of expressions in a method."""
        return RustWriter(Scope("self"), self.names.enum, self.returned)

    def returned(self, instance: ir.Instance) -> Returned:
        """What the method of an instance returns."""
        if instance.at is not None:
            return Returned(WHOLE, True)
        if instance in self._asked:
            # It needs itself, on another object: plain 64 bits, checked, end the circle.
            self._circular.add(instance)
            return Returned(WHOLE, True)
        if instance not in self._known:
            self._asked.append(instance)
            code = self.code(instance)
            self._asked.pop()
            condition = self._condition(instance)
            fallible = is_fallible(code.text + condition) and instance not in self.kept
            self._known[instance] = Returned(code, fallible)
        return self._known[instance]

    def _condition(self, instance: ir.Instance) -> str:
        if instance.condition is None:
            return ""
        return self.writer().write(instance.condition).text

    def code(self, instance: ir.Instance) -> Code:
        """The value of an instance as an expression on ``self``."""
        assert instance.value is not None
        writer = self.writer()
        code = writer.write(instance.value)
        if instance.enum is not None:
            return Code(f"{self.names.enum(instance.enum)}({writer.coerce(code, 'i64')})", "enum")
        if instance in self._circular:
            return Code(f"fitted!(i64, {code.text})", "i64", *RANGES["i64"])
        return code

    def result(self, instance: ir.Instance) -> str:
        """The type that the method of an instance returns."""
        returned = self.returned(instance)
        kinds = {"str": "&'a str", "bytes": "&'a [u8]"}
        text = kinds.get(returned.code.kind, returned.code.kind)
        if text == "enum":
            text = self.names.value(instance.value_type, instance.place)  # type: ignore[arg-type]
        if text in ("struct", "list", "numbers", "slice"):
            raise SpecError(instance.place, f"an instance that is a {text} is not supported")
        if instance.condition is not None:
            text = f"Option<{text}>"
        return f"Result<{text}, Fault>" if returned.fallible else text

    def body(self, instance: ir.Instance) -> str:
        """What the method of an instance returns."""
        if instance in self.kept:
            return f"self.{kept_name(instance)}"
        if instance in self.early:
            outcome = ".0" if self.returned(instance).fallible else ""
            return f"self.{kept_name(instance)}{outcome}"
        return self.computed(instance)

    def computed(self, instance: ir.Instance) -> str:
        """The computation of an instance."""
        returned = self.returned(instance)
        text = self.code(instance).text
        if instance.condition is not None:
            text = f"if {self._condition(instance)} {{ Some({text}) }} else {{ None }}"
        return f"Ok({text})" if returned.fallible else text

    def held(self, instance: ir.Instance) -> str:
        """How an instance that is computed early or while decoding is held."""
        result = self.result(instance)
        wrapped = instance in self.early and self.returned(instance).fallible
        return f"Kept<{result}>" if wrapped else result
