"""Native functions: what ``org.apache.cassandra.cql3.functions`` has of them."""

from cqlite.query.functions.assignment import Assignment, assignment, compatible_type
from cqlite.query.functions.base import (
    Aggregate,
    AggregateFunction,
    Argument,
    Function,
    FunctionContext,
    ScalarFunction,
)

__all__ = [
    "Aggregate",
    "AggregateFunction",
    "Argument",
    "Assignment",
    "Function",
    "FunctionContext",
    "ScalarFunction",
    "assignment",
    "compatible_type",
]
