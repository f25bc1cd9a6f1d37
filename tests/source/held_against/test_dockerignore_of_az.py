"""Which files are left out of a build, held against the packer of ``az acr build`` over generated rules.

The file is azure-cli's own, from a wheel whose path AZWIZARD_AZURE_CLI gives (``pip download azure-cli --no-deps``). Known differences, in
which we follow Docker (azure-cli 2.91, acr/_archive_utils.py, IgnoreRule):

- ``/dir`` and ``dir/`` match nothing there, unless ``!`` stands before them: the folder is sent.
- ``**/name`` asks for a slash before the name there, so the one at the top is sent.
- Signs such as ``+``, ``(`` and ``[!a]`` are read as a regular expression there.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.source.dockerignore import parse

WHEEL = os.environ.get("AZWIZARD_AZURE_CLI", "")
SOURCE = "azure/cli/command_modules/acr/_archive_utils.py"
PATHS = ("main.py", "notes.md", "app/main.py", "app/api/main.py", "app/api/a.log", "data/shop.db", "data/old/shop.db", "tests/test_a.py")
PARTS = st.sampled_from(("app", "api", "data", "old", "tests", "*", "?ests", "*.py", "*.db", "main.py"))
RULES = st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), min_size=1, max_size=4)

pytestmark = [pytest.mark.nightly, pytest.mark.skipif(not WHEEL, reason="AZWIZARD_AZURE_CLI names no wheel of azure-cli")]


@pytest.fixture(scope="module")
def ignore_rule() -> Callable[[str], Any]:
    """azure-cli's own class for one line, without the rest of azure-cli."""
    text = zipfile.ZipFile(Path(WHEEL)).read(SOURCE).decode()
    (body,) = re.findall(r"^class IgnoreRule:.*?(?=^def )", text, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(compile(body, SOURCE, "exec"), names)  # noqa: S102 - the reference is code of others, and this is how it is asked
    made: Callable[[str], Any] = names["IgnoreRule"]
    return made


def left_out_by_az(rules: list[Any], path: str) -> bool:
    """As ``_ignore_check`` decides for a path and for the folders above it: the last rule counts, no weaker one than the folder's."""
    ignored, bound = False, len(rules)
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        name = "/".join(parts[:count])
        place = next((at for at, rule in enumerate(rules[:bound]) if re.match(rule.pattern, name)), None)
        if place is not None:
            ignored, bound = rules[place].ignore, place
    return ignored


@given(rules=RULES)
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_az_leaves_the_same_files_behind(ignore_rule: Callable[[str], Any], rules: list[str]) -> None:
    theirs = [ignore_rule(rule) for rule in reversed(rules)]
    ours = parse("\n".join(rules))
    assert [path for path in PATHS if ours.leaves_out(path)] == [path for path in PATHS if left_out_by_az(theirs, path)], rules
