"""GitHub: what is in a repository, over REST: branches, commits, trees, files."""

from __future__ import annotations

import base64
import binascii
import json
import time
from typing import Any, TypeVar

from aiohttp import web

from wizard.practice.git.objects import FILE, Blob, Commit, GitError, Repository, clean_path
from wizard.practice.github.front import DOCS, USER, GitHubError, GitHubFront, GitHubRequest
from wizard.practice.github.repositories import GitHubRepositories
from wizard.practice.kernel.store import Document

T = TypeVar("T")
AUTHOR = f"{USER} <{USER}@users.noreply.github.com>"
WORKFLOWS = ".github/workflows/"
PROTECTED = "Repository rule violations found\n\nChanges must be made through a pull request.\n\n"
KINDS = {"40000": ("tree", "040000"), "160000": ("commit", "160000")}


class GitData:
    """Git's objects and branches as REST shows them (docs.github.com/rest/git)."""

    def __init__(self, repositories: GitHubRepositories) -> None:
        self._repositories = repositories

    async def matching_refs(self, call: GitHubRequest) -> web.Response:
        """GET of the references whose names begin as asked."""
        _repository, git = self._repositories.filled(call)
        target = f"refs/{call.names['ref']}"
        return web.json_response([_ref(name, commit) for name, commit in git.refs().items() if name.startswith(target)])

    async def ref(self, call: GitHubRequest) -> web.Response:
        """GET of one reference."""
        _repository, git = self._repositories.filled(call)
        name = f"refs/{call.names['ref']}"
        if name not in git.refs():
            raise GitHubError(404, "Not Found")
        return web.json_response(_ref(name, git.refs()[name]))

    async def add_ref(self, call: GitHubRequest) -> web.Response:
        """POST of a reference to a commit that is there."""
        repository, git = self._repositories.filled(call)
        name, commit = str(call.body.get("ref")), str(call.body.get("sha"))
        if name in git.refs():
            raise GitHubError(422, "Reference already exists")
        self._commit(git, commit)
        await self._move(repository, git, name, commit)
        return web.json_response(_ref(name, commit), status=201)

    async def change_ref(self, call: GitHubRequest) -> web.Response:
        """Move a branch: forward only, unless ``force`` is asked for."""
        repository, git = self._repositories.filled(call)
        name, commit = f"refs/{call.names['ref']}", str(call.body.get("sha"))
        before = git.refs().get(name)
        if before is None:
            raise GitHubError(422, "Reference does not exist")
        self._commit(git, commit)
        if not call.body.get("force") and before not in {item.id for item in git.history(commit, 10_000)}:
            raise GitHubError(422, "Update is not a fast forward")
        if self._repositories.guarded(name):
            raise GitHubError(422, PROTECTED)
        await self._move(repository, git, name, commit)
        return web.json_response(_ref(name, commit))

    async def _move(self, repository: Document, git: Repository, name: str, commit: str) -> None:
        try:
            git.set_head(name, commit)
        except GitError:
            raise GitHubError(422, f"{name} is not a valid ref name.") from None
        await self._repositories.moved(repository, name, commit)

    async def tree(self, call: GitHubRequest) -> web.Response:
        """A tree by its id, or by that of a commit."""
        _repository, git = self._repositories.filled(call)
        sha = call.names["sha"]
        try:
            tree = git.commit(sha).tree
        except GitError:
            tree = sha
        try:
            entries = git.tree(tree, recursive="recursive" in call.query)
        except GitError:
            raise GitHubError(404, "Not Found") from None
        return web.json_response({"sha": tree, "tree": [_entry(path, blob) for path, blob in entries], "truncated": False})

    async def add_tree(self, call: GitHubRequest) -> web.Response:
        """Make a tree of another one and of changes, each with a ``content``, the ``sha`` of a blob, or null to delete."""
        _repository, git = self._repositories.filled(call)
        changes = _listed(call.body, "tree", dict)
        self._check_workflows([str(change.get("path")) for change in changes], call)
        base = call.body.get("base_tree")
        try:
            files = {path: blob for path, blob in git.tree(str(base), recursive=True) if blob.mode != "40000"} if base else {}
            for change in changes:
                _apply(git, files, change)
        except GitError as error:
            raise GitHubError(422, f"GitRPC::BadObjectState: {error}") from error
        tree = git.add_tree(files)
        entries = git.tree(tree, recursive=False)
        return web.json_response({"sha": tree, "tree": [_entry(path, blob) for path, blob in entries], "truncated": False}, status=201)

    async def add_blob(self, call: GitHubRequest) -> web.Response:
        """POST of a file's content."""
        _repository, git = self._repositories.filled(call)
        return web.json_response({"sha": git.add_file(_content(call.body)), "url": ""}, status=201)

    async def blob(self, call: GitHubRequest) -> web.Response:
        """GET of a file's content by its id, in base64."""
        _repository, git = self._repositories.filled(call)
        try:
            content = git.content(call.names["sha"])
        except GitError:
            raise GitHubError(404, "Not Found") from None
        encoded = base64.b64encode(content).decode()
        return web.json_response({"sha": call.names["sha"], "size": len(content), "encoding": "base64", "content": encoded})

    async def add_commit(self, call: GitHubRequest) -> web.Response:
        """POST of a commit of a tree that is there."""
        _repository, git = self._repositories.filled(call)
        parents = tuple(str(parent) for parent in _listed(call.body, "parents", str))
        for parent in parents:
            self._commit(git, parent)
        try:
            commit = git.add_commit_of(str(call.body.get("tree")), parents, AUTHOR, int(time.time()), str(call.body.get("message") or ""))
        except GitError:
            raise GitHubError(422, "Tree SHA does not exist") from None
        return web.json_response(_commit_object(git.commit(commit)), status=201)

    async def commit_object(self, call: GitHubRequest) -> web.Response:
        """A commit as Git keeps it."""
        _repository, git = self._repositories.filled(call)
        try:
            return web.json_response(_commit_object(git.commit(call.names["sha"])))
        except GitError:
            raise GitHubError(404, "Not Found") from None

    async def commits(self, call: GitHubRequest) -> web.Response:
        """The newest commits of a branch or before a commit, those that changed one path where that is asked for."""
        _repository, git = self._repositories.filled(call)
        start = git.refs().get(f"refs/heads/{call.query.get('sha', 'main')}") or str(call.query.get("sha"))
        self._commit(git, start)
        history = git.history(start, 10_000)
        if path := call.query.get("path"):
            history = [item for item in history if _changed(git, item, path)]
        most = min(100, int(call.query.get("per_page", 30)))
        begin = (int(call.query.get("page", 1)) - 1) * most
        return web.json_response([_listed_commit(item) for item in history[begin : begin + most]])

    async def commit(self, call: GitHubRequest) -> web.Response:
        """GET of one commit, by its id or a branch."""
        _repository, git = self._repositories.filled(call)
        result = self._commit(git, git.refs().get(f"refs/heads/{call.names['sha']}") or call.names["sha"])
        return web.json_response(_listed_commit(result))

    def _commit(self, git: Repository, sha: str) -> Commit:
        try:
            return git.commit(sha)
        except GitError:
            raise GitHubError(422, f"No commit found for SHA: {sha}") from None

    async def put_content(self, call: GitHubRequest) -> web.Response:
        """Write one file as a commit; the only way into an empty repository."""
        repository = self._repositories.front.repository(call)
        git, path = self._repositories.git(repository), call.names["path"]
        self._check_workflows([path], call)
        ref = f"refs/heads/{call.body.get('branch') or 'main'}"
        head = git.refs().get(ref)
        if head is None and git.refs():
            raise GitHubError(404, f"Branch {call.body.get('branch')} not found")
        files = git.files(head) if head else {}
        if path in files and call.body.get("sha") != files[path].id:
            value = call.body.get("sha")
            raise (
                GitHubError(409, f"{path} does not match {value}")
                if value
                else GitHubError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
            )
        if head and self._repositories.guarded(ref):
            raise GitHubError(409, PROTECTED)
        try:
            files[clean_path(path)] = Blob(git.add_file(_content({"content": call.body.get("content"), "encoding": "base64"})))
        except GitError:
            raise GitHubError(422, "path contains a malformed path component") from None
        commit = git.add_commit(files, (head,) if head else (), AUTHOR, int(time.time()), str(call.body.get("message") or ""))
        await self._move(repository, git, ref, commit)
        body = {"content": {"path": path, "sha": files[path].id}, "commit": {"sha": commit, "tree": {"sha": git.commit(commit).tree}}}
        return web.json_response(body, status=200 if head and path in git.files(head) else 201)

    async def content(self, call: GitHubRequest) -> web.Response:
        """GET of a file or folder at a path of a branch or commit."""
        _repository, git = self._repositories.filled(call)
        target = call.query.get("ref", "main")
        commit = git.refs().get(f"refs/heads/{target}") or target
        result = git.files(self._commit(git, commit).id).get(call.names["path"])
        if result is None:
            raise GitHubError(404, "Not Found")
        content = git.content(result.id)
        encoded = base64.encodebytes(content).decode()
        return web.json_response(
            {"type": "file", "encoding": "base64", "size": len(content), "path": call.names["path"], "content": encoded, "sha": result.id}
        )

    def _check_workflows(self, paths: list[str], call: GitHubRequest) -> None:
        """A workflow file needs a scope of its own, and without it "does not exist"."""
        if any(path.startswith(WORKFLOWS) for path in paths) and "workflow" not in call.scopes:
            raise GitHubError(404, "Not Found", docs=f"{DOCS}/git/trees#create-a-tree")


def _apply(git: Repository, files: dict[str, Blob], change: dict[str, Any]) -> None:
    path = clean_path(str(change.get("path") or ""))
    if "content" in change:
        files[path] = Blob(git.add_file(str(change["content"]).encode()), str(change.get("mode") or FILE))
    elif change.get("sha") is None:
        if path not in files:
            raise GitError(f"{path} is not in the tree")
        del files[path]
    else:
        git.content(str(change["sha"]))
        files[path] = Blob(str(change["sha"]), str(change.get("mode") or FILE))


def _listed(body: dict[str, Any], name: str, kind: type[T]) -> list[T]:
    """A member that is a list of one kind; empty where it is not there. Raises GitHubError."""
    items = body.get(name) or []
    if not isinstance(items, list) or not all(isinstance(item, kind) for item in items):
        raise GitHubError(422, f"Invalid request.\n\nFor 'properties/{name}', {json.dumps(items)[:80]} is not an array of that kind.")
    return items


def _content(body: dict[str, Any]) -> bytes:
    text = str(body.get("content") or "")
    if body.get("encoding") != "base64":
        return text.encode()
    try:
        return base64.b64decode(text, validate=False)
    except binascii.Error:
        raise GitHubError(422, "content is not valid Base64") from None


def _changed(git: Repository, commit: Commit, path: str) -> bool:
    """Whether a commit gave the path another content than each of its parents has."""
    mine = git.files(commit.id).get(path)
    return all(git.files(parent).get(path) != mine for parent in commit.parents) if commit.parents else mine is not None


def _ref(name: str, commit: str) -> dict[str, Any]:
    return {"ref": name, "object": {"sha": commit, "type": "commit"}}


def _entry(path: str, blob: Blob) -> dict[str, Any]:
    kind, mode = KINDS.get(blob.mode, ("blob", blob.mode))
    return {"path": path, "mode": mode, "type": kind, "sha": blob.id}


def _listed_commit(commit: Commit) -> dict[str, Any]:
    """A commit as lists of commits have it: what Git says of it stands apart from its id and its parents."""
    inner = _commit_object(commit)
    return {"sha": inner.pop("sha"), "parents": inner.pop("parents"), "commit": inner}


def _commit_object(commit: Commit) -> dict[str, Any]:
    parents = [{"sha": parent} for parent in commit.parents]
    return {"sha": commit.id, "tree": {"sha": commit.tree}, "message": commit.comment, "parents": parents}


def install(front: GitHubFront, repositories: GitHubRepositories) -> None:
    """Serve Git's objects."""
    service = GitData(repositories)
    one = "/repos/{owner}/{repo}"
    front.add("GET", f"{one}/git/matching-refs/{{ref*}}", service.matching_refs)
    front.add("GET", f"{one}/git/ref/{{ref*}}", service.ref)
    front.add("POST", f"{one}/git/refs", service.add_ref)
    front.add("PATCH", f"{one}/git/refs/{{ref*}}", service.change_ref)
    front.add("GET", f"{one}/git/trees/{{sha}}", service.tree)
    front.add("POST", f"{one}/git/trees", service.add_tree)
    front.add("POST", f"{one}/git/blobs", service.add_blob)
    front.add("GET", f"{one}/git/blobs/{{sha}}", service.blob)
    front.add("POST", f"{one}/git/commits", service.add_commit)
    front.add("GET", f"{one}/git/commits/{{sha}}", service.commit_object)
    front.add("GET", f"{one}/commits", service.commits)
    front.add("GET", f"{one}/commits/{{sha}}", service.commit)
    front.add("GET", f"{one}/contents/{{path*}}", service.content)
    front.add("PUT", f"{one}/contents/{{path*}}", service.put_content)
