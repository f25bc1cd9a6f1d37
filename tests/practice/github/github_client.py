"""GitHub over REST, as a client that knows its documentation calls it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tests.conftest import Called, Practice
from tests.support.waiting import eventually

API = "https://api.github.com"
ONE = "/repos/contoso/orders-api"
SUBJECT = "repo:contoso@5544123/orders-api@1310093847:ref:refs/heads/main"
SOURCES = {
    "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]\n',
    "requirements.txt": "flask\n",
    "run.py": "app = 1\n",
}


class GitHubApi:
    """Calls as the practice account, whose token is the client secret of practice.json."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    async def call(self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **options: Any) -> Called:
        """`path` below api.github.com; nothing is followed."""
        variables = {"Authorization": f"Bearer {self.practice.description['client_secret']}"} if headers is None else dict(headers)
        session = self.practice.session
        async with session.request(method, API + path, json=body, headers=variables, allow_redirects=False, **options) as answer:
            is_json = answer.content_type == "application/json"
            return Called(answer.status, await answer.json() if is_json else await answer.text(), dict(answer.headers))

    async def head(self, branch: str = "main") -> str:
        return str((await self.call("GET", f"{ONE}/git/ref/heads/{branch}")).body["object"]["sha"])

    async def push(self, files: Mapping[str, str | None], message: str = "By hand") -> str:
        """A commit on the default branch, as an editor makes it; its id."""
        refs = await self.call("GET", f"{ONE}/git/matching-refs/heads/main")
        if refs.status == 409:
            content = {"message": "Begin [skip ci]", "content": base64.b64encode(b"# Orders\n").decode()}
            assert (await self.call("PUT", f"{ONE}/contents/README.md", content)).status == 201
        head = await self.head()
        changes = [
            {"path": path, "mode": "100644", "type": "blob", **({"sha": None} if text is None else {"content": text})}
            for path, text in files.items()
        ]
        base = (await self.call("GET", f"{ONE}/commits/{head}")).body["commit"]["tree"]["sha"]
        tree = await self.call("POST", f"{ONE}/git/trees", {"base_tree": base, "tree": changes})
        assert tree.status == 201, tree.body
        commit = await self.call("POST", f"{ONE}/git/commits", {"message": message, "tree": tree.body["sha"], "parents": [head]})
        moved = await self.call("PATCH", f"{ONE}/git/refs/heads/main", {"sha": commit.body["sha"]})
        assert moved.status == 200, moved.body
        return str(commit.body["sha"])

    async def runs(self) -> list[dict[str, Any]]:
        return list((await self.call("GET", f"{ONE}/actions/runs")).body["workflow_runs"])

    async def ended(self) -> dict[str, Any]:
        """The newest run, once it has ended."""
        runs: list[dict[str, Any]] = []

        async def is_over() -> bool:
            runs[:] = await self.runs()
            return bool(runs) and runs[0]["status"] == "completed"

        await eventually(is_over)
        return runs[0]

    async def log(self, run: dict[str, Any]) -> str:
        """All of a run's logs."""
        jobs = (await self.call("GET", f"{ONE}/actions/runs/{run['id']}/jobs")).body["jobs"]
        texts = []
        for job in jobs:
            matches = await self.call("GET", f"{ONE}/actions/jobs/{job['id']}/logs")
            assert matches.status == 302
            async with self.practice.session.get(matches.headers["Location"]) as answer:
                texts.append(await answer.text())
        return "\n".join(texts)
