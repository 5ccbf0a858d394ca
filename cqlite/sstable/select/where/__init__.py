"""WHERE clauses: ``org.apache.cassandra.cql3.restrictions``; ``compiled`` has the way in."""
