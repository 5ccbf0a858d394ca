# This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
# type: ignore

import kaitaistruct
from kaitaistruct import ReadWriteKaitaiStruct, KaitaiStream, BytesIO
from cqlite._generated import vint
import collections
from cqlite._generated import version


if getattr(kaitaistruct, 'API_VERSION', (0, 9)) < (0, 11):
    raise Exception("Incompatible Kaitai Struct Python API: 0.11 or later is required, but you have %s" % (kaitaistruct.__version__))

class Values(ReadWriteKaitaiStruct):
    """The bytes of a value of each CQL type, as they stand in cells, clusterings, cell
    paths and partition keys, without the length that goes before them there.
    A value fills its stream, so where it is embedded it needs a `size`. No layout
    here depends on the version.
    
    Most types also take a value without any bytes, which is neither null nor the
    type's zero; it is not a case of the types below, whoever holds the length sees it.
    
    .. seealso::
       org.apache.cassandra.db.marshal.AbstractType
    """
    SEQ_FIELDS = ["body"]
    def __init__(self, _io=None, _parent=None, _root=None):
        super(Values, self).__init__(_io)
        self._parent = _parent
        self._root = _root or self
        self._debug = collections.defaultdict(dict)

    def _read(self):
        self._debug['body']['start'] = self._io.pos()
        self.body = Values.Body(int(version.Version.Id.oa), self._io, self, self._root)
        self.body._read()
        self._debug['body']['end'] = self._io.pos()
        self._dirty = False


    def _fetch_instances(self):
        pass
        self.body._fetch_instances()


    def _write__seq(self, io=None):
        super(Values, self)._write__seq(io)
        self.body._write__seq(self._io)


    def _check(self):
        if self.body._root != self._root:
            raise kaitaistruct.ConsistencyError(u"body", self._root, self.body._root)
        if self.body._parent != self:
            raise kaitaistruct.ConsistencyError(u"body", self, self.body._parent)
        if self.body.version != int(version.Version.Id.oa):
            raise kaitaistruct.ConsistencyError(u"body", int(version.Version.Id.oa), self.body.version)
        self._dirty = False

    class BigintValue(ReadWriteKaitaiStruct):
        """A 64-bit integer.
        
        .. seealso::
           org.apache.cassandra.serializers.LongSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.BigintValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_s8be()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.BigintValue, self)._write__seq(io)
            self._io.write_s8be(self.value)


        def _check(self):
            self._dirty = False


    class BlobValue(ReadWriteKaitaiStruct):
        """Bytes, also of a type that is not known.
        
        .. seealso::
           org.apache.cassandra.serializers.BytesSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.BlobValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_bytes_full()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.BlobValue, self)._write__seq(io)
            self._io.write_bytes(self.value)
            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"value", 0, self._io.size() - self._io.pos())


        def _check(self):
            self._dirty = False


    class Body(ReadWriteKaitaiStruct):
        """A list or set, of elements of any type.
        
        .. seealso::
           org.apache.cassandra.serializers.CollectionSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, version, _io=None, _parent=None, _root=None):
            super(Values.Body, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.version = version
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = Values.CollectionValue(self._io, self, self._root)
            self.value._read()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.value._fetch_instances()


        def _write__seq(self, io=None):
            super(Values.Body, self)._write__seq(io)
            self.value._write__seq(self._io)


        def _check(self):
            if self.value._root != self._root:
                raise kaitaistruct.ConsistencyError(u"value", self._root, self.value._root)
            if self.value._parent != self:
                raise kaitaistruct.ConsistencyError(u"value", self, self.value._parent)
            self._dirty = False


    class BooleanValue(ReadWriteKaitaiStruct):
        """True or false.
        
        .. seealso::
           org.apache.cassandra.serializers.BooleanSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.BooleanValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_u1()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.BooleanValue, self)._write__seq(io)
            self._io.write_u1(self.value)


        def _check(self):
            self._dirty = False


    class CollectionValue(ReadWriteKaitaiStruct):
        """A frozen list, or a frozen set, whose elements stand in the order of their type.
        Collections that are not frozen have a cell for each element instead.
        
        .. seealso::
           org.apache.cassandra.serializers.CollectionSerializer
           org.apache.cassandra.serializers.ListSerializer
           org.apache.cassandra.serializers.SetSerializer
        """
        SEQ_FIELDS = ["num_elements", "elements"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.CollectionValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['num_elements']['start'] = self._io.pos()
            self.num_elements = self._io.read_s4be()
            self._debug['num_elements']['end'] = self._io.pos()
            self._debug['elements']['start'] = self._io.pos()
            self._debug['elements']['arr'] = []
            self.elements = []
            for i in range((0 if self.num_elements < 0 else self.num_elements)):
                self._debug['elements']['arr'].append({'start': self._io.pos()})
                _t_elements = Values.NullableValue(self._io, self, self._root)
                try:
                    _t_elements._read()
                finally:
                    self.elements.append(_t_elements)
                self._debug['elements']['arr'][i]['end'] = self._io.pos()

            self._debug['elements']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.elements)):
                pass
                self.elements[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.CollectionValue, self)._write__seq(io)
            self._io.write_s4be(self.num_elements)
            for i in range(len(self.elements)):
                pass
                self.elements[i]._write__seq(self._io)



        def _check(self):
            if len(self.elements) != (0 if self.num_elements < 0 else self.num_elements):
                raise kaitaistruct.ConsistencyError(u"elements", (0 if self.num_elements < 0 else self.num_elements), len(self.elements))
            for i in range(len(self.elements)):
                pass
                if self.elements[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"elements", self._root, self.elements[i]._root)
                if self.elements[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"elements", self, self.elements[i]._parent)

            self._dirty = False


    class CompositeComponent(ReadWriteKaitaiStruct):
        """One component, or the mark of a static column's name.
        
        .. seealso::
           org.apache.cassandra.db.marshal.CompositeType
        """
        SEQ_FIELDS = ["len_value", "value", "end_of_component"]
        def __init__(self, index, _io=None, _parent=None, _root=None):
            super(Values.CompositeComponent, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.index = index
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_value']['start'] = self._io.pos()
            self.len_value = self._io.read_u2be()
            self._debug['len_value']['end'] = self._io.pos()
            if (not (self.is_static_mark)):
                pass
                self._debug['value']['start'] = self._io.pos()
                self.value = self._io.read_bytes(self.len_value)
                self._debug['value']['end'] = self._io.pos()

            if (not (self.is_static_mark)):
                pass
                self._debug['end_of_component']['start'] = self._io.pos()
                self.end_of_component = self._io.read_s1()
                self._debug['end_of_component']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if (not (self.is_static_mark)):
                pass

            if (not (self.is_static_mark)):
                pass



        def _write__seq(self, io=None):
            super(Values.CompositeComponent, self)._write__seq(io)
            self._io.write_u2be(self.len_value)
            if (not (self.is_static_mark)):
                pass
                self._io.write_bytes(self.value)

            if (not (self.is_static_mark)):
                pass
                self._io.write_s1(self.end_of_component)



        def _check(self):
            if (not (self.is_static_mark)):
                pass
                if len(self.value) != self.len_value:
                    raise kaitaistruct.ConsistencyError(u"value", self.len_value, len(self.value))

            if (not (self.is_static_mark)):
                pass

            self._dirty = False

        @property
        def is_static_mark(self):
            """Whether this is no component but says that a static column is named."""
            if hasattr(self, '_m_is_static_mark'):
                return self._m_is_static_mark

            self._m_is_static_mark =  ((self.index == 0) and (self.len_value == 65535)) 
            return getattr(self, '_m_is_static_mark', None)

        def _invalidate_is_static_mark(self):
            del self._m_is_static_mark

    class CompositeValue(ReadWriteKaitaiStruct):
        """Several values in one: the partition key where it has more than one column, the
        names in tables that came from Thrift, and values of the type CompositeType.
        
        .. seealso::
           org.apache.cassandra.db.marshal.CompositeType
        """
        SEQ_FIELDS = ["components"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.CompositeValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['components']['start'] = self._io.pos()
            self._debug['components']['arr'] = []
            self.components = []
            i = 0
            while not self._io.is_eof():
                self._debug['components']['arr'].append({'start': self._io.pos()})
                _t_components = Values.CompositeComponent(i, self._io, self, self._root)
                try:
                    _t_components._read()
                finally:
                    self.components.append(_t_components)
                self._debug['components']['arr'][len(self.components) - 1]['end'] = self._io.pos()
                i += 1

            self._debug['components']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.components)):
                pass
                self.components[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.CompositeValue, self)._write__seq(io)
            for i in range(len(self.components)):
                pass
                if self._io.is_eof():
                    raise kaitaistruct.ConsistencyError(u"components", 0, self._io.size() - self._io.pos())
                self.components[i]._write__seq(self._io)

            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"components", 0, self._io.size() - self._io.pos())


        def _check(self):
            for i in range(len(self.components)):
                pass
                if self.components[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"components", self._root, self.components[i]._root)
                if self.components[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"components", self, self.components[i]._parent)
                if self.components[i].index != i:
                    raise kaitaistruct.ConsistencyError(u"components", i, self.components[i].index)

            self._dirty = False


    class CounterShard(ReadWriteKaitaiStruct):
        """What one replica contributed.
        
        .. seealso::
           org.apache.cassandra.db.context.CounterContext
        """
        SEQ_FIELDS = ["counter_id", "clock", "count"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.CounterShard, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['counter_id']['start'] = self._io.pos()
            self.counter_id = self._io.read_bytes(16)
            self._debug['counter_id']['end'] = self._io.pos()
            self._debug['clock']['start'] = self._io.pos()
            self.clock = self._io.read_s8be()
            self._debug['clock']['end'] = self._io.pos()
            self._debug['count']['start'] = self._io.pos()
            self.count = self._io.read_s8be()
            self._debug['count']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.CounterShard, self)._write__seq(io)
            self._io.write_bytes(self.counter_id)
            self._io.write_s8be(self.clock)
            self._io.write_s8be(self.count)


        def _check(self):
            if len(self.counter_id) != 16:
                raise kaitaistruct.ConsistencyError(u"counter_id", 16, len(self.counter_id))
            self._dirty = False


    class CounterValue(ReadWriteKaitaiStruct):
        """The state of a counter: for each replica that took part a shard with the count
        that it contributed. The counter's value is the sum of the counts.
        
        .. seealso::
           org.apache.cassandra.db.context.CounterContext
        """
        SEQ_FIELDS = ["num_header_elements", "header_elements", "shards"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.CounterValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['num_header_elements']['start'] = self._io.pos()
            self.num_header_elements = self._io.read_s2be()
            self._debug['num_header_elements']['end'] = self._io.pos()
            self._debug['header_elements']['start'] = self._io.pos()
            self._debug['header_elements']['arr'] = []
            self.header_elements = []
            for i in range((0 - self.num_header_elements if self.num_header_elements < 0 else self.num_header_elements)):
                self._debug['header_elements']['arr'].append({'start': self._io.pos()})
                self.header_elements.append(self._io.read_s2be())
                self._debug['header_elements']['arr'][i]['end'] = self._io.pos()

            self._debug['header_elements']['end'] = self._io.pos()
            self._debug['shards']['start'] = self._io.pos()
            self._debug['shards']['arr'] = []
            self.shards = []
            i = 0
            while not self._io.is_eof():
                self._debug['shards']['arr'].append({'start': self._io.pos()})
                _t_shards = Values.CounterShard(self._io, self, self._root)
                try:
                    _t_shards._read()
                finally:
                    self.shards.append(_t_shards)
                self._debug['shards']['arr'][len(self.shards) - 1]['end'] = self._io.pos()
                i += 1

            self._debug['shards']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.header_elements)):
                pass

            for i in range(len(self.shards)):
                pass
                self.shards[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.CounterValue, self)._write__seq(io)
            self._io.write_s2be(self.num_header_elements)
            for i in range(len(self.header_elements)):
                pass
                self._io.write_s2be(self.header_elements[i])

            for i in range(len(self.shards)):
                pass
                if self._io.is_eof():
                    raise kaitaistruct.ConsistencyError(u"shards", 0, self._io.size() - self._io.pos())
                self.shards[i]._write__seq(self._io)

            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"shards", 0, self._io.size() - self._io.pos())


        def _check(self):
            if len(self.header_elements) != (0 - self.num_header_elements if self.num_header_elements < 0 else self.num_header_elements):
                raise kaitaistruct.ConsistencyError(u"header_elements", (0 - self.num_header_elements if self.num_header_elements < 0 else self.num_header_elements), len(self.header_elements))
            for i in range(len(self.header_elements)):
                pass

            for i in range(len(self.shards)):
                pass
                if self.shards[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"shards", self._root, self.shards[i]._root)
                if self.shards[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"shards", self, self.shards[i]._parent)

            self._dirty = False


    class DateValue(ReadWriteKaitaiStruct):
        """A day, without a time zone.
        
        .. seealso::
           org.apache.cassandra.serializers.SimpleDateSerializer
        """
        SEQ_FIELDS = ["days"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.DateValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['days']['start'] = self._io.pos()
            self.days = self._io.read_u4be()
            self._debug['days']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.DateValue, self)._write__seq(io)
            self._io.write_u4be(self.days)


        def _check(self):
            self._dirty = False


    class DecimalValue(ReadWriteKaitaiStruct):
        """A decimal number of any size, unscaled * 10^-scale.
        
        .. seealso::
           org.apache.cassandra.serializers.DecimalSerializer
        """
        SEQ_FIELDS = ["scale", "unscaled"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.DecimalValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['scale']['start'] = self._io.pos()
            self.scale = self._io.read_s4be()
            self._debug['scale']['end'] = self._io.pos()
            self._debug['unscaled']['start'] = self._io.pos()
            self.unscaled = Values.VarintValue(self._io, self, self._root)
            self.unscaled._read()
            self._debug['unscaled']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.unscaled._fetch_instances()


        def _write__seq(self, io=None):
            super(Values.DecimalValue, self)._write__seq(io)
            self._io.write_s4be(self.scale)
            self.unscaled._write__seq(self._io)


        def _check(self):
            if self.unscaled._root != self._root:
                raise kaitaistruct.ConsistencyError(u"unscaled", self._root, self.unscaled._root)
            if self.unscaled._parent != self:
                raise kaitaistruct.ConsistencyError(u"unscaled", self, self.unscaled._parent)
            self._dirty = False


    class DoubleValue(ReadWriteKaitaiStruct):
        """A 64-bit floating-point number of IEEE 754.
        
        .. seealso::
           org.apache.cassandra.serializers.DoubleSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.DoubleValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_f8be()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.DoubleValue, self)._write__seq(io)
            self._io.write_f8be(self.value)


        def _check(self):
            self._dirty = False


    class DurationValue(ReadWriteKaitaiStruct):
        """Months, days and nanoseconds, which do not convert into each other. All are
        positive or zero, or all negative or zero.
        
        .. seealso::
           org.apache.cassandra.serializers.DurationSerializer
        """
        SEQ_FIELDS = ["months", "days", "nanoseconds"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.DurationValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['months']['start'] = self._io.pos()
            self.months = vint.Vint(self._io)
            self.months._read()
            self._debug['months']['end'] = self._io.pos()
            self._debug['days']['start'] = self._io.pos()
            self.days = vint.Vint(self._io)
            self.days._read()
            self._debug['days']['end'] = self._io.pos()
            self._debug['nanoseconds']['start'] = self._io.pos()
            self.nanoseconds = vint.Vint(self._io)
            self.nanoseconds._read()
            self._debug['nanoseconds']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.months._fetch_instances()
            self.days._fetch_instances()
            self.nanoseconds._fetch_instances()


        def _write__seq(self, io=None):
            super(Values.DurationValue, self)._write__seq(io)
            self.months._write__seq(self._io)
            self.days._write__seq(self._io)
            self.nanoseconds._write__seq(self._io)


        def _check(self):
            self._dirty = False


    class DynamicCompositeComponent(ReadWriteKaitaiStruct):
        """A value and its type, the type by an alias or by its name.
        
        .. seealso::
           org.apache.cassandra.db.marshal.DynamicCompositeType
        """
        SEQ_FIELDS = ["header", "type_name", "len_value", "value", "end_of_component"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.DynamicCompositeComponent, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['header']['start'] = self._io.pos()
            self.header = self._io.read_u2be()
            self._debug['header']['end'] = self._io.pos()
            if (not (self.is_alias)):
                pass
                self._debug['type_name']['start'] = self._io.pos()
                self.type_name = (self._io.read_bytes(self.header)).decode(u"UTF-8")
                self._debug['type_name']['end'] = self._io.pos()

            self._debug['len_value']['start'] = self._io.pos()
            self.len_value = self._io.read_u2be()
            self._debug['len_value']['end'] = self._io.pos()
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_bytes(self.len_value)
            self._debug['value']['end'] = self._io.pos()
            self._debug['end_of_component']['start'] = self._io.pos()
            self.end_of_component = self._io.read_s1()
            self._debug['end_of_component']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            if (not (self.is_alias)):
                pass



        def _write__seq(self, io=None):
            super(Values.DynamicCompositeComponent, self)._write__seq(io)
            self._io.write_u2be(self.header)
            if (not (self.is_alias)):
                pass
                self._io.write_bytes((self.type_name).encode(u"UTF-8"))

            self._io.write_u2be(self.len_value)
            self._io.write_bytes(self.value)
            self._io.write_s1(self.end_of_component)


        def _check(self):
            if (not (self.is_alias)):
                pass
                if len((self.type_name).encode(u"UTF-8")) != self.header:
                    raise kaitaistruct.ConsistencyError(u"type_name", self.header, len((self.type_name).encode(u"UTF-8")))

            if len(self.value) != self.len_value:
                raise kaitaistruct.ConsistencyError(u"value", self.len_value, len(self.value))
            self._dirty = False

        @property
        def alias(self):
            """The alias, a character of ASCII."""
            if hasattr(self, '_m_alias'):
                return self._m_alias

            self._m_alias = self.header & 255
            return getattr(self, '_m_alias', None)

        def _invalidate_alias(self):
            del self._m_alias
        @property
        def is_alias(self):
            """Whether the type is told by an alias."""
            if hasattr(self, '_m_is_alias'):
                return self._m_is_alias

            self._m_is_alias = self.header >= 32768
            return getattr(self, '_m_is_alias', None)

        def _invalidate_is_alias(self):
            del self._m_is_alias

    class DynamicCompositeValue(ReadWriteKaitaiStruct):
        """Several values in one, each of which tells its type.
        
        .. seealso::
           org.apache.cassandra.db.marshal.DynamicCompositeType
        """
        SEQ_FIELDS = ["components"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.DynamicCompositeValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['components']['start'] = self._io.pos()
            self._debug['components']['arr'] = []
            self.components = []
            i = 0
            while not self._io.is_eof():
                self._debug['components']['arr'].append({'start': self._io.pos()})
                _t_components = Values.DynamicCompositeComponent(self._io, self, self._root)
                try:
                    _t_components._read()
                finally:
                    self.components.append(_t_components)
                self._debug['components']['arr'][len(self.components) - 1]['end'] = self._io.pos()
                i += 1

            self._debug['components']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.components)):
                pass
                self.components[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.DynamicCompositeValue, self)._write__seq(io)
            for i in range(len(self.components)):
                pass
                if self._io.is_eof():
                    raise kaitaistruct.ConsistencyError(u"components", 0, self._io.size() - self._io.pos())
                self.components[i]._write__seq(self._io)

            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"components", 0, self._io.size() - self._io.pos())


        def _check(self):
            for i in range(len(self.components)):
                pass
                if self.components[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"components", self._root, self.components[i]._root)
                if self.components[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"components", self, self.components[i]._parent)

            self._dirty = False


    class FixedVectorValue(ReadWriteKaitaiStruct):
        """A vector of elements whose type has values of one length.
        
        .. seealso::
           org.apache.cassandra.db.marshal.VectorType.FixedLengthSerializer
        """
        SEQ_FIELDS = ["elements"]
        def __init__(self, len_elements, num_elements, _io=None, _parent=None, _root=None):
            super(Values.FixedVectorValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.len_elements = len_elements
            self.num_elements = num_elements
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['elements']['start'] = self._io.pos()
            self._debug['elements']['arr'] = []
            self.elements = []
            for i in range(self.num_elements):
                self._debug['elements']['arr'].append({'start': self._io.pos()})
                self.elements.append(self._io.read_bytes(self.len_elements))
                self._debug['elements']['arr'][i]['end'] = self._io.pos()

            self._debug['elements']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.elements)):
                pass



        def _write__seq(self, io=None):
            super(Values.FixedVectorValue, self)._write__seq(io)
            for i in range(len(self.elements)):
                pass
                self._io.write_bytes(self.elements[i])



        def _check(self):
            if len(self.elements) != self.num_elements:
                raise kaitaistruct.ConsistencyError(u"elements", self.num_elements, len(self.elements))
            for i in range(len(self.elements)):
                pass
                if len(self.elements[i]) != self.len_elements:
                    raise kaitaistruct.ConsistencyError(u"elements", self.len_elements, len(self.elements[i]))

            self._dirty = False


    class FloatValue(ReadWriteKaitaiStruct):
        """A 32-bit floating-point number of IEEE 754.
        
        .. seealso::
           org.apache.cassandra.serializers.FloatSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.FloatValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_f4be()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.FloatValue, self)._write__seq(io)
            self._io.write_f4be(self.value)


        def _check(self):
            self._dirty = False


    class InetValue(ReadWriteKaitaiStruct):
        """An address of IPv4, four bytes, or of IPv6, sixteen bytes.
        
        .. seealso::
           org.apache.cassandra.serializers.InetAddressSerializer
        """
        SEQ_FIELDS = ["address"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.InetValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['address']['start'] = self._io.pos()
            self.address = self._io.read_bytes_full()
            self._debug['address']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.InetValue, self)._write__seq(io)
            self._io.write_bytes(self.address)
            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"address", 0, self._io.size() - self._io.pos())


        def _check(self):
            self._dirty = False


    class IntValue(ReadWriteKaitaiStruct):
        """A 32-bit integer.
        
        .. seealso::
           org.apache.cassandra.serializers.Int32Serializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.IntValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_s4be()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.IntValue, self)._write__seq(io)
            self._io.write_s4be(self.value)


        def _check(self):
            self._dirty = False


    class MapEntry(ReadWriteKaitaiStruct):
        """A key and what it maps to.
        
        .. seealso::
           org.apache.cassandra.serializers.MapSerializer
        """
        SEQ_FIELDS = ["key", "value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.MapEntry, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['key']['start'] = self._io.pos()
            self.key = Values.NullableValue(self._io, self, self._root)
            self.key._read()
            self._debug['key']['end'] = self._io.pos()
            self._debug['value']['start'] = self._io.pos()
            self.value = Values.NullableValue(self._io, self, self._root)
            self.value._read()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.key._fetch_instances()
            self.value._fetch_instances()


        def _write__seq(self, io=None):
            super(Values.MapEntry, self)._write__seq(io)
            self.key._write__seq(self._io)
            self.value._write__seq(self._io)


        def _check(self):
            if self.key._root != self._root:
                raise kaitaistruct.ConsistencyError(u"key", self._root, self.key._root)
            if self.key._parent != self:
                raise kaitaistruct.ConsistencyError(u"key", self, self.key._parent)
            if self.value._root != self._root:
                raise kaitaistruct.ConsistencyError(u"value", self._root, self.value._root)
            if self.value._parent != self:
                raise kaitaistruct.ConsistencyError(u"value", self, self.value._parent)
            self._dirty = False


    class MapValue(ReadWriteKaitaiStruct):
        """A frozen map, with its entries in the order of the keys' type.
        
        .. seealso::
           org.apache.cassandra.serializers.MapSerializer
        """
        SEQ_FIELDS = ["num_entries", "entries"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.MapValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['num_entries']['start'] = self._io.pos()
            self.num_entries = self._io.read_s4be()
            self._debug['num_entries']['end'] = self._io.pos()
            self._debug['entries']['start'] = self._io.pos()
            self._debug['entries']['arr'] = []
            self.entries = []
            for i in range((0 if self.num_entries < 0 else self.num_entries)):
                self._debug['entries']['arr'].append({'start': self._io.pos()})
                _t_entries = Values.MapEntry(self._io, self, self._root)
                try:
                    _t_entries._read()
                finally:
                    self.entries.append(_t_entries)
                self._debug['entries']['arr'][i]['end'] = self._io.pos()

            self._debug['entries']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.entries)):
                pass
                self.entries[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.MapValue, self)._write__seq(io)
            self._io.write_s4be(self.num_entries)
            for i in range(len(self.entries)):
                pass
                self.entries[i]._write__seq(self._io)



        def _check(self):
            if len(self.entries) != (0 if self.num_entries < 0 else self.num_entries):
                raise kaitaistruct.ConsistencyError(u"entries", (0 if self.num_entries < 0 else self.num_entries), len(self.entries))
            for i in range(len(self.entries)):
                pass
                if self.entries[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"entries", self._root, self.entries[i]._root)
                if self.entries[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"entries", self, self.entries[i]._parent)

            self._dirty = False


    class NullableValue(ReadWriteKaitaiStruct):
        """Length and bytes of a value inside another one, or the mark of a null.
        
        .. seealso::
           org.apache.cassandra.serializers.CollectionSerializer.readValue
        """
        SEQ_FIELDS = ["len_value", "value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.NullableValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_value']['start'] = self._io.pos()
            self.len_value = self._io.read_s4be()
            self._debug['len_value']['end'] = self._io.pos()
            if self.len_value >= 0:
                pass
                self._debug['value']['start'] = self._io.pos()
                self.value = self._io.read_bytes(self.len_value)
                self._debug['value']['end'] = self._io.pos()

            self._dirty = False


        def _fetch_instances(self):
            pass
            if self.len_value >= 0:
                pass



        def _write__seq(self, io=None):
            super(Values.NullableValue, self)._write__seq(io)
            self._io.write_s4be(self.len_value)
            if self.len_value >= 0:
                pass
                self._io.write_bytes(self.value)



        def _check(self):
            if self.len_value >= 0:
                pass
                if len(self.value) != self.len_value:
                    raise kaitaistruct.ConsistencyError(u"value", self.len_value, len(self.value))

            self._dirty = False


    class SmallintValue(ReadWriteKaitaiStruct):
        """A 16-bit integer. As a cell's path, the position of a user type's field.
        
        .. seealso::
           org.apache.cassandra.serializers.ShortSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.SmallintValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_s2be()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.SmallintValue, self)._write__seq(io)
            self._io.write_s2be(self.value)


        def _check(self):
            self._dirty = False


    class TextValue(ReadWriteKaitaiStruct):
        """A string; of the type ascii, one with bytes below 128 only.
        
        .. seealso::
           org.apache.cassandra.serializers.UTF8Serializer
           org.apache.cassandra.serializers.AsciiSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.TextValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = (self._io.read_bytes_full()).decode(u"UTF-8")
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.TextValue, self)._write__seq(io)
            self._io.write_bytes((self.value).encode(u"UTF-8"))
            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"value", 0, self._io.size() - self._io.pos())


        def _check(self):
            self._dirty = False


    class TimeValue(ReadWriteKaitaiStruct):
        """A time of day, without a time zone.
        
        .. seealso::
           org.apache.cassandra.serializers.TimeSerializer
        """
        SEQ_FIELDS = ["nanoseconds"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.TimeValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['nanoseconds']['start'] = self._io.pos()
            self.nanoseconds = self._io.read_s8be()
            self._debug['nanoseconds']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.TimeValue, self)._write__seq(io)
            self._io.write_s8be(self.nanoseconds)


        def _check(self):
            self._dirty = False


    class TimestampValue(ReadWriteKaitaiStruct):
        """A point in time.
        
        .. seealso::
           org.apache.cassandra.serializers.TimestampSerializer
        """
        SEQ_FIELDS = ["milliseconds"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.TimestampValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['milliseconds']['start'] = self._io.pos()
            self.milliseconds = self._io.read_s8be()
            self._debug['milliseconds']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.TimestampValue, self)._write__seq(io)
            self._io.write_s8be(self.milliseconds)


        def _check(self):
            self._dirty = False


    class TimeuuidValue(ReadWriteKaitaiStruct):
        """A UUID of version 1, which holds a time. As a cell's path, it gives a list's
        element its place.
        
        .. seealso::
           org.apache.cassandra.utils.TimeUUID.Serializer
        """
        SEQ_FIELDS = ["time_low", "time_mid", "time_hi_and_version", "clock_seq_and_node"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.TimeuuidValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['time_low']['start'] = self._io.pos()
            self.time_low = self._io.read_u4be()
            self._debug['time_low']['end'] = self._io.pos()
            self._debug['time_mid']['start'] = self._io.pos()
            self.time_mid = self._io.read_u2be()
            self._debug['time_mid']['end'] = self._io.pos()
            self._debug['time_hi_and_version']['start'] = self._io.pos()
            self.time_hi_and_version = self._io.read_u2be()
            self._debug['time_hi_and_version']['end'] = self._io.pos()
            self._debug['clock_seq_and_node']['start'] = self._io.pos()
            self.clock_seq_and_node = self._io.read_bytes(8)
            self._debug['clock_seq_and_node']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.TimeuuidValue, self)._write__seq(io)
            self._io.write_u4be(self.time_low)
            self._io.write_u2be(self.time_mid)
            self._io.write_u2be(self.time_hi_and_version)
            self._io.write_bytes(self.clock_seq_and_node)


        def _check(self):
            if len(self.clock_seq_and_node) != 8:
                raise kaitaistruct.ConsistencyError(u"clock_seq_and_node", 8, len(self.clock_seq_and_node))
            self._dirty = False

        @property
        def ticks(self):
            """The time, in units of 100 nanoseconds since the 15th of October 1582."""
            if hasattr(self, '_m_ticks'):
                return self._m_ticks

            self._m_ticks = ((self.time_hi_and_version & 4095) * 281474976710656 + self.time_mid * 4294967296) + self.time_low
            return getattr(self, '_m_ticks', None)

        def _invalidate_ticks(self):
            del self._m_ticks

    class TinyintValue(ReadWriteKaitaiStruct):
        """An 8-bit integer.
        
        .. seealso::
           org.apache.cassandra.serializers.ByteSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.TinyintValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_s1()
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.TinyintValue, self)._write__seq(io)
            self._io.write_s1(self.value)


        def _check(self):
            self._dirty = False


    class TupleValue(ReadWriteKaitaiStruct):
        """A tuple, or a frozen user type. Fields at the end may be missing, which is as if
        they were null: a value that was written before its type got further fields.
        
        .. seealso::
           org.apache.cassandra.db.marshal.TupleType.split
           org.apache.cassandra.serializers.TupleSerializer
           org.apache.cassandra.serializers.UserTypeSerializer
        """
        SEQ_FIELDS = ["fields"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.TupleValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['fields']['start'] = self._io.pos()
            self._debug['fields']['arr'] = []
            self.fields = []
            i = 0
            while not self._io.is_eof():
                self._debug['fields']['arr'].append({'start': self._io.pos()})
                _t_fields = Values.NullableValue(self._io, self, self._root)
                try:
                    _t_fields._read()
                finally:
                    self.fields.append(_t_fields)
                self._debug['fields']['arr'][len(self.fields) - 1]['end'] = self._io.pos()
                i += 1

            self._debug['fields']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.fields)):
                pass
                self.fields[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.TupleValue, self)._write__seq(io)
            for i in range(len(self.fields)):
                pass
                if self._io.is_eof():
                    raise kaitaistruct.ConsistencyError(u"fields", 0, self._io.size() - self._io.pos())
                self.fields[i]._write__seq(self._io)

            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"fields", 0, self._io.size() - self._io.pos())


        def _check(self):
            for i in range(len(self.fields)):
                pass
                if self.fields[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"fields", self._root, self.fields[i]._root)
                if self.fields[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"fields", self, self.fields[i]._parent)

            self._dirty = False


    class UuidValue(ReadWriteKaitaiStruct):
        """A UUID of any version.
        
        .. seealso::
           org.apache.cassandra.serializers.UUIDSerializer
        """
        SEQ_FIELDS = ["value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.UuidValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_bytes(16)
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.UuidValue, self)._write__seq(io)
            self._io.write_bytes(self.value)


        def _check(self):
            if len(self.value) != 16:
                raise kaitaistruct.ConsistencyError(u"value", 16, len(self.value))
            self._dirty = False


    class VariableVectorValue(ReadWriteKaitaiStruct):
        """A vector of elements whose type has values of different lengths.
        
        .. seealso::
           org.apache.cassandra.db.marshal.VectorType.VariableLengthSerializer
        """
        SEQ_FIELDS = ["elements"]
        def __init__(self, num_elements, _io=None, _parent=None, _root=None):
            super(Values.VariableVectorValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self.num_elements = num_elements
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['elements']['start'] = self._io.pos()
            self._debug['elements']['arr'] = []
            self.elements = []
            for i in range(self.num_elements):
                self._debug['elements']['arr'].append({'start': self._io.pos()})
                _t_elements = Values.VectorElement(self._io, self, self._root)
                try:
                    _t_elements._read()
                finally:
                    self.elements.append(_t_elements)
                self._debug['elements']['arr'][i]['end'] = self._io.pos()

            self._debug['elements']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            for i in range(len(self.elements)):
                pass
                self.elements[i]._fetch_instances()



        def _write__seq(self, io=None):
            super(Values.VariableVectorValue, self)._write__seq(io)
            for i in range(len(self.elements)):
                pass
                self.elements[i]._write__seq(self._io)



        def _check(self):
            if len(self.elements) != self.num_elements:
                raise kaitaistruct.ConsistencyError(u"elements", self.num_elements, len(self.elements))
            for i in range(len(self.elements)):
                pass
                if self.elements[i]._root != self._root:
                    raise kaitaistruct.ConsistencyError(u"elements", self._root, self.elements[i]._root)
                if self.elements[i]._parent != self:
                    raise kaitaistruct.ConsistencyError(u"elements", self, self.elements[i]._parent)

            self._dirty = False


    class VarintValue(ReadWriteKaitaiStruct):
        """An integer of any size.
        
        .. seealso::
           org.apache.cassandra.serializers.IntegerSerializer
        """
        SEQ_FIELDS = ["magnitude"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.VarintValue, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['magnitude']['start'] = self._io.pos()
            self.magnitude = self._io.read_bytes_full()
            self._debug['magnitude']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass


        def _write__seq(self, io=None):
            super(Values.VarintValue, self)._write__seq(io)
            self._io.write_bytes(self.magnitude)
            if not self._io.is_eof():
                raise kaitaistruct.ConsistencyError(u"magnitude", 0, self._io.size() - self._io.pos())


        def _check(self):
            self._dirty = False


    class VectorElement(ReadWriteKaitaiStruct):
        """Length and bytes of an element; there are no nulls in vectors.
        
        .. seealso::
           org.apache.cassandra.db.marshal.VectorType.VariableLengthSerializer.readValue
        """
        SEQ_FIELDS = ["len_value", "value"]
        def __init__(self, _io=None, _parent=None, _root=None):
            super(Values.VectorElement, self).__init__(_io)
            self._parent = _parent
            self._root = _root
            self._debug = collections.defaultdict(dict)

        def _read(self):
            self._debug['len_value']['start'] = self._io.pos()
            self.len_value = vint.Vint(self._io)
            self.len_value._read()
            self._debug['len_value']['end'] = self._io.pos()
            self._debug['value']['start'] = self._io.pos()
            self.value = self._io.read_bytes(self.len_value.value)
            self._debug['value']['end'] = self._io.pos()
            self._dirty = False


        def _fetch_instances(self):
            pass
            self.len_value._fetch_instances()


        def _write__seq(self, io=None):
            super(Values.VectorElement, self)._write__seq(io)
            self.len_value._write__seq(self._io)
            self._io.write_bytes(self.value)


        def _check(self):
            if len(self.value) != self.len_value.value:
                raise kaitaistruct.ConsistencyError(u"value", self.len_value.value, len(self.value))
            self._dirty = False



