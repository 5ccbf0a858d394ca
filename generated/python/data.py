# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
from cqlite._generated import clustering
from cqlite._generated import deletion_time
from cqlite._generated import vint
import collections
from cqlite._generated import version


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class Data(ReadWriteKaitaiStruct):
    """The rows: one partition after another in the order of their tokens, with no
    header, no footer and no padding. Where the SSTable has a CompressionInfo.db this
    is the layout of the decompressed stream, and positions in indexes count in it.
    
    Nothing in the file tells what columns there are. The serialization header in
    Statistics.db does, and types below that need it take these arrays, with one number
    for each column in the header's order:
    
    * `clustering_shapes`: the length in bytes of a clustering column's values where
      the type fixes it, else -1;
    * `static_shapes`, `regular_shapes`: the same for static and regular columns, and
      -2 for a complex column, which has any number of cells, each with a path
      (collections and user-defined types that are not frozen).
    
    The root, which has no header to go by, shows the first partition's key and
    deletion. A spec with a table's own columns baked in shows everything.
    
    .. seealso::
       org.apache.cassandra.io.sstable.format.SortedTableWriter
    """
    SEQ_FIELDS = ["body"]
    def __init__(self, _io=None, _parent=None, _root=None):
        super(Data, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        self._debug['body']['start'] = self._io.pos()
        self.body = Data.Body(int(version.Version.Id.oa), self._io, self, self._root)
        self.body._read()
        self._debug['body']['end'] = self._io.pos()
        self._dirty = False


    def _fetch_instances(self):
        pass
        self.body._fetch_instances()


    def _write__seq(self, io=None):
        super(Data, self)._write__seq(io)
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
        """The first partition's header, and all that follows as bytes.
        
        .. seealso::
           org.apache.cassandra.io.sstable.format.SortedTableWriter
        """
        SEQ_FIELDS = ["first_partition_header", "unparsed"]
        def __init__(self, version, _io=None, _parent=None, _root=None):
            super(Data.Body, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.version = version
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['first_partition_header']['start'] = self._io.pos()
            self.first_partition_header = Data.PartitionHeader(self.version, self._io, self, self._root)
            self.first_partition_header._read()
            self._debug['first_partition_header']['end'] = self._io.pos()
            self._debug['unparsed']['start'] = self._io.pos()
            self.unparsed = self._io.read_bytes_full()
            self._debug['unparsed']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.first_partition_header._fetch_instances()


        def _write__seq(self, io=None):
            super(Data.Body, self)._write__seq(io)
            self.first_partition_header._write__seq(self._io)
            self._io.write_bytes(self.unparsed)
            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"unparsed", 0, self._io.size() - self._io.pos())


        def _check(self):
            if self.first_partition_header._root != self._root:
                raise kaitaistruct.ConsistencyError(u"first_partition_header", self._root, self.first_partition_header._root)
            if self.first_partition_header._parent != self:
                raise kaitaistruct.ConsistencyError(u"first_partition_header", self, self.first_partition_header._parent)
            if self.first_partition_header.version != self.version:
                raise kaitaistruct.ConsistencyError(u"first_partition_header", self.version, self.first_partition_header.version)
            self._dirty = False


    class Cell(ReadWriteKaitaiStruct):
        """The one cell of a simple column.
        
        .. seealso::
           org.apache.cassandra.db.rows.Cell.Serializer
        """
        SEQ_FIELDS = ["header", "len_value", "value"]
        def __init__(self, shape, _io=None, _parent=None, _root=None):
            super(Data.Cell, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.shape = shape
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['header']['start'] = self._io.pos()
            self.header = Data.CellHeader(self._io, self, self._root)
            self.header._read()
            self._debug['header']['end'] = self._io.pos()
            if  ((self.shape < 0) and ((not (self.header.has_empty_value)))) :
                pass
                self._debug['len_value']['start'] = self._io.pos()
                self.len_value = vint.Vint(self._io)
                self.len_value._read()
                self._debug['len_value']['end'] = self._io.pos()

            if (not (self.header.has_empty_value)):
                pass
                self._debug['value']['start'] = self._io.pos()
                self.value = self._io.read_bytes((self.len_value.value if self.shape < 0 else self.shape))
                self._debug['value']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            self.header._fetch_instances()
            if  ((self.shape < 0) and ((not (self.header.has_empty_value)))) :
                pass
                self.len_value._fetch_instances()

            if (not (self.header.has_empty_value)):
                pass



        def _write__seq(self, io=None):
            super(Data.Cell, self)._write__seq(io)
            self.header._write__seq(self._io)
            if  ((self.shape < 0) and ((not (self.header.has_empty_value)))) :
                pass
                self.len_value._write__seq(self._io)

            if (not (self.header.has_empty_value)):
                pass
                self._io.write_bytes(self.value)



        def _check(self):
            if self.header._root != self._root:
                raise kaitaistruct.ConsistencyError(u"header", self._root, self.header._root)
            if self.header._parent != self:
                raise kaitaistruct.ConsistencyError(u"header", self, self.header._parent)
            if  ((self.shape < 0) and ((not (self.header.has_empty_value)))) :
                pass

            if (not (self.header.has_empty_value)):
                pass
                if len(self.value) != (self.len_value.value if self.shape < 0 else self.shape):
                    raise kaitaistruct.ConsistencyError(u"value", (self.len_value.value if self.shape < 0 else self.shape), len(self.value))

            self._dirty = False


    class CellHeader(ReadWriteKaitaiStruct):
        """What is common to all cells, a flag byte and times.
        
        .. seealso::
           org.apache.cassandra.db.rows.Cell.Serializer
        """
        SEQ_FIELDS = ["flags", "timestamp", "local_deletion_time", "ttl"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Data.CellHeader, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['flags']['start'] = self._io.pos()
            self.flags = self._io.read_u1()
            self._debug['flags']['end'] = self._io.pos()
            if (not (self.uses_row_timestamp)):
                pass
                self._debug['timestamp']['start'] = self._io.pos()
                self.timestamp = vint.Vint(self._io)
                self.timestamp._read()
                self._debug['timestamp']['end'] = self._io.pos()

            if  (( ((self.is_deleted) or (self.is_expiring)) ) and ((not (self.uses_row_ttl)))) :
                pass
                self._debug['local_deletion_time']['start'] = self._io.pos()
                self.local_deletion_time = vint.Vint(self._io)
                self.local_deletion_time._read()
                self._debug['local_deletion_time']['end'] = self._io.pos()

            if  ((self.is_expiring) and ((not (self.uses_row_ttl)))) :
                pass
                self._debug['ttl']['start'] = self._io.pos()
                self.ttl = vint.Vint(self._io)
                self.ttl._read()
                self._debug['ttl']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if (not (self.uses_row_timestamp)):
                pass
                self.timestamp._fetch_instances()

            if  (( ((self.is_deleted) or (self.is_expiring)) ) and ((not (self.uses_row_ttl)))) :
                pass
                self.local_deletion_time._fetch_instances()

            if  ((self.is_expiring) and ((not (self.uses_row_ttl)))) :
                pass
                self.ttl._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.CellHeader, self)._write__seq(io)
            self._io.write_u1(self.flags)
            if (not (self.uses_row_timestamp)):
                pass
                self.timestamp._write__seq(self._io)

            if  (( ((self.is_deleted) or (self.is_expiring)) ) and ((not (self.uses_row_ttl)))) :
                pass
                self.local_deletion_time._write__seq(self._io)

            if  ((self.is_expiring) and ((not (self.uses_row_ttl)))) :
                pass
                self.ttl._write__seq(self._io)



        def _check(self):
            if (not (self.uses_row_timestamp)):
                pass

            if  (( ((self.is_deleted) or (self.is_expiring)) ) and ((not (self.uses_row_ttl)))) :
                pass

            if  ((self.is_expiring) and ((not (self.uses_row_ttl)))) :
                pass

            self._dirty = False

        @property
        def has_empty_value(self):
            """No value follows."""
            if hasattr(self, '_m_has_empty_value'):
                return self._m_has_empty_value

            self._m_has_empty_value = self.flags & 4 != 0
            return getattr(self, '_m_has_empty_value', None)

        def _invalidate_has_empty_value(self):
            del self._m_has_empty_value
        @property
        def is_deleted(self):
            """A tombstone."""
            if hasattr(self, '_m_is_deleted'):
                return self._m_is_deleted

            self._m_is_deleted = self.flags & 1 != 0
            return getattr(self, '_m_is_deleted', None)

        def _invalidate_is_deleted(self):
            del self._m_is_deleted
        @property
        def is_expiring(self):
            """Has a time to live."""
            if hasattr(self, '_m_is_expiring'):
                return self._m_is_expiring

            self._m_is_expiring = self.flags & 2 != 0
            return getattr(self, '_m_is_expiring', None)

        def _invalidate_is_expiring(self):
            del self._m_is_expiring
        @property
        def uses_row_timestamp(self):
            """The timestamp is that of the row's liveness info."""
            if hasattr(self, '_m_uses_row_timestamp'):
                return self._m_uses_row_timestamp

            self._m_uses_row_timestamp = self.flags & 8 != 0
            return getattr(self, '_m_uses_row_timestamp', None)

        def _invalidate_uses_row_timestamp(self):
            del self._m_uses_row_timestamp
        @property
        def uses_row_ttl(self):
            """Time to live and its end are those of the row's liveness info."""
            if hasattr(self, '_m_uses_row_ttl'):
                return self._m_uses_row_ttl

            self._m_uses_row_ttl = self.flags & 16 != 0
            return getattr(self, '_m_uses_row_ttl', None)

        def _invalidate_uses_row_ttl(self):
            del self._m_uses_row_ttl

    class Column(ReadWriteKaitaiStruct):
        """A column's cell or cells, or nothing where the row lacks it.
        
        .. seealso::
           org.apache.cassandra.db.rows.UnfilteredSerializer.writeComplexColumn
        """
        SEQ_FIELDS = ["cell", "complex"]
        def __init__(self, index, shape, has_complex_deletion, subset, num_listed_before, _io=None, _parent=None, _root=None):
            super(Data.Column, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.index = index
            self.shape = shape
            self.has_complex_deletion = has_complex_deletion
            self.subset = subset
            self.num_listed_before = num_listed_before
            self._debug = collections.defaultdict(dict)

        def _read(self):
            if  ((self.is_present) and (self.shape != -2)) :
                pass
                self._debug['cell']['start'] = self._io.pos()
                self.cell = Data.Cell(self.shape, self._io, self, self._root)
                self.cell._read()
                self._debug['cell']['end'] = self._io.pos()

            if  ((self.is_present) and (self.shape == -2)) :
                pass
                self._debug['complex']['start'] = self._io.pos()
                self.complex = Data.ComplexColumn(self.has_complex_deletion, self._io, self, self._root)
                self.complex._read()
                self._debug['complex']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if  ((self.is_present) and (self.shape != -2)) :
                pass
                self.cell._fetch_instances()

            if  ((self.is_present) and (self.shape == -2)) :
                pass
                self.complex._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.Column, self)._write__seq(io)
            if  ((self.is_present) and (self.shape != -2)) :
                pass
                self.cell._write__seq(self._io)

            if  ((self.is_present) and (self.shape == -2)) :
                pass
                self.complex._write__seq(self._io)



        def _check(self):
            if  ((self.is_present) and (self.shape != -2)) :
                pass
                if self.cell._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"cell", self._root, self.cell._root)
                if self.cell._parent != self:
                    raise kaitaistruct.ConsistencyError(u"cell", self, self.cell._parent)
                if self.cell.shape != self.shape:
                    raise kaitaistruct.ConsistencyError(u"cell", self.shape, self.cell.shape)

            if  ((self.is_present) and (self.shape == -2)) :
                pass
                if self.complex._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"complex", self._root, self.complex._root)
                if self.complex._parent != self:
                    raise kaitaistruct.ConsistencyError(u"complex", self, self.complex._parent)
                if self.complex.has_deletion != self.has_complex_deletion:
                    raise kaitaistruct.ConsistencyError(u"complex", self.has_complex_deletion, self.complex.has_deletion)

            self._dirty = False

        @property
        def is_listed(self):
            """Whether the subset's indexes name this column."""
            if hasattr(self, '_m_is_listed'):
                return self._m_is_listed

            self._m_is_listed = (self.subset.indexes[self.num_listed_before].value == self.index if  ((self.subset.is_large) and (self.num_listed_before < self.subset.num_indexes))  else False)
            return getattr(self, '_m_is_listed', None)

        def _invalidate_is_listed(self):
            del self._m_is_listed
        @property
        def is_present(self):
            """Whether the row has this column."""
            if hasattr(self, '_m_is_present'):
                return self._m_is_present

            self._m_is_present = (self.is_listed == self.subset.lists_present if self.subset.is_large else (self.missing_byte >> self.index % 8 & 1 == 0 if self.subset.is_small else True))
            return getattr(self, '_m_is_present', None)

        def _invalidate_is_present(self):
            del self._m_is_present
        @property
        def missing_byte(self):
            """The bitmap's byte that holds this column's bit. Taken from the bytes, since the
            bitmap can have more bits than JavaScript's numbers.
            """
            if hasattr(self, '_m_missing_byte'):
                return self._m_missing_byte

            if self.subset.is_small:
                pass
                self._m_missing_byte = (KaitaiStream.byte_array_index(self.subset.missing.extra, (self.subset.missing.len_extra - 1) - self.index // 8) if self.index // 8 < self.subset.missing.len_extra else (self.subset.missing.first & 127 >> self.subset.missing.len_extra if self.index // 8 == self.subset.missing.len_extra else 0))

            return getattr(self, '_m_missing_byte', None)

        def _invalidate_missing_byte(self):
            del self._m_missing_byte
        @property
        def num_listed(self):
            """How many of the subset's indexes are up to this column's."""
            if hasattr(self, '_m_num_listed'):
                return self._m_num_listed

            self._m_num_listed = (self.num_listed_before + 1 if self.is_listed else self.num_listed_before)
            return getattr(self, '_m_num_listed', None)

        def _invalidate_num_listed(self):
            del self._m_num_listed

    class ColumnsSubset(ReadWriteKaitaiStruct):
        """Which of the header's columns a row has. Below 64 columns a bitmap with a one bit
        for each column that is missing, the first column in the least significant bit.
        From 64 on the number of missing columns, then the indexes of those that are
        present if they are fewer than half, else of those that are missing.
        
        .. seealso::
           org.apache.cassandra.db.Columns.Serializer.deserializeSubset
        """
        SEQ_FIELDS = ["missing", "indexes"]
        def __init__(self, num_columns, has_all_columns, _io=None, _parent=None, _root=None):
            super(Data.ColumnsSubset, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.num_columns = num_columns
            self.has_all_columns = has_all_columns
            self._debug = collections.defaultdict(dict)

        def _read(self):
            if (not (self.has_all_columns)):
                pass
                self._debug['missing']['start'] = self._io.pos()
                self.missing = vint.Vint(self._io)
                self.missing._read()
                self._debug['missing']['end'] = self._io.pos()

            if self.is_large:
                pass
                self._debug['indexes']['start'] = self._io.pos()
                self._debug['indexes']['arr'] = []
                self.indexes = []
                for i in range(self.num_indexes):
                    self._debug['indexes']['arr'].append({'start': self._io.pos()})
                    _t_indexes = vint.Vint(self._io)
                    try:
                        _t_indexes._read()
                    finally:
                        self.indexes.append(_t_indexes)
                    self._debug['indexes']['arr'][i]['end'] = self._io.pos()

                self._debug['indexes']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if (not (self.has_all_columns)):
                pass
                self.missing._fetch_instances()

            if self.is_large:
                pass
                for i in range(len(self.indexes)):
                    pass
                    self.indexes[i]._fetch_instances()




        def _write__seq(self, io=None):
            super(Data.ColumnsSubset, self)._write__seq(io)
            if (not (self.has_all_columns)):
                pass
                self.missing._write__seq(self._io)

            if self.is_large:
                pass
                for i in range(len(self.indexes)):
                    pass
                    self.indexes[i]._write__seq(self._io)




        def _check(self):
            if (not (self.has_all_columns)):
                pass

            if self.is_large:
                pass
                if len(self.indexes) != self.num_indexes:
                    raise kaitaistruct.ConsistencyError(u"indexes", self.num_indexes, len(self.indexes))
                for i in range(len(self.indexes)):
                    pass


            self._dirty = False

        @property
        def is_large(self):
            """Encoded as a list of indexes."""
            if hasattr(self, '_m_is_large'):
                return self._m_is_large

            self._m_is_large = (self.missing.value != 0 if  (((not (self.has_all_columns))) and (self.num_columns >= 64))  else False)
            return getattr(self, '_m_is_large', None)

        def _invalidate_is_large(self):
            del self._m_is_large
        @property
        def is_small(self):
            """Encoded as a bitmap."""
            if hasattr(self, '_m_is_small'):
                return self._m_is_small

            self._m_is_small =  (((not (self.has_all_columns))) and (self.num_columns < 64)) 
            return getattr(self, '_m_is_small', None)

        def _invalidate_is_small(self):
            del self._m_is_small
        @property
        def lists_present(self):
            """Whether the indexes are of the columns that are present."""
            if hasattr(self, '_m_lists_present'):
                return self._m_lists_present

            self._m_lists_present = (self.num_present < self.num_columns // 2 if self.is_large else False)
            return getattr(self, '_m_lists_present', None)

        def _invalidate_lists_present(self):
            del self._m_lists_present
        @property
        def num_indexes(self):
            """Number of indexes."""
            if hasattr(self, '_m_num_indexes'):
                return self._m_num_indexes

            self._m_num_indexes = ((self.num_present if self.lists_present else self.missing.value) if self.is_large else 0)
            return getattr(self, '_m_num_indexes', None)

        def _invalidate_num_indexes(self):
            del self._m_num_indexes
        @property
        def num_present(self):
            """Number of columns that the row has."""
            if hasattr(self, '_m_num_present'):
                return self._m_num_present

            if self.is_large:
                pass
                self._m_num_present = self.num_columns - self.missing.value

            return getattr(self, '_m_num_present', None)

        def _invalidate_num_present(self):
            del self._m_num_present

    class ComplexCell(ReadWriteKaitaiStruct):
        """One of the cells of a complex column.
        
        .. seealso::
           org.apache.cassandra.db.rows.Cell.Serializer
        """
        SEQ_FIELDS = ["header", "len_path", "path", "len_value", "value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Data.ComplexCell, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['header']['start'] = self._io.pos()
            self.header = Data.CellHeader(self._io, self, self._root)
            self.header._read()
            self._debug['header']['end'] = self._io.pos()
            self._debug['len_path']['start'] = self._io.pos()
            self.len_path = vint.Vint(self._io)
            self.len_path._read()
            self._debug['len_path']['end'] = self._io.pos()
            self._debug['path']['start'] = self._io.pos()
            self.path = self._io.read_bytes(self.len_path.value)
            self._debug['path']['end'] = self._io.pos()
            if (not (self.header.has_empty_value)):
                pass
                self._debug['len_value']['start'] = self._io.pos()
                self.len_value = vint.Vint(self._io)
                self.len_value._read()
                self._debug['len_value']['end'] = self._io.pos()

            if (not (self.header.has_empty_value)):
                pass
                self._debug['value']['start'] = self._io.pos()
                self.value = self._io.read_bytes(self.len_value.value)
                self._debug['value']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            self.header._fetch_instances()
            self.len_path._fetch_instances()
            if (not (self.header.has_empty_value)):
                pass
                self.len_value._fetch_instances()

            if (not (self.header.has_empty_value)):
                pass



        def _write__seq(self, io=None):
            super(Data.ComplexCell, self)._write__seq(io)
            self.header._write__seq(self._io)
            self.len_path._write__seq(self._io)
            self._io.write_bytes(self.path)
            if (not (self.header.has_empty_value)):
                pass
                self.len_value._write__seq(self._io)

            if (not (self.header.has_empty_value)):
                pass
                self._io.write_bytes(self.value)



        def _check(self):
            if self.header._root != self._root:
                raise kaitaistruct.ConsistencyError(u"header", self._root, self.header._root)
            if self.header._parent != self:
                raise kaitaistruct.ConsistencyError(u"header", self, self.header._parent)
            if len(self.path) != self.len_path.value:
                raise kaitaistruct.ConsistencyError(u"path", self.len_path.value, len(self.path))
            if (not (self.header.has_empty_value)):
                pass

            if (not (self.header.has_empty_value)):
                pass
                if len(self.value) != self.len_value.value:
                    raise kaitaistruct.ConsistencyError(u"value", self.len_value.value, len(self.value))

            self._dirty = False


    class ComplexColumn(ReadWriteKaitaiStruct):
        """The cells of a collection or user-defined type that is not frozen.
        
        .. seealso::
           org.apache.cassandra.db.rows.ComplexColumnData
        """
        SEQ_FIELDS = ["deletion", "num_cells", "cells"]
        def __init__(self, has_deletion, _io=None, _parent=None, _root=None):
            super(Data.ComplexColumn, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.has_deletion = has_deletion
            self._debug = collections.defaultdict(dict)

        def _read(self):
            if self.has_deletion:
                pass
                self._debug['deletion']['start'] = self._io.pos()
                self.deletion = Data.DeletionDelta(self._io, self, self._root)
                self.deletion._read()
                self._debug['deletion']['end'] = self._io.pos()

            self._debug['num_cells']['start'] = self._io.pos()
            self.num_cells = vint.Vint(self._io)
            self.num_cells._read()
            self._debug['num_cells']['end'] = self._io.pos()
            self._debug['cells']['start'] = self._io.pos()
            self._debug['cells']['arr'] = []
            self.cells = []
            for i in range(self.num_cells.value):
                self._debug['cells']['arr'].append({'start': self._io.pos()})
                _t_cells = Data.ComplexCell(self._io, self, self._root)
                try:
                    _t_cells._read()
                finally:
                    self.cells.append(_t_cells)
                self._debug['cells']['arr'][i]['end'] = self._io.pos()

            self._debug['cells']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            if self.has_deletion:
                pass
                self.deletion._fetch_instances()

            self.num_cells._fetch_instances()
            for i in range(len(self.cells)):
                pass
                self.cells[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.ComplexColumn, self)._write__seq(io)
            if self.has_deletion:
                pass
                self.deletion._write__seq(self._io)

            self.num_cells._write__seq(self._io)
            for i in range(len(self.cells)):
                pass
                self.cells[i]._write__seq(self._io)



        def _check(self):
            if self.has_deletion:
                pass
                if self.deletion._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"deletion", self._root, self.deletion._root)
                if self.deletion._parent != self:
                    raise kaitaistruct.ConsistencyError(u"deletion", self, self.deletion._parent)

            if len(self.cells) != self.num_cells.value:
                raise kaitaistruct.ConsistencyError(u"cells", self.num_cells.value, len(self.cells))
            for i in range(len(self.cells)):
                pass
                if self.cells[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"cells", self._root, self.cells[i]._root)
                if self.cells[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"cells", self, self.cells[i]._parent)

            self._dirty = False


    class DeletionDelta(ReadWriteKaitaiStruct):
        """A deletion time as differences from the serialization header's minimums.
        
        .. seealso::
           org.apache.cassandra.db.SerializationHeader.writeDeletionTime
        """
        SEQ_FIELDS = ["marked_for_delete_at", "local_deletion_time"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Data.DeletionDelta, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['marked_for_delete_at']['start'] = self._io.pos()
            self.marked_for_delete_at = vint.Vint(self._io)
            self.marked_for_delete_at._read()
            self._debug['marked_for_delete_at']['end'] = self._io.pos()
            self._debug['local_deletion_time']['start'] = self._io.pos()
            self.local_deletion_time = vint.Vint(self._io)
            self.local_deletion_time._read()
            self._debug['local_deletion_time']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.marked_for_delete_at._fetch_instances()
            self.local_deletion_time._fetch_instances()


        def _write__seq(self, io=None):
            super(Data.DeletionDelta, self)._write__seq(io)
            self.marked_for_delete_at._write__seq(self._io)
            self.local_deletion_time._write__seq(self._io)


        def _check(self):
            self._dirty = False


    class LivenessInfo(ReadWriteKaitaiStruct):
        """A timestamp, and where it expires the time to live and when that ends.
        
        .. seealso::
           org.apache.cassandra.db.LivenessInfo
        """
        SEQ_FIELDS = ["timestamp", "ttl", "local_expiration_time"]
        def __init__(self, has_ttl, _io=None, _parent=None, _root=None):
            super(Data.LivenessInfo, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.has_ttl = has_ttl
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['timestamp']['start'] = self._io.pos()
            self.timestamp = vint.Vint(self._io)
            self.timestamp._read()
            self._debug['timestamp']['end'] = self._io.pos()
            if self.has_ttl:
                pass
                self._debug['ttl']['start'] = self._io.pos()
                self.ttl = vint.Vint(self._io)
                self.ttl._read()
                self._debug['ttl']['end'] = self._io.pos()

            if self.has_ttl:
                pass
                self._debug['local_expiration_time']['start'] = self._io.pos()
                self.local_expiration_time = vint.Vint(self._io)
                self.local_expiration_time._read()
                self._debug['local_expiration_time']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            self.timestamp._fetch_instances()
            if self.has_ttl:
                pass
                self.ttl._fetch_instances()

            if self.has_ttl:
                pass
                self.local_expiration_time._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.LivenessInfo, self)._write__seq(io)
            self.timestamp._write__seq(self._io)
            if self.has_ttl:
                pass
                self.ttl._write__seq(self._io)

            if self.has_ttl:
                pass
                self.local_expiration_time._write__seq(self._io)



        def _check(self):
            if self.has_ttl:
                pass

            if self.has_ttl:
                pass

            self._dirty = False


    class MarkerBody(ReadWriteKaitaiStruct):
        """The deletion of a bound, or both deletions of a boundary.
        
        .. seealso::
           org.apache.cassandra.db.rows.UnfilteredSerializer.deserializeMarkerBody
        """
        SEQ_FIELDS = ["len_previous_unfiltered", "deletion", "start_deletion"]
        def __init__(self, kind, _io=None, _parent=None, _root=None):
            super(Data.MarkerBody, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.kind = kind
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_previous_unfiltered']['start'] = self._io.pos()
            self.len_previous_unfiltered = vint.Vint(self._io)
            self.len_previous_unfiltered._read()
            self._debug['len_previous_unfiltered']['end'] = self._io.pos()
            self._debug['deletion']['start'] = self._io.pos()
            self.deletion = Data.DeletionDelta(self._io, self, self._root)
            self.deletion._read()
            self._debug['deletion']['end'] = self._io.pos()
            if self.is_boundary:
                pass
                self._debug['start_deletion']['start'] = self._io.pos()
                self.start_deletion = Data.DeletionDelta(self._io, self, self._root)
                self.start_deletion._read()
                self._debug['start_deletion']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            self.len_previous_unfiltered._fetch_instances()
            self.deletion._fetch_instances()
            if self.is_boundary:
                pass
                self.start_deletion._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.MarkerBody, self)._write__seq(io)
            self.len_previous_unfiltered._write__seq(self._io)
            self.deletion._write__seq(self._io)
            if self.is_boundary:
                pass
                self.start_deletion._write__seq(self._io)



        def _check(self):
            if self.deletion._root != self._root:
                raise kaitaistruct.ConsistencyError(u"deletion", self._root, self.deletion._root)
            if self.deletion._parent != self:
                raise kaitaistruct.ConsistencyError(u"deletion", self, self.deletion._parent)
            if self.is_boundary:
                pass
                if self.start_deletion._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"start_deletion", self._root, self.start_deletion._root)
                if self.start_deletion._parent != self:
                    raise kaitaistruct.ConsistencyError(u"start_deletion", self, self.start_deletion._parent)

            self._dirty = False

        @property
        def is_boundary(self):
            """Whether one deletion ends and another starts."""
            if hasattr(self, '_m_is_boundary'):
                return self._m_is_boundary

            self._m_is_boundary =  ((self.kind == clustering.Clustering.Kind.excl_end_incl_start_boundary) or (self.kind == clustering.Clustering.Kind.incl_end_excl_start_boundary)) 
            return getattr(self, '_m_is_boundary', None)

        def _invalidate_is_boundary(self):
            del self._m_is_boundary

    class Partition(ReadWriteKaitaiStruct):
        """A partition with all that it holds.
        
        .. seealso::
           org.apache.cassandra.io.sstable.format.SortedTablePartitionWriter
        """
        SEQ_FIELDS = ["header", "unfiltereds"]
        def __init__(self, version, clustering_shapes, static_shapes, regular_shapes, _io=None, _parent=None, _root=None):
            super(Data.Partition, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.version = version
            self.clustering_shapes = clustering_shapes
            self.static_shapes = static_shapes
            self.regular_shapes = regular_shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['header']['start'] = self._io.pos()
            self.header = Data.PartitionHeader(self.version, self._io, self, self._root)
            self.header._read()
            self._debug['header']['end'] = self._io.pos()
            self._debug['unfiltereds']['start'] = self._io.pos()
            self._debug['unfiltereds']['arr'] = []
            self.unfiltereds = []
            i = 0
            while True:
                self._debug['unfiltereds']['arr'].append({'start': self._io.pos()})
                _t_unfiltereds = Data.Unfiltered(self.clustering_shapes, self.static_shapes, self.regular_shapes, self._io, self, self._root)
                try:
                    _t_unfiltereds._read()
                finally:
                    _ = _t_unfiltereds
                    self.unfiltereds.append(_)
                self._debug['unfiltereds']['arr'][len(self.unfiltereds) - 1]['end'] = self._io.pos()
                if _.is_end_of_partition:
                    break
                i += 1
            self._debug['unfiltereds']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.header._fetch_instances()
            for i in range(len(self.unfiltereds)):
                pass
                self.unfiltereds[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.Partition, self)._write__seq(io)
            self.header._write__seq(self._io)
            for i in range(len(self.unfiltereds)):
                pass
                self.unfiltereds[i]._write__seq(self._io)



        def _check(self):
            if self.header._root != self._root:
                raise kaitaistruct.ConsistencyError(u"header", self._root, self.header._root)
            if self.header._parent != self:
                raise kaitaistruct.ConsistencyError(u"header", self, self.header._parent)
            if self.header.version != self.version:
                raise kaitaistruct.ConsistencyError(u"header", self.version, self.header.version)
            if len(self.unfiltereds) == 0:
                raise kaitaistruct.ConsistencyError(u"unfiltereds", 0, len(self.unfiltereds))
            for i in range(len(self.unfiltereds)):
                pass
                if self.unfiltereds[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"unfiltereds", self._root, self.unfiltereds[i]._root)
                if self.unfiltereds[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"unfiltereds", self, self.unfiltereds[i]._parent)
                if self.unfiltereds[i].clustering_shapes != self.clustering_shapes:
                    raise kaitaistruct.ConsistencyError(u"unfiltereds", self.clustering_shapes, self.unfiltereds[i].clustering_shapes)
                if self.unfiltereds[i].static_shapes != self.static_shapes:
                    raise kaitaistruct.ConsistencyError(u"unfiltereds", self.static_shapes, self.unfiltereds[i].static_shapes)
                if self.unfiltereds[i].regular_shapes != self.regular_shapes:
                    raise kaitaistruct.ConsistencyError(u"unfiltereds", self.regular_shapes, self.unfiltereds[i].regular_shapes)
                _ = self.unfiltereds[i]
                if _.is_end_of_partition != (i == len(self.unfiltereds) - 1):
                    raise kaitaistruct.ConsistencyError(u"unfiltereds", i == len(self.unfiltereds) - 1, _.is_end_of_partition)

            self._dirty = False


    class PartitionHeader(ReadWriteKaitaiStruct):
        """A partition's key and what deletes it as a whole.
        
        .. seealso::
           org.apache.cassandra.io.sstable.format.SortedTablePartitionWriter.start
        """
        SEQ_FIELDS = ["len_key", "key", "deletion"]
        def __init__(self, version, _io=None, _parent=None, _root=None):
            super(Data.PartitionHeader, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.version = version
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_key']['start'] = self._io.pos()
            self.len_key = self._io.read_u2be()
            self._debug['len_key']['end'] = self._io.pos()
            self._debug['key']['start'] = self._io.pos()
            self.key = self._io.read_bytes(self.len_key)
            self._debug['key']['end'] = self._io.pos()
            self._debug['deletion']['start'] = self._io.pos()
            self.deletion = deletion_time.DeletionTime.DeletionTime(self.version, self._io)
            self.deletion._read()
            self._debug['deletion']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.deletion._fetch_instances()


        def _write__seq(self, io=None):
            super(Data.PartitionHeader, self)._write__seq(io)
            self._io.write_u2be(self.len_key)
            self._io.write_bytes(self.key)
            self.deletion._write__seq(self._io)


        def _check(self):
            if len(self.key) != self.len_key:
                raise kaitaistruct.ConsistencyError(u"key", self.len_key, len(self.key))
            if self.deletion.version != self.version:
                raise kaitaistruct.ConsistencyError(u"deletion", self.version, self.deletion.version)
            self._dirty = False


    class RangeTombstoneMarker(ReadWriteKaitaiStruct):
        """Where a deletion of a range of rows starts or ends, or one ends and another starts.
        
        .. seealso::
           org.apache.cassandra.db.rows.RangeTombstoneMarker
        """
        SEQ_FIELDS = ["bound", "len_body", "body"]
        def __init__(self, clustering_shapes, _io=None, _parent=None, _root=None):
            super(Data.RangeTombstoneMarker, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.clustering_shapes = clustering_shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['bound']['start'] = self._io.pos()
            self.bound = clustering.Clustering.Bound(self.clustering_shapes, self._io)
            self.bound._read()
            self._debug['bound']['end'] = self._io.pos()
            self._debug['len_body']['start'] = self._io.pos()
            self.len_body = vint.Vint(self._io)
            self.len_body._read()
            self._debug['len_body']['end'] = self._io.pos()
            self._debug['body']['start'] = self._io.pos()
            self._raw_body = self._io.read_bytes(self.len_body.value)
            _io__raw_body = KaitaiStream(BytesIO(self._raw_body))
            self.body = Data.MarkerBody(self.bound.kind, _io__raw_body, self, self._root)
            self.body._read()
            self._debug['body']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.bound._fetch_instances()
            self.len_body._fetch_instances()
            self.body._fetch_instances()


        def _write__seq(self, io=None):
            super(Data.RangeTombstoneMarker, self)._write__seq(io)
            self.bound._write__seq(self._io)
            self.len_body._write__seq(self._io)
            _io__raw_body = KaitaiStream(BytesIO(bytearray(self.len_body.value)))
            self._io.add_child_stream(_io__raw_body)
            _pos2 = self._io.pos()
            self._io.seek(self._io.pos() + (self.len_body.value))
            def handler(parent, _io__raw_body=_io__raw_body):
                self._raw_body = _io__raw_body.to_byte_array()
                if len(self._raw_body) != self.len_body.value:
                    raise kaitaistruct.ConsistencyError(u"raw(body)", self.len_body.value, len(self._raw_body))
                parent.write_bytes(self._raw_body)
            _io__raw_body.write_back_handler = KaitaiStream.WriteBackHandler(_pos2, handler)
            self.body._write__seq(_io__raw_body)


        def _check(self):
            if self.bound.shapes != self.clustering_shapes:
                raise kaitaistruct.ConsistencyError(u"bound", self.clustering_shapes, self.bound.shapes)
            if self.body._root != self._root:
                raise kaitaistruct.ConsistencyError(u"body", self._root, self.body._root)
            if self.body._parent != self:
                raise kaitaistruct.ConsistencyError(u"body", self, self.body._parent)
            if self.body.kind != self.bound.kind:
                raise kaitaistruct.ConsistencyError(u"body", self.bound.kind, self.body.kind)
            self._dirty = False


    class Row(ReadWriteKaitaiStruct):
        """A row's clustering, its size, and its content.
        
        .. seealso::
           org.apache.cassandra.db.rows.UnfilteredSerializer
        """
        SEQ_FIELDS = ["clustering", "len_body", "body"]
        def __init__(self, flags, is_static, clustering_shapes, static_shapes, regular_shapes, _io=None, _parent=None, _root=None):
            super(Data.Row, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.flags = flags
            self.is_static = is_static
            self.clustering_shapes = clustering_shapes
            self.static_shapes = static_shapes
            self.regular_shapes = regular_shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            if (not (self.is_static)):
                pass
                self._debug['clustering']['start'] = self._io.pos()
                self.clustering = clustering.Clustering.Values(self.clustering_shapes, len(self.clustering_shapes), self._io)
                self.clustering._read()
                self._debug['clustering']['end'] = self._io.pos()

            self._debug['len_body']['start'] = self._io.pos()
            self.len_body = vint.Vint(self._io)
            self.len_body._read()
            self._debug['len_body']['end'] = self._io.pos()
            self._debug['body']['start'] = self._io.pos()
            self._raw_body = self._io.read_bytes(self.len_body.value)
            _io__raw_body = KaitaiStream(BytesIO(self._raw_body))
            self.body = Data.RowBody(self.flags, (self.static_shapes if self.is_static else self.regular_shapes), _io__raw_body, self, self._root)
            self.body._read()
            self._debug['body']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            if (not (self.is_static)):
                pass
                self.clustering._fetch_instances()

            self.len_body._fetch_instances()
            self.body._fetch_instances()


        def _write__seq(self, io=None):
            super(Data.Row, self)._write__seq(io)
            if (not (self.is_static)):
                pass
                self.clustering._write__seq(self._io)

            self.len_body._write__seq(self._io)
            _io__raw_body = KaitaiStream(BytesIO(bytearray(self.len_body.value)))
            self._io.add_child_stream(_io__raw_body)
            _pos2 = self._io.pos()
            self._io.seek(self._io.pos() + (self.len_body.value))
            def handler(parent, _io__raw_body=_io__raw_body):
                self._raw_body = _io__raw_body.to_byte_array()
                if len(self._raw_body) != self.len_body.value:
                    raise kaitaistruct.ConsistencyError(u"raw(body)", self.len_body.value, len(self._raw_body))
                parent.write_bytes(self._raw_body)
            _io__raw_body.write_back_handler = KaitaiStream.WriteBackHandler(_pos2, handler)
            self.body._write__seq(_io__raw_body)


        def _check(self):
            if (not (self.is_static)):
                pass
                if self.clustering.shapes != self.clustering_shapes:
                    raise kaitaistruct.ConsistencyError(u"clustering", self.clustering_shapes, self.clustering.shapes)
                if self.clustering.num_values != len(self.clustering_shapes):
                    raise kaitaistruct.ConsistencyError(u"clustering", len(self.clustering_shapes), self.clustering.num_values)

            if self.body._root != self._root:
                raise kaitaistruct.ConsistencyError(u"body", self._root, self.body._root)
            if self.body._parent != self:
                raise kaitaistruct.ConsistencyError(u"body", self, self.body._parent)
            if self.body.flags != self.flags:
                raise kaitaistruct.ConsistencyError(u"body", self.flags, self.body.flags)
            if self.body.shapes != (self.static_shapes if self.is_static else self.regular_shapes):
                raise kaitaistruct.ConsistencyError(u"body", (self.static_shapes if self.is_static else self.regular_shapes), self.body.shapes)
            self._dirty = False


    class RowBody(ReadWriteKaitaiStruct):
        """Liveness, deletion and columns of a row.
        
        .. seealso::
           org.apache.cassandra.db.rows.UnfilteredSerializer.serializeRowBody
        """
        SEQ_FIELDS = ["len_previous_unfiltered", "liveness_info", "deletion", "columns_subset", "columns"]
        def __init__(self, flags, shapes, _io=None, _parent=None, _root=None):
            super(Data.RowBody, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.flags = flags
            self.shapes = shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_previous_unfiltered']['start'] = self._io.pos()
            self.len_previous_unfiltered = vint.Vint(self._io)
            self.len_previous_unfiltered._read()
            self._debug['len_previous_unfiltered']['end'] = self._io.pos()
            if self.has_timestamp:
                pass
                self._debug['liveness_info']['start'] = self._io.pos()
                self.liveness_info = Data.LivenessInfo(self.has_ttl, self._io, self, self._root)
                self.liveness_info._read()
                self._debug['liveness_info']['end'] = self._io.pos()

            if self.has_deletion:
                pass
                self._debug['deletion']['start'] = self._io.pos()
                self.deletion = Data.DeletionDelta(self._io, self, self._root)
                self.deletion._read()
                self._debug['deletion']['end'] = self._io.pos()

            self._debug['columns_subset']['start'] = self._io.pos()
            self.columns_subset = Data.ColumnsSubset(len(self.shapes), self.has_all_columns, self._io, self, self._root)
            self.columns_subset._read()
            self._debug['columns_subset']['end'] = self._io.pos()
            self._debug['columns']['start'] = self._io.pos()
            self._debug['columns']['arr'] = []
            self.columns = []
            for i in range(len(self.shapes)):
                self._debug['columns']['arr'].append({'start': self._io.pos()})
                _t_columns = Data.Column(i, self.shapes[i], self.has_complex_deletion, self.columns_subset, (0 if i == 0 else self.columns[i - 1].num_listed), self._io, self, self._root)
                try:
                    _t_columns._read()
                finally:
                    self.columns.append(_t_columns)
                self._debug['columns']['arr'][i]['end'] = self._io.pos()

            self._debug['columns']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.len_previous_unfiltered._fetch_instances()
            if self.has_timestamp:
                pass
                self.liveness_info._fetch_instances()

            if self.has_deletion:
                pass
                self.deletion._fetch_instances()

            self.columns_subset._fetch_instances()
            for i in range(len(self.columns)):
                pass
                self.columns[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.RowBody, self)._write__seq(io)
            self.len_previous_unfiltered._write__seq(self._io)
            if self.has_timestamp:
                pass
                self.liveness_info._write__seq(self._io)

            if self.has_deletion:
                pass
                self.deletion._write__seq(self._io)

            self.columns_subset._write__seq(self._io)
            for i in range(len(self.columns)):
                pass
                self.columns[i]._write__seq(self._io)



        def _check(self):
            if self.has_timestamp:
                pass
                if self.liveness_info._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"liveness_info", self._root, self.liveness_info._root)
                if self.liveness_info._parent != self:
                    raise kaitaistruct.ConsistencyError(u"liveness_info", self, self.liveness_info._parent)
                if self.liveness_info.has_ttl != self.has_ttl:
                    raise kaitaistruct.ConsistencyError(u"liveness_info", self.has_ttl, self.liveness_info.has_ttl)

            if self.has_deletion:
                pass
                if self.deletion._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"deletion", self._root, self.deletion._root)
                if self.deletion._parent != self:
                    raise kaitaistruct.ConsistencyError(u"deletion", self, self.deletion._parent)

            if self.columns_subset._root != self._root:
                raise kaitaistruct.ConsistencyError(u"columns_subset", self._root, self.columns_subset._root)
            if self.columns_subset._parent != self:
                raise kaitaistruct.ConsistencyError(u"columns_subset", self, self.columns_subset._parent)
            if self.columns_subset.num_columns != len(self.shapes):
                raise kaitaistruct.ConsistencyError(u"columns_subset", len(self.shapes), self.columns_subset.num_columns)
            if self.columns_subset.has_all_columns != self.has_all_columns:
                raise kaitaistruct.ConsistencyError(u"columns_subset", self.has_all_columns, self.columns_subset.has_all_columns)
            if len(self.columns) != len(self.shapes):
                raise kaitaistruct.ConsistencyError(u"columns", len(self.shapes), len(self.columns))
            for i in range(len(self.columns)):
                pass
                if self.columns[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"columns", self._root, self.columns[i]._root)
                if self.columns[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"columns", self, self.columns[i]._parent)
                if self.columns[i].index != i:
                    raise kaitaistruct.ConsistencyError(u"columns", i, self.columns[i].index)
                if self.columns[i].shape != self.shapes[i]:
                    raise kaitaistruct.ConsistencyError(u"columns", self.shapes[i], self.columns[i].shape)
                if self.columns[i].has_complex_deletion != self.has_complex_deletion:
                    raise kaitaistruct.ConsistencyError(u"columns", self.has_complex_deletion, self.columns[i].has_complex_deletion)
                if self.columns[i].subset != self.columns_subset:
                    raise kaitaistruct.ConsistencyError(u"columns", self.columns_subset, self.columns[i].subset)
                if self.columns[i].num_listed_before != (0 if i == 0 else self.columns[i - 1].num_listed):
                    raise kaitaistruct.ConsistencyError(u"columns", (0 if i == 0 else self.columns[i - 1].num_listed), self.columns[i].num_listed_before)

            self._dirty = False

        @property
        def has_all_columns(self):
            """The row has all of the header's columns."""
            if hasattr(self, '_m_has_all_columns'):
                return self._m_has_all_columns

            self._m_has_all_columns = self.flags & 32 != 0
            return getattr(self, '_m_has_all_columns', None)

        def _invalidate_has_all_columns(self):
            del self._m_has_all_columns
        @property
        def has_complex_deletion(self):
            """Every complex column in the row starts with a deletion."""
            if hasattr(self, '_m_has_complex_deletion'):
                return self._m_has_complex_deletion

            self._m_has_complex_deletion = self.flags & 64 != 0
            return getattr(self, '_m_has_complex_deletion', None)

        def _invalidate_has_complex_deletion(self):
            del self._m_has_complex_deletion
        @property
        def has_deletion(self):
            """The row has a deletion."""
            if hasattr(self, '_m_has_deletion'):
                return self._m_has_deletion

            self._m_has_deletion = self.flags & 16 != 0
            return getattr(self, '_m_has_deletion', None)

        def _invalidate_has_deletion(self):
            del self._m_has_deletion
        @property
        def has_timestamp(self):
            """The row has liveness info."""
            if hasattr(self, '_m_has_timestamp'):
                return self._m_has_timestamp

            self._m_has_timestamp = self.flags & 4 != 0
            return getattr(self, '_m_has_timestamp', None)

        def _invalidate_has_timestamp(self):
            del self._m_has_timestamp
        @property
        def has_ttl(self):
            """The row's liveness info expires."""
            if hasattr(self, '_m_has_ttl'):
                return self._m_has_ttl

            self._m_has_ttl = self.flags & 8 != 0
            return getattr(self, '_m_has_ttl', None)

        def _invalidate_has_ttl(self):
            del self._m_has_ttl

    class Unfiltered(ReadWriteKaitaiStruct):
        """A row, a range tombstone marker, or the end of the partition. Called unfiltered
        because tombstones have not been filtered out yet.
        
        .. seealso::
           org.apache.cassandra.db.rows.UnfilteredSerializer
        """
        SEQ_FIELDS = ["flags", "extended_flags", "row", "marker"]
        def __init__(self, clustering_shapes, static_shapes, regular_shapes, _io=None, _parent=None, _root=None):
            super(Data.Unfiltered, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.clustering_shapes = clustering_shapes
            self.static_shapes = static_shapes
            self.regular_shapes = regular_shapes
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['flags']['start'] = self._io.pos()
            self.flags = self._io.read_u1()
            self._debug['flags']['end'] = self._io.pos()
            if self.has_extended_flags:
                pass
                self._debug['extended_flags']['start'] = self._io.pos()
                self.extended_flags = self._io.read_u1()
                self._debug['extended_flags']['end'] = self._io.pos()

            if self.is_row:
                pass
                self._debug['row']['start'] = self._io.pos()
                self.row = Data.Row(self.flags, self.is_static, self.clustering_shapes, self.static_shapes, self.regular_shapes, self._io, self, self._root)
                self.row._read()
                self._debug['row']['end'] = self._io.pos()

            if self.is_marker:
                pass
                self._debug['marker']['start'] = self._io.pos()
                self.marker = Data.RangeTombstoneMarker(self.clustering_shapes, self._io, self, self._root)
                self.marker._read()
                self._debug['marker']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if self.has_extended_flags:
                pass

            if self.is_row:
                pass
                self.row._fetch_instances()

            if self.is_marker:
                pass
                self.marker._fetch_instances()



        def _write__seq(self, io=None):
            super(Data.Unfiltered, self)._write__seq(io)
            self._io.write_u1(self.flags)
            if self.has_extended_flags:
                pass
                self._io.write_u1(self.extended_flags)

            if self.is_row:
                pass
                self.row._write__seq(self._io)

            if self.is_marker:
                pass
                self.marker._write__seq(self._io)



        def _check(self):
            if self.has_extended_flags:
                pass

            if self.is_row:
                pass
                if self.row._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"row", self._root, self.row._root)
                if self.row._parent != self:
                    raise kaitaistruct.ConsistencyError(u"row", self, self.row._parent)
                if self.row.flags != self.flags:
                    raise kaitaistruct.ConsistencyError(u"row", self.flags, self.row.flags)
                if self.row.is_static != self.is_static:
                    raise kaitaistruct.ConsistencyError(u"row", self.is_static, self.row.is_static)
                if self.row.clustering_shapes != self.clustering_shapes:
                    raise kaitaistruct.ConsistencyError(u"row", self.clustering_shapes, self.row.clustering_shapes)
                if self.row.static_shapes != self.static_shapes:
                    raise kaitaistruct.ConsistencyError(u"row", self.static_shapes, self.row.static_shapes)
                if self.row.regular_shapes != self.regular_shapes:
                    raise kaitaistruct.ConsistencyError(u"row", self.regular_shapes, self.row.regular_shapes)

            if self.is_marker:
                pass
                if self.marker._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"marker", self._root, self.marker._root)
                if self.marker._parent != self:
                    raise kaitaistruct.ConsistencyError(u"marker", self, self.marker._parent)
                if self.marker.clustering_shapes != self.clustering_shapes:
                    raise kaitaistruct.ConsistencyError(u"marker", self.clustering_shapes, self.marker.clustering_shapes)

            self._dirty = False

        @property
        def has_extended_flags(self):
            """Another byte of flags follows."""
            if hasattr(self, '_m_has_extended_flags'):
                return self._m_has_extended_flags

            self._m_has_extended_flags =  (((not (self.is_end_of_partition))) and (self.flags & 128 != 0)) 
            return getattr(self, '_m_has_extended_flags', None)

        def _invalidate_has_extended_flags(self):
            del self._m_has_extended_flags
        @property
        def has_shadowable_deletion(self):
            """The row's deletion is shadowed by newer row liveness (materialized views,
            before 4.0).
            """
            if hasattr(self, '_m_has_shadowable_deletion'):
                return self._m_has_shadowable_deletion

            self._m_has_shadowable_deletion = (self.extended_flags & 2 != 0 if self.has_extended_flags else False)
            return getattr(self, '_m_has_shadowable_deletion', None)

        def _invalidate_has_shadowable_deletion(self):
            del self._m_has_shadowable_deletion
        @property
        def is_end_of_partition(self):
            """Nothing follows in this partition."""
            if hasattr(self, '_m_is_end_of_partition'):
                return self._m_is_end_of_partition

            self._m_is_end_of_partition = self.flags & 1 != 0
            return getattr(self, '_m_is_end_of_partition', None)

        def _invalidate_is_end_of_partition(self):
            del self._m_is_end_of_partition
        @property
        def is_marker(self):
            """A range tombstone marker, not a row."""
            if hasattr(self, '_m_is_marker'):
                return self._m_is_marker

            self._m_is_marker =  (((not (self.is_end_of_partition))) and (self.flags & 2 != 0)) 
            return getattr(self, '_m_is_marker', None)

        def _invalidate_is_marker(self):
            del self._m_is_marker
        @property
        def is_row(self):
            """A row, static or not."""
            if hasattr(self, '_m_is_row'):
                return self._m_is_row

            self._m_is_row =  (((not (self.is_end_of_partition))) and (self.flags & 2 == 0)) 
            return getattr(self, '_m_is_row', None)

        def _invalidate_is_row(self):
            del self._m_is_row
        @property
        def is_static(self):
            """The static row."""
            if hasattr(self, '_m_is_static'):
                return self._m_is_static

            self._m_is_static = (self.extended_flags & 1 != 0 if self.has_extended_flags else False)
            return getattr(self, '_m_is_static', None)

        def _invalidate_is_static(self):
            del self._m_is_static


