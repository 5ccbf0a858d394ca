"""Numbers and checksums as bytes: all hand-written packing and hashing is in this room."""
