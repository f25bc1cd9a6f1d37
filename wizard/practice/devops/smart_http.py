"""Azure DevOps: ``git clone``, ``fetch`` and ``push`` over https, by the Git that this computer has."""

from __future__ import annotations

import asyncio
import os
import re
import shutil

from aiohttp import web

from wizard.practice.devops.front import DevOpsError, DevOpsFront
from wizard.practice.devops.git_objects import NO_COMMIT, Repository
from wizard.practice.devops.repositories import Repositories
from wizard.practice.kernel.bodies import read_body
from wizard.practice.kernel.store import Document

SERVICES = ("git-upload-pack", "git-receive-pack")
PLACE = re.compile(r"/(?:(?P<project>[^/]+)/)?_git/(?P<repository>[^/]+?)(?:\.git)?/(?P<rest>info/refs|git-upload-pack|git-receive-pack)")
COMMAND = re.compile(rb"[0-9a-f]{4}([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)")
LOOSE = ("gc.auto=0", "receive.autogc=false", "receive.unpackLimit=1000000", "receive.fsckObjects=true", "safe.directory=*")
"""Settings that keep every object in a file of its own, which is all that `devops_git` reads."""
END = b"0000"
LARGEST_PUSH = 1 << 30


class SmartHttp:
    """Git's own protocol (``git help protocol-http``), answered by a child process on the repository's folder."""

    def __init__(self, front: DevOpsFront, repositories: Repositories) -> None:
        self._front, self._repositories = front, repositories

    async def answer(self, request: web.Request, path: str) -> web.Response | None:
        """Answer a request of Git's; None for one that is none. `path` is below the organization."""
        match = PLACE.fullmatch(path)
        if match is None:
            return None
        repository = self._repositories.find(self._front.project(match["project"] or match["repository"]), match["repository"])
        service = request.query.get("service", "") if match["rest"] == "info/refs" else match["rest"]
        if service not in SERVICES:
            raise DevOpsError(403, "GitDumbProtocolNotSupportedException", "TF401036: Only Git's smart protocol is served.")
        if service == SERVICES[1]:
            self._front.check_may_write()
        program, git = shutil.which("git"), self._repositories.git(repository)
        if program is None:
            raise DevOpsError(501, "VssServiceException", "The practice cloud answers Git with the Git of this computer, which has none.")
        if match["rest"] == "info/refs":
            refs = await self._git(program, repository, service, "--advertise-refs")
            return _answer(f"{service}-advertisement", _line(f"# service={service}\n".encode()) + END + refs)
        body = await read_body(request, LARGEST_PUSH)
        if service == SERVICES[1] and (refused := self._refused(repository, body)):
            return _answer(f"{service}-result", refused)
        before = git.refs()
        result = await self._git(program, repository, service, body=body)
        for ref, commit in git.refs().items():
            if before.get(ref) != commit:
                await self._repositories.moved(repository, ref, commit)
        return _answer(f"{service}-result", result)

    def _refused(self, repository: Document, body: bytes) -> bytes:
        """The report that a policy forbids the push, or nothing."""
        git: Repository = self._repositories.git(repository)
        updates = [(before.decode(), ref.decode("utf-8", "replace")) for before, _after, ref in COMMAND.findall(body.partition(END)[0])]
        guarded = [ref for before, ref in updates if before != NO_COMMIT and git.head(ref) and self._repositories.guarded(ref)]
        if not guarded:
            return b""
        words = "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch."
        report = _line(b"unpack ok\n") + b"".join(_line(f"ng {ref} {words}\n".encode()) for _before, ref in updates) + END
        return _line(b"\x01" + report) + END

    async def _git(self, program: str, repository: Document, service: str, *options: str, body: bytes = b"") -> bytes:
        settings = [argument for setting in LOOSE for argument in ("-c", setting)]
        folder = str(self._repositories.folder(repository))
        process = await asyncio.create_subprocess_exec(
            *(program, *settings, service.removeprefix("git-"), "--stateless-rpc", *options, folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
        )
        stdout, _stderr = await process.communicate(body)
        return stdout


def _line(content: bytes) -> bytes:
    """One line of Git's protocol: its length in four hex digits, then the content."""
    return b"%04x" % (len(content) + 4) + content


def _answer(kind: str, body: bytes) -> web.Response:
    return web.Response(body=body, content_type=f"application/x-{kind}", headers={"Cache-Control": "no-cache"})
