"""What each generated table is there for, as functions that fill a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Final, NamedTuple

from cqlite.types.text import RESERVED
from tools.goldmaster.draft import Draft, Option
from tools.goldmaster.kinds import (
    FAMILIES,
    KEY_SCALARS,
    MAKERS,
    SCALARS,
    Kind,
    collection,
    nested,
    scalar,
    tuple_of,
    vector,
    wrap,
)

Fill = Callable[[Draft], None]


class Recipe(NamedTuple):
    """The last part of the table's name, and how its draft is filled."""

    name: str
    fill: Fill


COLUMN_COUNTS: Final = (1, 2, 3, 63, 64, 65, 128, 300, 1000)
"""Numbers of columns: around 64, sets of columns in rows change their form."""

DEPTHS: Final = (1, 2, 3, 4)
KEY_COLUMNS: Final = (2, 3, 8)
ORDERED_COLUMNS: Final = (1, 2, 3)

ODD_NAMES: Final = (
    *("UPPER", "mixedCase", "with space", 'quote"within', "it's", "ünïcödé", "列", "🎉"),
    *("1digit", "_under", "dotted.name", "semi;colon", "--comment", "a" * 200, "$$", "{}", " "),
)
"""Names that have to be quoted."""

UNRESERVED: Final = ("key", "type", "values", "json", "ttl", "text", "list", "frozen", "p1d1")
"""Keywords that may be names; and what is not quite a duration."""

COMPRESSIONS: Final[dict[str, dict[str, str]]] = {
    "none": {"enabled": "false"},
    "lz4_4": {"class": "LZ4Compressor", "chunk_length_in_kb": "4"},
    "lz4_64_high": {
        "class": "LZ4Compressor",
        "chunk_length_in_kb": "64",
        "lz4_compressor_type": "high",
        "lz4_high_compressor_level": "12",
    },
    "lz4_ratio": {
        "class": "LZ4Compressor",
        "chunk_length_in_kb": "16",
        "min_compress_ratio": "1.1",
    },
    "lz4_raw": {
        "class": "LZ4Compressor",
        "chunk_length_in_kb": "8",
        "min_compress_ratio": "1000.0",
    },
    "snappy_16": {"class": "SnappyCompressor", "chunk_length_in_kb": "16"},
    "snappy_128": {"class": "SnappyCompressor", "chunk_length_in_kb": "128"},
    "deflate_8": {"class": "DeflateCompressor", "chunk_length_in_kb": "8"},
    "deflate_32": {"class": "DeflateCompressor", "chunk_length_in_kb": "32"},
    "zstd_16": {"class": "ZstdCompressor", "chunk_length_in_kb": "16"},
    "zstd_256_best": {
        "class": "ZstdCompressor",
        "chunk_length_in_kb": "256",
        "compression_level": "19",
    },
    "noop_16": {"class": "NoopCompressor", "chunk_length_in_kb": "16"},
}

OPTIONS: Final[dict[str, dict[str, Option]]] = {
    "bloom_off": {"bloom_filter_fp_chance": 1.0},
    "bloom_tight": {"bloom_filter_fp_chance": 0.0001},
    "bloom_loose": {"bloom_filter_fp_chance": 0.5},
    "crc_never": {"crc_check_chance": 0.0},
    "crc_half": {"crc_check_chance": 0.5},
    "ttl": {"default_time_to_live": 86400, "gc_grace_seconds": 0},
    "ttl_longest": {"default_time_to_live": 630720000},
    "dense_index": {"min_index_interval": 1, "max_index_interval": 1},
    "sparse_index": {"min_index_interval": 512, "max_index_interval": 4096},
    "others": {
        "comment": 'it\'s a "comment" -- not; one',
        "caching": {"keys": "NONE", "rows_per_partition": "10"},
        "speculative_retry": "NEVER",
        "additional_write_policy": "NEVER",
        "memtable_flush_period_in_ms": 3600000,
        "read_repair": "NONE",
    },
}


def recipes() -> Iterator[Recipe]:
    """All recipes that aim at something; :func:`mixed` makes any number of others."""
    yield from _of_types()
    yield from _of_shapes()
    yield from _ODD
    for name, compression in COMPRESSIONS.items():
        yield Recipe(f"c_{name}", _with_options({"compression": compression}, name))
    for name, options in OPTIONS.items():
        yield Recipe(f"o_{name}", _with_options(options, name))


def _of_types() -> Iterator[Recipe]:
    for name in KEY_SCALARS:
        yield Recipe(name, _of_scalar(name))
    yield Recipe("duration", _durations)
    for family in FAMILIES:
        yield Recipe(f"keys_{family.replace(' ', '_')}", _of_family(family))
    for depth, family in product(DEPTHS, MAKERS):
        yield Recipe(f"depth{depth}_{family}", _nested(depth, family))


def _of_shapes() -> Iterator[Recipe]:
    for count in ORDERED_COLUMNS:
        for order in product((False, True), repeat=count):
            yield Recipe(f"order_{''.join('da'[not o] for o in order)}", _ordered(order))
    for count in KEY_COLUMNS:
        yield Recipe(f"key{count}", _compound(count))
    for count in COLUMN_COUNTS:
        yield Recipe(f"wide{count}", _wide(count))


def _of_scalar(name: str) -> Fill:
    def fill(draft: Draft) -> None:
        draft.key(name)
        draft.clustering(name, "up")
        draft.clustering(name, "down", desc=True)
        draft.static(name)
        draft.regular(name)
        draft.regular(collection("set", scalar(name)))
        draft.regular(collection("map", scalar(name), scalar(name)))

    return fill


def _durations(draft: Draft) -> None:
    duration = scalar("duration")
    draft.key("int")
    draft.clustering("int")
    draft.static(duration)
    draft.regular(duration)
    draft.regular(collection("list", duration))
    draft.regular(collection("map", scalar("int"), duration))
    draft.regular(tuple_of(duration, scalar("int")))
    draft.regular(draft.define(duration, collection("list", duration)))


def _of_family(family: str) -> Fill:
    def make(draft: Draft) -> Kind:
        if family.startswith("vector"):
            return vector(scalar("float" if family.endswith("fixed") else "text"), 3)
        return wrap(family, scalar(draft.random.choice(KEY_SCALARS)), draft.random, draft.define)

    def fill(draft: Draft) -> None:
        kind = make(draft)
        draft.key(kind.frozen())
        draft.clustering(kind.frozen(), "up")
        draft.clustering(make(draft).frozen(), "down", desc=True)
        draft.static(kind)
        draft.static(kind.frozen())
        draft.regular(kind)
        draft.regular(kind.frozen())

    return fill


def _nested(depth: int, family: str) -> Fill:
    def fill(draft: Draft) -> None:
        draft.key("int")
        draft.clustering("int")
        for is_static in (False, True):
            inner = nested(depth - 1, draft.random, draft.define)
            kind = wrap(family, inner, draft.random, draft.define)
            (draft.static if is_static else draft.regular)(kind)
            draft.regular(kind.frozen())
            draft.features.add(f"{family} of depth {depth}")

    return fill


def _ordered(order: tuple[bool, ...]) -> Fill:
    def fill(draft: Draft) -> None:
        draft.key("int")
        for i, desc in enumerate(order):
            draft.clustering(draft.random.choice(KEY_SCALARS), f"c{i}", desc=desc)
        draft.regular("text")

    return fill


def _compound(count: int) -> Fill:
    def fill(draft: Draft) -> None:
        for i in range(count):
            draft.key(draft.random.choice(KEY_SCALARS), f"k{i}")
        draft.clustering("timeuuid", desc=True)
        draft.regular("double")

    return fill


def _wide(count: int) -> Fill:
    def fill(draft: Draft) -> None:
        draft.key("int")
        if count > 2:
            draft.clustering("int")
        while len(draft.columns) < count:
            draft.regular(draft.random.choice(SCALARS), f"column_{len(draft.columns):04}")

    return fill


def _counters(statics: int) -> Fill:
    def fill(draft: Draft) -> None:
        draft.key("text")
        draft.clustering("int")
        for _ in range(statics):
            draft.static("counter")
        for _ in range(3):
            draft.regular("counter")

    return fill


def _odd_names(draft: Draft) -> None:
    draft.key("int", 'Partition "Key"')
    draft.clustering("int", "Clustering Ω")
    draft.static("int", "Static 1")
    for name in (*ODD_NAMES, *UNRESERVED):
        draft.regular("int", name)
    draft.features.add("quoted names")


def _reserved_names(draft: Draft) -> None:
    words = sorted(RESERVED)
    draft.key("int", words.pop())
    draft.clustering("int", words.pop(), desc=True)
    draft.static("text", words.pop())
    for word in words:
        draft.regular("text", word)
    draft.features.add("reserved names")


def _odd_types(draft: Draft) -> None:
    inner = draft.define_named({"select": scalar("int"), "Übung 1": scalar("text")}, "Inner")
    middle = draft.define_named({'a"b': inner, "from": collection("list", inner)}, "select")
    outer = draft.define_named({"x": middle, "y": tuple_of(inner, middle)}, "key")
    draft.key("int")
    draft.clustering(middle.frozen())
    for kind in (inner, middle, outer):
        draft.regular(kind)
        draft.regular(collection("map", kind, kind))
    draft.features.add("quoted types")


def _keys_only(draft: Draft) -> None:
    draft.key("text")
    draft.clustering("int")
    draft.features.add("no columns but keys")


def _statics_only(draft: Draft) -> None:
    draft.key("text")
    draft.clustering("int", desc=True)
    draft.static(collection("set", scalar("int")))
    draft.static("text")
    draft.features.add("only static columns")


def _loosely_frozen(draft: Draft) -> None:
    """Types within a frozen one are frozen, whether that is written or not."""
    loose = Kind("map", (scalar("text"), Kind("list", (Kind("set", (scalar("int"),)),))))
    draft.key("int")
    draft.clustering(loose.frozen())
    draft.regular(loose.frozen())
    draft.regular(Kind("list", (loose.frozen(),)))
    draft.features.add("frozen by what is around")


def _vectors(draft: Draft) -> None:
    draft.key("int")
    for name in KEY_SCALARS:
        draft.regular(vector(scalar(name), 2))
    draft.regular(vector(scalar("float"), 1536))
    draft.regular(vector(vector(scalar("float"), 2), 2))
    draft.regular(vector(vector(scalar("text"), 2), 2))
    draft.features.add("vectors of every type")


def _with_options(options: dict[str, Option] | dict[str, dict[str, str]], name: str) -> Fill:
    def fill(draft: Draft) -> None:
        draft.key("int")
        draft.clustering("int")
        draft.static("text")
        draft.regular("blob")
        draft.regular(collection("list", scalar("text")))
        draft.options.update(options)
        draft.features.add(f"{next(iter(options))} {name}")

    return fill


_ODD: Final = (
    Recipe("counter", _counters(0)),
    Recipe("counter_static", _counters(2)),
    Recipe("names", _odd_names),
    Recipe("reserved", _reserved_names),
    Recipe("types_named", _odd_types),
    Recipe("keys_only", _keys_only),
    Recipe("statics_only", _statics_only),
    Recipe("loose", _loosely_frozen),
    Recipe("vectors", _vectors),
)


def mixed(draft: Draft) -> None:
    """A table of everything, at random."""
    random = draft.random
    for i in range(random.choice((1, 1, 1, 2, 3))):
        draft.key(random.choice(KEY_SCALARS), f"k{i}")
    for i in range(random.choice((0, 1, 2, 3, 4))):
        kind = nested(random.choice((0, 0, 0, 1, 2)), random, draft.define)
        draft.clustering(kind.frozen(), f"c{i}", desc=random.random() < 0.5)
    if any(column.role == "clustering" for column in draft.columns):
        for _ in range(random.choice((0, 1, 2))):
            draft.static(nested(random.choice((0, 1)), random, draft.define))
    for _ in range(random.randint(1, 12)):
        kind = nested(random.choice((0, 0, 1, 2, 3, 4)), random, draft.define)
        draft.regular(kind.frozen() if random.random() < 0.5 else kind)
    compression = random.choice(sorted(COMPRESSIONS))
    draft.options["compression"] = COMPRESSIONS[compression]
    draft.options["bloom_filter_fp_chance"] = random.choice((0.1, 0.01, 0.001))
