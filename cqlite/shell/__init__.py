"""A shell for CQL with cqlsh's habits."""
