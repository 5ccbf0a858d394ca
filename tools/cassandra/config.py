"""The files that a Cassandra process reads: cassandra.yaml and logback.xml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_YAML = """cluster_name: cqlite
num_tokens: 1
{token}partitioner: org.apache.cassandra.dht.{partitioner}
storage_compatibility_mode: {compatibility}
sstable:
  selected_format: {format}
column_index_size: {column_index_size}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "{seeds}"
listen_address: {address}
rpc_address: {address}
storage_port: {storage_port}
native_transport_port: {native_port}
start_native_transport: true
endpoint_snitch: SimpleSnitch
commitlog_sync: periodic
commitlog_sync_period: 10000ms
commitlog_total_space: 256MiB
memtable_heap_space: 256MiB
memtable_offheap_space: 256MiB
data_file_directories: ["{data}/data"]
commitlog_directory: "{data}/commitlog"
saved_caches_directory: "{data}/saved_caches"
hints_directory: "{data}/hints"
cdc_raw_directory: "{data}/cdc"
authenticator: AllowAllAuthenticator
authorizer: AllowAllAuthorizer
auto_snapshot: false
flush_compression: table
materialized_views_enabled: true
user_defined_functions_enabled: false
sasi_indexes_enabled: true
request_timeout: 120s
read_request_timeout: 120s
range_request_timeout: 120s
write_request_timeout: 120s
counter_write_request_timeout: 120s
truncate_request_timeout: 120s
batch_size_warn_threshold: 1MiB
batch_size_fail_threshold: 4MiB
"""

_LOGBACK = """<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %d{{HH:mm:ss.SSS}} %msg%n%ex{{5}}</pattern></encoder>
  </appender>
  <root level="{level}"><appender-ref ref="OUT"/></root>
</configuration>
"""


@dataclass(frozen=True)
class NodeConfig:
    """How a node is to be.

    format: `big` or `bti`; compatibility: `NONE`, `CASSANDRA_4` (which writes nb) or `UPGRADING`;
    partitioner: class name; column_index_size: the bytes between row index entries, as the yaml
    takes it; ports: 0 takes a free one; heap: as -Xmx takes it; properties: further system
    properties, each with its value.
    """

    format: str = "bti"
    compatibility: str = "NONE"
    partitioner: str = "Murmur3Partitioner"
    column_index_size: str = "4KiB"
    address: str = "127.0.0.1"
    seeds: str = ""
    token: str = ""
    storage_port: int = 0
    native_port: int = 0
    jmx_port: int = 0
    heap: str = "1G"
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> str:
        """The format version that such a node writes."""
        if self.compatibility == "CASSANDRA_4":
            return "nb"
        return {"big": "oa", "bti": "da"}[self.format]


def write_yaml(path: Path, config: NodeConfig, data: Path) -> None:
    """Write the cassandra.yaml of a node whose files go under `data`."""
    seeds = config.seeds or f"{config.address}:{config.storage_port}"
    token = f"initial_token: '{config.token}'\n" if config.token else ""
    fields = vars(config) | {"seeds": seeds, "token": token, "data": data}
    path.write_text(_YAML.format(**fields), encoding="utf-8")


def write_logback(path: Path, level: str) -> None:
    """Write a logback.xml that logs to standard output from a level on (`OFF` for nothing)."""
    path.write_text(_LOGBACK.format(level=level), encoding="utf-8")
