"""Runs an API on this computer with gunicorn and only the packages it asks for, as its image would: an answer before it is deployed."""

from __future__ import annotations

import asyncio
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
from wizard.source.container_files import ContainerFiles
from wizard.source.requirements import GUNICORN
from wizard.source.start_command import read_start_command

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
) -> None:
    """Start the API in a copy of its folder, ask it once, and keep it running until cancelled. Raises LocalRunError.

    Variables have their values from the table; a secret without a value gets a placeholder. Folders of file shares are empty ones.

    :param facts: of the folder with the API's code.
    :param secret: the value given for a secret's name, or None.
    :param answered: called when its first answer was told.
    """
    if sys.platform == "win32":
        raise LocalRunError(_("gunicorn does not run on Windows: try it with “flask run”, or in practice."))
    with tempfile.TemporaryDirectory(prefix="azwizard-try-") as name:
        folder = Path(name, "code")
        shutil.copytree(facts.folder, folder, ignore=shutil.ignore_patterns(".git", ".venv", "venv", "__pycache__", ".env"))
        for path in (*(it.path for it in facts.databases), *facts.logs):
            if path and path.startswith(f"{facts.workdir}/"):
                (folder / path.removeprefix(f"{facts.workdir}/")).parent.mkdir(parents=True, exist_ok=True)
        say(_("Getting the Python packages it asks for…"))
        python = await _python(facts, folder)
        port = _free_port()
        environment = _environment(answers, secret, Path(name))
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


async def _python(facts: CodeFacts, folder: Path) -> str:
    """The interpreter with the packages that the requirements name and no others: what was forgotten is missing here too."""
    runs = [" ".join(it.words) for it in facts.docker.instructions if it.name == "RUN"]
    command = [sys.executable, "-m", "wizard.practice.runtime.python_environments", str(home() / "python"), str(folder), *runs]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        python, trouble = (part.decode("utf-8", "replace").strip() for part in await process.communicate())
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode != 0:
        raise LocalRunError(_("Its packages could not be installed: {error}").format(error=_error(trouble.splitlines())))
    return python


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


def _environment(answers: Answers, secret: Callable[[str], Secret | None], folder: Path) -> dict[str, str]:
    """What the API finds: nothing of this computer's own but the way to Python; mounted folders lie in a temporary one."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV")}
    for share in answers.storage.shares:
        (folder / "shares" / share.designation).mkdir(parents=True, exist_ok=True)
    for variable in answers.variables:
        if variable.secret:
            value = secret(variable.secret)
            kept[variable.name] = value.reveal() if value else PLACEHOLDER
        else:
            text = variable.value or ""
            for share in answers.storage.shares:
                text = text.replace(share.mount, str(folder / "shares" / share.designation))
            kept[variable.name] = text
    return kept


def _target(facts: CodeFacts, environment: dict[str, str]) -> str:
    """What the Dockerfile gives to gunicorn, or the usual."""
    command = read_start_command(facts.docker, ContainerFiles(facts.folder, facts.docker), {**facts.docker.environment, **environment})
    return command.target if command and command.server == "gunicorn" and command.target else start_target(facts)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
