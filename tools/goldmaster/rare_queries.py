"""SELECT statements at random, of clauses and of their combinations that are seldom written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from cqlite.schema import ColumnMetadata
from cqlite.types import CqlType, ListType, MapType, SetType, TupleType, UserType, VectorType
from cqlite.types.text import maybe_quote
from tools.goldmaster.queries import NUMBERS, Queries
from tools.goldmaster.values import make
from tools.goldmaster.workload import kind_of

_TIMES: Final = {"timestamp", "date", "timeuuid"}
_DURATIONS: Final = ("1h", "2d", "-1mo", "3y2mo", "90m", "0s", "1ns", "P1D", "25h10m")
_WHOLE_DAYS: Final = ("2d", "1mo", "P1Y2M", "P3W", "3y2mo")
_HINTS: Final = ("int", "bigint", "double", "decimal", "float", "varint", "text", "smallint")
_ROUND: Final = ("abs", "round", "exp", "log", "log10")
_MASKS: Final = (
    "mask_null({0})", "mask_default({0})", "mask_hash({0})", "mask_hash({0}, 'MD5')",
    "mask_inner({0}, 1, 1)", "mask_outer({0}, 1, null)", "mask_replace({0}, {1})",
)  # fmt: skip

_TEXTS: Final = {
    "timestamp": (
        "'2024-02-31'", "'2024-1-1'", "'2024-1-1 1:1'", "'2024-01-01T24:00'", "'-0001-01-01'",
        "'2024-01-01 12:00 Europe/Paris'", "'2024-01-01 12:00:00.1 +0130'", "'2024-01-01+19:00'",
        "'2024-01-01 12:00 PST'", "'2024-01-01T12:30.5'", "9223372036854775808", "'-12'",
    ),
    "date": (
        "'-5877641-06-22'", "'+12345-01-01'", "'12345-01-01'", "'2023-02-29'", "-1", "4294967295",
        "'0000-01-01'", "'-0000-01-01'",
    ),
    "time": ("'1:2:3'", "' 01:02:03.5 '", "'24:00:00'", "'1:2'", "-1", "86400000000000"),
    "duration": ("1d1mo", "1d1d", "P1Y2M", "P2W", "2147483648d", "-1y2mo3w", "1us", "007"),
    "inet": ("'99'", "'1.2'", "'01.2.3.4'", "'::ffff:1.2.3.4'", "'[::1]'", "'1.2.3'", "'256'"),
    "double": ("-0", "-0.0", "1e400", "-NaN", "4.9e-324", "1e-400", "007"),
    "float": ("-0", "1e39", "-1e400", "NaN", "1e-50", "16777217"),
    "decimal": ("-0", "0.00", "1e-400", "007", "1.50e3"),
}  # fmt: skip
"""Constants of the types that have many forms, some of them none that Cassandra takes."""

_JSONS: Final = ("1", "null", '"x"', "[]", "{}", "true", "1.5", '""', "-0.0", "[null]", "1e400")


def _has_blobs(kind: CqlType) -> bool:
    return kind.unwrap().cql_name == "blob" or any(map(_has_blobs, kind.unwrap().subtypes))


class RareQueries(Queries):
    """Makes statements that ``Queries`` does not; see there."""

    def statements(self, count: int) -> Iterator[str]:
        makers = (
            self._nested, self._calculated, self._casts, self._called, self._times,
            self._token_ranges, self._tuples, self._nulls, self._distincts, self._ordered_in,
            self._groups, self._totals, self._compared, self._malformed, self._written,
            self._hinted, self._json_terms,
        )  # fmt: skip
        for _ in range(count):
            yield f"{self._rng.choice(makers)()} ALLOW FILTERING"

    def _some(self, makers: Callable[[], str], most: int = 3) -> str:
        return ", ".join(makers() for _ in range(self._rng.randrange(1, most + 1)))

    def _any_column(self) -> ColumnMetadata:
        return self._rng.choice(self._columns)

    def _of(self, matches: Callable[[CqlType], bool]) -> ColumnMetadata:
        """A column of a type that matches, any if there is none."""
        found = [column for column in self._columns if matches(column.type.unwrap())]
        return self._rng.choice(found or self._columns)

    def _number(self) -> ColumnMetadata:
        return self._of(lambda kind: kind.cql_name in NUMBERS)

    # Selections.

    def _nested(self) -> str:
        selected = self._some(self._timed_path)
        what = "JSON " if self._rng.random() < 0.2 else ""
        return self._select(what + selected) + self._where() + self._limits()

    def _timed_path(self) -> str:
        column = self._of(lambda kind: bool(kind.subtypes))
        path = self._path(column)
        if column not in self._others or self._rng.random() < 0.5:
            return path
        return f"{self._rng.choice(('writetime', 'maxwritetime', 'ttl'))}({path})"

    def _path(self, column: ColumnMetadata) -> str:
        """A part of a column, or a part of that."""
        text, kind = column.cql_name, column.type.unwrap()
        is_first = True
        while self._rng.random() < 0.85:
            kind = kind.unwrap()
            if isinstance(kind, UserType):
                index = self._rng.randrange(len(kind.fields))
                text += f".{maybe_quote(kind.field_names[index])}"
                kind = kind.fields[index]
            elif isinstance(kind, MapType | SetType):
                keys = [
                    self._element(column)[0] if is_first else self._made(kind.subtypes[0])
                    for _ in range(2)
                ]
                if self._rng.random() < 0.4:
                    return text + self._rng.choice(("[{0}..{1}]", "[{0}..]", "[..{1}]")).format(
                        *keys
                    )
                text += f"[{keys[0]}]"
                kind = kind.subtypes[-1]
            else:
                break
            is_first = False
        return text

    def _made(self, kind: CqlType) -> str:
        return make(kind_of(kind), self._rng).cql

    def _calculated(self) -> str:
        return self._select(self._some(self._calculation)) + self._where() + self._limits()

    def _calculation(self) -> str:
        left, right = self._operand(), self._operand()
        text = f"{left} {self._rng.choice('+-*/%')} {right}"
        if self._rng.random() < 0.3:
            text = f"({text}) {self._rng.choice('+-*')} {self._operand()}"
        return f"-({text})" if self._rng.random() < 0.1 else text

    def _operand(self) -> str:
        name = self._number().cql_name
        constants = (
            "1",
            "-3",
            "0.25",
            "100000",
            "(bigint) 7",
            "(double) 1.5",
            "(smallint) 2",
            "null",
        )
        return self._rng.choice((name, name, f"- {name}", *constants))

    def _casts(self) -> str:
        return self._select(self._some(self._cast)) + self._where() + self._limits()

    def _cast(self) -> str:
        text = self._any_column().cql_name
        for _ in range(self._rng.randrange(1, 4)):
            choice = self._rng.random()
            if choice < 0.6:
                text = (
                    f"CAST({text} AS {self._rng.choice((*_HINTS, 'ascii', 'timestamp', 'date'))})"
                )
            elif choice < 0.8:
                text = f"to_json({text})"
            else:
                text = f"({self._rng.choice(_HINTS)}) {text}"
        return text

    def _called(self) -> str:
        return self._select(self._some(self._call)) + self._where() + self._limits()

    def _call(self) -> str:
        column = self._any_column()
        name, kind = column.cql_name, column.type.unwrap()
        choices = [mask.format(name, self._literal(column)) for mask in _MASKS]
        choices += [f"count({name})", f"typeof({name})"]
        if not kind.subtypes:
            choices.append(f"{kind.cql_name}_as_blob({name})")
        if kind.cql_name in NUMBERS:
            choices += [f"{function}({name})" for function in _ROUND]
        if isinstance(kind, ListType | SetType):
            choices += [f"collection_{what}({name})" for what in ("min", "max", "sum", "avg")]
        if isinstance(kind, MapType):
            choices += [f"collection_max(map_keys({name}))", f"collection_min(map_values({name}))"]
        if isinstance(kind, VectorType):
            choices += [f"similarity_cosine({name}, {name})", f"collection_count({name})"]
        return self._rng.choice(choices)

    def _times(self) -> str:
        column = self._of(lambda kind: kind.cql_name in _TIMES)
        name = column.cql_name
        duration = self._rng.choice(_DURATIONS)
        selected = self._rng.choice(
            (
                f"{name} + {duration}", f"{name} - {duration}", f"floor({name}, {duration})",
                f"floor({name}, 1d, '2020-01-01')", f"to_unix_timestamp({name})",
                f"to_timestamp({name})", f"to_date({name})", f"min_timeuuid({name})",
                f"max_timeuuid(to_timestamp({name}) + {duration})", f"{duration} + {name}",
            )
        )  # fmt: skip
        where = self._where()
        if self._rng.random() < 0.3:
            where = f" WHERE {name} > {self._literal(column)} - {self._rng.choice(_WHOLE_DAYS)}"
        return self._select(selected) + where + self._limits()

    # Conditions.

    def _token_ranges(self) -> str:
        names = ", ".join(column.cql_name for column in self._schema.partition_key)
        row = self._row()
        values = ", ".join(self._literal(c, row) for c in self._schema.partition_key)
        bounds = ("-9223372036854775808", "0", "4611686018427387904", f"token({values})", "null")
        operators = self._rng.choice(
            ((">",), ("<=",), (">", "<="), (">=", "<"), ("=",), ("=", ">"))
        )
        conditions = [f"token({names}) {one} {self._rng.choice(bounds)}" for one in operators]
        if self._rng.random() < 0.5:
            conditions += self._key_condition(whole=True)
        if self._rng.random() < 0.3:
            conditions += self._clustering_conditions()
        self._rng.shuffle(conditions)
        selected = self._rng.choice((f"token({names})", self._selectors(), f"DISTINCT {names}"))
        return f"{self._select(selected)} WHERE {' AND '.join(conditions)}{self._limits()}"

    def _tuples(self) -> str:
        columns = self._schema.clustering_columns
        if len(columns) < 2:
            return self._token_ranges()
        conditions = self._key_condition(whole=True) if self._rng.random() < 0.7 else []
        cut = self._rng.randrange(len(columns))
        row = self._row(whole=True)
        for column in columns[:cut]:
            one = [f"{column.cql_name} = {self._literal(column, row)}"]
            conditions += self._condition(column) if self._rng.random() < 0.3 else one
        conditions += self._tuple(columns[cut:])
        if self._rng.random() < 0.4:
            conditions += self._rng.choice(
                (self._tuple(columns[cut:]), self._condition(columns[-1]))
            )
        order = ""
        if self._rng.random() < 0.3:
            order = f" ORDER BY {columns[0].cql_name} {self._rng.choice(('ASC', 'DESC'))}"
        where = " AND ".join(conditions)
        return f"{self._select(self._selectors())} WHERE {where}{order}{self._limits()}"

    def _nulls(self) -> str:
        column = self._any_column()
        name, value = column.cql_name, self._literal(column)
        key = self._schema.partition_key[0].cql_name
        condition = self._rng.choice(
            (
                f"{name} IN (null)", f"{name} IN ({value}, null)", f"{name} IN ()",
                f"{name} = null", f"{name} > null", f"{name} CONTAINS null", f"{name} LIKE null",
                f"{name} CONTAINS KEY null", f"{name}[null] = 1", f"({name}) = (null)",
                f"({name}) IN ((null), ({value}))", f"({name}) IN ()",
                f"token({key}) = token(null)",
                f"{name} IN ({value}, {value})", f"{name} = {value} AND {name} IN ({value})",
                f"{name} IN {value}", f"{name} IN ({value}) AND {name} IN ({value})",
            )
        )  # fmt: skip
        return f"{self._select(name)} WHERE {condition}{self._limits()}"

    def _compared(self) -> str:
        """Whole values with parts, by all comparisons."""
        column = self._of(lambda kind: bool(kind.subtypes) and not kind.is_multi_cell)
        value, other = self._literal(column), self._literal(column)
        operator = self._rng.choice(("=", "<", "<=", ">", ">=", "IN"))
        wanted = f"({value}, {other})" if operator == "IN" else value
        condition = f"{column.cql_name} {operator} {wanted}"
        kind = column.type.unwrap()
        if isinstance(kind, TupleType | UserType) and self._rng.random() < 0.3:
            condition = f"{column.cql_name} {operator} {wanted.replace('null', '1', 1)}"
        return f"{self._select(column.cql_name)} WHERE {condition}{self._limits()}"

    def _written(self) -> str:
        """Constants in forms that are seldom written."""
        column = self._of(lambda kind: kind.cql_name in _TEXTS)
        name, kind = column.cql_name, column.type.unwrap().cql_name
        texts = _TEXTS.get(kind, _TEXTS["decimal"])
        text = self._rng.choice(texts)
        if self._rng.random() < 0.3:
            return self._select(f"({kind}) {text}, [({kind}) {text}]") + self._limits()
        operators = ("=",) if kind == "duration" else ("=", ">", "<=", "IN")
        operator = self._rng.choice(operators)
        wanted = f"({text}, {self._rng.choice(texts)})" if operator == "IN" else text
        return f"{self._select(name)} WHERE {name} {operator} {wanted}{self._limits()}"

    def _hinted(self) -> str:
        """Types in front of terms, frozen or not."""
        column = self._any_column()
        name, kind = column.cql_name, column.type.unwrap()
        text = self._rng.choice((kind, kind.freeze(), self._any_column().type.unwrap())).cql_name
        wrapped = self._rng.choice(("{0}", "{0}", "list<{0}>", "frozen<set<{0}>>", "tuple<{0}>"))
        value = self._literal(column)
        terms = {"l": f"[{value}]", "f": f"{{{value}}}", "t": f"({value})"}
        term = f"({wrapped.format(text)}) {terms.get(wrapped[0], value)}"
        if self._rng.random() < 0.5:
            return f"{self._select(name)} WHERE {name} = {term}{self._limits()}"
        return self._select(f"{term}, {name}") + self._limits()

    def _json_terms(self) -> str:
        """Values that are told as JSON."""
        column = self._any_column()
        name, value = column.cql_name, self._row().get(column.name)
        # What is no text is refused for blobs in words of the Java machine.
        json = '"0x00"' if _has_blobs(column.type) else self._rng.choice(_JSONS)
        if value and not column.type.is_counter and self._rng.random() < 0.7:
            json = column.type.unwrap().to_json(value)
        text = json.replace("'", "''")
        return f"{self._select(name)} WHERE {name} = from_json('{text}'){self._limits()}"

    # Orders, groups and aggregates.

    def _distincts(self) -> str:
        keys = [column.cql_name for column in self._schema.partition_key]
        statics = [column.cql_name for column in self._schema.static_columns]
        choices = [*keys, *statics, *(f"count({name})" for name in keys), "count(*)"]
        choices += [f"max({name})" for name in statics] + [f"writetime({n})" for n in statics]
        chosen = [self._rng.choice(choices) for _ in range(self._rng.randrange(1, 3))]
        if self._rng.random() < 0.7:
            chosen += keys
        json = "JSON " if self._rng.random() < 0.2 else ""
        text = self._select(f"{json}DISTINCT {', '.join(chosen)}")
        if self._rng.random() < 0.5:
            text += f" WHERE {' AND '.join(self._key_condition())}"
        if self._rng.random() < 0.3:
            text += f" GROUP BY {', '.join(keys)}"
        return text + self._limits()

    def _ordered_in(self) -> str:
        columns = self._schema.clustering_columns
        if not columns:
            return self._totals()
        conditions = []
        for column in self._schema.partition_key:
            values = {self._literal(column) for _ in range(4)}
            conditions.append(f"{column.cql_name} IN ({', '.join(sorted(values))})")
        if self._rng.random() < 0.5:
            conditions += self._condition(columns[0])
        turned = self._rng.random() < 0.6
        chosen = columns[: self._rng.randrange(1, len(columns) + 1)]
        words = ["DESC" if column.is_descending != turned else "ASC" for column in chosen]
        order = ", ".join(f"{c.cql_name} {w}" for c, w in zip(chosen, words, strict=True))
        selected = self._rng.choice((self._selectors, self._aggregate, self._timed_path))()
        where = " AND ".join(conditions)
        return f"{self._select(selected)} WHERE {where} ORDER BY {order}{self._limits()}"

    def _groups(self) -> str:
        keys = [*self._schema.partition_key, *self._schema.clustering_columns]
        equal = self._rng.randrange(len(keys))
        row = self._row(whole=True)
        conditions = [f"{c.cql_name} = {self._literal(c, row)}" for c in keys[:equal]]
        # What has one value may be left out.
        names = [c.cql_name for i, c in enumerate(keys) if i >= equal or self._rng.random() < 0.5]
        names = names[: self._rng.randrange(1, len(names) + 1)]
        chosen = [self._rng.choice((self._aggregate, self._total))() for _ in range(2)]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        text = self._select(", ".join([*names, *chosen])) + where
        return f"{text} GROUP BY {', '.join(names)}{self._limits()}"

    def _totals(self) -> str:
        return self._select(self._some(self._total)) + self._where() + self._limits()

    def _total(self) -> str:
        column = self._any_column()
        function = self._rng.choice(("max", "min", "count", "sum", "avg"))
        inner = [self._path(column), self._calculation(), self._cast()]
        if column in self._others:
            inner += [f"writetime({column.cql_name})", f"ttl({column.cql_name})"]
        return f"{function}({self._rng.choice(inner)})"

    # What is no statement.

    def _malformed(self) -> str:
        column = self._any_column()
        name, value = column.cql_name, self._literal(column)
        return self._rng.choice(
            (
                self._select(name) + f" WHERE {name} = ?",
                self._select(name) + f" WHERE {name} IN ?",
                self._select(name) + f" WHERE {name} = :value",
                self._select(name) + " LIMIT ?",
                self._select(name) + " LIMIT -1",
                self._select(name) + " LIMIT 1.5",
                self._select(name) + " PER PARTITION LIMIT null",
                self._select(f"{name}, {name}, {name} AS {name}"),
                self._select(f"JSON {name}, {name} AS b, count(*)"),
                self._select(f"DISTINCT JSON {name}"),
                self._select("count(count(*))"),
                self._select(f"{name} AS a") + f" WHERE a = {value}",
                self._select(f"(frozen<list<int>>) {name}"),
                self._select(f"{name}[{value}][{value}]"),
                self._select(f"{name}.a.b"),
                self._select(f"ttl(writetime({name}))"),
                self._select(f"writetime({name} + 1)"),
                self._select(f"system.max({name}), other.max({name})"),
                self._select(f"token({name}, {name})"),
                self._select(name) + f" WHERE {name} = {value} AND {name} = {value}",
                self._select(name) + f" WHERE {name} >= {value} AND {name} > {value}",
                self._select(name) + f" WHERE {name} = {value} ORDER BY {name} DESC, {name} ASC",
                self._select(name) + f" WHERE ({name}, {name}) = ({value}, {value})",
                self._select(name) + f" WHERE ({name}) = ({value}, {value})",
                self._select(name) + f" WHERE {name} = {name}",
                self._select(name) + f" WHERE {name} = {{'a': {value}}}",
                self._select(name) + f" WHERE {name} = CAST({value} AS text)",
                self._select(name) + f" WHERE {name} = (blob) {value}",
            )
        )
