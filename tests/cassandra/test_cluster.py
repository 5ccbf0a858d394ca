"""Three nodes with replication 3: every node holds every row."""

from __future__ import annotations

from tools.cassandra.cluster import Cluster
from tools.cassandra.offline import Tools


def test_every_replica_holds_every_row(tools: Tools) -> None:
    with Cluster(tools=tools) as cluster:
        first = cluster.nodes[0]
        first.cql(
            "CREATE KEYSPACE r WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 3}"
        )
        first.cql("CREATE TABLE r.t (k int PRIMARY KEY, c counter)")
        for k, node in enumerate(cluster.nodes):
            for _ in range(2):
                node.cql(f"UPDATE r.t SET c = c + {k + 1} WHERE k = 0")
        dumps = []
        for node in cluster.nodes:
            node.flush("r")
            (data,) = node.sstables("r", "t")
            dumps.append(tools.dump(data))
            assert node.cql("SELECT c FROM r.t")[0].c == 12
        assert len(set(dumps)) == 1
