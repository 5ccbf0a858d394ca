"""Lines of Rust: indentation, blocks and documentation."""

from __future__ import annotations

from codegen import ir

UNIT = "    "


class Lines:
    """Text that grows line by line."""

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self.depth = depth

    def add(self, *lines: str) -> None:
        """Adds lines at the current depth."""
        self.lines += [f"{UNIT * self.depth}{line}" if line else "" for line in lines]

    def open(self, line: str) -> None:
        """Adds a line that begins a block."""
        self.add(line)
        self.depth += 1

    def close(self, line: str = "}") -> None:
        """Ends a block."""
        self.depth -= 1
        self.add(line)

    def docs(self, docs: ir.Docs, instead: str = "") -> None:
        """Documentation of what follows."""
        text = docs.text.strip() or instead
        self.add(*(f"/// {line.strip()}".rstrip() for line in text.splitlines()))
        if docs.origin:
            self.add("///", f"/// In Cassandra `{docs.origin}`.")
        if docs.refs:
            self.add("///", *(f"/// `{ref}`" for ref in docs.refs))

    def text(self) -> str:
        """All lines."""
        return "".join(f"{line}\n" for line in self.lines)
