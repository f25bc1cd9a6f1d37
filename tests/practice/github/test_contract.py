"""What the wizard asks of GitHub, and what the practice cloud answers, held against GitHub's own description of its interface."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from tests.practice.github.contract import problems
from tests.practice.github.github_client import ONE
from wizard.practice.github.front import GitHubFront
from wizard.practice.kernel.bodies import body_read


class Witness:
    """Holds every exchange of a practice cloud's GitHub against the description."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.problems: list[str] = []
        self.count = 0
        answer = GitHubFront.handle

        async def watched(front: GitHubFront, request: web.Request) -> web.StreamResponse:
            response = await answer(front, request)
            self._look(request, response)
            return response

        monkeypatch.setattr(GitHubFront, "handle", watched)

    def _look(self, request: web.Request, response: web.StreamResponse) -> None:
        self.count += 1
        raw, text = body_read(request), response.body if isinstance(response, web.Response) else None
        answer = json.loads(text) if isinstance(text, bytes) and "json" in response.content_type else None
        body = json.loads(raw) if raw else None
        assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"
        assert request.headers["Accept"] == "application/vnd.github+json"
        self.problems += problems(request.method, request.path, dict(request.query), body, response.status, answer)


@pytest.mark.parametrize(
    ("exchange", "problem"),
    [
        (("GET", f"{ONE}/nothing", {}, None, 200, None), "no such operation"),
        (("GET", f"{ONE}/pulls", {"states": "open"}, None, 200, []), "no parameter states"),
        (("POST", f"{ONE}/git/refs", {}, {"ref": "refs/heads/a"}, 201, None), "'sha' is a required property"),
        (("POST", f"{ONE}/git/refs", {}, {"ref": "refs/heads/a", "sha": "1", "name": "a"}, 201, None), "it takes no name"),
        (("POST", f"{ONE}/git/refs", {}, {"ref": "refs/heads/a", "sha": "1"}, 202, None), "never answers 202"),
        (("GET", f"{ONE}/git/ref/heads/main", {}, None, 200, {"ref": "a", "object": {"sha": "1", "commit": "1"}}), "no object.commit"),
    ],
)
def test_what_github_does_not_know_is_found(exchange: tuple[Any, ...], problem: str) -> None:
    (only,) = problems(*exchange)
    assert problem in only


def test_what_github_knows_is_right() -> None:
    assert [*problems("PATCH", f"{ONE}/git/refs/heads/main", {}, {"sha": "1", "force": False}, 200, {"ref": "refs/heads/main"})] == []
