"""Gold masters: what a real Cassandra writes for generated schemas."""
