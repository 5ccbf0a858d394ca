"""Lets ``python -m cqlite`` stand for the command ``cqlite``."""

from cqlite.cli import main

main()
