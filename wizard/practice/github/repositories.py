"""GitHub: repositories and their branches, pull requests and variables."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.git.objects import Repository
from wizard.practice.github.front import HOST, USER, USER_ID, WEB_HOST, GitHubError, GitHubFront, GitHubRequest, now
from wizard.practice.kernel.store import Document

MAIN = "refs/heads/main"
VARIABLE = re.compile(r"(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]*", re.IGNORECASE)
Pushed = Callable[[Document, str, str], Awaitable[None]]


class GitHubRepositories:
    """The repositories; their Git folders lie in ``home/git``. Fault ``branch-policy`` protects every default branch."""

    def __init__(self, cloud: PracticeCloud, front: GitHubFront) -> None:
        self._cloud = cloud
        self.front = front
        self._pulls = cloud.store.collection("github_pull_requests")
        self._variables = cloud.store.collection("github_variables")
        self.when_pushed: list[Pushed] = []  # told the repository, the branch and the commit

    def folder(self, repository: Document) -> Path:
        """Where the Git repository lies on this computer."""
        return self._cloud.home / "git" / f"github-{repository['id']}.git"

    def git(self, repository: Document) -> Repository:
        """The Git repository itself."""
        return Repository(self.folder(repository))

    def filled(self, call: GitHubRequest) -> tuple[Document, Repository]:
        """The repository of a request that needs a commit to be there. Raises GitHubError."""
        repository = self.front.repository(call)
        git = self.git(repository)
        if not git.refs():
            raise GitHubError(409, "Git Repository is empty.")
        return repository, git

    def guarded(self, ref: str) -> bool:
        """Whether a rule wants a pull request for that branch."""
        return ref == MAIN and self._cloud.faults.active("branch-policy")

    async def moved(self, repository: Document, ref: str, commit: str) -> None:
        """A branch names another commit now: whoever listens is told."""
        repository["pushed_at"] = now()
        self.front.repositories[f"{repository['owner']}/{repository['name']}"] = repository
        for tell in self.when_pushed:
            await tell(repository, ref, commit)

    def described(self, repository: Document) -> dict[str, Any]:
        """What a GET answers."""
        full = f"{repository['owner']}/{repository['name']}"
        return {
            "id": repository["id"],
            "name": repository["name"],
            "full_name": full,
            "private": True,
            "owner": {"login": repository["owner"], "id": repository["owner_id"], "type": "Organization"},
            "html_url": f"https://{WEB_HOST}/{full}",
            "url": f"https://{HOST}/repos/{full}",
            "clone_url": f"https://{WEB_HOST}/{full}.git",
            "default_branch": MAIN.removeprefix("refs/heads/"),
            "created_at": repository["created_at"],
            "pushed_at": repository["pushed_at"],
            "archived": False,
            "permissions": {"admin": True, "maintain": True, "push": True, "triage": True, "pull": True},
        }

    async def user(self, call: GitHubRequest) -> web.Response:
        """GET of who is signed in."""
        if not call.scopes:
            raise GitHubError(401, "Requires authentication")
        return web.json_response({"login": USER, "id": USER_ID, "type": "User"})

    async def list_all(self, call: GitHubRequest) -> web.Response:
        """GET of the repositories that the caller's token reaches."""
        if not call.scopes:
            raise GitHubError(401, "Requires authentication")
        shown = [self.described(item) for item in self.front.repositories.values()] if "repo" in call.scopes else []
        return web.json_response(shown if int(call.query.get("page", 1)) == 1 else [])

    async def get(self, call: GitHubRequest) -> web.Response:
        """GET of one repository."""
        return web.json_response(self.described(self.front.repository(call)))

    async def branch(self, call: GitHubRequest) -> web.Response:
        """GET of one branch."""
        repository = self.front.repository(call)
        ref = f"refs/heads/{call.names['branch']}"
        commit = self.git(repository).refs().get(ref)
        if commit is None:
            raise GitHubError(404, "Branch not found")
        return web.json_response({"name": call.names["branch"], "commit": {"sha": commit}, "protected": self.guarded(ref)})

    async def oidc(self, call: GitHubRequest) -> web.Response:
        """GET of what stands in the subject of the tokens that a repository's workflows get."""
        repository = self.front.repository(call)
        return web.json_response(
            {
                "use_default": True,
                "use_immutable_subject": not self._cloud.faults.active("github-old-repository"),
                "sub_claim_prefix": self.subject_prefix(repository),
            }
        )

    def subject_prefix(self, repository: Document) -> str:
        """How the subject of every token of the repository's runs begins."""
        if self._cloud.faults.active("github-old-repository"):
            return f"repo:{repository['owner']}/{repository['name']}"
        return f"repo:{repository['owner']}@{repository['owner_id']}/{repository['name']}@{repository['id']}"

    # Pull requests

    async def pulls(self, call: GitHubRequest) -> web.Response:
        """GET of a repository's pull requests, by state and head where asked."""
        repository, state = self.front.repository(call), call.query.get("state", "open")
        result = [item for item in self._pulls.values() if item["repository"] == repository["id"] and state in (item["state"], "all")]
        if head := call.query.get("head"):
            result = [item for item in result if item["head"]["label"] == head]
        if base := call.query.get("base"):
            result = [item for item in result if item["base"]["ref"] == base]
        return web.json_response([_described_pull(item) for item in result])

    async def add_pull(self, call: GitHubRequest) -> web.Response:
        """POST of a pull request from one branch to another."""
        repository, git = self.filled(call)
        head, base = str(call.body.get("head")).rpartition(":")[2], str(call.body.get("base"))
        refs = git.refs()
        if wrong := next((field for field, name in (("head", head), ("base", base)) if f"refs/heads/{name}" not in refs), None):
            raise GitHubError(422, "Validation Failed", errors=[{"resource": "PullRequest", "field": wrong, "code": "invalid"}])
        label = f"{repository['owner']}:{head}"
        if any(item["state"] == "open" and item["head"]["label"] == label for item in self._pulls.values()):
            raise GitHubError(
                422, "Validation Failed", errors=[{"code": "custom", "message": f"A pull request already exists for {label}."}]
            )
        number = len(self._pulls) + 1
        self._pulls[str(number)] = {
            "repository": repository["id"],
            "number": number,
            "state": "open",
            "title": str(call.body.get("title") or ""),
            "body": call.body.get("body"),
            "html_url": f"https://{WEB_HOST}/{repository['owner']}/{repository['name']}/pull/{number}",
            "head": {"label": label, "ref": head, "sha": refs[f"refs/heads/{head}"]},
            "base": {"label": f"{repository['owner']}:{base}", "ref": base, "sha": refs[f"refs/heads/{base}"]},
        }
        return web.json_response(_described_pull(self._pulls[str(number)]), status=201)

    async def merge_pull(self, call: GitHubRequest) -> web.Response:
        """Bring the files of a pull request onto its base as one commit, as the button does."""
        repository, git = self.filled(call)
        pull = self._pulls.get(call.names["number"])
        if pull is None or pull["state"] != "open":
            raise GitHubError(404 if pull is None else 405, "Not Found" if pull is None else "Pull Request is not mergeable")
        refs = git.refs()
        source, target = refs[f"refs/heads/{pull['head']['ref']}"], refs[f"refs/heads/{pull['base']['ref']}"]
        title = f"Merge pull request #{pull['number']} from {pull['head']['label'].replace(':', '/')}\n\n{pull['title']}"
        merged = git.add_commit(git.files(source), (target, source), f"{USER} <{USER}@users.noreply.github.com>", int(time.time()), title)
        pull["state"] = "closed"
        self._pulls[call.names["number"]] = pull
        ref = f"refs/heads/{pull['base']['ref']}"
        git.set_head(ref, merged)
        await self.moved(repository, ref, merged)
        return web.json_response({"sha": merged, "merged": True, "message": "Pull Request successfully merged"})

    # Variables

    async def variables(self, call: GitHubRequest) -> web.Response:
        """GET of a repository's variables for workflows."""
        result = list(self.values(self.front.repository(call)).items())
        shown = [{"name": name, "value": value} for name, value in sorted(result)]
        return web.json_response({"total_count": len(shown), "variables": shown})

    async def variable(self, call: GitHubRequest) -> web.Response:
        """GET of one variable."""
        return web.json_response(self._variables[self._known(call)])

    async def add_variable(self, call: GitHubRequest) -> web.Response:
        """POST of a variable; refused where its name is taken or is none."""
        repository, name = self.front.repository(call), str(call.body.get("name", ""))
        if not VARIABLE.fullmatch(name):
            message = (
                "Variable names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed."
            )
            raise GitHubError(422, f"{message} Variable names must not start with a number or the GITHUB_ prefix.")
        key = f"{repository['id']}/{name}"
        if key in self._variables:
            raise GitHubError(409, "Already exists - Variable already exists")
        times = {"created_at": now(), "updated_at": now()}
        self._variables[key] = {"name": name.upper(), "value": str(call.body.get("value", "")), **times}
        return web.json_response({}, status=201)

    async def change_variable(self, call: GitHubRequest) -> web.Response:
        """PATCH of a variable's value."""
        key = self._known(call)
        self._variables[key] = {**self._variables[key], "value": str(call.body.get("value", "")), "updated_at": now()}
        return web.Response(status=204)

    async def remove_variable(self, call: GitHubRequest) -> web.Response:
        """DELETE of a variable."""
        del self._variables[self._known(call)]
        return web.Response(status=204)

    def values(self, repository: Document) -> dict[str, str]:
        """The variables of a repository, as its workflows get them."""
        mine = (item for key, item in self._variables.items() if key.startswith(f"{repository['id']}/"))
        return {item["name"]: item["value"] for item in mine}

    def _known(self, call: GitHubRequest) -> str:
        key = f"{self.front.repository(call)['id']}/{call.names['name']}"
        if key not in self._variables:
            raise GitHubError(404, "Not Found")
        return key


def _described_pull(pull: Document) -> dict[str, Any]:
    """A pull request as GitHub tells it, without the practice cloud's own note of whose it is."""
    return {name: value for name, value in pull.items() if name != "repository"}


def install(cloud: PracticeCloud, front: GitHubFront) -> GitHubRepositories:
    """Serve repositories."""
    service = GitHubRepositories(cloud, front)
    one = "/repos/{owner}/{repo}"
    front.add("GET", "/user", service.user)
    front.add("GET", "/user/repos", service.list_all)
    front.add("GET", one, service.get)
    front.add("GET", f"{one}/branches/{{branch*}}", service.branch)
    front.add("GET", f"{one}/pulls", service.pulls)
    front.add("POST", f"{one}/pulls", service.add_pull)
    front.add("PUT", f"{one}/pulls/{{number}}/merge", service.merge_pull)
    front.add("GET", f"{one}/actions/variables", service.variables)
    front.add("POST", f"{one}/actions/variables", service.add_variable)
    front.add("GET", f"{one}/actions/variables/{{name}}", service.variable)
    front.add("PATCH", f"{one}/actions/variables/{{name}}", service.change_variable)
    front.add("DELETE", f"{one}/actions/variables/{{name}}", service.remove_variable)
    front.add("GET", f"{one}/actions/oidc/customization/sub", service.oidc)
    return service
