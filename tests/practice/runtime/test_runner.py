"""Containers as real processes: confined where this machine allows it, plain processes elsewhere."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.practice.apps import write_api
from tests.support.waiting import eventually
from wizard.practice.runtime import running_container
from wizard.practice.runtime.containers import ContainerRunner
from wizard.practice.runtime.launch import StartFailed
from wizard.practice.runtime.launch_recipes import BindMount, Recipe
from wizard.practice.runtime.running_container import RunningContainer, can_confine

needs_namespaces = pytest.mark.skipif(not can_confine(), reason="this machine allows no namespaces to ordinary processes")
KINDS = [pytest.param(True, id="confined", marks=needs_namespaces), pytest.param(False, id="plain")]


class Started:
    """A runner whose containers end with the test, and what they printed."""

    def __init__(self, home: Path, *, confined: bool) -> None:
        self.runner = ContainerRunner(home, confined=confined)
        self.home = home
        self.said: list[str] = []
        self._containers: list[RunningContainer] = []

    async def start(
        self, argv: list[str], env: dict[str, str] | None = None, mounts: tuple[BindMount, ...] = (), memory: int = 0
    ) -> RunningContainer:
        files = self.home / "image"
        if not files.exists():
            write_api(files / "project-container")
        recipe = Recipe(f"api--{len(self._containers)}", files, "/project-container", argv, env or {}, list(mounts), memory=memory)
        container = await self.runner.start(recipe, self.said.append)
        self._containers.append(container)
        return container

    async def stop(self) -> None:
        for container in self._containers:
            await container.stop()
        self.runner.close()

    def share(self, name: str, *, read_only: bool = False, nobrl: bool = True, target: str = "") -> BindMount:
        source = self.home / "shares" / name
        source.mkdir(parents=True, exist_ok=True)
        return BindMount(source, target or f"/project-container/{name}", read_only, nobrl)


@pytest.fixture(params=KINDS)
async def started(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Started]:
    """Each kind of container."""
    created = Started(tmp_path, confined=request.param)
    yield created
    await created.stop()


@pytest.fixture
async def confined(tmp_path: Path) -> AsyncIterator[Started]:
    created = Started(tmp_path, confined=True)
    yield created
    await created.stop()


GUNICORN = ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]


async def listening(container: RunningContainer) -> None:
    """Wait until something listens, or the container has ended."""
    async with asyncio.timeout(20):
        while not container.listening and not container.exited.done():
            container.changed.clear()
            await container.changed.wait()


async def ask(container: RunningContainer, path: str, port: int = 5000) -> str:
    """GET a path through the bridge."""
    at = await container.bridge(port)
    connector = aiohttp.UnixConnector(path=at) if isinstance(at, str) else aiohttp.TCPConnector()
    url = f"http://replica{path}" if isinstance(at, str) else f"http://127.0.0.1:{at}{path}"
    async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as answer:
        return await answer.text()


async def output(started: Started, code: str, mounts: tuple[BindMount, ...] = (), env: dict[str, str] | None = None) -> str:
    """What a line of Python prints inside a container."""
    container = await started.start(["python", "-c", code], env, mounts)
    await container.exited
    await container.stop()
    return "\n".join(started.said)


async def test_a_server_answers_and_its_database_lies_on_the_share(started: Started) -> None:
    share = started.share("databases")
    container = await started.start(GUNICORN, {"DATABASE_PATH": "/project-container/databases/orders.db"}, (share,))
    await listening(container)
    assert container.reachable(5000)
    assert await ask(container, "/orders") == "[]\n"
    assert (share.source / "orders.db").exists()
    await container.stop()
    assert container.exited.result() in (0, -signal.SIGTERM)


async def test_a_server_on_loopback_is_not_reachable(started: Started) -> None:
    container = await started.start(["gunicorn", "--bind", "127.0.0.1:5000", "run:app"])
    await listening(container)
    assert container.listening == [("127.0.0.1", 5000)]
    assert not container.reachable(5000)


async def test_an_exit_status_is_passed_on(started: Started) -> None:
    container = await started.start(["python", "-c", "raise SystemExit(7)"])
    assert await container.exited == 7


async def test_a_program_that_the_requirements_do_not_name_is_missing(started: Started) -> None:
    with pytest.raises(StartFailed, match="executable file not found"):
        await started.start(["pytest"] if not shutil.which("pytest", path="/usr/bin:/bin") else ["no-such-program"])
    assert "ModuleNotFoundError" in await output(started, "import msgspec")


async def test_sqlite_on_a_share_without_nobrl_is_locked(started: Started) -> None:
    code = "import sqlite3; sqlite3.connect('databases/x.db', timeout=0.1).execute('create table t (x)')"
    assert "database is locked" in await output(started, code, (started.share("databases", nobrl=False),))


@needs_namespaces
async def test_a_read_only_share_refuses_to_be_written(confined: Started) -> None:
    code = "open('/project-container/json/x', 'w')"
    assert "Read-only file system" in await output(confined, code, (confined.share("json", read_only=True),))


@needs_namespaces
async def test_a_container_sees_its_own_files_and_nothing_of_this_machine(confined: Started) -> None:
    seen = f"os.path.exists({str(confined.home / 'image')!r})"
    code = f"import os; print({seen}, os.getcwd(), os.path.expanduser('~'))"
    text = await output(confined, code, (confined.share("data", target="/mnt/data/deep"),))
    assert text.startswith("False /project-container /root")
    writes = "open('/usr/x', 'w')"
    assert "Read-only file system" in await output(confined, writes)


@needs_namespaces
async def test_a_port_below_1024_can_be_listened_to_and_is_not_one_of_this_machine(confined: Started) -> None:
    container = await confined.start(["python", "-m", "http.server", "80"])
    await listening(container)
    assert container.reachable(80)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", 80)


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_outlives_a_killed_practice_cloud(kind: bool, tmp_path: Path) -> None:
    write_api(tmp_path / "image" / "project-container")
    program = f"""
import asyncio, pathlib
from wizard.practice.runtime.launch_recipes import Recipe
from wizard.practice.runtime import running_container
from wizard.practice.runtime.containers import ContainerRunner
async def main():
    home = pathlib.Path({str(tmp_path)!r})
    recipe = Recipe("api--1", home / "image", "/project-container", {GUNICORN!r}, {{}})
    container = await ContainerRunner(home, confined={kind}).start(recipe, lambda line: None)
    print(container.pid, flush=True)
    await container.exited
asyncio.run(main())
"""
    cloud = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    )
    assert cloud.stdout is not None
    pid = int(cloud.stdout.readline())
    descriptor = os.pidfd_open(pid)
    cloud.kill()
    ended, _, _ = select.select([descriptor], [], [], 10)
    assert ended
    cloud.wait()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is kept to on Linux only")
async def test_a_process_that_takes_more_memory_than_it_was_given_is_ended(started: Started) -> None:
    greedy = "import threading; pile = [bytes([1]) * (1 << 24) for _ in range(16)]; threading.Event().wait()"  # 256 MiB
    container = await started.start(["python", "-c", greedy], memory=128 << 20)
    async with asyncio.timeout(20):
        assert await container.exited == -signal.SIGKILL
    assert container.out_of_memory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is kept to on Linux only")
async def test_a_container_outlives_a_child_that_took_too_much(started: Started) -> None:
    greedy = "pile = [bytes([1]) * (1 << 24) for _ in range(16)]; import threading; threading.Event().wait()"
    first = f"import subprocess, sys; print('child ended with', subprocess.run([sys.executable, '-c', {greedy!r}]).returncode)"
    container = await started.start(["python", "-c", first], memory=128 << 20)
    async with asyncio.timeout(20):
        assert await container.exited == 0
    assert not container.out_of_memory
    await container.stop()
    assert "child ended with -9" in started.said


async def test_a_supervisor_that_does_not_end_is_killed_with_what_it_supervises(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_container, "SUPERVISOR_SECONDS", 0.5)
    container = await started.start([sys.executable, "-c", "import time; time.sleep(600)"])
    os.kill(container._process.pid, signal.SIGSTOP)
    await asyncio.wait_for(container.stop(0.1), 40)
    await eventually(lambda: container._process.returncode == -signal.SIGKILL and container.exited.done())
