"""Native functions: what ``org.apache.cassandra.cql3.functions`` has of them."""

from cqlite.query.functions.base import (
    Aggregate,
    AggregateFunction,
    Argument,
    Function,
    FunctionContext,
    ScalarFunction,
)
from cqlite.query.functions.nulls import is_null, json_of
from cqlite.terms.assignment import Assignment, assignment, compatible_type
from cqlite.terms.names import NEGATION, OPERATORS, cast_name

__all__ = [
    "NEGATION",
    "OPERATORS",
    "Aggregate",
    "AggregateFunction",
    "Argument",
    "Assignment",
    "Function",
    "FunctionContext",
    "ScalarFunction",
    "assignment",
    "cast_name",
    "compatible_type",
    "is_null",
    "json_of",
]
