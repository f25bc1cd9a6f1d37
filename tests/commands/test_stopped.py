"""What takes time is stopped by every signal that stops: exit status 130 and a sentence, within seconds, without a traceback."""

from __future__ import annotations

import itertools
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import SECRET, WizardProcess, copy_sample
from tests.support.figures import Figures
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
CHANGED = ("--set", "app.cpu=0.5", "--set", "app.memory=1.0Gi")
ASKING = "request GET management.azure.com"
COMMANDS: dict[tuple[str, ...], str] = {  # what its log says once it is in the middle of it; "" for its first word on standard output
    ("apply", "--yes", *CHANGED): ASKING,
    ("deploy", "--yes"): ASKING,
    ("rollback", "--yes"): ASKING,
    ("doctor",): ASKING,
    ("test",): ASKING,
    ("metrics",): ASKING,
    ("status", "--steps"): ASKING,
    ("report", "--yes"): ASKING,
    ("handoff",): ASKING,
    ("cost",): ASKING,
    ("logs", "--follow"): "",
    ("serve", "--port", "0"): "",
    ("destroy", "--yes"): ASKING,
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ALL = list(itertools.product(COMMANDS, SIGNALS))
SOME = [(command, SIGNALS[number % 3]) for number, command in enumerate(COMMANDS) if command[0] in ("deploy", "doctor", "logs", "destroy")]
SECONDS = 15.0  # 2 s on a computer that does nothing else


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("stopped")
    copy_sample(folder / "project")
    wizard = WizardProcess(folder / "home", folder / "project", {"AZWIZARD_SECRET_API_KEY": SECRET})
    wizard("practice", "start", "--speed", "instant")
    assert wizard.apply().exit == 0
    wizard("practice", "fault", "slow:20")  # so that each is met in the middle
    yield wizard
    wizard("practice", "stop")


def wrong_end(wizard: WizardProcess, log: Path, command: tuple[str, ...], number: signal.Signals) -> list[str]:
    """What is wrong with how a command met a signal."""
    wizard.environment["AZWIZARD_LOG"] = str(log)
    process = wizard.start(*command, "--practice")
    try:
        if marker := COMMANDS[command]:
            wait_until(lambda: process.poll() is not None or (log.exists() and marker in log.read_text()), 120)
        else:
            assert process.stdout is not None
            process.stdout.readline()
        began = time.monotonic()
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
    told = stdout + stderr
    wrong = [word for word in ("Traceback", "never retrieved", "went wrong", "Exception ignored", SECRET) if word in told]
    if process.returncode != 130:
        wrong.append(f"status {process.returncode}: {told[-300:]}")
    if "Stopped" not in stderr:
        wrong.append(f"no word of it: {stderr[-300:]}")
    if time.monotonic() - began > SECONDS:
        wrong.append(f"{time.monotonic() - began:.1f} s")
    return [f"{' '.join(command)}, {number.name}: {one}" for one in wrong]


def wrong_ends(wizard: WizardProcess, folder: Path, cases: list[tuple[tuple[str, ...], signal.Signals]], figures: Figures) -> list[str]:
    wrong = [one for place, (command, number) in enumerate(cases) for one in wrong_end(wizard, folder / f"{place}.log", command, number)]
    figures(stops_by_a_signal=len(cases), broken=len(wrong))
    return wrong


def test_some_commands_end_when_they_are_stopped(wizard: WizardProcess, tmp_path: Path, figures: Figures) -> None:
    assert wrong_ends(wizard, tmp_path, SOME, figures) == []


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", SIGNALS)
def test_every_command_ends_when_it_is_stopped(wizard: WizardProcess, tmp_path: Path, number: signal.Signals, figures: Figures) -> None:
    assert wrong_ends(wizard, tmp_path, [case for case in ALL if case[1] is number], figures) == []
