"""Damages components at random and demands a typed error or a right answer.

`run.py` has the command line, which also repeats a single mutation from its seed;
`native.py` is the same for the native engine.
"""
