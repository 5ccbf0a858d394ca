"""The Construct emitter against the official compiler's Python, feature by feature."""

from __future__ import annotations

import copy

import pytest
from construct import ConstructError
from construct.lib import Container

from cqlite.layouts.construct_prelude import size_of
from tests.codegen.compare import FAILURES, differences
from tests.codegen.features import VALUES, Feature
from tests.codegen.features_structure import STRUCTURE
from tests.codegen.workshop import Workshop

FEATURES = (*VALUES, *STRUCTURE)
GOOD = [(feature, data) for feature in FEATURES for data in feature.good]
BAD = [(feature, data) for feature in FEATURES for data in feature.bad]


def _name(value: object) -> str:
    return value.name if isinstance(value, Feature) else str(value)[:20].replace(" ", "") or "empty"


SPECS = {feature.name: feature.text for feature in FEATURES}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("features"), SPECS, kaitai=False)


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("official"), SPECS)


@pytest.mark.java
@pytest.mark.parametrize(("feature", "data"), GOOD, ids=_name)
def test_same_fields_and_instances(official: Workshop, feature: Feature, data: str) -> None:
    raw = bytes.fromhex(data)
    kaitai = official.kaitai(feature.name, feature.type, raw, *feature.params)
    record = official.construct(feature.name, feature.type).parse(raw, *feature.params)
    assert differences(kaitai, record) == []


@pytest.mark.parametrize(("feature", "data"), GOOD, ids=_name)
def test_build_gives_the_bytes_back(workshop: Workshop, feature: Feature, data: str) -> None:
    raw = bytes.fromhex(data)
    schema = workshop.construct(feature.name, feature.type)
    record = schema.parse(raw, *feature.params)
    # What stands after the last field of the sequence is not built.
    assert schema.build(record, *feature.params) == raw[: size_of(record)]


@pytest.mark.parametrize(("feature", "data"), BAD, ids=_name)
def test_wrong_bytes_are_refused(workshop: Workshop, feature: Feature, data: str) -> None:
    raw = bytes.fromhex(data)
    with pytest.raises(ConstructError) as caught:
        workshop.construct(feature.name, feature.type).parse(raw, *feature.params)
    assert caught.value.path
    assert 0 <= caught.value.offset <= len(raw)


@pytest.mark.java
@pytest.mark.parametrize(("feature", "data"), BAD, ids=_name)
def test_the_official_parser_refuses_them_too(
    official: Workshop, feature: Feature, data: str
) -> None:
    with pytest.raises((*FAILURES, RecursionError)):
        official.kaitai(feature.name, feature.type, bytes.fromhex(data), *feature.params)


@pytest.mark.java
@pytest.mark.parametrize("feature", FEATURES, ids=_name)
def test_every_truncation_is_refused_or_parsed_alike(official: Workshop, feature: Feature) -> None:
    raw = bytes.fromhex(feature.good[0])
    schema = official.construct(feature.name, feature.type)
    for size in range(len(raw)):
        try:
            kaitai = official.kaitai(feature.name, feature.type, raw[:size], *feature.params)
        except FAILURES:
            with pytest.raises(ConstructError):
                schema.parse(raw[:size], *feature.params)
        else:
            record = schema.parse(raw[:size], *feature.params)
            assert differences(kaitai, record) == []


@pytest.mark.parametrize("feature", FEATURES, ids=_name)
def test_plain_containers_build_too(workshop: Workshop, feature: Feature) -> None:
    if feature.name in ("peeking", "switches", "windows"):
        # Bytes that no field claims, and what only the parsed stream can tell, are not
        # in a plain container.
        return
    raw = bytes.fromhex(feature.good[0])
    schema = workshop.construct(feature.name, feature.type)
    record = schema.parse(raw, *feature.params)
    plain = copy.deepcopy(record)
    assert type(plain) is Container
    assert raw.startswith(schema.build(plain, *feature.params))
