"""Which files are left out of a build, held against the walk of Docker's SDK for Python (docker.utils.build), over generated rules.

Known differences, in which we follow Docker itself (moby/patternmatcher), which builds in Azure are given:

- ``**`` glued to a name (``**file``, ``a**``): the SDK lets it span folders only as a whole part of a path.
- A backslash takes the meaning from the sign behind it; the SDK drops a backslash before a letter.
- An exception with a wildcard before its last part (``!*/api``): the SDK, as Docker's classic client, does not enter a folder that is left
  out to look for it; BuildKit does (tonistiigi/fsutil).
- The Dockerfile and .dockerignore themselves are always sent by the SDK.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.source.dockerignore import parse

build = pytest.importorskip("docker.utils.build", reason="Docker's SDK for Python is not installed")

FOLDERS = ("app", "app/api", "data", "data/old/deep", "tests", "web/node_modules/x", ".venv/lib")
NAMES = ("main.py", "notes.md", "shop.db", "a.log", ".env", "keep.txt")
PARTS = (
    "app",
    "api",
    "data",
    "old",
    "deep",
    "tests",
    "web",
    "node_modules",
    "*",
    "?ests",
    "*.py",
    "*.md",
    "*.db",
    "[ak]*",
    "main.py",
    ".env",
    "**",
)
PATTERNS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map("/".join)
RULES = st.lists(st.tuples(st.sampled_from(("", "", "", "!", "/", "# ", "  ")), PATTERNS).map("".join), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files by every name in every folder."""
    root = tmp_path_factory.mktemp("tree")
    for folder in ("", *FOLDERS):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (root / folder / name).write_text("")
    return root


def is_common(rule: str) -> bool:
    """Whether both understand a rule alike."""
    return not rule.startswith("!") or not any(sign in rule.rpartition("/")[0] for sign in "*?[")


def held(tree: Path, rules: list[str]) -> None:
    """The same files stay behind."""
    rules = [rule for rule in rules if is_common(rule)]
    spoken = [rule.strip() for rule in rules if not rule.startswith("#")]
    sent = {path for path in build.exclude_paths(str(tree), spoken) if (tree / path).is_file()}
    ours = parse("\n".join(rules))
    files = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    assert {path for path in files if not ours.leaves_out(path)} == sent, rules


@given(rules=RULES)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_same_files_stay_behind(tree: Path, rules: list[str]) -> None:
    held(tree, rules)


@pytest.mark.nightly
@given(rules=RULES)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_files_stay_behind_in_two_thousand_rules(tree: Path, rules: list[str]) -> None:
    held(tree, rules)
