# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
import collections
from cqlite._generated import version


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class DeletionTime(ReadWriteKaitaiStruct):
    """When something was deleted: a timestamp in microseconds that decides what is
    shadowed, and a wall-clock time in seconds from which the tombstone's age counts.
    Stands in full for whole partitions and in indexes; inside rows the same two
    numbers are differences from the serialization header's minimums, see `data`.
    
    .. seealso::
       org.apache.cassandra.db.DeletionTime
    """
    SEQ_FIELDS = ["body"]
    def __init__(self, _io=None, _parent=None, _root=None):
        super(DeletionTime, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        self._debug['body']['start'] = self._io.pos()
        self.body = DeletionTime.DeletionTime(int(version.Version.Id.oa), self._io, self, self._root)
        self.body._read()
        self._debug['body']['end'] = self._io.pos()
        self._dirty = False


    def _fetch_instances(self):
        pass
        self.body._fetch_instances()


    def _write__seq(self, io=None):
        super(DeletionTime, self)._write__seq(io)
        self.body._write__seq(self._io)


    def _check(self):
        if self.body._root != self._root:
            raise kaitaistruct.ConsistencyError(u"body", self._root, self.body._root)
        if self.body._parent != self:
            raise kaitaistruct.ConsistencyError(u"body", self, self.body._parent)
        if self.body.version != int(version.Version.Id.oa):
            raise kaitaistruct.ConsistencyError(u"body", int(version.Version.Id.oa), self.body.version)
        self._dirty = False

    class DeletionTime(ReadWriteKaitaiStruct):
        """Up to `nc` always twelve bytes, in the order local deletion time, timestamp.
        From `oa` on one byte where nothing is deleted, else twelve bytes in the order
        timestamp, local deletion time, where the top bit of the first byte is clear
        because timestamps are positive.
        
        .. seealso::
           org.apache.cassandra.db.DeletionTime.Serializer
           org.apache.cassandra.db.DeletionTime.LegacySerializer
        """
        SEQ_FIELDS = ["legacy", "modern"]
        def __init__(self, version, _io=None, _parent=None, _root=None):
            super(DeletionTime.DeletionTime, self).__init__(_io)
            self._parent = _parent
            self._root = _root or self
            self.version = version
            self._debug = collections.defaultdict(dict)

        def _read(self):
            if self.version < int(version.Version.Id.oa):
                pass
                self._debug['legacy']['start'] = self._io.pos()
                self.legacy = DeletionTime.Legacy(self._io, self, self._root)
                self.legacy._read()
                self._debug['legacy']['end'] = self._io.pos()

            if self.version >= int(version.Version.Id.oa):
                pass
                self._debug['modern']['start'] = self._io.pos()
                self.modern = DeletionTime.Modern(self._io, self, self._root)
                self.modern._read()
                self._debug['modern']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if self.version < int(version.Version.Id.oa):
                pass
                self.legacy._fetch_instances()

            if self.version >= int(version.Version.Id.oa):
                pass
                self.modern._fetch_instances()



        def _write__seq(self, io=None):
            super(DeletionTime.DeletionTime, self)._write__seq(io)
            if self.version < int(version.Version.Id.oa):
                pass
                self.legacy._write__seq(self._io)

            if self.version >= int(version.Version.Id.oa):
                pass
                self.modern._write__seq(self._io)



        def _check(self):
            if self.version < int(version.Version.Id.oa):
                pass
                if self.legacy._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"legacy", self._root, self.legacy._root)
                if self.legacy._parent != self:
                    raise kaitaistruct.ConsistencyError(u"legacy", self, self.legacy._parent)

            if self.version >= int(version.Version.Id.oa):
                pass
                if self.modern._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"modern", self._root, self.modern._root)
                if self.modern._parent != self:
                    raise kaitaistruct.ConsistencyError(u"modern", self, self.modern._parent)

            self._dirty = False

        @property
        def is_live(self):
            """Whether nothing is deleted."""
            if hasattr(self, '_m_is_live'):
                return self._m_is_live

            self._m_is_live = (self.modern.is_live if self.version >= int(version.Version.Id.oa) else self.legacy.is_live)
            return getattr(self, '_m_is_live', None)

        def _invalidate_is_live(self):
            del self._m_is_live

    class Legacy(ReadWriteKaitaiStruct):
        """Twelve bytes, up to `nc`.
        
        .. seealso::
           org.apache.cassandra.db.DeletionTime.LegacySerializer
        """
        SEQ_FIELDS = ["local_deletion_time", "marked_for_delete_at"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(DeletionTime.Legacy, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['local_deletion_time']['start'] = self._io.pos()
            self.local_deletion_time = self._io.read_s4be()
            self._debug['local_deletion_time']['end'] = self._io.pos()
            self._debug['marked_for_delete_at']['start'] = self._io.pos()
            self.marked_for_delete_at = self._io.read_s8be()
            self._debug['marked_for_delete_at']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(DeletionTime.Legacy, self)._write__seq(io)
            self._io.write_s4be(self.local_deletion_time)
            self._io.write_s8be(self.marked_for_delete_at)


        def _check(self):
            self._dirty = False

        @property
        def is_live(self):
            """Whether nothing is deleted."""
            if hasattr(self, '_m_is_live'):
                return self._m_is_live

            self._m_is_live =  ((self.local_deletion_time == 2147483647) and (self.marked_for_delete_at < -9223372036854775807)) 
            return getattr(self, '_m_is_live', None)

        def _invalidate_is_live(self):
            del self._m_is_live

    class Modern(ReadWriteKaitaiStruct):
        """One byte or twelve, from `oa` on.
        
        .. seealso::
           org.apache.cassandra.db.DeletionTime.Serializer
        """
        SEQ_FIELDS = ["head", "second", "third", "low", "local_deletion_time"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(DeletionTime.Modern, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['head']['start'] = self._io.pos()
            self.head = self._io.read_u1()
            self._debug['head']['end'] = self._io.pos()
            if not self.head <= 128:
                raise kaitaistruct.ValidationGreaterThanError(128, self.head, self._io, u"/types/modern/seq/0")
            if (not (self.is_live)):
                pass
                self._debug['second']['start'] = self._io.pos()
                self.second = self._io.read_u1()
                self._debug['second']['end'] = self._io.pos()

            if (not (self.is_live)):
                pass
                self._debug['third']['start'] = self._io.pos()
                self.third = self._io.read_u2be()
                self._debug['third']['end'] = self._io.pos()

            if (not (self.is_live)):
                pass
                self._debug['low']['start'] = self._io.pos()
                self.low = self._io.read_u4be()
                self._debug['low']['end'] = self._io.pos()

            if (not (self.is_live)):
                pass
                self._debug['local_deletion_time']['start'] = self._io.pos()
                self.local_deletion_time = self._io.read_u4be()
                self._debug['local_deletion_time']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if (not (self.is_live)):
                pass

            if (not (self.is_live)):
                pass

            if (not (self.is_live)):
                pass

            if (not (self.is_live)):
                pass



        def _write__seq(self, io=None):
            super(DeletionTime.Modern, self)._write__seq(io)
            self._io.write_u1(self.head)
            if (not (self.is_live)):
                pass
                self._io.write_u1(self.second)

            if (not (self.is_live)):
                pass
                self._io.write_u2be(self.third)

            if (not (self.is_live)):
                pass
                self._io.write_u4be(self.low)

            if (not (self.is_live)):
                pass
                self._io.write_u4be(self.local_deletion_time)



        def _check(self):
            if not self.head <= 128:
                raise kaitaistruct.ValidationGreaterThanError(128, self.head, None, u"/types/modern/seq/0")
            if (not (self.is_live)):
                pass

            if (not (self.is_live)):
                pass

            if (not (self.is_live)):
                pass

            if (not (self.is_live)):
                pass

            self._dirty = False

        @property
        def is_live(self):
            """Whether nothing is deleted."""
            if hasattr(self, '_m_is_live'):
                return self._m_is_live

            self._m_is_live = self.head == 128
            return getattr(self, '_m_is_live', None)

        def _invalidate_is_live(self):
            del self._m_is_live
        @property
        def marked_for_delete_at(self):
            """Microseconds since 1970."""
            if hasattr(self, '_m_marked_for_delete_at'):
                return self._m_marked_for_delete_at

            if (not (self.is_live)):
                pass
                self._m_marked_for_delete_at = ((self.head * 256 + self.second) * 65536 + self.third) * 4294967296 + self.low

            return getattr(self, '_m_marked_for_delete_at', None)

        def _invalidate_marked_for_delete_at(self):
            del self._m_marked_for_delete_at


