"""Names and texts as CQL writes them."""

from __future__ import annotations

from typing import Any


def name_of(context: Any) -> str:
    """The name that a rule for names matched, in lower case unless it was quoted."""
    text = str(context.getText())
    return text[1:-1].replace('""', '"') if text.startswith('"') else text.lower()


def string_of(text: str) -> str:
    """What a string literal stands for."""
    return text[2:-2] if text.startswith("$$") else text[1:-1].replace("''", "'")
