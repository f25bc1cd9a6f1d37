"""docs/code-check.md lists exactly what can be found, and each is found in a project of the tests, with the severity it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lint.projects import ARTICLE, told
from tests.lint.wrong import WRONG

ROOT = Path(__file__).parents[2]
WITHOUT_A_READABLE_DOCKERFILE = {("error", "no-dockerfile"), ("error", "dockerfile-unreadable")}
TOLD_BY_THE_COMMANDS = {("warning", "several-copies"), ("warning", "not-sent")}  # tests/end_to_end/test_trouble.py


def documented() -> set[tuple[str, str]]:
    """Severity and id."""
    rows = [
        line.split("|") for line in (ROOT / "docs" / "code-check.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    return {(row[2].strip(), name) for row in rows for name in re.findall(r"`([\w-]+)`", row[1])}


def test_the_documentation_lists_what_is_found_and_nothing_else() -> None:
    by_name = {(severity, id) for _title, _files, _tables, expected in WRONG for severity, id, _where in expected}
    assert documented() == by_name | WITHOUT_A_READABLE_DOCKERFILE | TOLD_BY_THE_COMMANDS


def test_a_dockerfile_that_is_not_there_is_proposed(check: Callable[..., Any], tmp_path: Path) -> None:
    check(ARTICLE)
    (tmp_path / "Dockerfile").unlink()
    (finding,) = check({"never/Dockerfile": ""})
    assert told([finding]) == [("error", "no-dockerfile", "Dockerfile")]
    assert 'CMD ["gunicorn"' in finding.replacement


def test_a_dockerfile_that_docker_does_not_understand_is_told_of(check: Callable[..., Any]) -> None:
    assert told(check({**ARTICLE, "Dockerfile": "FROM\n"})) == [("error", "dockerfile-unreadable", "Dockerfile:1")]
