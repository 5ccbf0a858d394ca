"""How fast the engines are, and how fast others are with the same rows: `make bench`."""
