"""Types, references to them, lists of them, and what stands elsewhere in the stream."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from construct import (
    Construct,
    ConstructError,
    RangeError,
    Renamed,
    StreamError,
    ValidationError,
)
from construct.lib import ListContainer

from cqlite.layouts.construct_parts import Leaf, Switch, Wrapper, evaluate, expected
from cqlite.layouts.construct_records import (
    FAILURES,
    Expression,
    ExpressionError,
    Scope,
    Sink,
    Source,
    UnknownError,
    fail,
    finish,
    record_class,
    scope_of,
    set_scope,
)


class Field(Renamed):  # type: ignore[misc]
    """A named part of a type.

    Args:
        when: condition without which the field is ``None`` and takes no bytes.
        doc: what it is.
        origin: Cassandra's name for it.
    """

    def __init__(
        self,
        name: str,
        subcon: Construct,
        *,
        when: Expression | None = None,
        doc: str = "",
        origin: str = "",
    ) -> None:
        super().__init__(subcon, newname=name, newdocs=doc)
        self.when = when
        self.origin = origin
        if isinstance(subcon, Repeat):
            subcon.field = name


class Type(Construct):  # type: ignore[misc]
    """A type of a spec; first named, then defined, so that types can refer to each other.

    Attributes:
        names: the fields in order.
        computed: the instances, as functions of the scope.
    """

    def __init__(self, name: str, *params: str, doc: str = "", ref: str = "") -> None:
        super().__init__()
        self.name = name
        self.docs = doc
        self.ref = ref
        self.params = params
        self.fields: tuple[Field, ...] = ()
        self.names: tuple[str, ...] = ()
        self.computed: Mapping[str, Expression] = {}

    def define(self, *fields: Field, **instances: Expression) -> None:
        """Gives the type its fields and instances."""
        self.fields = fields
        self.names = tuple(field.name for field in fields)
        self.computed = instances
        self.record = record_class(self.name, (*self.params, *self.names, *instances))
        self.steps = tuple((f.name, f.when, f.subcon._parse, not f.subcon.goes_on) for f in fields)

    def parse(self, data: bytes, *params: Any, **named: Any) -> Any:
        """The object at the start of ``data``."""
        return self.parse_stream(io.BytesIO(data), *params, **named)

    def parse_stream(self, stream: BinaryIO, *params: Any, **named: Any) -> Any:
        """The object at the position of a seekable ``stream``."""
        try:
            return self.read(Source(stream), self._bind(params, named))
        except ConstructError as error:
            finish(error, self.name)

    def build(self, obj: Any, *params: Any, **named: Any) -> bytes:
        """The bytes of ``obj``: a parsed object, or mappings with the same keys."""
        scope = scope_of(obj)
        sink = Sink(scope["_io"].size, scope.marks[0]) if scope else Sink()
        try:
            self.write(sink, obj, self._bind(params, named))
        except ConstructError as error:
            finish(error, self.name)
        return sink.getvalue()

    def build_stream(self, obj: Any, stream: BinaryIO, *params: Any, **named: Any) -> None:
        """Writes the bytes of ``obj`` to ``stream``."""
        stream.write(self.build(obj, *params, **named))

    def _bind(self, params: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
        given = (*params, *(named[n] for n in self.params[len(params) :] if n in named))
        if len(given) != len(self.params) or len(params) + len(named) != len(given):
            raise TypeError(f"{self.name} takes the parameters ({', '.join(self.params)})")
        return given

    # As a part of someone else's construct: parameters come from the context by name,
    # be they fields beside this one or further out, or given to the outermost `parse`.

    def _parse(self, stream: Any, context: Any, path: Any) -> Any:
        source = stream if isinstance(stream, Source) else Source(stream)
        try:
            return self.read(source, self._from_context(context))
        except ConstructError as error:
            finish(error, self.name)

    def _build(self, obj: Any, stream: Any, context: Any, path: Any) -> Any:
        stream.write(self.build(obj, *self._from_context(context)))
        return obj

    def _from_context(self, context: Any) -> tuple[Any, ...]:
        return tuple(_look_up(name, context) for name in self.params)

    def read(self, source: Source, args: tuple[Any, ...]) -> Any:
        """The object at the source's position."""
        scope = Scope(zip(self.params, args, strict=True))
        scope["_io"] = source
        scope.kind = self
        record = self.record()
        set_scope(record, scope)
        tell = source.tell
        marks = scope.marks = [tell()]
        scope.rest = b""
        try:
            for name, when, parse, aligned in self.steps:
                if when is None or when(scope):
                    if aligned:
                        source.bits_left = 0
                    record[name] = scope[name] = parse(source, scope, None)
                else:
                    record[name] = scope[name] = None
                marks.append(tell())
        except (ConstructError, *FAILURES) as error:
            fail(error, self.names[len(marks) - 1], source, marks[-1])
        return record

    def write(self, sink: Sink, obj: Any, args: tuple[Any, ...]) -> Any:
        """Writes ``obj``; a record of what was written, with instances computed anew."""
        if not isinstance(obj, Mapping):
            raise ValidationError(f"{type(obj).__name__} given for {self.name}")
        scope = Scope(zip(self.params, args, strict=True))
        scope["_io"] = sink
        scope.kind = self
        scope.origin = scope_of(obj)
        record = self.record()
        set_scope(record, scope)
        marks = scope.marks = [sink.tell()]
        scope.rest = b""
        try:
            for field in self.fields:
                record[field.name] = scope[field.name] = _write_field(field, obj, sink, scope)
                marks.append(sink.tell())
        except (ConstructError, *FAILURES) as error:
            fail(error, self.names[len(marks) - 1])
        return record


def _look_up(name: str, context: Any) -> Any:
    while context is not None:
        if name in context:
            return context[name]
        context = context.get("_")
    raise ExpressionError(f"no {name} in the context")


def _write_field(field: Field, obj: Mapping[str, Any], sink: Sink, scope: Scope) -> Any:
    value = dict.get(obj, field.name) if isinstance(obj, dict) else obj.get(field.name)
    if not _is_there(field, value, scope):
        if value is not None:
            raise ValidationError("a value is given where the condition does not hold")
        return None
    if value is None and not isinstance(field.subcon, Switch):
        raise ValidationError("no value is given")
    if not field.subcon.goes_on:
        sink.align()
    return field.subcon._build(value, sink, scope, None)


def _is_there(field: Field, value: Any, scope: Scope) -> bool:
    if field.when is None:
        return True
    try:
        return bool(field.when(scope))
    except UnknownError:
        return value is not None


class Nested(Leaf):
    """Another type, with its parameters as a function of the scope."""

    goes_on = True

    def __init__(self, kind: Type, args: Callable[[Scope], tuple[Any, ...]] | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.args = args

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        return self.kind.read(stream, () if self.args is None else self.args(context))

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        return self.kind.write(stream, obj, self._args(obj, context))

    def _args(self, obj: Any, context: Scope) -> tuple[Any, ...]:
        if self.args is None:
            return ()
        try:
            return self.args(context)
        except UnknownError:
            origin = scope_of(obj)
            if origin is None:
                raise
            return tuple(origin[name] for name in self.kind.params)


class Repeat(Wrapper):
    """A list; ``field`` is the name under which expressions see what there is so far."""

    field = ""

    def _begin(self, scope: Scope) -> Any:
        items = scope[self.field] = ListContainer()
        return items

    def _item(self, items: Any, stream: Source, scope: Scope) -> Any:
        scope["_index"] = len(items)
        start = stream.tell()
        try:
            item = self.subcon._parse(stream, scope, None)
        except (ConstructError, *FAILURES) as error:
            fail(error, f"[{len(items)}]", stream, start)
        items.append(item)
        return item

    def _build(self, obj: Any, stream: Sink, context: Scope, path: Any) -> Any:
        self._count(len(obj), context)
        items = self._begin(context)
        for index, item in enumerate(obj):
            context["_index"] = index
            try:
                items.append(self.subcon._build(item, stream, context, path))
                self._ends(items, len(obj), context)
            except (ConstructError, *FAILURES) as error:
                fail(error, f"[{index}]")
        return items

    def _count(self, given: int, scope: Scope) -> None:
        """Refuses a wrong number of items to build."""

    def _ends(self, items: Any, given: int, scope: Scope) -> None:
        """Refuses a list to build that ends too early or too late."""


class RepeatCount(Repeat):
    """``count`` items (a number or an expression) of at least ``smallest`` bits each."""

    def __init__(self, subcon: Construct, count: Any, smallest: int = 0) -> None:
        super().__init__(subcon)
        self.count = count
        self.smallest = smallest

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        count = evaluate(self.count, context)
        if self.smallest and count > 64:
            left = (stream.size - stream.tell()) * 8 + stream.bits_left
            if count * self.smallest > left:
                raise StreamError(f"{count} items do not fit into {left // 8} bytes")
        items = self._begin(context)
        for _ in range(count):
            self._item(items, stream, context)
        return items

    def _count(self, given: int, scope: Scope) -> None:
        # A negative count is that of an empty list, as it is while parsing.
        wanted = max(expected(self.count, scope, given), 0)
        if wanted != given:
            raise RangeError(f"{given} items given, the count is {wanted}")


class RepeatToEnd(Repeat):
    """Items up to the end of the stream."""

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        items = self._begin(context)
        before = -1
        while not stream.eof:
            if (here := stream.tell() * 8 - stream.bits_left) == before:
                raise ExpressionError("the list never ends, since its items take no bytes")
            before = here
            self._item(items, stream, context)
        return items


class RepeatUntil(Repeat):
    """Items up to the one for which ``last``, a function of scope and item, is true."""

    def __init__(self, subcon: Construct, last: Callable[[Scope, Any], bool]) -> None:
        super().__init__(subcon)
        self.last = last

    def _parse(self, stream: Source, context: Scope, path: Any) -> Any:
        items = self._begin(context)
        while True:
            item = self._item(items, stream, context)
            if self.last(context, item):
                return items

    def _count(self, given: int, scope: Scope) -> None:
        if not given:
            raise RangeError("at least one item is needed")

    def _ends(self, items: Any, given: int, scope: Scope) -> None:
        try:
            last = bool(self.last(scope, items[-1]))
        except UnknownError:
            return
        if last != (len(items) == given):
            raise RangeError("the list goes on after its last item" if last else "no last item")


class At:
    """An instance at a position: parsed when it is first asked for."""

    def __init__(
        self,
        name: str,
        subcon: Construct,
        position: Expression,
        when: Expression | None = None,
    ) -> None:
        self.name = name
        self.subcon = subcon
        self.position = position
        self.when = when
        if isinstance(subcon, Repeat):
            subcon.field = name

    def __call__(self, scope: Scope) -> Any:
        """The value, with the stream left where it was."""
        source = scope["_io"]
        if isinstance(source, Sink):
            return self._known(scope)
        if self.when is not None and not self.when(scope):
            return None
        back = source.tell(), source.bits, source.bits_left
        index = scope.get("_index")
        at = back[0]
        try:
            position = self.position(scope)
            if position < 0:
                raise StreamError(f"position {position}")
            at = min(position, source.size)
            source.seek(position)
            source.bits_left = 0
            return self.subcon._parse(source, scope, None)
        except (ConstructError, *FAILURES) as error:
            fail(error, self.name, source, at)
        finally:
            source.seek(back[0])
            source.bits, source.bits_left = back[1:]
            scope["_index"] = index

    def _known(self, scope: Scope) -> Any:
        if scope.origin is None:
            raise UnknownError(f"{self.name} is elsewhere in the stream, not known while building")
        return scope.origin[self.name]
