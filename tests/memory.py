"""How much memory a walk over many objects holds at most."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable

_EVERY = 1000
"""Objects between two collections of garbage."""


def peak_of(walk: Iterable[object], every: int = _EVERY) -> tuple[int, int]:
    """Walks through all of it: how many objects it gave, and the most bytes held meanwhile.

    Garbage is collected now and then, so that what counts is what is held. What was there
    before is not looked through for it: in a process of many tests that takes minutes.
    """
    number = 0
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        for number, _ in enumerate(walk, 1):
            if number % every == 0:
                gc.collect()
        return number, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
