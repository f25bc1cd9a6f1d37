"""Names mean one thing, and say what they hold."""

from __future__ import annotations

from tests.house import names


def test_a_class_name_means_one_thing() -> None:
    shared = names.shared_classes()
    assert {name: files for name, files in shared.items() if name not in names.SHARED_CLASSES} == {}
    assert set(names.SHARED_CLASSES) <= set(shared), "an exception that nothing needs any more"
