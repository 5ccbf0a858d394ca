# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
from enum import IntEnum
import collections


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class Version(ReadWriteKaitaiStruct):
    """The two letters at the start of an SSTable's file names, numbered in the order
    in which features were added. Nothing inside a component tells its version, so
    every type whose layout depends on it takes the number as a parameter named
    `version` and compares it: `version >= version::id::na.to_i`.
    
    `da` is of the BTI format, which starts where BIG's `oa` stands: every gate that
    is open for `oa` is open for `da`.
    
    .. seealso::
       org.apache.cassandra.io.sstable.format.big.BigFormat.BigVersion
       org.apache.cassandra.io.sstable.format.bti.BtiFormat.BtiVersion
    """

    class Id(IntEnum):
        ma = 0
        mb = 1
        mc = 2
        md = 3
        me = 4
        na = 5
        nb = 6
        nc = 7
        oa = 8
        da = 9
    SEQ_FIELDS = []
    def __init__(self, _io=None, _parent=None, _root=None):
        super(Version, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        pass
        self._dirty = False


    def _fetch_instances(self):
        pass


    def _write__seq(self, io=None):
        super(Version, self)._write__seq(io)


    def _check(self):
        self._dirty = False


