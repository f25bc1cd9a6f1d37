"""Whether this computer is ready: each check tells one thing, and what would help; nothing is made and Azure is not asked.

What Azure can do without is never "missing" for a single person: its check says "unknown", and what it would be needed for.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

from wizard.cloud.errors.cloud_error import CloudError
from wizard.engine.events import CheckEvent
from wizard.platform.folders import home
from wizard.platform.language import _

OLDEST_PYTHON = (3, 11)
LEAST_MEMORY = 1.5
"""GiB: a practice cloud and one API (measured: about 0.4)."""
LEAST_DISK = 1.0
PACKAGES_SECONDS = 180.0
PATIENCE = ("--retries", "1", "--timeout", "20")  # of pip, where nothing answers


async def checks(wheels: Path | None) -> AsyncIterator[CheckEvent]:
    """Every check of one person's computer, in the order in which a newcomer would meet what is wrong.

    :param wheels: a folder of packages in place of the index.
    """
    for event in (python(), room(), ports(), trust(), git()):
        yield event
    why = _("Azure itself builds and runs your API all the same: this is for practice and for trying it here.")
    yield _optional(proxy(), why)
    yield _optional(await engine(practises=False), why)
    yield _optional(await packages(wheels), why)


async def checks_for_class(wheels: Path | None) -> AsyncIterator[CheckEvent]:
    """The checks of a learner's computer, which must run practice and the starter."""
    for event in (python(), room(), ports(), proxy(), trust()):
        yield event
    yield await engine(practises=True)
    yield await packages(wheels)


def _optional(event: CheckEvent, why: str) -> CheckEvent:
    """A check whose thing can be done without, and then says so."""
    return replace(event, state="unknown", remedy=f"{event.remedy} {why}".strip()) if event.state == "missing" else event


def python() -> CheckEvent:
    """The version of Python."""
    detail = f"Python {platform.python_version()}"
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return CheckEvent("python", "met", detail)
    return CheckEvent("python", "missing", detail, remedy=_("Install Python 3.11 or newer."))


def room() -> CheckEvent:
    """Space on the disk where azwizard keeps what it holds."""
    free = shutil.disk_usage(home()).free / 2**30
    detail = _("{size:.1f} GiB free in {folder}").format(size=free, folder=home())
    if free >= LEAST_DISK:
        return CheckEvent("disk", "met", detail)
    return CheckEvent(
        "disk", "missing", detail, remedy=_("Free {size:.0f} GiB, or set AZWIZARD_HOME to another disk.").format(size=LEAST_DISK)
    )


def ports() -> CheckEvent:
    """Whether a program may listen on loopback, and another reach it."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
            return CheckEvent("ports", "met", _("programs can reach each other on 127.0.0.1"))
    except OSError as error:
        detail = _("nothing can be reached on 127.0.0.1: {reason}").format(reason=error.strerror or error)
        return CheckEvent(
            "ports", "missing", detail, remedy=_("Ask who looks after this computer to allow it (firewall, security software).")
        )


def proxy() -> CheckEvent:
    """A proxy must not stand between programs of this computer."""
    proxies = getproxies()
    if not {"http", "https", "all"} & set(proxies):
        return CheckEvent("proxy", "met", _("no proxy"))
    if proxy_bypass("127.0.0.1") and proxy_bypass("localhost"):
        return CheckEvent("proxy", "met", _("a proxy, which is not asked for 127.0.0.1"))
    remedy = _("Add to NO_PROXY: {names}").format(names="127.0.0.1,localhost")
    return CheckEvent("proxy", "missing", _("a proxy is asked even for 127.0.0.1, where browsers and curl reach the API"), remedy=remedy)


def trust() -> CheckEvent:
    """Whom TLS trusts: the system's store, and what a company's variable adds."""
    from wizard.cloud.transport.trust import system_trust

    try:
        system_trust(os.environ)
    except CloudError as error:
        return CheckEvent("trust", "missing", error.sentence, remedy=error.remedy)
    added = next((name for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if os.environ.get(name)), "")
    own = _("the certificates that this system trusts, and those that {variable} names").format(variable=added)
    return CheckEvent("trust", "met", own if added else _("the certificates that this system trusts"))


def git() -> CheckEvent:
    """Git, which only pipelines ask for."""
    if (program := shutil.which("git")) is not None:
        return CheckEvent("git", "met", _("Git is installed: {program}").format(program=program))
    remedy = _("Install Git (https://git-scm.com) only to build in Azure DevOps or GitHub; nothing else needs it.")
    return CheckEvent("git", "unknown", _("no Git on this computer"), remedy=remedy)


async def engine(*, practises: bool) -> CheckEvent:
    """What runs containers: an engine, or confined processes.

    :param practises: starts the practice cloud to see that it may run code here; otherwise only the system is asked.
    """
    from wizard.cloud.transport import practice_process
    from wizard.containers.discovery import find_engine
    from wizard.platform.daemon_thread import in_daemon_thread
    from wizard.practice.runtime.running_container import can_confine

    try:
        if (engine := await find_engine()) is not None:
            await engine.close()
            return CheckEvent("engine", "met", _("a container engine answers: {kind}").format(kind=engine.kind))
        if practises:
            await in_daemon_thread(practice_process.start)
        if await in_daemon_thread(practice_process.may_run_code if practises else can_confine):
            return CheckEvent("engine", "met", _("no container engine; this computer runs the API as a confined process"))
    except CloudError as error:
        return CheckEvent("engine", "missing", error.sentence, remedy=error.remedy)
    trouble = practice_process.cannot_confine()
    return CheckEvent("engine", "missing", trouble.sentence, remedy=trouble.remedy)


async def packages(wheels: Path | None) -> CheckEvent:
    """Whether pip gets what the starter needs, from the index or from the pack."""
    from wizard.practice.runtime.packages.index import pip_program

    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    pip = pip_program(home() / "python")
    if pip is None:
        return CheckEvent("packages", "missing", _("Python has no pip"), remedy=_("Install pip: on Debian the package python3-venv."))
    requirements = str(files("wizard.exercises").joinpath("starter").joinpath("requirements.txt"))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(pip), "download", "--quiet", "--disable-pip-version-check", *PATIENCE, "--dest", folder, *source]
        done = await asyncio.to_thread(_run, [*command, "--requirement", requirements])
    if done is None:
        return CheckEvent("packages", "met", _("pip gets the packages of the starter"))
    remedy = _("Set pip's index or proxy (pip config), or use the class's pack: --wheels DIR")
    return CheckEvent("packages", "missing", _("pip gets no packages: {line}").format(line=done), remedy=remedy)


def _run(command: list[str]) -> str | None:
    """None when it ended well, else the last line that it said."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PACKAGES_SECONDS, stdin=subprocess.DEVNULL, env=dict(os.environ)
        )
    except subprocess.TimeoutExpired:
        return _("no answer in {seconds} s").format(seconds=round(PACKAGES_SECONDS))
    error_lines = done.stderr.strip().splitlines() or [str(done.returncode)]
    return None if done.returncode == 0 else error_lines[-1]
