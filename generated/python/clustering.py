# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
from cqlite._generated import vint
from enum import IntEnum
import collections


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class Clustering(ReadWriteKaitaiStruct):
    """The values of clustering columns: of a row, or of a bound that a range tombstone
    or an index block starts or ends with. How a value is written depends on its type,
    so each type here takes `shapes`, an array with one number for each clustering
    column: its length in bytes where the type fixes that, -1 where it does not.
    The root has a single column of variable length.
    
    .. seealso::
       org.apache.cassandra.db.ClusteringPrefix
    """

    class Kind(IntEnum):
        excl_end_bound = 0
        incl_start_bound = 1
        excl_end_incl_start_boundary = 2
        static_clustering = 3
        clustering = 4
        incl_end_excl_start_boundary = 5
        incl_end_bound = 6
        excl_start_bound = 7
    SEQ_FIELDS = ["body"]
    def __init__(self, _io=None, _parent=None, _root=None):
        super(Clustering, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        self._debug['body']['start'] = self._io.pos()
        self.body = Clustering.Prefix([-1], self._io, self, self._root)
        self.body._read()
        self._debug['body']['end'] = self._io.pos()
        self._dirty = False


    def _fetch_instances(self):
        pass
        self.body._fetch_instances()


    def _write__seq(self, io=None):
        super(Clustering, self)._write__seq(io)
        self.body._write__seq(self._io)


    def _check(self):
        if self.body._root != self._root:
            raise kaitaistruct.ConsistencyError(u"body", self._root, self.body._root)
        if self.body._parent != self:
            raise kaitaistruct.ConsistencyError(u"body", self, self.body._parent)
        if self.body.shapes != [-1]:
            raise kaitaistruct.ConsistencyError(u"body", [-1], self.body.shapes)
        self._dirty = False

    class Block(ReadWriteKaitaiStruct):
        """A header, then those of up to 32 values that are neither null nor empty.
        
        .. seealso::
           org.apache.cassandra.db.ClusteringPrefix.Serializer.deserializeValuesWithoutSize
        """
        SEQ_FIELDS = ["header", "items"]
        def __init__(self, shapes, first, num_values, _io=None, _parent=None, _root=None):
            super(Clustering.Block, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.shapes = shapes
            self.first = first
            self.num_values = num_values
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['header']['start'] = self._io.pos()
            self.header = vint.Vint(self._io)
            self.header._read()
            self._debug['header']['end'] = self._io.pos()
            self._debug['items']['start'] = self._io.pos()
            self._debug['items']['arr'] = []
            self.items = []
            for i in range((self.num_values - self.first if self.num_values - self.first < 32 else 32)):
                self._debug['items']['arr'].append({'start': self._io.pos()})
                _t_items = Clustering.Value(self.shapes[self.first + i], self.header, i, self._io, self, self._root)
                try:
                    _t_items._read()
                finally:
                    self.items.append(_t_items)
                self._debug['items']['arr'][i]['end'] = self._io.pos()

            self._debug['items']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.header._fetch_instances()
            for i in range(len(self.items)):
                pass
                self.items[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Clustering.Block, self)._write__seq(io)
            self.header._write__seq(self._io)
            for i in range(len(self.items)):
                pass
                self.items[i]._write__seq(self._io)



        def _check(self):
            if len(self.items) != (self.num_values - self.first if self.num_values - self.first < 32 else 32):
                raise kaitaistruct.ConsistencyError(u"items", (self.num_values - self.first if self.num_values - self.first < 32 else 32), len(self.items))
            for i in range(len(self.items)):
                pass
                if self.items[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"items", self._root, self.items[i]._root)
                if self.items[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"items", self, self.items[i]._parent)
                if self.items[i].shape != self.shapes[self.first + i]:
                    raise kaitaistruct.ConsistencyError(u"items", self.shapes[self.first + i], self.items[i].shape)
                if self.items[i].header != self.header:
                    raise kaitaistruct.ConsistencyError(u"items", self.header, self.items[i].header)
                if self.items[i].index != i:
                    raise kaitaistruct.ConsistencyError(u"items", i, self.items[i].index)

            self._dirty = False


    class Bound(ReadWriteKaitaiStruct):
        """The bound of a range tombstone, or the boundary between two.
        
        .. seealso::
           org.apache.cassandra.db.ClusteringBoundOrBoundary.Serializer
        """
        SEQ_FIELDS = ["kind", "num_values", "values"]
        def __init__(self, shapes, _io=None, _parent=None, _root=None):
            super(Clustering.Bound, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.shapes = shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['kind']['start'] = self._io.pos()
            self.kind = KaitaiStream.resolve_enum(Clustering.Kind, self._io.read_u1())
            self._debug['kind']['end'] = self._io.pos()
            if not  ((self.kind == Clustering.Kind.excl_end_bound) or (self.kind == Clustering.Kind.incl_start_bound) or (self.kind == Clustering.Kind.excl_end_incl_start_boundary) or (self.kind == Clustering.Kind.incl_end_excl_start_boundary) or (self.kind == Clustering.Kind.incl_end_bound) or (self.kind == Clustering.Kind.excl_start_bound)) :
                raise kaitaistruct.ValidationNotAnyOfError(self.kind, self._io, u"/types/bound/seq/0")
            self._debug['num_values']['start'] = self._io.pos()
            self.num_values = self._io.read_u2be()
            self._debug['num_values']['end'] = self._io.pos()
            if not self.num_values <= len(self.shapes):
                raise kaitaistruct.ValidationGreaterThanError(len(self.shapes), self.num_values, self._io, u"/types/bound/seq/1")
            self._debug['values']['start'] = self._io.pos()
            self.values = Clustering.Values(self.shapes, self.num_values, self._io, self, self._root)
            self.values._read()
            self._debug['values']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.values._fetch_instances()


        def _write__seq(self, io=None):
            super(Clustering.Bound, self)._write__seq(io)
            self._io.write_u1(int(self.kind))
            self._io.write_u2be(self.num_values)
            self.values._write__seq(self._io)


        def _check(self):
            if not  ((self.kind == Clustering.Kind.excl_end_bound) or (self.kind == Clustering.Kind.incl_start_bound) or (self.kind == Clustering.Kind.excl_end_incl_start_boundary) or (self.kind == Clustering.Kind.incl_end_excl_start_boundary) or (self.kind == Clustering.Kind.incl_end_bound) or (self.kind == Clustering.Kind.excl_start_bound)) :
                raise kaitaistruct.ValidationNotAnyOfError(self.kind, None, u"/types/bound/seq/0")
            if not self.num_values <= len(self.shapes):
                raise kaitaistruct.ValidationGreaterThanError(len(self.shapes), self.num_values, None, u"/types/bound/seq/1")
            if self.values._root != self._root:
                raise kaitaistruct.ConsistencyError(u"values", self._root, self.values._root)
            if self.values._parent != self:
                raise kaitaistruct.ConsistencyError(u"values", self, self.values._parent)
            if self.values.shapes != self.shapes:
                raise kaitaistruct.ConsistencyError(u"values", self.shapes, self.values.shapes)
            if self.values.num_values != self.num_values:
                raise kaitaistruct.ConsistencyError(u"values", self.num_values, self.values.num_values)
            self._dirty = False


    class Prefix(ReadWriteKaitaiStruct):
        """The kind, then the values; a full clustering has no count, a bound has.
        
        .. seealso::
           org.apache.cassandra.db.ClusteringPrefix.Serializer
        """
        SEQ_FIELDS = ["kind", "num_bound_values", "values"]
        def __init__(self, shapes, _io=None, _parent=None, _root=None):
            super(Clustering.Prefix, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.shapes = shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['kind']['start'] = self._io.pos()
            self.kind = KaitaiStream.resolve_enum(Clustering.Kind, self._io.read_u1())
            self._debug['kind']['end'] = self._io.pos()
            if not  ((self.kind == Clustering.Kind.excl_end_bound) or (self.kind == Clustering.Kind.incl_start_bound) or (self.kind == Clustering.Kind.excl_end_incl_start_boundary) or (self.kind == Clustering.Kind.clustering) or (self.kind == Clustering.Kind.incl_end_excl_start_boundary) or (self.kind == Clustering.Kind.incl_end_bound) or (self.kind == Clustering.Kind.excl_start_bound)) :
                raise kaitaistruct.ValidationNotAnyOfError(self.kind, self._io, u"/types/prefix/seq/0")
            if self.kind != Clustering.Kind.clustering:
                pass
                self._debug['num_bound_values']['start'] = self._io.pos()
                self.num_bound_values = self._io.read_u2be()
                self._debug['num_bound_values']['end'] = self._io.pos()
                if not self.num_bound_values <= len(self.shapes):
                    raise kaitaistruct.ValidationGreaterThanError(len(self.shapes), self.num_bound_values, self._io, u"/types/prefix/seq/1")

            self._debug['values']['start'] = self._io.pos()
            self.values = Clustering.Values(self.shapes, self.num_values, self._io, self, self._root)
            self.values._read()
            self._debug['values']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            if self.kind != Clustering.Kind.clustering:
                pass

            self.values._fetch_instances()


        def _write__seq(self, io=None):
            super(Clustering.Prefix, self)._write__seq(io)
            self._io.write_u1(int(self.kind))
            if self.kind != Clustering.Kind.clustering:
                pass
                self._io.write_u2be(self.num_bound_values)

            self.values._write__seq(self._io)


        def _check(self):
            if not  ((self.kind == Clustering.Kind.excl_end_bound) or (self.kind == Clustering.Kind.incl_start_bound) or (self.kind == Clustering.Kind.excl_end_incl_start_boundary) or (self.kind == Clustering.Kind.clustering) or (self.kind == Clustering.Kind.incl_end_excl_start_boundary) or (self.kind == Clustering.Kind.incl_end_bound) or (self.kind == Clustering.Kind.excl_start_bound)) :
                raise kaitaistruct.ValidationNotAnyOfError(self.kind, None, u"/types/prefix/seq/0")
            if self.kind != Clustering.Kind.clustering:
                pass
                if not self.num_bound_values <= len(self.shapes):
                    raise kaitaistruct.ValidationGreaterThanError(len(self.shapes), self.num_bound_values, None, u"/types/prefix/seq/1")

            if self.values._root != self._root:
                raise kaitaistruct.ConsistencyError(u"values", self._root, self.values._root)
            if self.values._parent != self:
                raise kaitaistruct.ConsistencyError(u"values", self, self.values._parent)
            if self.values.shapes != self.shapes:
                raise kaitaistruct.ConsistencyError(u"values", self.shapes, self.values.shapes)
            if self.values.num_values != self.num_values:
                raise kaitaistruct.ConsistencyError(u"values", self.num_values, self.values.num_values)
            self._dirty = False

        @property
        def num_values(self):
            """Number of values."""
            if hasattr(self, '_m_num_values'):
                return self._m_num_values

            self._m_num_values = (len(self.shapes) if self.kind == Clustering.Kind.clustering else self.num_bound_values)
            return getattr(self, '_m_num_values', None)

        def _invalidate_num_values(self):
            del self._m_num_values

    class Value(ReadWriteKaitaiStruct):
        """One value, or none where the header says that it is empty or null.
        
        .. seealso::
           org.apache.cassandra.db.marshal.AbstractType.writeValue
        """
        SEQ_FIELDS = ["len_value", "value"]
        def __init__(self, shape, header, index, _io=None, _parent=None, _root=None):
            super(Clustering.Value, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.shape = shape
            self.header = header
            self.index = index
            self._debug = collections.defaultdict(dict)

        def _read(self):
            if  ((self.is_present) and (self.shape < 0)) :
                pass
                self._debug['len_value']['start'] = self._io.pos()
                self.len_value = vint.Vint(self._io)
                self.len_value._read()
                self._debug['len_value']['end'] = self._io.pos()

            if self.is_present:
                pass
                self._debug['value']['start'] = self._io.pos()
                self.value = self._io.read_bytes((self.len_value.value if self.shape < 0 else self.shape))
                self._debug['value']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if  ((self.is_present) and (self.shape < 0)) :
                pass
                self.len_value._fetch_instances()

            if self.is_present:
                pass



        def _write__seq(self, io=None):
            super(Clustering.Value, self)._write__seq(io)
            if  ((self.is_present) and (self.shape < 0)) :
                pass
                self.len_value._write__seq(self._io)

            if self.is_present:
                pass
                self._io.write_bytes(self.value)



        def _check(self):
            if  ((self.is_present) and (self.shape < 0)) :
                pass

            if self.is_present:
                pass
                if len(self.value) != (self.len_value.value if self.shape < 0 else self.shape):
                    raise kaitaistruct.ConsistencyError(u"value", (self.len_value.value if self.shape < 0 else self.shape), len(self.value))

            self._dirty = False

        @property
        def header_byte(self):
            """The header's byte that holds this value's two bits. Taken from the bytes, since
            the header can have more bits than JavaScript's numbers.
            """
            if hasattr(self, '_m_header_byte'):
                return self._m_header_byte

            self._m_header_byte = (KaitaiStream.byte_array_index(self.header.extra, (self.header.len_extra - 1) - self.index // 4) if self.index // 4 < self.header.len_extra else (self.header.first & 127 >> self.header.len_extra if self.index // 4 == self.header.len_extra else 0))
            return getattr(self, '_m_header_byte', None)

        def _invalidate_header_byte(self):
            del self._m_header_byte
        @property
        def is_empty(self):
            """Whether the value is present and has no bytes."""
            if hasattr(self, '_m_is_empty'):
                return self._m_is_empty

            self._m_is_empty = self.header_byte >> (self.index % 4) * 2 & 1 == 1
            return getattr(self, '_m_is_empty', None)

        def _invalidate_is_empty(self):
            del self._m_is_empty
        @property
        def is_null(self):
            """Whether there is no value."""
            if hasattr(self, '_m_is_null'):
                return self._m_is_null

            self._m_is_null = self.header_byte >> (self.index % 4) * 2 & 2 == 2
            return getattr(self, '_m_is_null', None)

        def _invalidate_is_null(self):
            del self._m_is_null
        @property
        def is_present(self):
            """Whether bytes follow."""
            if hasattr(self, '_m_is_present'):
                return self._m_is_present

            self._m_is_present =  (((not (self.is_empty))) and ((not (self.is_null)))) 
            return getattr(self, '_m_is_present', None)

        def _invalidate_is_present(self):
            del self._m_is_present

    class Values(ReadWriteKaitaiStruct):
        """Blocks of at most 32 values, each block with a header of two bits for each value.
        
        .. seealso::
           org.apache.cassandra.db.ClusteringPrefix.Serializer.deserializeValuesWithoutSize
        """
        SEQ_FIELDS = ["blocks"]
        def __init__(self, shapes, num_values, _io=None, _parent=None, _root=None):
            super(Clustering.Values, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.shapes = shapes
            self.num_values = num_values
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['blocks']['start'] = self._io.pos()
            self._debug['blocks']['arr'] = []
            self.blocks = []
            for i in range((self.num_values + 31) // 32):
                self._debug['blocks']['arr'].append({'start': self._io.pos()})
                _t_blocks = Clustering.Block(self.shapes, i * 32, self.num_values, self._io, self, self._root)
                try:
                    _t_blocks._read()
                finally:
                    self.blocks.append(_t_blocks)
                self._debug['blocks']['arr'][i]['end'] = self._io.pos()

            self._debug['blocks']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.blocks)):
                pass
                self.blocks[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Clustering.Values, self)._write__seq(io)
            for i in range(len(self.blocks)):
                pass
                self.blocks[i]._write__seq(self._io)



        def _check(self):
            if len(self.blocks) != (self.num_values + 31) // 32:
                raise kaitaistruct.ConsistencyError(u"blocks", (self.num_values + 31) // 32, len(self.blocks))
            for i in range(len(self.blocks)):
                pass
                if self.blocks[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"blocks", self._root, self.blocks[i]._root)
                if self.blocks[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"blocks", self, self.blocks[i]._parent)
                if self.blocks[i].shapes != self.shapes:
                    raise kaitaistruct.ConsistencyError(u"blocks", self.shapes, self.blocks[i].shapes)
                if self.blocks[i].first != i * 32:
                    raise kaitaistruct.ConsistencyError(u"blocks", i * 32, self.blocks[i].first)
                if self.blocks[i].num_values != self.num_values:
                    raise kaitaistruct.ConsistencyError(u"blocks", self.num_values, self.blocks[i].num_values)

            self._dirty = False



