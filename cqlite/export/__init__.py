"""Writing what was read to other formats."""
