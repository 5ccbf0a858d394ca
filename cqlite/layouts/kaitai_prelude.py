"""The one module that the generated Kaitai parsers build on besides Kaitai's runtime."""

from __future__ import annotations

import kaitaistruct


class ReadWriteKaitaiStruct(kaitaistruct.ReadWriteKaitaiStruct):  # type: ignore[misc]
    """Kaitai's own base, which does not note that a field was set.

    Its note is what refuses to write an object that was changed and not checked since, and it
    takes half of the time that reading rows does. Instead, all that is written is checked
    then (:func:`cqlite.layouts.kaitai.build`), or where it is made (``layouts.build.make``).
    """

    # The same function as every object's, so that Python calls none of ours.
    __setattr__ = object.__setattr__
