"""Parsers of languages: ANTLR's Python files, with this project's opening line.

Of the tokens there are regular expressions as well, and of the parser tables.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from codegen.compiler import fetch, program
from codegen.errors import CodegenError
from codegen.lexer_rules import python, rules_of
from codegen.output import Output, opening
from codegen.parser_tables import python as python_tables
from codegen.plan import Plan, Target

TOKENS = "CqlTokens.py"
TABLES = "CqlTables.py"
PARSER = "Parser.py"
FIRST_LINE = re.compile(r"\A# Generated from [^\n]*\n")


def emit(plan: Plan, target: Target, root: Path) -> Output:
    """What ANTLR makes of the target's grammar; what it says is a complaint."""
    if target.tool is None:
        raise CodegenError(f"target {target.name} names no tool.")
    java = program("java", "run ANTLR")
    jars = fetch(target.tool)
    grammar = root / plan.specs / target.grammar
    output = Output()
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run(
            [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{jars}{os.sep}*",
             target.tool.main, f"-Dlanguage={target.language}", *target.options,
             "-encoding", "utf-8", "-Xexact-output-dir", "-o", scratch, grammar.name],
            capture_output=True, text=True, check=False, cwd=grammar.parent,
        )  # fmt: skip
        lines = (run.stdout + run.stderr).splitlines()
        output.complaints += [
            line.strip() for line in lines if line.strip() and not line.startswith("Picked up ")
        ]
        first = opening(target.comment, target.grammar)
        for path in sorted(Path(scratch).glob(f"*{target.suffix}")):
            text = FIRST_LINE.sub("", path.read_text(encoding="utf-8"))
            if path.name.endswith(PARSER):
                output.files[TABLES] = first + python_tables(text)
            output.files[path.name] = first + text
        if output.files:
            rules = rules_of(grammar.read_text(encoding="utf-8"), target.grammar)
            output.files[TOKENS] = first + python(rules)
    if not output.files:
        output.complaints.append(f"{target.grammar}: ANTLR made nothing of it")
    return output
