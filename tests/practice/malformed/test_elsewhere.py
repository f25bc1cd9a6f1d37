"""GitHub and Azure DevOps of the practice cloud, met with bodies, numbers and names of other kinds: refused in their words, never a 500."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import StartPractice
from tests.practice.devops_client import RawDevOps
from tests.practice.github.github_client import SOURCES, GitHubApi
from tests.support.figures import Figures
from wizard.practice.devops.front import DevOpsFront
from wizard.practice.github.front import GitHubFront

NAMES = {"owner": "contoso", "repo": "orders-api", "project": "orders", "organization": "contoso", "ref": "heads/main", "branch": "main"}
ODD_NAMES = ("x", "0", "-1", "9" * 30, "..", "%00", "é", "a b", "0" * 40)
KEYS = (
    *("name", "value", "ref", "inputs", "title", "head", "base", "body", "message", "content", "branch", "sha", "tree", "parents", "force"),
    *("base_tree", "sourceRefName", "targetRefName", "status", "resources", "configuration", "variables", "templateParameters", "type"),
    *("data", "authorization", "project", "repository", "pipeline", "allPipelines", "serviceEndpointProjectReferences", "refUpdates"),
    *("commits", "lastMergeSourceCommit", "definition", "folder", "url", "visibility", "capabilities", "newObjectId", "oldObjectId"),
)
OTHER_KINDS: tuple[Any, ...] = ("", "x", 1.5, -1, 2**70, True, None, [], [None], [[]], [{}], {}, {"a": None}, {"repositories": 1})
Routes = list[tuple[str, str]]


def bodies(share: int) -> list[Any]:
    """Wrong as a whole, and wrong in one member; every so many of them."""
    members = [{key: wrong} for key in KEYS for wrong in OTHER_KINDS]
    whole = [dict.fromkeys(KEYS, wrong) for wrong in OTHER_KINDS]
    return [*OTHER_KINDS, *whole, *members[::share]]


def paths(template: str) -> list[str]:
    """A path with its usual names, and with odd ones in every other hole."""
    usual = re.sub(r"\{(\w+)\*?\}", lambda hole: NAMES.get(hole[1], hole[0]), template)
    return sorted({re.sub(r"\{\w+\*?\}", odd, usual) for odd in ODD_NAMES})


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Routes]:
    """Every route, noted as the practice cloud begins to serve it."""
    noted: dict[str, Routes] = {"github": [], "devops": []}
    for name, front in (("github", GitHubFront), ("devops", DevOpsFront)):
        add = front.add

        def note(self: Any, method: str, template: str, *others: Any, name: str = name, add: Any = add, **named: Any) -> Any:
            noted[name].append((method, template))
            return add(self, method, template, *others, **named)

        monkeypatch.setattr(front, "add", note)
    return noted


@pytest.mark.parametrize("share", [97, pytest.param(3, marks=pytest.mark.nightly)])
async def test_github_refuses_what_it_cannot_read(
    routes: dict[str, Routes], start_practice: StartPractice, share: int, figures: Figures
) -> None:
    practice = await start_practice()
    api = GitHubApi(practice)
    await api.push(SOURCES)
    broken = []
    for method, template in routes["github"]:
        for path in paths(template):
            for body in bodies(share) if method != "GET" and path == paths(template)[0] else [None, {"a": 1}]:
                answer = await api.call(method, path, body)
                figures(inputs=1, broken=int(answer.status >= 500))
                broken += [(method, path, body, answer.body)] if answer.status >= 500 else []
    assert routes["github"] and broken == []


@pytest.mark.parametrize("share", [97, pytest.param(3, marks=pytest.mark.nightly)])
async def test_devops_refuses_what_it_cannot_read(
    routes: dict[str, Routes], start_practice: StartPractice, share: int, figures: Figures
) -> None:
    practice = await start_practice()
    api = RawDevOps(practice)
    await api.call("POST", "_apis/projects", {"name": "orders", "capabilities": {}})
    broken = []
    for method, template in routes["devops"]:
        for path in paths(template):
            for body in bodies(share) if method != "GET" and path == paths(template)[0] else [None, {"a": 1}]:
                answer = await api.call(method, f"orders/_apis/{path}", body)
                figures(inputs=1, broken=int(answer.status >= 500))
                broken += [(method, path, body, answer.body)] if answer.status >= 500 else []
    assert routes["devops"] and broken == []
