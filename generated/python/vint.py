# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
import collections


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class Vint(ReadWriteKaitaiStruct):
    """An integer of one to nine bytes. The number of leading one bits of the first
    byte tells how many bytes follow; its remaining bits are the most significant
    bits of the value, and the bytes that follow are the rest, big-endian.
    The same bytes are read as unsigned (`value`) or, where the field says so, as
    signed in zigzag form (`signed`).
    
    .. seealso::
       org.apache.cassandra.utils.vint.VIntCoding
    """
    SEQ_FIELDS = ["first", "extra"]
    def __init__(self, _io=None, _parent=None, _root=None):
        super(Vint, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        self._debug['first']['start'] = self._io.pos()
        self.first = self._io.read_u1()
        self._debug['first']['end'] = self._io.pos()
        self._debug['extra']['start'] = self._io.pos()
        self.extra = self._io.read_bytes(self.len_extra)
        self._debug['extra']['end'] = self._io.pos()
        self._dirty = False


    def _fetch_instances(self):
        pass


    def _write__seq(self, io=None):
        super(Vint, self)._write__seq(io)
        self._io.write_u1(self.first)
        self._io.write_bytes(self.extra)


    def _check(self):
        if len(self.extra) != self.len_extra:
            raise kaitaistruct.ConsistencyError(u"extra", self.len_extra, len(self.extra))
        self._dirty = False

    @property
    def len_extra(self):
        """Number of bytes that follow the first."""
        if hasattr(self, '_m_len_extra'):
            return self._m_len_extra

        self._m_len_extra = (0 if self.first < 128 else (1 if self.first < 192 else (2 if self.first < 224 else (3 if self.first < 240 else (4 if self.first < 248 else (5 if self.first < 252 else (6 if self.first < 254 else (7 if self.first < 255 else 8))))))))
        return getattr(self, '_m_len_extra', None)

    def _invalidate_len_extra(self):
        del self._m_len_extra
    @property
    def low4(self):
        """The least significant four bytes, where four or more bytes follow the first."""
        if hasattr(self, '_m_low4'):
            return self._m_low4

        self._m_low4 = ((KaitaiStream.byte_array_index(self.extra, self.len_extra - 4) * 16777216 + KaitaiStream.byte_array_index(self.extra, self.len_extra - 3) * 65536) + KaitaiStream.byte_array_index(self.extra, self.len_extra - 2) * 256) + KaitaiStream.byte_array_index(self.extra, self.len_extra - 1)
        return getattr(self, '_m_low4', None)

    def _invalidate_low4(self):
        del self._m_low4
    @property
    def signed(self):
        """The integer as signed 64 bits, zigzag decoded."""
        if hasattr(self, '_m_signed'):
            return self._m_signed

        self._m_signed = ((self.value // 2) if self.value % 2 == 0 else -1 - (self.value // 2))
        return getattr(self, '_m_signed', None)

    def _invalidate_signed(self):
        del self._m_signed
    @property
    def value(self):
        """The integer as unsigned 64 bits. Written with products rather than shifts,
        so that JavaScript is exact up to 2^53.
        """
        if hasattr(self, '_m_value'):
            return self._m_value

        self._m_value = (self.first if self.len_extra == 0 else ((self.first & 63) * 256 + KaitaiStream.byte_array_index(self.extra, 0) if self.len_extra == 1 else (((self.first & 31) * 65536 + KaitaiStream.byte_array_index(self.extra, 0) * 256) + KaitaiStream.byte_array_index(self.extra, 1) if self.len_extra == 2 else ((((self.first & 15) * 16777216 + KaitaiStream.byte_array_index(self.extra, 0) * 65536) + KaitaiStream.byte_array_index(self.extra, 1) * 256) + KaitaiStream.byte_array_index(self.extra, 2) if self.len_extra == 3 else ((self.first & 7) * 4294967296 + self.low4 if self.len_extra == 4 else (((self.first & 3) * 256 + KaitaiStream.byte_array_index(self.extra, 0)) * 4294967296 + self.low4 if self.len_extra == 5 else ((((self.first & 1) * 65536 + KaitaiStream.byte_array_index(self.extra, 0) * 256) + KaitaiStream.byte_array_index(self.extra, 1)) * 4294967296 + self.low4 if self.len_extra == 6 else (((KaitaiStream.byte_array_index(self.extra, 0) * 65536 + KaitaiStream.byte_array_index(self.extra, 1) * 256) + KaitaiStream.byte_array_index(self.extra, 2)) * 4294967296 + self.low4 if self.len_extra == 7 else (((KaitaiStream.byte_array_index(self.extra, 0) * 16777216 + KaitaiStream.byte_array_index(self.extra, 1) * 65536) + KaitaiStream.byte_array_index(self.extra, 2) * 256) + KaitaiStream.byte_array_index(self.extra, 3)) * 4294967296 + self.low4))))))))
        return getattr(self, '_m_value', None)

    def _invalidate_value(self):
        del self._m_value

