"""GitHub over REST (docs.github.com/rest), with a token that ``gh`` or the environment holds, which is kept in memory only."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wizard.cloud.errors.cloud_error import CloudError
from wizard.cloud.services.github_errors import EMPTY, TOKEN_VARIABLE, no_token, refusal
from wizard.platform.secret import Secret

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

HOST = "https://api.github.com"
WEB = "https://github.com"
VERSION = "2022-11-28"
ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "api://AzureADTokenExchange"
PAGE = 100
GH_SECONDS = 10.0

Item = dict[str, Any]


class GitHubClient:
    """One repository. Every method raises CloudError; its `code` is one of `github_errors`.

    :param token: None when there is none: then every call says so, and nothing is sent.
    """

    def __init__(self, pipeline: AsyncPipeline[Any, Any], owner: str, repository: str, token: Secret | None) -> None:
        self._pipeline = pipeline
        self._place = f"{HOST}/repos/{quote(owner)}/{quote(repository)}"
        self.address = f"{WEB}/{quote(owner)}/{quote(repository)}"
        self._owner = owner
        self._token = token

    @property
    def has_token(self) -> bool:
        """Whether anything can be asked at all."""
        return self._token is not None

    async def repositories(self) -> list[Item]:
        """Every repository that the token sees, with ``full_name``, ``name`` and ``owner``."""
        result: list[Item] = []
        for page in range(1, 1000):
            items = list(await self._call("GET", f"{HOST}/user/repos", {"per_page": str(PAGE), "page": str(page), "sort": "pushed"}))
            result += items
            if len(items) < PAGE:
                break
        return result

    async def repository(self) -> Item:
        """The repository, with ``id``, ``owner`` and ``default_branch``."""
        return dict(await self._call("GET", self._place))

    async def subject_prefix(self) -> str:
        """How the subject of every token begins that a run of the repository gets: in its present form, which only GitHub knows.

        Since 15 July 2026 new, renamed and transferred repositories have numbers in it; ``sub_claim_prefix`` tells it whatever
        ``use_immutable_subject`` says (github.com/Azure/azure-dev issue 9382).
        """
        answer = await self._call("GET", f"{self._place}/actions/oidc/customization/sub")
        if prefix := str(answer.get("sub_claim_prefix") or ""):
            return prefix
        result = await self.repository()
        return f"repo:{result['full_name']}"

    async def branches(self) -> dict[str, str]:
        """Branch, such as ``refs/heads/main``, -> the commit it names; none in an empty repository."""
        try:
            result = await self._call("GET", f"{self._place}/git/matching-refs/heads/")
        except CloudError as error:
            if error.code == EMPTY:
                return {}
            raise
        return {str(ref["ref"]): str(ref["object"]["sha"]) for ref in result}

    async def is_protected(self, branch: str) -> bool:
        """Whether rules guard a branch, given without ``refs/heads/``."""
        return bool((await self._call("GET", f"{self._place}/branches/{quote(branch, safe='')}")).get("protected"))

    async def tree(self, commit: str) -> list[Item]:
        """Every file of a commit, with ``path``, ``mode`` and ``sha``."""
        result = await self._call("GET", f"{self._place}/git/trees/{commit}", {"recursive": "1"})
        return [item for item in result["tree"] if item["type"] == "blob"]

    async def text(self, commit: str, path: str) -> str:
        """The content of one text file in a commit."""
        result = await self._call("GET", f"{self._place}/contents/{quote(path)}", {"ref": commit})
        return base64.b64decode(result["content"]).decode("utf-8", "replace")

    async def last_change(self, commit: str, path: str) -> str:
        """The commit that last changed a file; "" when none is told."""
        result = await self._call("GET", f"{self._place}/commits", {"sha": commit, "path": path, "per_page": "1"})
        return str(result[0]["sha"]) if result else ""

    async def messages(self, commit: str) -> dict[str, str]:
        """Commit -> what it says of itself, of the newest that lead to a commit."""
        result = await self._call("GET", f"{self._place}/commits", {"sha": commit, "per_page": str(PAGE)})
        return {str(item["sha"]): str(item["commit"]["message"]) for item in result}

    async def begin(self, branch: str, path: str, content: bytes, message: str) -> str:
        """Make the first commit of an empty repository, where nothing else is taken; its id."""
        body = {"message": message, "content": base64.b64encode(content).decode(), "branch": branch}
        return str((await self._call("PUT", f"{self._place}/contents/{quote(path)}", body=body))["commit"]["sha"])

    async def commit(self, parent: str, message: str, changes: Sequence[Item]) -> str:
        """Make a commit upon another one, which no branch names yet; its id. `changes` are entries of a tree, as REST takes them."""
        base = (await self._call("GET", f"{self._place}/git/commits/{parent}"))["tree"]["sha"]
        tree = await self._call("POST", f"{self._place}/git/trees", body={"base_tree": base, "tree": list(changes)})
        body = {"message": message, "tree": tree["sha"], "parents": [parent]}
        return str((await self._call("POST", f"{self._place}/git/commits", body=body))["sha"])

    async def blob(self, content: bytes) -> str:
        """Keep a file that is no text; its object id."""
        body = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
        return str((await self._call("POST", f"{self._place}/git/blobs", body=body))["sha"])

    async def move(self, branch: str, commit: str) -> None:
        """Let a branch (``refs/heads/main``) that is there name another commit, forward only."""
        await self._call("PATCH", f"{self._place}/git/{quote(branch)}", body={"sha": commit, "force": False})

    async def add_branch(self, branch: str, commit: str) -> None:
        """Make a branch (``refs/heads/main``) that names a commit."""
        await self._call("POST", f"{self._place}/git/refs", body={"ref": branch, "sha": commit})

    async def pull_request(self, source: str, target: str, title: str, text: str) -> Item:
        """The open pull request from one branch to another, made when there is none."""
        query = {"head": f"{self._owner}:{source}", "base": target, "state": "open"}
        there = await self._call("GET", f"{self._place}/pulls", query)
        body = {"head": source, "base": target, "title": title, "body": text}
        return dict(there[0] if there else await self._call("POST", f"{self._place}/pulls", body=body))

    async def variables(self) -> dict[str, str]:
        """The repository's variables."""
        result = await self._call("GET", f"{self._place}/actions/variables", {"per_page": "30"})
        variables = list(result["variables"])
        for page in range(2, int(result["total_count"]) // 30 + 2):
            variables += (await self._call("GET", f"{self._place}/actions/variables", {"per_page": "30", "page": str(page)}))["variables"]
        return {str(item["name"]): str(item["value"]) for item in variables}

    async def set_variable(self, name: str, value: str, *, there: bool) -> None:
        """Write a variable of the repository; `there` says whether it exists already."""
        if there:
            await self._call("PATCH", f"{self._place}/actions/variables/{name}", body={"name": name, "value": value})
        else:
            await self._call("POST", f"{self._place}/actions/variables", body={"name": name, "value": value})

    async def remove_variable(self, name: str) -> None:
        """Delete a variable of the repository."""
        await self._call("DELETE", f"{self._place}/actions/variables/{name}")

    async def runs(self, file: str, commit: str) -> list[Item]:
        """The runs of a workflow's file (without its folder) for a commit, the newest first: ``id``, ``status``, ``conclusion``."""
        result = await self._call("GET", f"{self._place}/actions/workflows/{quote(file)}/runs", {"head_sha": commit, "per_page": "20"})
        return list(result["workflow_runs"])

    async def run(self, number: int) -> Item:
        """One run as it stands now."""
        return dict(await self._call("GET", f"{self._place}/actions/runs/{number}"))

    async def jobs(self, number: int) -> list[Item]:
        """The jobs of a run's last attempt, with ``name``, ``status``, ``conclusion`` and ``steps``."""
        return list((await self._call("GET", f"{self._place}/actions/runs/{number}/jobs"))["jobs"])

    async def log(self, job: int) -> list[str]:
        """The lines of a job's log, once it has ended; it lies elsewhere, where the token must not be sent."""
        response = await self._send("GET", f"{self._place}/actions/jobs/{job}/logs", {}, redirected=True)
        return str(response.text()).splitlines()

    async def dispatch(self, file: str, branch: str) -> None:
        """Begin a run of a workflow on a branch, given without ``refs/heads/``."""
        await self._call("POST", f"{self._place}/actions/workflows/{quote(file)}/dispatches", body={"ref": branch})

    async def rerun(self, number: int) -> None:
        """Begin another attempt of a run that has ended."""
        await self._call("POST", f"{self._place}/actions/runs/{number}/rerun")

    async def _call(self, method: str, url: str, params: Mapping[str, str] | None = None, *, body: Any = None) -> Any:
        text = (await self._send(method, url, params or {}, body=body)).text()
        return json.loads(text) if text else None

    async def _send(self, method: str, url: str, params: Mapping[str, str], *, body: Any = None, redirected: bool = False) -> Any:
        from azure.core.exceptions import AzureError
        from azure.core.rest import HttpRequest

        from wizard.cloud.errors.translation import translate

        if self._token is None:
            raise no_token()
        headers = {
            "Authorization": f"Bearer {self._token.reveal()}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": VERSION,
        }
        try:
            response = (
                await self._pipeline.run(HttpRequest(method, url, params=dict(params), headers=headers, json=body), permit_redirects=False)
            ).http_response
            if redirected and response.status_code == 302:
                elsewhere = HttpRequest("GET", response.headers["Location"])
                response = (await self._pipeline.run(elsewhere, permit_redirects=False)).http_response
        except AzureError as error:
            raise translate(error) from error
        if response.status_code < 300:
            return response
        raise refusal(response)


async def find_token() -> Secret | None:
    """The token of the environment, else the one that GitHub's own command ``gh`` holds; None when neither has one."""
    if token := os.environ.get(TOKEN_VARIABLE, "").strip():
        return Secret(token)
    program = shutil.which("gh")
    if program is None:
        return None
    query = (program, "auth", "token", "--hostname", "github.com")
    try:
        process = await asyncio.create_subprocess_exec(
            *query, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        output, _errors = await asyncio.wait_for(process.communicate(), GH_SECONDS)
    except (OSError, TimeoutError):
        return None
    return Secret(output.decode().strip()) if process.returncode == 0 and output.strip() else None
