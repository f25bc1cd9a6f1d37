"""Azure DevOps: what a repository holds, read without Git: its files, trees and commits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from wizard.practice.devops.front import DevOpsError, DevOpsFront, DevOpsRequest, in_project, listed
from wizard.practice.devops.repositories import Repositories
from wizard.practice.git.objects import LINK, Blob, Commit, GitError, Repository


class Items:
    """Reads every repository at a branch or a commit."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def items(self, request: DevOpsRequest) -> web.Response:
        """One file, as text unless JSON is asked for, or with ``recursionLevel=Full`` everything there is."""
        git = self._git(request)
        branch = request.query.get("versionDescriptor.version") or "main"
        commit = branch if request.query.get("versionDescriptor.versionType") == "commit" else git.head(f"refs/heads/{branch}")
        if commit is None:
            raise _unresolved(f"Branch: {branch}")
        files = _files(git, commit)
        if request.query.get("recursionLevel", "").lower() == "full":
            changes = git.last_changes(commit) if request.query.get("latestProcessedChange", "").lower() == "true" else {}
            return listed([_item(path, blob, commit) | _change(changes.get(path)) for path, blob in files.items()])
        path = request.query.get("path") or request.query.get("scopePath") or ""
        blob = files.get(path.strip("/"))
        if blob is None:
            where = f"in the repository '{request.names['repository']}' at the version specified by '<Branch: {branch} >'"
            message = f"TF401174: The item '{path}' could not be found {where} (resolved to commit '{commit}')"
            raise DevOpsError(404, "GitItemNotFoundException", message)
        content = git.content(blob.id)
        if request.query.get("includeContent", "").lower() == "true":
            return web.json_response({**_item(path.strip("/"), blob, commit), "content": content.decode("utf-8", "replace")})
        return web.Response(body=content, content_type="application/octet-stream")

    async def get_commit(self, request: DevOpsRequest) -> web.Response:
        """GET of one commit."""
        commit = request.names["commit"]
        try:
            commit_object = self._git(request).commit(commit)
        except GitError:
            raise _unresolved(f"Commit: {commit}") from None
        return web.json_response(
            {
                "treeId": commit_object.tree,
                **_signed(commit_object),
                "comment": commit_object.comment,
                "parents": list(commit_object.parents),
            }
        )

    async def commits(self, request: DevOpsRequest) -> web.Response:
        """The newest that lead to a commit; what they say is cut off after the first line, as Azure DevOps does in lists."""
        git, top = self._git(request), int(request.query.get("searchCriteria.$top") or 100)
        begin = request.query.get("searchCriteria.itemVersion.version", "")
        try:
            history = git.history(begin, top)
        except GitError:
            raise _unresolved(f"Commit: {begin}") from None
        return listed([_signed(match) | _cut(match.comment) for match in history])

    async def tree(self, request: DevOpsRequest) -> web.Response:
        """A tree with the mode of everything in it; with ``recursive=true`` also of what lies below."""
        identifier = request.names["tree"]
        try:
            entries = self._git(request).tree(identifier, recursive=request.query.get("recursive", "").lower() == "true")
        except GitError:
            message = f"TF401035: The object '{identifier}' does not exist."
            raise DevOpsError(404, "GitObjectDoesNotExistException", message) from None
        shown = [
            {"objectId": entry.id, "relativePath": path, "mode": entry.mode, "gitObjectType": "tree" if entry.mode == "40000" else "blob"}
            for path, entry in entries
        ]
        return web.json_response({"objectId": identifier, "treeEntries": shown})

    def _git(self, request: DevOpsRequest) -> Repository:
        return self._repositories.git(self._repositories.find(in_project(request), request.names["repository"]))


def _files(git: Repository, commit: str) -> dict[str, Blob]:
    try:
        return git.files(commit)
    except GitError as error:
        raise _unresolved(f"Commit: {commit}") from error


def _unresolved(version: str) -> DevOpsError:
    message = f"TF401175: The version descriptor <{version} > could not be resolved to a version in the repository."
    return DevOpsError(404, "GitUnresolvableToCommitException", message)


def _item(path: str, blob: Blob, commit: str) -> dict[str, Any]:
    link = {"isSymLink": True} if blob.mode == LINK else {}
    return {"objectId": blob.id, "gitObjectType": "blob", "commitId": commit, "path": f"/{path}", **link}


def _signed(commit: Commit) -> dict[str, Any]:
    when = datetime.fromtimestamp(commit.time, UTC).isoformat().replace("+00:00", "Z")
    name, _, address = commit.author.partition(" <")
    signed = {"name": name, "email": address.rstrip(">"), "date": when}
    return {"commitId": commit.id, "author": signed, "committer": signed}


def _cut(comment: str) -> dict[str, Any]:
    first, _, more = comment.partition("\n")
    return {"comment": first} | ({"commentTruncated": True} if more.strip() else {})


def _change(commit: str | None) -> dict[str, Any]:
    return {"latestProcessedChange": {"commitId": commit}} if commit else {}


def install(front: DevOpsFront, repositories: Repositories) -> None:
    """Serve what repositories hold."""
    service = Items(repositories)
    one = "git/repositories/{repository}"
    front.add("GET", f"{one}/items", service.items)
    front.add("GET", f"{one}/commits", service.commits)
    front.add("GET", f"{one}/commits/{{commit}}", service.get_commit)
    front.add("GET", f"{one}/trees/{{tree}}", service.tree)
