"""CQL text to parse trees, by the parser that is generated from ``specs/cql/Cql.g4``.

Importing this package loads the parser, which takes a while; import it where it is used.
"""

from cqlite.cql.parser import parse_query, parse_rule
from cqlite.cql.tokens import place, split_statements, tokenize

__all__ = ["parse_query", "parse_rule", "place", "split_statements", "tokenize"]
