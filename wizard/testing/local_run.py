"""Runs an API on this computer with gunicorn and only the packages it asks for, as its image would: an answer before it is deployed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.lint.scaffold import start_target
from wizard.platform.folders import home
from wizard.platform.language import _
from wizard.practice.runtime.child_process import module_command, passed_on
from wizard.source.files.container_files import ContainerFiles
from wizard.source.requirements import GUNICORN
from wizard.source.starting.start_command import read_start_command
from wizard.steps.installing import installing_words

if TYPE_CHECKING:
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.source.code_facts import CodeFacts

PATIENCE = 15.0
LEAVING = 5.0  # seconds for gunicorn to end by itself
WORDS = 200  # lines kept of what it says
SERVER_ERROR = 500
# Its standard input closes when the wizard goes, however that happens; whatever holds a port must not outlive a closed terminal.
GUNICORN_THAT_ENDS_WITH_US = """
import os, signal, threading
from gunicorn.app.wsgiapp import run
threading.Thread(target=lambda: (os.read(0, 1), os.kill(os.getpid(), signal.SIGTERM)), daemon=True).start()
run()
"""
PLACEHOLDER = "only-for-this-try"


class LocalRunError(Exception):
    """The API could not be tried here; the text is a sentence for the person."""


async def run_here(
    facts: CodeFacts,
    answers: Answers,
    secret: Callable[[str], Secret | None],
    say: Callable[[str], None],
    answered: Callable[[], object] = lambda: None,
    wheels: Path | None = None,
) -> None:
    """Start the API in a copy of its folder, ask it once, and keep it running until cancelled. Raises LocalRunError.

    Variables have their values from the table; a secret without a value gets a placeholder. Folders of file shares are empty ones.

    :param facts: of the folder with the API's code.
    :param secret: the value given for a secret's name, or None.
    :param answered: called when its first answer was told.
    :param wheels: the whole path of a folder of wheels to install its packages from, without a network.
    """
    if sys.platform == "win32":
        raise LocalRunError(_("gunicorn does not run on Windows: try it with “flask run”, or in practice."))
    with tempfile.TemporaryDirectory(prefix="azwizard-try-") as name:
        folder = Path(name, "code")
        shutil.copytree(facts.folder, folder, ignore=shutil.ignore_patterns(".git", ".venv", "venv", "__pycache__", ".env"))
        for path in (*(database.path for database in facts.databases), *facts.logs):
            if path and path.startswith(f"{facts.workdir}/"):
                (folder / path.removeprefix(f"{facts.workdir}/")).parent.mkdir(parents=True, exist_ok=True)
        say(_("Getting the Python packages it asks for…"))
        python = await _python(facts, folder, wheels, say)
        port = _free_port()
        environment = _environment(answers, secret, Path(name), python)
        target = _target(facts, environment)
        async with _started(python, folder, port, target, environment) as process:
            say(_("Started: gunicorn {target}, on port {port}").format(target=target, port=port))
            words = asyncio.create_task(_last_words(process))
            path = answers.app.health_path
            status = await _first_answer(process, words, port, path)
            sentence = _("✓ It answered {status} to GET {path}.") if status < SERVER_ERROR else _("✗ It answered {status} to GET {path}.")
            say(sentence.format(status=status, path=path))
            say(_("Open it in your browser while this is open: {url}").format(url=f"http://127.0.0.1:{port}{path}"))
            answered()
            raise LocalRunError(_("It ended: {error}").format(error=_error(await words)))


async def _python(facts: CodeFacts, folder: Path, wheels: Path | None, say: Callable[[str], None]) -> str:
    """The interpreter with the packages that the image would have and no others: what was forgotten is missing here too."""
    places = [str(home() / "python"), str(folder), str(folder / facts.dockerfile), *([str(wheels)] if wheels else [])]
    process = await asyncio.create_subprocess_exec(
        *(*module_command("wizard.practice.local_environment"), *places),
        env=passed_on(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    trouble = asyncio.ensure_future(process.stderr.read())
    try:
        async for line in process.stdout:
            match json.loads(line):
                case {"installing": str(words)}:
                    say(installing_words(words) or words)
                case {"python": str(python)}:
                    return python
                case {"failed": str(error), "stops_azure": True}:
                    sentence = _("Its packages could not be installed, and could not be in Azure either: {error}")
                    raise LocalRunError(sentence.format(error=error))
                case {"failed": str(error)}:
                    raise LocalRunError(_("Its packages could not be installed on this computer: {error}").format(error=error))
        last_words = (await trouble).decode("utf-8", "replace").splitlines()
        raise LocalRunError(_("Its packages could not be installed on this computer: {error}").format(error=_error(last_words)))
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.gather(process.wait(), trouble, return_exceptions=True)


@asynccontextmanager
async def _started(python: str, folder: Path, port: int, target: str, environment: dict[str, str]) -> AsyncIterator[Process]:
    """gunicorn with the API, until the block is left; then neither it nor its workers go on."""
    command = [python, "-c", GUNICORN_THAT_ENDS_WITH_US, "--bind", f"127.0.0.1:{port}", "--workers", "1", "--graceful-timeout", "1", target]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LEAVING)
        finally:  # also when nobody waits any more
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


async def _last_words(process: Process) -> list[str]:
    """What it said last. Everything is read: who is not listened to stops when the pipe is full."""
    assert process.stdout is not None
    words: deque[str] = deque(maxlen=WORDS)
    while block := await process.stdout.read(1 << 16):
        words.extend(block.decode("utf-8", "replace").splitlines())
    await process.wait()
    return list(words)


async def _first_answer(process: Process, words: asyncio.Task[list[str]], port: int, path: str) -> int:
    """The status of the first answer; raises LocalRunError with the API's last words when it ends before."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not words.done():
                try:
                    return await _ask(port, path)
                except OSError:
                    await asyncio.wait([words], timeout=0.1)
    except TimeoutError:
        raise LocalRunError(_("It started and did not answer within {seconds} seconds.").format(seconds=int(PATIENCE))) from None
    error = _error(words.result())
    if "No module named 'gunicorn'" in error:
        raise LocalRunError(
            _(
                "It did not start: gunicorn is not among the packages it asks for, so it could not start in Azure either. "
                "Add this line to them: {line}"
            ).format(line=GUNICORN)
        )
    raise LocalRunError(_("It did not start: {error}").format(error=error))


def _error(words: list[str]) -> str:
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


def _environment(answers: Answers, secret: Callable[[str], Secret | None], folder: Path, python: str) -> dict[str, str]:
    """What the API finds: nothing of this computer's own but the way to programs; its home and mounted folders are temporary ones.

    A home of its own: gunicorn 25 and newer puts a control socket there, and would take the place of the person's own gunicorn's.
    """
    locale_variables = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    (folder / "home").mkdir()
    locale_variables |= {
        "HOME": str(folder / "home"),
        "PATH": os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", os.defpath)]),
    }
    for share in answers.storage.shares:
        (folder / "shares" / share.designation).mkdir(parents=True, exist_ok=True)
    for variable in answers.variables:
        if variable.secret:
            value = secret(variable.secret)
            locale_variables[variable.name] = value.reveal() if value else PLACEHOLDER
        else:
            text = variable.value or ""
            for share in answers.storage.shares:
                text = text.replace(share.mount, str(folder / "shares" / share.designation))
            locale_variables[variable.name] = text
    return locale_variables


def _target(facts: CodeFacts, environment: dict[str, str]) -> str:
    """What the Dockerfile gives to gunicorn, or the usual."""
    files = ContainerFiles(facts.folder, facts.docker)
    command = read_start_command(facts.folder, facts.docker, files, {**facts.docker.environment, **environment})
    return command.target if command and command.server == "gunicorn" and command.target else start_target(facts)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
