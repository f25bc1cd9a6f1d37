"""Trouble that no table of refusals can say: rights, the way to Azure, someone else at work, an end in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from .conftest import ProcessOutcome, WizardProcess
from .support.small_project import SmallProject
from .support.tunnel import tunnel

SECRET = {"AZWIZARD_SECRET_API_KEY": "canary-77b2d9-value"}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[SmallProject]:
    """The small API and an instant practice cloud that records its traffic, both of its own."""
    wizard = WizardProcess(tmp_path / "home", tmp_path / "project", dict(SECRET))
    wizard.folder.mkdir()
    project = SmallProject(wizard, wizard.folder, "trouble", tmp_path / "traffic.har")
    project.write()
    wizard("practice", "start", "--speed", "instant", "--har", str(project.har))
    yield project
    wizard("practice", "stop")


def problem(outcome: ProcessOutcome) -> str:
    """Everything that was said to hinder, or to have failed."""
    text = outcome.of("check", state="missing") + outcome.of("step", state="failed")
    return " ".join(f"{event['detail']} {event.get('remedy', '')}".strip() for event in text)


def goes_on(project: SmallProject) -> None:
    """The next apply ends well, and nothing was made twice."""
    ends_well(project)
    assert project.made_twice() == []


def ends_well(project: SmallProject) -> None:
    mended = project.wizard.apply()
    crashes = "".join(file.read_text() for file in project.wizard.home.glob("crashes/*"))
    assert mended.exit == 0, mended.stdout + mended.stderr + crashes


@pytest.mark.parametrize(
    ("account", "lacks"),
    [
        (
            "reader",
            {
                "Microsoft.Resources/subscriptions/resourceGroups/write": "/resourceGroups/rg-trouble-dev",
                "Microsoft.KeyVault/register/action": "",
                "Microsoft.KeyVault/vaults/write": "/vaults/kv-trouble-dev",
                "Microsoft.ContainerRegistry/registries/write": "/registries/crtroubledev",
                "Microsoft.ContainerRegistry/registries/scheduleRun/action": "/registries/crtroubledev",
                "Microsoft.Storage/storageAccounts/write": "/storageAccounts/sttroubledev",
                "Microsoft.Storage/storageAccounts/listKeys/action": "/storageAccounts/sttroubledev",
                "Microsoft.App/managedEnvironments/write": "/managedEnvironments/cae-trouble-dev",
                "Microsoft.App/containerApps/write": "/containerApps/capp-trouble-dev",
                "Microsoft.Authorization/roleAssignments/write": "dev",
            },
        ),
        ("contributor", {"Microsoft.Authorization/roleAssignments/write": "dev"}),
    ],
)
def test_whoever_lacks_rights_is_told_each_of_them_before_anything_is_written(
    project: SmallProject, account: str, lacks: dict[str, str]
) -> None:
    project.fault(f"account:{account}")
    refused = project.wizard.apply()
    assert refused.exit == 3, refused.stdout + refused.stderr
    assert project.writes() == []
    missing = {event["action"]: event for event in refused.of("check", state="missing")}
    if account == "contributor":
        assert set(missing) == set(lacks)
    for action, scope in lacks.items():
        event = missing[action]
        assert event["scope"].startswith("/subscriptions/") and event["scope"].endswith(scope)
        assert action in event["detail"] + event["remedy"] and "wner" in event["remedy"], event
    project.fault()
    goes_on(project)


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes", "--partial")])
def test_what_may_hurt_is_told_before_anything_is_made(project: SmallProject, command: tuple[str, ...]) -> None:
    project.edit("azwizard.toml", 'mount = "/api/files"', 'mount = "/api/files"\nnobrl = true')
    project.edit("azwizard.toml", "[app]", "[app]\nmax_replicas = 3")
    (project.folder / "api" / ".env").write_text("API_KEY=canary\n")
    outcome = project.wizard(*command, "--practice", "--json")
    copies, unsent = outcome.of("finding", finding="several-copies") + outcome.of("finding", finding="not-sent")
    assert "max_replicas in [app] is 3" in copies["detail"] and "Write max_replicas = 1" in copies["detail"]
    assert (copies["severity"], copies["file"]) == ("warning", "azwizard.toml")
    assert ".env may hold passwords: it is not sent" in unsent["detail"]
    kinds = [event["event"] for event in outcome.events]
    assert "step" not in kinds[: kinds.index("finding")]


def test_without_a_terminal_yes_must_be_said(project: SmallProject) -> None:
    refused = project.wizard("apply", "--practice", "--json")
    assert (refused.exit, project.writes()) == (2, [])
    assert "--yes" in problem(refused)
    goes_on(project)


def test_a_setup_is_held_by_one_run_and_a_stopped_one_goes_on(project: SmallProject) -> None:
    first = project.wizard.start("apply", "--practice", "--yes", "--json")
    until_event(first, "running")
    os.kill(first.pid, signal.SIGSTOP)
    try:
        second = project.wizard.apply()
        assert second.exit == 4, second.stdout + second.stderr
        assert "trouble-dev" in problem(second) and "another" in problem(second).lower()
    finally:
        os.kill(first.pid, signal.SIGCONT)
    first.terminate()
    stdout, stderr = first.communicate(timeout=60)
    assert first.returncode == 130, stdout + stderr
    assert json.loads(stdout.splitlines()[-1])["outcome"] == "interrupted"
    goes_on(project)


def test_a_cloud_that_is_lost_in_the_middle_is_told_and_found_again(project: SmallProject) -> None:
    run = project.wizard.start("apply", "--practice", "--yes", "--json")
    until_event(run, "done")
    os.kill(project.wizard.practice().info["pid"], signal.SIGKILL)
    stdout, stderr = run.communicate(timeout=120)
    refused = ProcessOutcome(run.returncode, [json.loads(line) for line in stdout.splitlines()], stdout, stderr)
    assert refused.exit == 1, stdout + stderr
    assert "nothing is made twice" in problem(refused)
    project.wizard("practice", "start", "--speed", "instant")
    ends_well(project)


class FullDisk(WizardProcess):
    """A wizard that can write no file longer than 64 KiB, which its journal becomes in the middle of a run."""

    may_fork = False

    def command(self, arguments: Sequence[str], cwd: Path) -> list[str]:
        return ["bash", "-c", 'ulimit -f 64; exec "$@"', "bash", *super().command(arguments, cwd)]


def test_a_full_disk_is_told_and_what_was_made_is_found_again(project: SmallProject) -> None:
    full = FullDisk(project.wizard.home, project.folder, dict(SECRET))
    ended = full.apply()
    assert (ended.exit, ended.result["outcome"]) == (1, "failed"), ended.stdout + ended.stderr
    assert "Make room" in ended.result["detail"] and "the same again" in ended.result["detail"]
    assert not list(project.wizard.home.glob("crashes/*"))
    goes_on(project)


@pytest.mark.parametrize("command", [("apply", "--yes"), ("plan",), ("practice", "start")])
def test_a_folder_that_cannot_be_written_to_is_named(project: SmallProject, command: tuple[str, ...]) -> None:
    (project.folder / "file").write_text("no folder")
    elsewhere = WizardProcess(project.folder / "file" / "home", project.folder)
    refused = elsewhere(*command, *(() if "start" in command else ("--practice", "--json")))
    assert refused.exit == 3, refused.stdout + refused.stderr
    assert "file/home cannot be used" in refused.stderr and "AZWIZARD_HOME" in refused.stderr
    assert "Traceback" not in refused.stderr
    if "start" not in command:
        assert refused.result["outcome"] == "blocked" and "file/home" in refused.result["detail"]


def test_a_practice_cloud_that_is_reset_under_a_run_ends_it_with_a_sentence(project: SmallProject) -> None:
    run = project.wizard.start("apply", "--practice", "--yes", "--json")
    until_event(run, "done")
    reset = project.wizard("practice", "reset")
    assert reset.exit == 0, reset.stderr
    stdout, stderr = run.communicate(timeout=120)
    refused = ProcessOutcome(run.returncode, [json.loads(line) for line in stdout.splitlines()], stdout, stderr)
    assert refused.exit == 1, stdout + stderr
    assert "nobody answers there" in problem(refused), problem(refused)
    project.wizard("practice", "start", "--speed", "instant")
    ends_well(project)


@pytest.mark.parametrize("reads", [0, 1, 40])
def test_a_reader_who_leaves_stops_the_run_and_is_no_fault_of_the_program(project: SmallProject, reads: int) -> None:
    run = project.wizard.start("apply", "--practice", "--yes", "--json")
    assert run.stdout is not None and run.stderr is not None
    for _line in range(reads):
        run.stdout.readline()
    run.stdout.close()
    text = run.stderr.read()
    assert run.wait(timeout=60) == 130, text
    assert "nobody reads this any more" in text and "goes on from there" in text
    assert "Traceback" not in text and "Exception ignored" not in text
    assert not list(project.wizard.home.glob("crashes/*"))
    goes_on(project)


@pytest.mark.parametrize("fault", ["throttle:0.3", "server-error:0.2", "disconnect:0.1"])
def test_a_bad_day_of_azure_is_survived(project: SmallProject, fault: str) -> None:
    project.fault(fault)
    ends_well(project)
    project.fault()
    assert project.wizard.apply().result["outcome"] == "unchanged"


def until_event(process: subprocess.Popen[str], state: str) -> None:
    """Read what a command tells until a step is in a state."""
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "step" and event["state"] == state:
            return
    raise AssertionError(f"it ended before any step was {state}")


@pytest.fixture
def towards_azure(project: SmallProject) -> WizardProcess:
    """The wizard as if it went to Azure itself, signed in by variables; only a proxy makes the practice cloud stand for Azure."""
    practice = project.wizard.practice().info
    account = {f"AZURE_{name.upper()}": practice[name] for name in ("tenant_id", "client_id", "client_secret")}
    project.edit(
        "azwizard.toml", "[key_vault]", '[sign_in]\nsubscription = "Practice subscription"\ncredential = "environment"\n\n[key_vault]'
    )
    nowhere = {"NO_PROXY": "", "no_proxy": "", "SSL_CERT_FILE": "", "REQUESTS_CA_BUNDLE": ""}
    return WizardProcess(project.wizard.home, project.folder, {**SECRET, **account, **nowhere})


def test_trouble_on_the_way_to_azure_is_told_and_can_be_mended(project: SmallProject, towards_azure: WizardProcess) -> None:
    practice = project.wizard.practice().info

    def refused(**environment: str) -> str:
        towards_azure.environment.update(environment)
        outcome = towards_azure("apply", "--yes", "--json")
        assert (outcome.exit, project.writes()) == (3, []), outcome.stdout + outcome.stderr
        return problem(outcome)

    with tunnel(None) as asking:
        text = refused(HTTPS_PROXY=asking.url)
        assert all(words in text for words in ("proxy", "user name and password", "HTTPS_PROXY")), text
    text = refused(HTTPS_PROXY=asking.url)
    assert all(words in text for words in ("proxy", "HTTPS_PROXY", "NO_PROXY")), text
    with tunnel(practice["port"]) as proxy:
        text = refused(HTTPS_PROXY=proxy.url)
        assert all(words in text for words in ("certificate", "not trusted", "SSL_CERT_FILE")), text
        text = refused(SSL_CERT_FILE=str(project.folder / "missing.pem"))
        assert all(words in text for words in ("SSL_CERT_FILE", "missing.pem", "Correct")), text
        project.edit("azwizard.toml", '"Practice subscription"', '"Practise subscription"')
        text = refused(SSL_CERT_FILE=practice["ca_file"])
        assert all(words in text for words in ("Practise subscription", "It sees: Practice subscription", "[sign_in]")), text
        project.edit("azwizard.toml", '"Practise subscription"', '"Practice subscription"')
        mended = towards_azure("plan", "--json")
        assert (mended.exit, mended.result["outcome"]) == (5, "changes"), mended.stdout + mended.stderr


def test_resume_names_the_subscription_that_it_does_not_find(project: SmallProject, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused = project.wizard(
        "resume", "--practice", "--subscription", "Other", "--resource-group", "rg-trouble-dev", "--json", cwd=tmp_path / "empty"
    )
    assert refused.exit == 3, refused.stdout + refused.stderr
    assert "Other" in problem(refused) and "Practice subscription" in problem(refused)
