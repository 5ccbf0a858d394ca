"""Functions that are made for the types of a call: ``FunctionFactory``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cqlite.errors import QueryError
from cqlite.query.functions.base import Argument, Function, FunctionContext
from cqlite.query.functions.parameters import Parameter
from cqlite.terms.names import SYSTEM
from cqlite.types import CqlType

Make = Callable[[str, Sequence[CqlType], CqlType | None], Function]
"""Makes a function of its name, its arguments' types and the type that is wanted of it."""


class Factory:
    """Makes functions of one name."""

    def __init__(self, name: str, make: Make, *parameters: Parameter) -> None:
        self.name = name
        self.make = make
        self.parameters = parameters

    def create(
        self, arguments: Sequence[Argument], receiver: CqlType | None, context: FunctionContext
    ) -> Function:
        """The function for a call.

        Raises:
            QueryError: there is none.
        """
        needed = sum(not parameter.is_optional for parameter in self.parameters)
        if not needed <= len(arguments) <= len(self.parameters):
            raise QueryError(f"Invalid number of arguments for function {self}")
        return self.make(self.name, self._types(arguments, receiver), receiver)

    def _types(self, arguments: Sequence[Argument], receiver: CqlType | None) -> list[CqlType]:
        pairs = list(zip(self.parameters, arguments, strict=False))
        types = [parameter.infer(argument, receiver, None) for parameter, argument in pairs]
        found: list[CqlType] = []
        for index, (parameter, argument) in enumerate(pairs):
            kind = parameter.infer(argument, receiver, types)
            if kind is None:
                raise QueryError(
                    f"Cannot infer type of argument {argument} in call to function {self}: "
                    "use type casts to disambiguate"
                )
            parameter.validate(f"{SYSTEM}.{self.name}", argument, kind)
            types[index] = kind
            found.append(kind)
        return found

    def __str__(self) -> str:
        return f"{SYSTEM}.{self.name}({', '.join(map(str, self.parameters))})"
