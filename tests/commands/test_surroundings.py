"""Stops, full disks, and homes that cannot be used: one sentence, the right status, and never "azwizard itself went wrong"."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import WizardProcess, copy_sample
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices of POSIX")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("surroundings")
    copy_sample(folder / "project")
    wizard = WizardProcess(folder / "home", folder / "project")
    wizard("practice", "start", "--speed", "instant")
    yield wizard
    wizard("practice", "stop")


@pytest.mark.parametrize(("number", "json_lines"), [(signal.SIGINT, False), (signal.SIGTERM, True), (signal.SIGHUP, False)])
def test_a_stop_while_it_looks_at_azure_is_one_line(
    wizard: WizardProcess, tmp_path: Path, number: signal.Signals, json_lines: bool
) -> None:
    log = tmp_path / "azwizard.log"
    wizard.environment["AZWIZARD_LOG"] = str(log)
    process = wizard.start("plan", "--practice", *(["--json"] if json_lines else []))
    wait_until(lambda: log.exists() and "request GET management.azure.com" in log.read_text())
    stopped = time.monotonic()
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stdout + stderr
    assert time.monotonic() - stopped < 10  # 2 s on a computer that does nothing else
    assert stderr.count("\n") == (0 if json_lines else 1), stderr
    if json_lines:
        assert json.loads(stdout.splitlines()[-1])["outcome"] == "interrupted"


def shell(wizard: WizardProcess, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command line of a shell, in which ``azwizard`` is ours."""
    program = f"'{sys.executable}' -m wizard"
    by_name = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("azwizard", program, 1)],
        cwd=wizard.folder,
        env={**by_name, "AZWIZARD_HOME": str(wizard.home), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("azwizard schema >/dev/full", 1),
        ("azwizard --help >/dev/full", 1),
        ("azwizard aply --json >/dev/full", 2),
        ("azwizard practice status >/dev/full", 1),
        ("azwizard export pipeline >/dev/full", 1),
        ("azwizard plan --practice --json >/dev/full", 1),
        ("azwizard aply 2>/dev/full", 2),
        ("azwizard --practice <&-", 3),
        ("azwizard resume --practice --subscription x --resource-group x <&- >&- 2>&-", 3),
    ],
)
def test_a_full_or_closed_stream_is_said(wizard: WizardProcess, line: str, status: int) -> None:
    ended = shell(wizard, line)
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr and "went wrong" not in ended.stderr
    assert status != 1 or "Standard output cannot be written: No space left" in ended.stderr


@pytest.mark.parametrize(
    "line", ["azwizard plan --practice", "azwizard plan --practice --json", "azwizard practice start", "azwizard schema --help --debug"]
)
def test_a_home_that_is_no_folder_is_said(wizard: WizardProcess, tmp_path: Path, line: str) -> None:
    (tmp_path / "home").write_text("")
    ended = shell(wizard, line, AZWIZARD_HOME=str(tmp_path / "home"))
    if "--help" in line:
        assert ended.returncode in (0, 2)
        return
    assert ended.returncode == 3
    assert "cannot be used: Not a directory" in ended.stderr and "AZWIZARD_HOME moves" in ended.stderr
    if "--json" in line:
        assert json.loads(ended.stdout.splitlines()[-1])["outcome"] == "blocked"


def test_without_a_home_and_without_an_environment_it_works(wizard: WizardProcess, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "wizard", "export", "pipeline"],
        cwd=wizard.folder,
        env={"PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0 and ended.stdout.startswith("#"), ended.stderr


@pytest.mark.parametrize("value", ["x" * 100_000, "é" * 13_000])
def test_a_value_that_no_vault_takes_is_said_before_anything_is_made(wizard: WizardProcess, value: str) -> None:
    wizard.environment["AZWIZARD_SECRET_API_KEY"] = value
    try:
        ended = wizard("apply", "--practice", "--yes", "--json")
    finally:
        del wizard.environment["AZWIZARD_SECRET_API_KEY"]
    assert ended.exit == 3
    assert any("Key Vault takes 25600" in event["detail"] for event in ended.of("plan"))
    assert value not in ended.stdout + ended.stderr
    assert ended.result["created"] == 0


def test_a_stop_while_it_waits_for_who_writes_the_values_ends_it(wizard: WizardProcess, tmp_path: Path) -> None:
    pipe = tmp_path / "values"
    os.mkfifo(pipe)
    process = wizard.start("plan", "--practice", "--env-file", str(pipe))
    with pipe.open("wb"):  # which opens once it is read
        process.send_signal(signal.SIGTERM)
        _stdout, stderr = process.communicate(timeout=40)
    assert process.returncode == 130
    assert stderr.count("\n") == 1 and "Traceback" not in stderr
