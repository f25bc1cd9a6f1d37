"""Names mean one thing, and say what they hold."""

from __future__ import annotations

from tests.house import names


def test_a_class_name_means_one_thing() -> None:
    shared = names.shared_classes()
    assert {name: files for name, files in shared.items() if name not in names.SHARED_CLASSES} == {}
    assert set(names.SHARED_CLASSES) <= set(shared), "an exception that nothing needs any more"


def test_locals_say_what_they_hold() -> None:
    sightings, lines = names.vague_locals()
    assert 1000 * len(sightings) / lines < names.MOST_VAGUE, "python -m tests.house.names says where each stands"


def test_every_public_function_of_the_inner_rooms_says_what_it_does() -> None:
    assert names.undescribed_functions() == []


def test_the_names_that_are_counted_are_found_where_they_stand() -> None:
    sightings, _lines = names.vague_locals()
    for name, where in sightings[:10]:
        file, _colon, line = where.partition(":")
        assert name in (names.ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
