"""The record of runs."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.engine.journal import Journal, SetupLocked

HOLD = """
import os, sys
from pathlib import Path
from wizard.engine.journal import Journal
with Journal.open(Path(sys.argv[1]), "practice", "t", "s", "orders-dev") as journal, journal.lock():
    journal.begin(23, unchanged=6)
    journal.finished("key_vault.vault")
    journal.intend("registry.registry", "make")
    journal.save_token("registry.registry", "make", "token-of-azure")
    print("held", flush=True)
    sys.stdin.read()
"""


def open_journal(home, **place):
    where = {"kind": "practice", "tenant": "t", "subscription": "s", "setup": "orders-dev"} | place
    return Journal.open(home, **where)


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_what_a_step_remembers_is_there_for_the_next_run(tmp_path):
    with open_journal(tmp_path) as journal:
        journal.remember("pipeline.build", "run", "ca1")
        journal.save_token("key_vault.vault", "make", "abc")
    with open_journal(tmp_path) as journal:
        assert journal.recall("pipeline.build", "run") == "ca1"
        assert journal.token("key_vault.vault", "make") == "abc"
        journal.forget("pipeline.build", "run")
        journal.clear_token("key_vault.vault", "make")
        assert journal.recall("pipeline.build", "run") is None
        assert journal.token("key_vault.vault", "make") is None


@pytest.mark.parametrize("elsewhere", [{"kind": "azure"}, {"tenant": "u"}, {"subscription": "r"}, {"setup": "orders-prod"}])
def test_setups_clouds_tenants_and_subscriptions_know_nothing_of_each_other(tmp_path, elsewhere):
    with open_journal(tmp_path) as journal, open_journal(tmp_path, **elsewhere) as other:
        journal.remember("pipeline.build", "run", "ca1")
        assert other.recall("pipeline.build", "run") is None


def test_a_name_never_leads_out_of_the_journal_folder(tmp_path):
    with open_journal(tmp_path / "home", tenant="../..", setup="../../evil") as journal:
        journal.remember("a", "b", "c")
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


def test_only_the_owner_can_read_it(tmp_path):
    with open_journal(tmp_path) as journal, journal.lock():
        journal.begin(1)
        for path in (tmp_path / "journal").rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_setup_held_by_another_run_is_refused_at_once_and_names_the_process(tmp_path, holder):
    with open_journal(tmp_path) as journal, pytest.raises(SetupLocked) as refused, journal.lock():
        pass
    assert refused.value.pid == holder.pid
    assert str(holder.pid) in str(refused.value)


def test_a_killed_run_lets_go_and_leaves_what_azure_is_still_doing(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with open_journal(tmp_path) as journal, journal.lock():
        assert journal.token("registry.registry", "make") == "token-of-azure"
        last = journal.last_run()
    assert (last.outcome, last.done, last.steps) == (None, 7, 23)
    assert last.seconds_ago < 60


def test_another_setup_can_run_at_the_same_time(tmp_path, holder):
    with open_journal(tmp_path, setup="orders-prod") as journal, journal.lock():
        assert journal.last_run() is None


def test_the_last_run_tells_how_it_ended(tmp_path):
    with open_journal(tmp_path) as journal:
        journal.begin(23)
        journal.finished("a.b")
        journal.failed("a.c", "AuthorizationFailed", "no")
        journal.end("failed", 14)
        last = journal.last_run()
    assert (last.outcome, last.done, last.steps) == ("failed", 14, 23)


def test_undoing_a_step_drops_what_it_remembered_and_nothing_else(tmp_path):
    with open_journal(tmp_path) as journal:
        journal.remember("a.b", "key", "1")
        journal.remember("a.c", "key", "2")
        journal.undone("a.b")
        assert (journal.recall("a.b", "key"), journal.recall("a.c", "key")) == (None, "2")
        journal.forget_all()
        assert journal.recall("a.c", "key") is None
