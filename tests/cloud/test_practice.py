"""Starting and steering the practice cloud."""

import os
import signal
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from wizard.cloud import PracticeError
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions
from wizard.engine.journal import Journal
from wizard.practice.runtime import child_process


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    practice.stop()


def test_it_starts_once_however_many_want_it(home):
    with ThreadPoolExecutor(4) as threads:
        started = list(threads.map(lambda _n: practice.start(), range(4)))
    assert len({info.pid for info in started}) == 1
    assert practice.status().pid == started[0].pid


def test_it_is_told_apart_from_one_that_was_killed(home):
    first = practice.start()
    os.kill(first.pid, signal.SIGKILL)
    assert practice.status() is None or practice.status().pid != first.pid
    assert practice.start().pid != first.pid


def test_other_options_are_refused_while_it_runs(home):
    practice.start(StartOptions(speed="instant"))
    practice.start(StartOptions(speed="instant"))
    practice.start()
    with pytest.raises(PracticeError, match="--speed"):
        practice.start(StartOptions(speed="real"))
    with pytest.raises(PracticeError, match="--fault"):
        practice.start(StartOptions(faults=("throttle:0.5",)))


def test_what_it_cannot_do_is_said_in_its_own_words(home):
    with pytest.raises(PracticeError, match="no-such-fault"):
        practice.start(StartOptions(faults=("no-such-fault",)))


def test_its_secrets_are_the_owners_alone_and_never_in_a_text(home):
    info = practice.start()
    assert stat.S_IMODE(practice.info_file().stat().st_mode) == 0o600
    assert info.client_secret not in repr(info)
    assert info.control_token not in repr(info)
    assert "control_token" not in info.public()


def test_faults_come_and_go_while_it_runs(home):
    practice.start()
    practice.fault(["throttle:0.5"])
    assert any("throttle" in fault for fault in practice.read().faults)
    practice.fault(clear=True)
    assert practice.read().faults == ()
    with pytest.raises(PracticeError):
        practice.fault(["no-such-fault"])


def test_steering_one_that_does_not_run_says_how_to_start_it(home):
    assert practice.status() is None
    assert practice.stop() is False
    with pytest.raises(PracticeError, match="azwizard practice start"):
        practice.fault(["throttle:0.5"])


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be held there")
def test_one_that_takes_long_to_stop_is_waited_for_before_anyone_is_told_to_end_it(home, monkeypatch):
    info = practice.start()
    lives, looks = child_process.lives, count(1)

    def held_at_first(pid):
        """Hold it from the first look on, and let go at the twentieth."""
        number = next(looks)
        if number in (1, 20):
            os.kill(pid, signal.SIGSTOP if number == 1 else signal.SIGCONT)
        return lives(pid)

    monkeypatch.setattr(practice, "lives", held_at_first)
    assert practice.stop()
    assert next(looks) > 20
    assert practice.status() is None and not lives(info.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be held there")
def test_one_that_never_stops_is_named(home, monkeypatch):
    info = practice.start()
    monkeypatch.setattr(practice, "STOP_SECONDS", 0.0)
    lives = child_process.lives

    def held(pid):
        os.kill(pid, signal.SIGSTOP)
        return lives(pid)

    monkeypatch.setattr(practice, "lives", held)
    try:
        with pytest.raises(PracticeError, match=str(info.pid)):
            practice.stop()
    finally:
        os.kill(info.pid, signal.SIGCONT)
        monkeypatch.undo()


def test_a_reset_leaves_nothing_of_it_and_nothing_of_azure_is_touched(home):
    practice.start()
    for kind in ("practice", "azure"):
        with Journal.open(home, kind, "t", "s", "orders-dev") as journal:
            journal.remember("pipeline.image", "run", "ch1")
    practice.reset()
    assert practice.status() is None
    assert not (home / "practice").exists()
    assert [folder.name for folder in (home / "journal").iterdir()] == ["azure"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_program_of_the_practice_cloud_keeps_a_secret_in_its_environment(home, monkeypatch):
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", "canary-of-this-test")
    info = practice.start(StartOptions(speed="instant"))
    assert b"canary" not in Path(f"/proc/{info.pid}/environ").read_bytes()


def test_a_practice_cloud_that_runs_takes_wheels_and_consent_over(home, tmp_path):
    practice.start(StartOptions(speed="instant"))
    practice.start(StartOptions(wheels=tmp_path))
    assert practice._tell("/running", {})["wheels"] == str(tmp_path)
    practice.allow_unconfined()
    assert practice.may_run_code()
