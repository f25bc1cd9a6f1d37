"""Azure DevOps: Git repositories, what is in them, pushes, pull requests, and the policy that asks for them."""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops.front import (
    HOST,
    ORGANIZATION,
    PROJECT,
    REPOSITORY,
    DevOpsError,
    DevOpsFront,
    DevOpsRequest,
    in_project,
    listed,
    objects_in,
)
from wizard.practice.git.objects import FILE, NO_COMMIT, Blob, GitError, Repository, clean_path
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.store import Document

REVIEWERS_POLICY = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"  # "Minimum number of reviewers", the same in every organization
DEFAULT_BRANCH = "refs/heads/main"
Pushed = Callable[[Document, str, str], Awaitable[None]]


class Repositories:
    """The repositories of every project; their Git folders lie in ``home/git``. Fault ``branch-policy`` guards every default branch."""

    def __init__(self, cloud: PracticeCloud, front: DevOpsFront) -> None:
        self._cloud = cloud
        self._documents = cloud.store.collection("devops_repositories")
        self._pulls = cloud.store.collection("devops_pull_requests")
        self.when_pushed: list[Pushed] = []  # told the repository, the branch and the commit
        if not self._documents:
            project = front.projects[PROJECT]
            repository_id = str(uuid.uuid4())
            self._documents[repository_id] = {"id": repository_id, "name": REPOSITORY, "project": project["id"], "pushes": 0}

    def git(self, repository: Document) -> Repository:
        """The Git repository itself."""
        return Repository(self.folder(repository))

    def folder(self, repository: Document) -> Path:
        """Where it lies on this computer."""
        return self._cloud.home / "git" / f"{repository['id']}.git"

    def find(self, project: Document, name: str) -> Document:
        """A project's repository by name or id. Raises DevOpsError."""
        mine = (document for document in self._documents.values() if document["project"] == project["id"])
        repository = next((item for item in mine if name.lower() in (item["name"].lower(), item["id"])), None)
        if repository is None:
            message = f"TF401019: The Git repository with name or identifier {name} does not exist or you do not have permissions for the "
            raise DevOpsError(404, "GitRepositoryNotFoundException", f"{message}operation you are attempting.")
        return repository

    def described(self, project: Document, repository: Document) -> dict[str, Any]:
        """What a GET answers; an empty repository has no default branch."""
        web_url = f"https://{HOST}/{ORGANIZATION}/{project['name']}/_git/{repository['name']}"
        there = {"defaultBranch": DEFAULT_BRANCH} if self.git(repository).head(DEFAULT_BRANCH) else {}
        return {
            "id": repository["id"],
            "name": repository["name"],
            "url": f"https://{HOST}/{ORGANIZATION}/{project['id']}/_apis/git/repositories/{repository['id']}",
            "project": project,
            **there,
            "size": 0,
            "remoteUrl": web_url,
            "webUrl": web_url,
            "isDisabled": False,
        }

    async def list_all(self, request: DevOpsRequest) -> web.Response:
        """GET of a project's repositories."""
        project = in_project(request)
        return listed([self.described(project, document) for document in self._of(project)])

    def _of(self, project: Document) -> list[Document]:
        return [document for document in self._documents.values() if document["project"] == project["id"]]

    async def get(self, request: DevOpsRequest) -> web.Response:
        """GET of one repository by its name or id."""
        return web.json_response(self.described(in_project(request), self._asked(request)))

    async def refs(self, request: DevOpsRequest) -> web.Response:
        """GET of a repository's branches, by the beginning of their names where a filter says so."""
        prefix = f"refs/{request.query.get('filter', '')}"
        refs = self.git(self._asked(request)).refs().items()
        return listed([{"name": name, "objectId": commit} for name, commit in refs if name.startswith(prefix)])

    async def push(self, request: DevOpsRequest) -> web.Response:
        """One commit on one branch, as the wizards of Azure DevOps themselves push."""
        project, repository = in_project(request), self._asked(request)
        updates, commits = objects_in(request.body, "refUpdates"), objects_in(request.body, "commits")
        if len(updates) != 1 or len(commits) != 1:
            raise DevOpsError(400, "InvalidArgumentValueException", "A push needs exactly one refUpdate and one commit here.")
        ref, before = str(updates[0].get("name")), str(updates[0].get("oldObjectId"))
        git = self.git(repository)
        try:
            head = git.head(ref)
            new = self._commit(git, head if head else before, commits[0], request.caller)
        except GitError as error:
            raise DevOpsError(400, "InvalidArgumentValueException", f"{error}") from error
        if before != head if head else before != NO_COMMIT and not _is_commit(git, before):
            message = (
                f"TF401028: The reference '{ref}' has already been updated by another client, so you cannot update it. Please try again."
            )
            raise DevOpsError(409, "GitReferenceStaleException", message)
        if head is not None and self.guarded(ref):
            message = "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch."
            raise DevOpsError(403, "GitRefUpdateRejectedByPolicyException", message)
        await self._move(repository, ref, new)
        update = {"repositoryId": repository["id"], "name": ref, "oldObjectId": before, "newObjectId": new}
        body = {"commits": [{"commitId": new, "treeId": git.commit(new).tree}], "refUpdates": [update]}
        described = self.described(project, repository)
        return web.json_response({**body, "repository": described, "pushId": repository["pushes"], "date": _now()}, status=201)

    def _commit(self, git: Repository, base: str, commit_request: dict[str, Any], caller: Caller) -> str:
        files = {} if base == NO_COMMIT else git.files(base)
        for change in commit_request.get("changes") or []:
            _apply(git, files, change)
        author = f"{caller.name} <{caller.name}>"
        parents = () if base == NO_COMMIT else (base,)
        return git.add_commit(files, parents, author, int(time.time()), str(commit_request.get("comment") or ""))

    async def _move(self, repository: Document, ref: str, commit: str) -> None:
        self.git(repository).set_head(ref, commit)
        await self.moved(repository, ref, commit)

    async def moved(self, repository: Document, ref: str, commit: str) -> None:
        """A branch names another commit now: whoever listens is told."""
        repository["pushes"] += 1
        self._documents[repository["id"]] = repository
        for tell in self.when_pushed:
            await tell(repository, ref, commit)

    def guarded(self, ref: str) -> bool:
        """Whether a policy wants a pull request for that branch."""
        return ref == DEFAULT_BRANCH and self._cloud.faults.active("branch-policy")

    async def policies(self, request: DevOpsRequest) -> web.Response:
        """GET of the branch policies of a project."""
        if not self._cloud.faults.active("branch-policy"):
            return listed([])
        scope = [{"refName": DEFAULT_BRANCH, "matchKind": "Exact", "repositoryId": None}]
        kind = {"id": REVIEWERS_POLICY, "displayName": "Minimum number of reviewers"}
        settings = {"minimumApproverCount": 1, "scope": scope}
        return listed([{"id": 1, "type": kind, "isEnabled": True, "isBlocking": True, "isDeleted": False, "settings": settings}])

    async def pull_requests(self, request: DevOpsRequest) -> web.Response:
        """GET of the pull requests of a repository, or of the project's, by branch and status where asked."""
        project = in_project(request)
        repositories = {each["id"]: each for each in ([self._asked(request)] if request.names else self._of(project))}
        pulls = [pull for pull in self._pulls.values() if pull["repository"]["id"] in repositories]
        for name, key in (("sourceRefName", "sourceRefName"), ("targetRefName", "targetRefName"), ("status", "status")):
            criterion = request.query.get(f"searchCriteria.{name}", "active" if name == "status" else None)
            pulls = [pull for pull in pulls if criterion in (None, "all", pull[key])]
        return listed([{**pull, "repository": self.described(project, repositories[pull["repository"]["id"]])} for pull in pulls])

    async def add_pull_request(self, request: DevOpsRequest) -> web.Response:
        """POST of a pull request from one branch to another."""
        repository, body = self._asked(request), request.body
        source, target = str(body.get("sourceRefName")), str(body.get("targetRefName"))
        git = self.git(repository)
        for ref in (source, target):
            if ref not in git.refs():
                raise DevOpsError(
                    400,
                    "GitPullRequestCannotBeCreatedException",
                    f"TF401398: The pull request cannot be activated because the source and/or the target branch no longer exists: {ref}.",
                )
        if any(
            pull["status"] == "active" and (pull["sourceRefName"], pull["targetRefName"]) == (source, target)
            for pull in self._pulls.values()
        ):
            raise DevOpsError(
                409, "GitPullRequestExistsException", "TF401179: An active pull request for the source and target branch already exists."
            )
        number = len(self._pulls) + 1
        self._pulls[str(number)] = {
            "repository": {"id": repository["id"], "name": repository["name"]},
            "pullRequestId": number,
            "status": "active",
            "creationDate": _now(),
            "title": str(body.get("title") or ""),
            "description": str(body.get("description") or ""),
            "sourceRefName": source,
            "targetRefName": target,
            "mergeStatus": "succeeded",
            "lastMergeSourceCommit": {"commitId": git.head(source)},
        }
        return web.json_response(self._pulls[str(number)], status=201)

    async def change_pull_request(self, request: DevOpsRequest) -> web.Response:
        """Complete or abandon one; completing brings the source's files onto the target as one commit."""
        repository, pull = self._asked(request), self._pulls.get(request.names["pull"])
        if pull is None or pull["repository"]["id"] != repository["id"]:
            raise DevOpsError(404, "GitPullRequestNotFoundException", "TF401180: The requested pull request was not found.")
        status = request.body.get("status")
        if status == "completed" and pull["status"] == "active":
            git = self.git(repository)
            source, target = str(git.head(pull["sourceRefName"])), str(git.head(pull["targetRefName"]))
            comment = f"Merged PR {pull['pullRequestId']}: {pull['title']}"
            author = f"{request.caller.name} <{request.caller.name}>"
            merged = git.add_commit(git.files(source), (target, source), author, int(time.time()), comment)
            await self._move(repository, pull["targetRefName"], merged)
        if status in ("completed", "abandoned"):
            pull["status"] = status
            self._pulls[request.names["pull"]] = pull
        return web.json_response(pull)

    def _asked(self, request: DevOpsRequest) -> Document:
        return self.find(in_project(request), request.names["repository"])


def _apply(git: Repository, files: dict[str, Blob], change: dict[str, Any]) -> None:
    """One change of a commit: add, edit or delete a file."""
    path = clean_path(str((change.get("item") or {}).get("path") or ""))
    kind = change.get("changeType")
    if kind == "add" and path in files:
        raise GitError(f"The path '/{path}' specified in the add operation already exists. Please specify a new path.")
    if kind in ("edit", "delete") and path not in files:
        raise GitError(f"The path '/{path}' specified in the {kind} operation does not exist. Please specify an existing path.")
    if kind == "delete":
        del files[path]
        return
    if kind not in ("add", "edit"):
        raise GitError(f"The practice cloud takes add, edit and delete, not the change type '{kind}'.")
    new = change.get("newContent") or {}
    text = str(new.get("content") or "")
    try:
        content = base64.b64decode(text, validate=True) if new.get("contentType") == "base64encoded" else text.encode()
    except binascii.Error as error:
        raise GitError(f"The content of '/{path}' is no base64.") from error
    files[path] = Blob(git.add_file(content), files[path].mode if path in files else FILE)  # no push of this kind changes a mode


def _is_commit(git: Repository, commit: str) -> bool:
    try:
        git.commit(commit)
    except GitError:
        return False
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def install(cloud: PracticeCloud, front: DevOpsFront) -> Repositories:
    """Serve Git and its policies."""
    service = Repositories(cloud, front)
    one = "git/repositories/{repository}"
    front.add("GET", "git/repositories", service.list_all)
    front.add("GET", one, service.get)
    front.add("GET", f"{one}/refs", service.refs)
    front.add("POST", f"{one}/pushes", service.push)
    front.add("GET", f"{one}/pullrequests", service.pull_requests)
    front.add("GET", "git/pullrequests", service.pull_requests)
    front.add("POST", f"{one}/pullrequests", service.add_pull_request)
    front.add("PATCH", f"{one}/pullrequests/{{pull}}", service.change_pull_request)
    front.add("GET", "policy/configurations", service.policies)
    return service
