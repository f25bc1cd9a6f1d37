"""A container that is stopped ends, whatever it left behind and whatever its supervisor was asked before."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.practice.runtime.test_runner import Started, needs_namespaces, started  # noqa: F401  a fixture
from tests.support.waiting import eventually
from wizard.practice.runtime.child_process import lives
from wizard.practice.runtime.packages.python_environments import PythonEnvironments
from wizard.practice.runtime.running_container import start_supervised

LEAVES_ONE = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("left", os.getpid(), flush=True)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(600)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of what left its group")
async def test_what_left_its_group_and_holds_the_console_ends_with_it(started: Started) -> None:  # noqa: F811
    container = await started.start(["python", "-c", LEAVES_ONE])
    await eventually(lambda: any(line.startswith("left") for line in started.said))
    await asyncio.wait_for(container.stop(0.1), 40)
    left = int(next(line for line in started.said if line.startswith("left")).split()[1])
    if left > 100:  # in a namespace of its own it had a low number, and ended with the first process
        await eventually(lambda: not lives(left))
    await asyncio.wait_for(container.stop(0.1), 40)  # once more, as another may


@needs_namespaces
async def test_a_bridge_that_cannot_be_made_leaves_the_orders_after_it_obeyed(started: Started) -> None:  # noqa: F811
    container = await started.start(["python", "-c", "import time; time.sleep(600)"])
    assert started.runner._sockets is not None
    shutil.rmtree(started.runner._sockets)
    assert await asyncio.wait_for(container.bridge(5000), 40) == 0
    await asyncio.wait_for(container.stop(0.1), 40)
    assert container.exited.result() in (-signal.SIGTERM, -signal.SIGKILL)
    assert await container.bridge(5000) == 0


async def test_a_start_that_is_cancelled_leaves_nothing(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    supervisors: list[int] = []
    create = asyncio.create_subprocess_exec

    async def noted(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        process = await create(*arguments, **options)  # type: ignore[arg-type]
        supervisors.append(process.pid)
        return process

    monkeypatch.setattr(start_supervised.__globals__["asyncio"], "create_subprocess_exec", noted)
    starting = asyncio.ensure_future(started.start(["python", "-c", "import time; time.sleep(600)"]))
    await eventually(lambda: supervisors)
    starting.cancel()
    await asyncio.wait([starting], timeout=40)
    assert starting.cancelled()
    await eventually(lambda: not lives(supervisors[0]))


async def test_a_wait_for_an_environment_that_is_given_up_takes_no_lock(tmp_path: Path) -> None:
    environments = PythonEnvironments(tmp_path)
    place = tmp_path / "place"
    held = FileLock(tmp_path / "place.lock", thread_local=False)

    async def wait() -> None:
        async with environments._alone(place):
            pass

    with held:
        waiting = asyncio.ensure_future(wait())
        await asyncio.wait([waiting], timeout=0.2)
        waiting.cancel()
        await asyncio.wait([waiting])
    assert waiting.cancelled()
    await asyncio.wait_for(wait(), 40)
