"""``git clone``, ``fetch`` and ``push`` over https, by the Git that this computer has."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from wizard.practice.git.objects import NO_COMMIT, Repository
from wizard.practice.kernel.bodies import read_body

SERVICES = ("git-upload-pack", "git-receive-pack")
REST = r"(?P<rest>info/refs|git-upload-pack|git-receive-pack)"
"""How every address of Git's ends."""
COMMAND = re.compile(rb"[0-9a-f]{4}([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)")
LOOSE = ("gc.auto=0", "receive.autogc=false", "receive.unpackLimit=1000000", "receive.fsckObjects=true", "safe.directory=*")
"""Settings that keep every object in a file of its own, which is all that `objects` reads."""
END = b"0000"
LARGEST_PUSH = 1 << 30

Moved = Callable[[str, str], Awaitable[None]]


class NotServed(Exception):
    """A request that is none of Git's smart protocol (403), or a computer without Git (501); the text says which."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class SmartHttp:
    """Git's own protocol (``git help protocol-http``), answered by a child process on one repository's folder.

    :param guarded: the refusal of a push to a branch (``refs/heads/main``), in the service's words; "" where it may be pushed to.
    :param moved: told each branch that a push moved, and the commit it names now.
    """

    def __init__(self, folder: Path, guarded: Callable[[str], str], moved: Moved) -> None:
        self._folder = folder
        self._guarded = guarded
        self._moved = moved

    async def answer(self, request: web.Request, rest: str) -> web.Response:
        """Answer a request of Git's; `rest` is the end of its address. Raises NotServed."""
        program, service = shutil.which("git"), asked_service(request, rest)
        if program is None:
            raise NotServed(501, "The practice cloud answers Git with the Git of this computer, which has none.")
        git = Repository(self._folder)
        if rest == "info/refs":
            refs = await self._git(program, service, "--advertise-refs")
            return _answer(f"{service}-advertisement", _line(f"# service={service}\n".encode()) + END + refs)
        body = await read_body(request, LARGEST_PUSH)
        if service == SERVICES[1] and (refused := self._refused(git, body)):
            return _answer(f"{service}-result", refused)
        before = git.refs()
        result = await self._git(program, service, body=body)
        for ref, commit in git.refs().items():
            if before.get(ref) != commit:
                await self._moved(ref, commit)
        return _answer(f"{service}-result", result)

    def _refused(self, git: Repository, body: bytes) -> bytes:
        """The report that a policy forbids the push, or nothing."""
        updates = [(before.decode(), ref.decode("utf-8", "replace")) for before, _after, ref in COMMAND.findall(body.partition(END)[0])]
        words = next((refusal for before, ref in updates if before != NO_COMMIT and git.head(ref) and (refusal := self._guarded(ref))), "")
        if not words:
            return b""
        report = _line(b"unpack ok\n") + b"".join(_line(f"ng {ref} {words}\n".encode()) for _before, ref in updates) + END
        return _line(b"\x01" + report) + END

    async def _git(self, program: str, service: str, *options: str, body: bytes = b"") -> bytes:
        settings = [argument for setting in LOOSE for argument in ("-c", setting)]
        folder = str(self._folder)
        process = await asyncio.create_subprocess_exec(
            *(program, *settings, service.removeprefix("git-"), "--stateless-rpc", *options, folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
        )
        stdout, _stderr = await process.communicate(body)
        return stdout


def asked_service(request: web.Request, rest: str) -> str:
    """Which of `SERVICES` a request wants. Raises NotServed for the dumb protocol."""
    service = request.query.get("service", "") if rest == "info/refs" else rest
    if service not in SERVICES:
        raise NotServed(403, "Only Git's smart protocol is served.")
    return service


def _line(content: bytes) -> bytes:
    """One line of Git's protocol: its length in four hex digits, then the content."""
    return b"%04x" % (len(content) + 4) + content


def _answer(kind: str, body: bytes) -> web.Response:
    return web.Response(body=body, content_type=f"application/x-{kind}", headers={"Cache-Control": "no-cache"})
