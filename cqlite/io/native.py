"""The native engine's module, where it was built and is not switched off."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import Any

VARIABLE = "CQLITE_ENGINE"
"""The environment variable that chooses the engine: ``native`` or ``reference``."""

NATIVE_MODULE = "cqlite._native"


@cache
def native_module() -> Any:
    """The native module, ``None`` where it was not built."""
    try:
        module = import_module(NATIVE_MODULE)
    except ModuleNotFoundError as error:
        if error.name != NATIVE_MODULE:
            raise
        return None
    return module


def native_function(name: str) -> Any | None:
    """A function of the native module that also the reference engine does, or ``None``.

    ``None`` where the module was not built, or the reference engine is asked for.
    """
    if os.environ.get(VARIABLE) == "reference":
        return None
    module = native_module()
    return None if module is None else getattr(module, name)
