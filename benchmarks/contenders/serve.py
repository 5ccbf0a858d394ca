"""What the contenders in Python share: one job for each line of standard input.

Contenders are scripts, so that one can run in an environment where this project isn't
installed. The answer to a line is a JSON object: `rows` done, `wall` and `cpu` seconds of
this process and all its threads, and what else the job has to say.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any


def serve(job: Callable[[], int | dict[str, Any]]) -> None:
    """Do the job for each line; it returns the number of rows, or that and more by name."""
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.perf_counter()
        said = job()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        answer = said if isinstance(said, dict) else {"rows": said}
        print(json.dumps({"wall": wall, "cpu": cpu, **answer}), flush=True)
