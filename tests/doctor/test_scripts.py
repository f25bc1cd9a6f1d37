"""What the programs of a container say of a start script is told apart: line ends of Windows, a program that is absent."""

from __future__ import annotations

import pytest

from wizard.containers.absent_programs import absent_program
from wizard.doctor.program_causes import NO_USER, REFUSED
from wizard.doctor.script_causes import CARRIAGE_RETURN, CARRIAGE_RETURN_IN_LINE
from wizard.doctor.server_causes import WORKER_ENDED, said_before


@pytest.mark.parametrize(
    ("line", "program"),
    [
        (r"/usr/bin/env: 'bash\r': No such file or directory", "bash"),
        (r"/usr/bin/env: ‘python3\r’: No such file or directory", "python3"),
        ("env: can't execute 'sh\r': No such file or directory", "sh"),
        ("/usr/bin/env: 'ruby': No such file or directory", ""),
    ],
)
def test_env_tells_of_the_carriage_return(line: str, program: str) -> None:
    match = CARRIAGE_RETURN.search(line)
    assert (match[1] if match else "") == program


@pytest.mark.parametrize(
    ("line", "ends_so"),
    [
        ("start.sh: 1: set: Illegal option -", True),
        ("./start.sh: line 2: $'\\r': command not found", True),
        ("start.sh: line 1: set: -\r: invalid option", True),
        ("start.sh: 3: : not found", True),
        (r"Failed to find attribute 'app\r' in 'run'.", True),
        (r"python: can't open file '/app/run.py\r': [Errno 2] No such file or directory", True),
        ("start.sh: 1: set: Illegal option -x", False),
        ("start.sh: 3: caddy: not found", False),
        (r"    text = text.replace('\r', '')", False),
    ],
)
def test_a_line_of_a_script_that_ends_as_in_windows_is_known(line: str, ends_so: bool) -> None:
    assert bool(CARRIAGE_RETURN_IN_LINE.search(line)) is ends_so


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("/usr/bin/env: 'ruby': No such file or directory", "ruby"),
        ("/usr/bin/env: ‘node’: No such file or directory", "node"),
        ("env: can't execute 'ruby': No such file or directory", "ruby"),
        ("/bin/sh: 1: caddy: not found", "caddy"),
        ("./start.sh: 4: exec: gunicron: not found", "gunicron"),
        ("./start.sh: line 4: alembic: command not found", "alembic"),
        ("bash: line 1: exec: gunicron: not found", "gunicron"),
        ("sh: tini: not found", "tini"),
        ("ERROR: order 4711: not found", ""),
        ("sqlalchemy: table orders: not found", ""),
    ],
)
def test_the_program_that_a_script_lacks_is_named(line: str, program: str) -> None:
    assert absent_program(["starting", line]) == program


def test_what_a_worker_said_before_it_ended_is_told_apart_from_its_server() -> None:
    console = (
        "[2026-11-30 23:30:40 +0000] [84] [INFO] Booting worker with pid: 84",
        "no licence file",
        "[2026-11-30 23:30:40 +0000] [84] [INFO] Worker exiting (pid: 84)",
        "[2026-11-30 23:30:40 +0000] [1] [ERROR] Worker (pid:84) exited with code 1.",
    )
    assert WORKER_ENDED.search(console[-1])
    assert said_before(console, 3) == ["no licence file"]


def test_a_start_that_the_platform_refused_is_told_by_its_reason() -> None:
    line = (
        "copy orders--1: RunContainerError: failed to create containerd task: failed to start container "
        '"orders": {}: unknown (started 4 times)'
    )
    user, folder = (
        line.format("unable to find user ghost: no matching entries in passwd file"),
        line.format('chdir to cwd ("/x") failed: not a directory'),
    )
    assert (match := NO_USER.search(user)) and match[1] == "ghost"
    assert (match := REFUSED.search(folder)) and match[1] == 'chdir to cwd ("/x") failed: not a directory'
