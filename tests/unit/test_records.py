"""Records: what they share with dataclasses, and what tells them apart from these."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import cached_property

import pytest

from cqlite.records import made, mutable, record, replace


@record
class Point:
    """A place."""

    x: int
    y: int = 0

    @property
    def sum(self) -> int:
        return self.x + self.y


@record
class Named(Point):
    """A place with a name, and what else is known of it."""

    name: str = ""
    notes: list[str] = made(default_factory=list)


@record
class Cached:
    """Something with a cached property."""

    __slots__ = ("__dict__",)

    x: int

    @cached_property
    def double(self) -> int:
        return 2 * self.x


@record
class Checked:
    """Something that looks at its fields."""

    x: int

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("below zero")


@record
class Empty:
    """Nothing."""


@mutable
class Counter:
    """What changes."""

    count: int = 0


def test_fields_come_by_place_or_by_name_and_have_defaults() -> None:
    assert (Point(1).y, Point(1, 2).y, Point(y=2, x=1).sum) == (0, 2, 3)
    named = Named(1, name="a")
    assert (named.x, named.y, named.name, named.sum) == (1, 0, "a", 1)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        Point(1, z=2)  # type: ignore[call-arg]


def test_the_first_of_a_class_are_made_as_all_others_are() -> None:
    @record
    class Fresh(Checked):
        y: int = 5
        items: list[int] = made(default_factory=list)

    some = [Fresh(x, items=[x]) if x % 2 else Fresh(y=x, x=x) for x in range(200)]
    assert [one.x for one in some] == [*range(200)]
    assert [one.y for one in some] == [5 if x % 2 else x for x in range(200)]
    assert [one.items for one in some] == [[x] if x % 2 else [] for x in range(200)]
    assert some[0].items is not some[2].items
    with pytest.raises(ValueError, match="below zero"):
        Fresh(-1)


def test_wrong_arguments_are_refused_from_the_first_one_on() -> None:
    @record
    class Fresh:
        x: int
        y: int = 0

    for _ in range(2):
        with pytest.raises(TypeError, match="takes from 2 to 3 positional arguments but 4"):
            Fresh(1, 2, 3)  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="multiple values for argument 'x'"):
            Fresh(1, x=1)  # type: ignore[misc]
        assert Fresh(1) == Fresh(x=1, y=0)


def test_made_defaults_are_not_shared() -> None:
    one, other = Named(1), Named(1)
    one.notes.append("seen")
    assert (one.notes, other.notes) == (["seen"], [])


def test_fields_cannot_be_set_but_of_mutable_ones() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="x of a Point can't be set"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="x of a Point can't be deleted"):
        del point.x
    with pytest.raises(AttributeError):
        point.other = 2  # type: ignore[attr-defined]
    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
    with pytest.raises(AttributeError):
        counter.other = 2  # type: ignore[attr-defined]


def test_equality_and_hash_are_of_the_class_and_its_fields() -> None:
    assert Point(1, 2) == Point(1, 2) != Point(2, 1)
    assert Point(1) != Named(1) != (1, 0, "", [])
    assert len({Point(1), Point(1, 0), Point(2)}) == 2
    assert Empty() == Empty()
    with pytest.raises(TypeError, match="unhashable"):
        hash(Named(1))
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())


def test_text_matching_copies_and_pickles() -> None:
    named = Named(1, 2, "a", ["b"])
    assert repr(named) == "Named(x=1, y=2, name='a', notes=['b'])"
    match named:
        case Named(x, y, name):
            assert (x, y, name) == (1, 2, "a")
    assert copy.copy(named) == copy.deepcopy(named) == pickle.loads(pickle.dumps(named)) == named
    assert copy.deepcopy(named).notes is not named.notes
    assert replace(named, y=3) == Named(1, 3, "a", ["b"])


def test_cached_properties_and_checks() -> None:
    cached = Cached(2)
    assert (cached.double, cached.double, cached == Cached(2)) == (4, 4, True)
    assert Checked(1).x == 1
    with pytest.raises(ValueError, match="below zero"):
        Checked(-1)


def test_dataclasses_functions_take_records() -> None:
    named = Named(1, 2, "a", ["b"])
    assert dataclasses.is_dataclass(named)
    assert [field.name for field in dataclasses.fields(Named)] == ["x", "y", "name", "notes"]
    assert dataclasses.asdict(named) == {"x": 1, "y": 2, "name": "a", "notes": ["b"]}
    assert dataclasses.replace(named, x=5) == Named(5, 2, "a", ["b"])
    assert [field.name for field in dataclasses.fields(Point)] == ["x", "y"]
