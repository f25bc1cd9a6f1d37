"""What a program of azwizard's own finds of its starter's variables: what it needs, and no secret."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wizard.practice.runtime.child_process import lives, module_command, passed_on

CARELESS = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", ""])
os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
print(child.pid, flush=True)
sys.stdin.read()
"""
"""A parent that never waits for its child, as process 1 of many a container."""


@pytest.mark.parametrize(
    "name", ["PATH", "HOME", "AZWIZARD_HOME", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "https_proxy", "DOCKER_HOST", "LC_ALL"]
)
def test_what_a_child_needs_is_passed_on(name: str) -> None:
    assert passed_on({name: "value"}) == {name: "value"}


@pytest.mark.parametrize(
    "name", ["AZWIZARD_SECRET_API_KEY", "AZURE_CLIENT_SECRET", "API_KEY", "PYTHONPATH", "VIRTUAL_ENV", "AZWIZARD_GITHUB_TOKEN"]
)
def test_nothing_else_is(name: str) -> None:
    assert passed_on({name: "value"}) == {}


def test_the_value_of_a_secret_is_passed_on_under_no_name() -> None:
    assert passed_on({"AZWIZARD_SECRET_API_KEY": "canary", "UV_INDEX_PRIVATE_PASSWORD": "canary", "LANG": "C"}) == {"LANG": "C"}


def test_a_module_is_run_whatever_the_current_folder_holds(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "wizard").mkdir()
    (folder / "wizard" / "__init__.py").write_text("raise SystemExit('another wizard')")
    command = [*module_command("wizard.practice.runtime.supervisor"), "--check"]
    ended = subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)}, capture_output=True, check=False)
    assert b"another wizard" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux' containers have a process 1 that waits for nobody")
def test_a_program_that_has_ended_does_not_live_although_nobody_waits_for_it() -> None:
    with subprocess.Popen([sys.executable, "-c", CARELESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        ended = int(parent.stdout.readline())
        assert lives(parent.pid)
        assert not lives(ended)
