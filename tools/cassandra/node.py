"""A real Cassandra 5.0.6 node on loopback, in a temporary folder."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.cassandra import ports
from tools.cassandra.config import NodeConfig, write_logback, write_yaml
from tools.cassandra.driver import Connection
from tools.cassandra.errors import RigError, last_lines
from tools.cassandra.jdk import flags_17, java_17
from tools.cassandra.maven import jars
from tools.cassandra.offline import Tools
from tools.cassandra.sandbox import Sandbox

START_TIMEOUT = 180.0
"""Seconds that a node may take until it answers CQL."""

TIDY_TIMEOUT = 120.0
"""Seconds that obsolete SSTables may take to go."""


class Node:
    """A running node; a context manager that leaves neither a process nor a folder behind.

    tools: the warm JVM that nodetool runs in, shared between nodes, or None for an own one;
    sandbox: whose folder and processes these are, or None for an own one.
    """

    def __init__(
        self,
        config: NodeConfig | None = None,
        *,
        tools: Tools | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._library = jars()
        self._java = java_17()
        self.config = _with_ports(config or NodeConfig())
        self._owned_tools = Tools() if tools is None else None
        self.tools = tools or self._owned_tools
        self._owned_sandbox = Sandbox() if sandbox is None else None
        self._sandbox = sandbox or self._owned_sandbox
        assert self._sandbox is not None
        self.folder = self._sandbox.folder / f"node-{self.config.address}"
        self.log = self.folder / "system.log"
        self._pid: int | None = None
        self._connection: Connection | None = None
        (self.folder / "tmp").mkdir(parents=True)

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the process and wait until CQL answers.

        Raises RigError with the log's last lines when the node dies or takes too long.
        """
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start the process without waiting for it."""
        assert self._sandbox is not None
        for port, purpose in (
            (self.config.native_port, "CQL"),
            (self.config.storage_port, "the nodes' own traffic"),
            (self.config.jmx_port, "JMX"),
        ):
            ports.require_free(self.config.address, port, purpose)
        write_yaml(self.folder / "cassandra.yaml", self.config, self.folder)
        write_logback(self.folder / "logback.xml", "WARN")
        self._pid = self._sandbox.run(self._command(), self.log)

    def wait(self) -> None:
        """Wait until a launched node answers CQL."""
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            self._connection = Connection.open(self.config.address, self.config.native_port)
            if self._connection is not None:
                return
            if not self.is_running:
                raise RigError("The node died while it started.", self.log_tail())
            if time.monotonic() > deadline:
                raise RigError(
                    f"The node did not answer CQL within {START_TIMEOUT:.0f} s.", self.log_tail()
                )
            time.sleep(0.2)

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return (
            self._pid is not None
            and self._sandbox is not None
            and self._sandbox.is_alive(self._pid)
        )

    def stop(self) -> None:
        """Flush everything and end the process; its files stay, and it can start again.

        A drain takes half a minute and changes nothing more on the disk, so there is none.
        """
        try:
            if self._connection is not None:
                self.nodetool("flush")
        finally:
            self._kill()

    def _kill(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._pid is not None and self._sandbox is not None:
            self._sandbox.stop(self._pid)
            self._pid = None

    def restart(self, **changes: Any) -> None:
        """Stop, change parts of the configuration, start again over the same data."""
        self.stop()
        self.config = replace(self.config, **changes)
        self.start()

    def close(self) -> None:
        """Stop at once and remove everything that this node owns."""
        self._kill()
        if self._owned_sandbox is not None:
            self._owned_sandbox.close()
        if self._owned_tools is not None:
            self._owned_tools.close()

    def log_tail(self) -> str:
        """The last lines that the node logged."""
        if not self.log.exists():
            return ""
        return last_lines(self.log.read_text(encoding="utf-8", errors="replace"))

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- asking it ----------------------------------------------------------------------------

    @property
    def connection(self) -> Connection:
        """The connection for CQL."""
        if self._connection is None:
            raise RigError("The node is not running.", self.log_tail())
        return self._connection

    def cql(self, statement: str) -> list[Any]:
        """Run one CQL statement and return its rows (named tuples)."""
        return self.connection.execute(statement)

    def cql_all(self, statements: Iterable[str]) -> None:
        """Run statements one after another."""
        for statement in statements:
            self.connection.execute(statement)

    def cql_concurrently(self, statements: Iterable[str], *, in_order: bool = False) -> None:
        """Run statements of any order many at a time, or else one after another."""
        if in_order:
            self.cql_all(statements)
        else:
            self.connection.execute_concurrently(statements)

    def nodetool(self, *arguments: str) -> str:
        """Run a nodetool command and return what it says."""
        assert self.tools is not None
        return self.tools.nodetool(self.config.jmx_port, *arguments)

    def flush(self, keyspace: str, *tables: str) -> None:
        """Write the memtables out as SSTables."""
        self.nodetool("flush", keyspace, *tables)

    def compact(self, keyspace: str, *tables: str) -> None:
        """Merge the SSTables of each table into one."""
        self.nodetool("compact", keyspace, *tables)

    def upgradesstables(self, keyspace: str, *tables: str) -> None:
        """Rewrite every SSTable in the format that the node writes now."""
        self.nodetool("upgradesstables", "-a", keyspace, *tables)

    def snapshot(self, keyspace: str, name: str) -> list[Path]:
        """Take a snapshot; returns its folder in each table's folder."""
        self.nodetool("snapshot", "-t", name, keyspace)
        return sorted((self.folder / "data" / keyspace).glob(f"*/snapshots/{name}"))

    def table_folder(self, keyspace: str, table: str) -> Path:
        """The folder that holds a table's or materialized view's SSTables."""
        for kind in ("table", "view"):
            rows = self.cql(
                f"SELECT id FROM system_schema.{kind}s "
                f"WHERE keyspace_name = '{keyspace}' AND {kind}_name = '{table}'"
            )
            if rows:
                return self.folder / "data" / keyspace / f"{table}-{rows[0].id.hex}"
        raise RigError(f"The node has no table {keyspace}.{table}.")

    def sstables(self, keyspace: str, table: str) -> list[Path]:
        """The Data.db of each live SSTable of a table."""
        folder = self.table_folder(keyspace, table)
        # A compaction's log goes when the last of its sources has gone.
        deadline = time.monotonic() + TIDY_TIMEOUT
        while any(folder.glob("*_txn_*.log")):
            if time.monotonic() > deadline:
                raise RigError(f"The node keeps obsolete SSTables of {keyspace}.{table}.")
            time.sleep(0.05)
        return sorted(folder.glob("*-Data.db"))

    def import_sstables(self, keyspace: str, table: str, components: Iterable[Path]) -> None:
        """Load SSTables that someone else wrote: nodetool import with an extended verification.

        components: every file of them; they are copied. Raises RigError with the node's words
        when it refuses them.
        """
        # Cassandra overlooks SSTables whose folders aren't named like a keyspace and a table.
        folder = self.folder / "import" / keyspace / table
        folder.mkdir(parents=True)
        try:
            for path in components:
                shutil.copyfile(path, folder / path.name)
            before = self.log.stat().st_size
            try:
                self.nodetool("import", "-e", keyspace, table, str(folder))
            except RigError as error:
                log = self.log.read_bytes()[before:].decode("utf-8", "replace")
                sentence = f"The node refuses the SSTables for {keyspace}.{table}."
                raise RigError(sentence, log.strip() or error.log) from error
            if any(folder.iterdir()):
                raise RigError(f"The node overlooks the SSTables for {keyspace}.{table}.")
        finally:
            shutil.rmtree(folder)

    def refresh(self, keyspace: str, table: str, components: Iterable[Path]) -> None:
        """Load SSTables by copying them into the table's folder: nodetool refresh."""
        folder = self.table_folder(keyspace, table)
        for path in components:
            shutil.copyfile(path, folder / path.name)
        self.nodetool("refresh", keyspace, table)

    def _command(self) -> list[str]:
        folder, config = self.folder, self.config
        properties = {
            "cassandra.config": f"file://{folder}/cassandra.yaml",
            "cassandra.storagedir": str(folder),
            "cassandra-foreground": "yes",
            "cassandra.jmx.local.port": str(config.jmx_port),
            "cassandra.skip_wait_for_gossip_to_settle": "0",
            "cassandra.ring_delay_ms": "100",
            "cassandra.superuser_setup_delay_ms": "0",
            "cassandra.auto_bootstrap": "false",
            "cassandra.test.flush_local_schema_changes": "false",
            "cassandra.logdir": str(folder),
            "logback.configurationFile": str(folder / "logback.xml"),
            "java.io.tmpdir": str(folder / "tmp"),
            "user.home": str(folder),
            **dict(config.properties),
        }
        command = [self._java, f"-Xms{config.heap}", f"-Xmx{config.heap}", "-XX:+UseSerialGC"]
        # Nodes live for minutes: the first compiler alone starts them in two thirds of the time.
        command.append("-XX:TieredStopAtLevel=1")
        command += [*flags_17(), *(f"-D{name}={value}" for name, value in properties.items())]
        main = "org.apache.cassandra.service.CassandraDaemon"
        return [*command, "-cp", f"{self._library}/*", main]


def _with_ports(config: NodeConfig) -> NodeConfig:
    """Fill in the ports that are left to choose."""
    chosen = ports.free(config.address, 3)
    return replace(
        config,
        storage_port=config.storage_port or chosen[0],
        native_port=config.native_port or chosen[1],
        jmx_port=config.jmx_port or chosen[2],
    )
