"""Generates parsers and the format reference from ``specs/``; see ``--help``."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from codegen.main import main

    sys.exit(main())
