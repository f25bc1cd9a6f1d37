"""Runs an API on this computer with gunicorn, as its image would start it: a first answer before anything is deployed."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.language import _
from wizard.scaffold import start_target

if TYPE_CHECKING:
    from wizard.code_reading import CodeFacts
    from wizard.desk import Desk

PATIENCE = 15.0
PLACEHOLDER = "only-for-this-try"


class LocalRunError(Exception):
    """The API could not be tried here; the text is a sentence for the person."""


async def run_here(desk: Desk, say: Callable[[str], None]) -> None:
    """Start the API in a copy of its folder, ask it once, and keep it running until cancelled. Raises LocalRunError.

    Variables have their values from the table; a secret without a value gets a placeholder. Folders of file shares are empty ones.
    """
    if sys.platform == "win32":
        raise LocalRunError(_("gunicorn does not run on Windows: try it with “flask run”, or in practice."))
    facts = desk.code
    with tempfile.TemporaryDirectory(prefix="azwizard-try-") as name:
        folder = Path(name, "code")
        shutil.copytree(facts.folder, folder, ignore=shutil.ignore_patterns(".git", ".venv", "venv", "__pycache__", ".env"))
        for path in (*facts.databases, *facts.logs):
            if not path.startswith("/"):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        process = await _start(facts, folder, port, _environment(desk, Path(name)))
        try:
            say(_("Started: gunicorn {target}, on port {port}").format(target=_target(facts), port=port))
            status = await _first_answer(process, port, desk.reading.answers.app.health_path)
            say(_("✓ It answered {status} to GET {path}.").format(status=status, path=desk.reading.answers.app.health_path))
            say(
                _("Open it in your browser while this is open: {url}").format(
                    url=f"http://127.0.0.1:{port}{desk.reading.answers.app.health_path}"
                )
            )
            await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def _start(facts: CodeFacts, folder: Path, port: int, environment: dict[str, str]) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", _target(facts)]
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )


async def _first_answer(process: asyncio.subprocess.Process, port: int, path: str) -> int:
    """The status of the first answer; raises LocalRunError with the API's last words when it ends before."""
    ended = asyncio.ensure_future(process.wait())
    try:
        async with asyncio.timeout(PATIENCE):
            while not ended.done():
                try:
                    return await _ask(port, path)
                except OSError:
                    await asyncio.wait([ended], timeout=0.1)
    except TimeoutError:
        raise LocalRunError(_("It started and did not answer within {seconds} seconds.").format(seconds=int(PATIENCE))) from None
    finally:
        ended.cancel()
    assert process.stdout is not None
    words = (await process.stdout.read()).decode("utf-8", "replace").strip().splitlines()
    error = next((line for line in reversed(words) if re.match(r"\s*\w*(Error|Exception)\b", line)), words[-1] if words else "")
    raise LocalRunError(_("It did not start: {error}").format(error=error.strip()))


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


def _environment(desk: Desk, folder: Path) -> dict[str, str]:
    """What the API finds: nothing of this computer's own but the way to Python; mounted folders lie in a temporary one."""
    answers = desk.reading.answers
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV")}
    for share in answers.storage.shares:
        (folder / "shares" / share.designation).mkdir(parents=True, exist_ok=True)
    for variable in answers.variables:
        if variable.secret:
            value = desk.secret(variable.secret)
            kept[variable.name] = value.reveal() if value else PLACEHOLDER
        else:
            text = variable.value or ""
            for share in answers.storage.shares:
                text = text.replace(share.mount, str(folder / "shares" / share.designation))
            kept[variable.name] = text
    return kept


def _target(facts: CodeFacts) -> str:
    """What the Dockerfile gives to gunicorn, or the usual."""
    named = [word for word in facts.docker.command if re.fullmatch(r"[\w.]+:[\w.()]+", word)]
    return named[-1] if named else start_target(facts)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
