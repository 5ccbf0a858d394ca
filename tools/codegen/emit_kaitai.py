"""Files by the official compiler, with this project's opening line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from codegen.compiler import compile_specs
from codegen.output import Output, opening
from codegen.plan import Plan, Target

FIRST_LINE = re.compile(r"\A(#|//) This is a generated file![^\n]*\n")


def emit(plan: Plan, target: Target, specs: Sequence[Path]) -> Output:
    """Compiles ``specs`` for ``target``; what the compiler says is a complaint."""
    output = Output()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        output.complaints += compile_specs(
            plan.compiler, specs, out, target.language, target.options
        )
        origins = {_key(spec.stem): spec for spec in specs}
        for path in sorted(out.rglob(f"*{target.suffix}")):
            spec = origins[_key(path.stem)]
            first = opening(target.comment, spec.name)
            text = path.read_text(encoding="utf-8")
            text = FIRST_LINE.sub("", text)
            output.files[path.relative_to(out).as_posix()] = first + text
    return output


def _key(stem: str) -> str:
    """What a spec's file and the file made from it have in common."""
    return stem.replace("_", "").lower()
