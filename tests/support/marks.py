"""Which of pytest's marks a test has by what it uses, so that nobody need write them.

``practice``: it uses a practice cloud. ``quick``, the set of ``make test``: it needs no practice cloud, no real terminal, and nothing that
is asked for by itself. ``reliability``: it attacks a promise of docs/reliability.md.
"""

from __future__ import annotations

import pytest

PRACTICE_FIXTURES = {"practice", "start_practice", "practice_home", "wizard", "deployed_once", "installed"}
"""Each makes a practice cloud or belongs to one; all others reach one through these."""
SLOW_FOLDERS = {"end_to_end", "benchmarks", "soak", "gallery", "installed", "judges", "clients", "classroom", "exercises"}
SLOW_FILES = {"test_streams.py"}  # every command, in every encoding
ATTACKS = {
    *("killed", "network", "malformed"),
    *("test_canaries.py", "test_canaries_elsewhere.py", "test_older_files.py", "test_load.py", "test_confinement.py", "test_stopping.py"),
    *(
        "test_every_field.py",
        "test_any_option.py",
        "test_any_class_file.py",
        "test_hostile_folders.py",
        "test_stopped.py",
        "test_streams.py",
    ),
}
"""Folders and files that attack the promises of docs/reliability.md."""
BY_ITSELF = {"practice", "terminal", "nightly", "engine", "installed", "judges", "clients", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what was collected; pytest calls it before it takes away what ``-m`` does not ask for."""
    for item in items:
        if PRACTICE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.practice)
        if ATTACKS & set(item.path.parts):
            item.add_marker(pytest.mark.reliability)
        own = {mark.name for mark in item.iter_markers()}
        if not (BY_ITSELF & own or SLOW_FOLDERS & set(item.path.parts) or item.path.name in SLOW_FILES):
            item.add_marker(pytest.mark.quick)
