"""Projects that work raise no alarm, whatever their shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.lint.awkward import AWKWARD
from tests.lint.projects import ARTICLE, CONFIGURED, PYPROJECT, STAGED, SUBFOLDER, Files, told


@pytest.mark.parametrize(
    ("files", "tables"),
    [
        (ARTICLE, {}),
        (SUBFOLDER, {}),
        (PYPROJECT, {}),
        (CONFIGURED, {}),
        (STAGED, {"app": {"port": 8080}, "variables": [{"name": "WSGI_DEBUG", "value": "no"}]}),
    ],
    ids=["factory", "subfolder", "pyproject", "gunicorn.conf.py", "entrypoint script"],
)
def test_a_project_that_works_raises_no_alarm(check: Callable[..., Any], files: Files, tables: dict[str, Any]) -> None:
    assert told(check({**files, "tests/test_api.py": "DATABASE = 'sqlite:///test.db'\n"}, **tables)) == []


@pytest.mark.parametrize(("files", "tables"), [case[1:] for case in AWKWARD], ids=[case[0] for case in AWKWARD])
def test_an_unusual_project_that_works_raises_no_alarm(check: Callable[..., Any], files: Files, tables: dict[str, Any]) -> None:
    """A remark (``info``) is no alarm."""
    assert [finding for finding in check(files, **tables) if finding.severity != "info"] == []
