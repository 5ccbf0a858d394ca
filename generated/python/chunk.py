# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
import collections
from cqlite._generated import version


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class Chunk(ReadWriteKaitaiStruct):
    """What a compressed Data.db consists of: chunks without gaps, each with a checksum
    after it. CompressionInfo.db tells where they start; a chunk's length is what lies
    between its offset and the next, or the end of the file, less the checksum. The
    root takes all that it is given as one chunk.
    
    .. seealso::
       org.apache.cassandra.io.compress.CompressedSequentialWriter
    """
    SEQ_FIELDS = ["body"]
    def __init__(self, _io=None, _parent=None, _root=None):
        super(Chunk, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        self._debug['body']['start'] = self._io.pos()
        self.body = Chunk.Body(int(version.Version.Id.oa), self._io, self, self._root)
        self.body._read()
        self._debug['body']['end'] = self._io.pos()
        self._dirty = False


    def _fetch_instances(self):
        pass
        self.body._fetch_instances()


    def _write__seq(self, io=None):
        super(Chunk, self)._write__seq(io)
        self.body._write__seq(self._io)


    def _check(self):
        if self.body._root != self._root:
            raise kaitaistruct.ConsistencyError(u"body", self._root, self.body._root)
        if self.body._parent != self:
            raise kaitaistruct.ConsistencyError(u"body", self, self.body._parent)
        if self.body.version != int(version.Version.Id.oa):
            raise kaitaistruct.ConsistencyError(u"body", int(version.Version.Id.oa), self.body.version)
        self._dirty = False

    class Body(ReadWriteKaitaiStruct):
        """One chunk that fills the whole input.
        
        .. seealso::
           org.apache.cassandra.io.compress.CompressedSequentialWriter
        """
        SEQ_FIELDS = ["chunk"]
        def __init__(self, version, _io=None, _parent=None, _root=None):
            super(Chunk.Body, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.version = version
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['chunk']['start'] = self._io.pos()
            self.chunk = Chunk.Chunk(self._io.size() - 4, self._io, self, self._root)
            self.chunk._read()
            self._debug['chunk']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.chunk._fetch_instances()


        def _write__seq(self, io=None):
            super(Chunk.Body, self)._write__seq(io)
            if self.chunk.len_data != self._io.size() - 4:
                raise kaitaistruct.ConsistencyError(u"chunk", self._io.size() - 4, self.chunk.len_data)
            self.chunk._write__seq(self._io)


        def _check(self):
            if self.chunk._root != self._root:
                raise kaitaistruct.ConsistencyError(u"chunk", self._root, self.chunk._root)
            if self.chunk._parent != self:
                raise kaitaistruct.ConsistencyError(u"chunk", self, self.chunk._parent)
            self._dirty = False


    class Chunk(ReadWriteKaitaiStruct):
        """Compressed bytes and their checksum.
        
        .. seealso::
           org.apache.cassandra.io.util.CompressedChunkReader
        """
        SEQ_FIELDS = ["data", "crc32"]
        def __init__(self, len_data, _io=None, _parent=None, _root=None):
            super(Chunk.Chunk, self).__init__(_io)
            self._parent = _parent
            self._root = _root or self
            self.len_data = len_data
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['data']['start'] = self._io.pos()
            self.data = self._io.read_bytes(self.len_data)
            self._debug['data']['end'] = self._io.pos()
            self._debug['crc32']['start'] = self._io.pos()
            self.crc32 = self._io.read_u4be()
            self._debug['crc32']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Chunk.Chunk, self)._write__seq(io)
            self._io.write_bytes(self.data)
            self._io.write_u4be(self.crc32)


        def _check(self):
            if len(self.data) != self.len_data:
                raise kaitaistruct.ConsistencyError(u"data", self.len_data, len(self.data))
            self._dirty = False


    class Lz4Block(ReadWriteKaitaiStruct):
        """What LZ4Compressor writes, a length before the block that LZ4 knows.
        
        .. seealso::
           org.apache.cassandra.io.compress.LZ4Compressor
        """
        SEQ_FIELDS = ["len_decompressed", "block"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Chunk.Lz4Block, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_decompressed']['start'] = self._io.pos()
            self.len_decompressed = self._io.read_u4le()
            self._debug['len_decompressed']['end'] = self._io.pos()
            self._debug['block']['start'] = self._io.pos()
            self.block = self._io.read_bytes_full()
            self._debug['block']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Chunk.Lz4Block, self)._write__seq(io)
            self._io.write_u4le(self.len_decompressed)
            self._io.write_bytes(self.block)
            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"block", 0, self._io.size() - self._io.pos())


        def _check(self):
            self._dirty = False



