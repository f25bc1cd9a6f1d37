"""Runs an API on this computer as Azure would: the image its Dockerfile makes, and an answer before anything is deployed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import tempfile
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.lint.scaffold import files_to_start, missing_files
from wizard.platform.language import _
from wizard.practice.runtime.child_process import module_command, passed_on
from wizard.source.requirements import GUNICORN
from wizard.steps.installing import installing_words
from wizard.testing.local_order import LocalRunError, order_for

if TYPE_CHECKING:
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.source.code_facts import CodeFacts
    from wizard.source.starting.app_objects import AppObject

PATIENCE = 15.0  # seconds from its start to its first answer
LEAVING = 60.0  # seconds for all of it to end: an engine takes its time to remove what it made
WORDS = 200  # lines kept of what it says
SERVER_ERROR = 500
LOOPBACK = ("127.0.0.1", "::1")


async def run_here(
    facts: CodeFacts,
    answers: Answers,
    secret: Callable[[str], Secret | None],
    say: Callable[[str], None],
    answered: Callable[[], object] = lambda: None,
    wheels: Path | None = None,
    started: AppObject | None = None,
) -> None:
    """Build the API's image, run it, ask it once, and keep it running until cancelled. Raises LocalRunError.

    With a container engine on this computer it builds and runs; otherwise the practice cloud's own runner does. Variables have their values
    from the table; a secret without a value gets a placeholder. Folders of file shares are empty ones.

    :param facts: of the folder with the API's code; files that it lacks are written for the try alone.
    :param secret: the value given for a secret's name, or None.
    :param answered: called when its first answer was told.
    :param wheels: the whole path of a folder of wheels to install its packages from, without a network.
    :param started: which of several applications a Dockerfile that is written for the try starts; None for what the code shows.
    """
    files = files_for_the_try(facts, started)
    with tempfile.TemporaryDirectory(prefix="azwizard-try-") as name:
        order = await asyncio.to_thread(order_for, facts, files, answers, secret, Path(name), wheels)
        if files:
            say(_("With files that azwizard would write for it: {files}").format(files=", ".join(files)))
        say(_("Building it as Azure would, and getting the Python packages it asks for…"))
        trouble = Path(name, "trouble.txt")
        async with _replica(order, trouble) as process:
            await _Try(process, facts, answers, say, trouble).carry_out(answered)


class _Try:
    """One try, told line by line."""

    def __init__(self, process: Process, facts: CodeFacts, answers: Answers, say: Callable[[str], None], trouble: Path) -> None:
        self._process, self._facts, self._app, self._say = process, facts, answers.app, say
        self._trouble = trouble
        self._words: deque[str] = deque(maxlen=WORDS)
        self._listening: list[tuple[str, int]] = []
        self._door = 0
        self._note = ""
        self._change = asyncio.Event()

    async def carry_out(self, answered: Callable[[], object]) -> None:
        """Tell all until it ends; raises LocalRunError with what it ended with."""
        reading = asyncio.ensure_future(self._read())
        try:
            status = await self._first_answer(reading)
            path = self._app.health_path
            sentence = _("✓ It answered {status} to GET {path}.") if status < SERVER_ERROR else _("✗ It answered {status} to GET {path}.")
            self._say(sentence.format(status=status, path=path))
            self._say(_("Open it in your browser while this is open: {url}").format(url=f"http://127.0.0.1:{self._door}{path}"))
            answered()
            raise LocalRunError(_("It ended: {error}").format(error=await reading))
        finally:
            reading.cancel()

    async def _read(self) -> str:
        """Take in what is told until the end; gives why it ended. Raises LocalRunError for what never started."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            message = json.loads(line)
            if (end := self._take(message)) is not None:
                return end
            self._change.set()
        words = self._trouble.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise LocalRunError(_("What runs it on this computer ended: {error}").format(error=words[-1] if words else _("it said nothing.")))

    def _take(self, message: Mapping[str, Any]) -> str | None:
        """One message; the words of the last one, after which nothing comes."""
        match message:
            case {"installing": str(words)}:
                self._say(installing_words(words) or words)
            case {"note": str(note)}:
                self._note = note
            case {"started": list(argv)}:
                self._say(_("Started: {command}").format(command=" ".join(argv)))
            case {"said": str(line)}:
                self._words.append(line)
            case {"listening": list(entries)}:
                self._listening = [(str(address), int(port)) for address, port in entries]
            case {"door": int(port)}:
                self._door = port
            case {"exited": int(code), "out_of_memory": bool(full)}:
                if full:
                    return _("it took more memory than the {memory} it would have in Azure.").format(memory=self._app.memory)
                return _error(self._words) if self._words else _("it ended with the code {code} and said nothing.").format(code=code)
            case {"failed": str(error), "at": str(place), "stops_azure": bool(stops)}:
                hint = self._forgotten_server() if place == "start" else ""
                raise LocalRunError(_failure(error, place, stops=stops) + hint)
        return None

    async def _first_answer(self, reading: asyncio.Future[str]) -> int:
        """The status of the first answer; raises LocalRunError with what came instead. Until it has started no time counts."""
        while not self._door and not reading.done():
            await self._changed(reading, None)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not reading.done() and (left := deadline - asyncio.get_running_loop().time()) > 0:
            if any(port == self._app.port and address not in LOOPBACK for address, port in self._listening):
                with suppress(OSError, TimeoutError):
                    async with asyncio.timeout(left):
                        return await _ask(self._door, self._app.health_path)
            await self._changed(reading, min(left, 0.2))
        if not reading.done():
            raise LocalRunError(self._why_silent())
        raise LocalRunError(_("It did not start: {error}").format(error=reading.result()) + self._forgotten_server())

    async def _changed(self, reading: asyncio.Future[str], seconds: float | None) -> None:
        """Wait for news, the end, or so long."""
        self._change.clear()
        news = asyncio.ensure_future(self._change.wait())
        both: list[asyncio.Future[Any]] = [news, reading]
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()

    def _why_silent(self) -> str:
        """Why nobody can ask it, as Azure could not either, or that it is slow."""
        port = self._app.port
        addresses = [address for address, listening in self._listening if listening == port]
        if addresses and all(address in LOOPBACK for address in addresses):
            return _("It listens on 127.0.0.1 only, where Azure cannot reach it: let it listen on 0.0.0.0.")
        if self._listening and not addresses:
            other = self._listening[0][1]
            return _("It listens on port {other}, and your setup says {port}: one of them has to change.").format(other=other, port=port)
        return _("It started and did not answer within {seconds} seconds. {note}").format(seconds=int(PATIENCE), note=self._note).strip()

    def _forgotten_server(self) -> str:
        """The line that is missing where the server itself was never asked for."""
        if "requirements.txt" not in missing_files(self._facts):
            return ""
        return " " + _("Its server is not among the packages it asks for. Add this line to them: {line}").format(line=GUNICORN)


def files_for_the_try(facts: CodeFacts, started: AppObject | None) -> dict[str, str]:
    """What is written for a folder without a Dockerfile; one that has its own is tried as it is, with whatever it lacks."""
    if facts.dockerfile:
        return {}
    return files_to_start(facts, started) if started else missing_files(facts)


@asynccontextmanager
async def _replica(order: Mapping[str, Any], trouble: Path) -> AsyncIterator[Process]:
    """The program that builds and runs it, until the block is left; then nothing of it goes on.

    :param trouble: the file that gets what that program says of itself.
    """
    with trouble.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *module_command("wizard.practice.local_replica"),
            env=passed_on(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            limit=1 << 20,
        )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    try:
        yield process
    finally:
        process.stdin.close()
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LEAVING)
        finally:  # also when nobody waits any more
            with suppress(ProcessLookupError):
                process.kill()


def _failure(error: str, place: str, *, stops: bool) -> str:
    """Why it never ran, in a sentence."""
    match place:
        case "build" if stops:
            return _("Its image cannot be built, here as in Azure: {error}").format(error=error)
        case "build":
            return _("Its image could not be built on this computer: {error}").format(error=error)
        case "install" if stops:
            return _("Its packages could not be installed, and could not be in Azure either: {error}").format(error=error)
        case "install":
            return _("Its packages could not be installed on this computer: {error}").format(error=error)
        case _:
            return _("It did not start: {error}").format(error=error)


def _error(words: deque[str]) -> str:
    """The error among the last words, or the very last of them."""
    named = (line for line in reversed(words) if re.match(r"\s*([\w.]*(Error|Exception)\b|ERROR:)", line))
    return next(named, words[-1] if words else _("it said nothing.")).strip()


async def _ask(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        line = (await reader.readline()).decode("latin-1")
    finally:
        writer.close()
    match = re.match(r"HTTP/1\.\d (\d{3})", line)
    if match is None:
        raise ConnectionError
    return int(match[1])
