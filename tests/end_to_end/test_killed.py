"""Killed at any moment of an apply and run again: the end is the same as undisturbed, and nothing is made twice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .conftest import SECRET, ProcessOutcome, WizardProcess
from .support.end_state import differing, end_state
from .support.small_project import SmallProject

AT_ONCE = 8
GIVEN = {"AZWIZARD_SECRET_API_KEY": SECRET}
UNDISTURBED = "k00"
ROLES_LATE = "the first version refused until the role is there"
"""On a cloud where roles take effect so late that the first version is refused however slow this computer is."""
MOMENTS = {
    "while planning": "answered 9 GET",
    "before the first write": "sending 1 PUT .*/resourcegroups/",
    "the group made": "answered 1 PUT .*/resourcegroups/",
    "the vault about to be asked for": "sending 1 PUT .*/vaults/[^/]*$",
    "the vault accepted": "answered 1 PUT .*/vaults/",
    "the registry accepted": "answered 1 PUT .*/registries/",
    "the registry journalled": "event 1 storage.account done",
    "the storage account accepted": "answered 1 PUT .*/storageAccounts/[^/]*[?]",
    "the storage account polled": "answered 4 GET .*/asyncoperations/",
    "the environment accepted": "answered 1 PUT .*/managedEnvironments/[^/]*[?]",
    "the environment's token about to be journalled": "journal 1 save_token environment.environment",
    "the environment polled": "answered 20 GET .*/managedEnvironmentOperationStatuses/",
    "the environment made and not journalled": "journal 1 clear_token environment.environment",
    "the share made": "answered 1 PUT .*/shares/",
    "the person's role assigned": "answered 1 PUT .*/vaults/.*/roleAssignments/",
    "while the person's role is awaited": "event 3 key_vault.administrator waiting",
    "the secret written": "answered 1 PUT .*/secrets/api-key",
    "the source about to be sent": "sending 1 PUT .*blob.core",
    "the source sent": "answered 1 PUT .*blob.core",
    "the build about to be scheduled": "sending 1 POST .*/scheduleRun",
    "the build scheduled": "answered 1 POST .*/scheduleRun",
    "while the build runs": "answered 4 GET .*/runs/",
    "the build over and not journalled": "journal 1 forget pipeline.image",
    "the environment's storage made": "answered 1 PUT .*/managedEnvironments/.*/storages/",
    "the placeholder accepted": "answered 1 PUT .*/containerApps/.* 201",
    "while the placeholder starts": "answered 2 GET .*/containerappOperationStatuses/",
    "the app's role assigned": "answered 1 PUT .*/registries/.*/roleAssignments/",
    ROLES_LATE: "answered 1 PUT .*/containerApps/.* 400",
    "the first version accepted": "answered 2 PUT .*/containerApps/.* 201",
    "the first version's token journalled": "journal 1 clear_token app.revision",
    "the first version journalled": "event 1 app.revision done",
    "while it is tried": "event 1 app.running running",
    "before the end is journalled": "journal 1 end",
}
GENERATED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAKES = re.compile(r"^(PUT|PATCH|DELETE) |/schedulerun$|/restart$|/activate$|/deactivate$")
MADE_ONCE = re.compile(r"^PUT .*/(vaults|registries|storageaccounts|managedenvironments|secrets)/[^/]*$|/schedulerun$")
REPEATED = re.compile(r"/roleassignments/|^PUT [^ ]*blob")
"""What may be sent again: a role's assignment, whose name follows from what it gives, and the source, which has another name each time."""
REFUSED = re.compile(r"^PUT .*/containerapps/[^/]* 400$|\.vault\..* 40[13]$|/oauth2/.* 40[01]$")
"""Refusals that are waited out: of the app until its identity's roles are in effect, and of the vault until the person's are."""


FIRST_NOTE = "azwizard-release-1: None"  # a first version whose note was cut off counts as one from before there were releases
TAGS = "/tags/default"  # merging the same tags again changes nothing: each run marks itself


@dataclass
class Applied:
    """An apply that was killed, perhaps, and the one after it, which went to the end."""

    killed: ProcessOutcome | None
    done: ProcessOutcome
    state: dict[str, Any]
    writes: Counter[str]
    refused: list[str]


@dataclass
class PracticeSide:
    """One practice cloud that records its traffic, for many projects at once."""

    folder: Path

    def project(self, name: str) -> SmallProject:
        folder = self.folder / name
        project = SmallProject(WizardProcess(self.folder / "home", folder, GIVEN), folder, name, self.folder / "traffic.har")
        project.write()
        return project

    def start(self, *faults: str) -> None:
        self._practice("start", "--speed", "fast", "--har", str(self.folder / "traffic.har"))
        if faults:
            self._practice("fault", *faults)

    @contextmanager
    def started(self, *faults: str) -> Iterator[None]:
        self.start(*faults)
        try:
            yield
        finally:
            self._practice("stop")

    def _practice(self, *arguments: str) -> None:
        done = WizardProcess(self.folder / "home", self.folder)("practice", *arguments)
        assert done.exit == 0, done.stderr

    def undisturbed(self, name: str) -> Applied:
        return self.applied(self.project(name))

    def killed(self, name: str, moment: str) -> Applied:
        """Apply a project until that moment, and again to the end."""
        project = self.project(name)
        wizard = WizardProcess(project.wizard.home, project.folder, GIVEN, "tests.end_to_end.support.killed_wizard")
        return self.applied(project, wizard(moment, "apply", "--practice", "--yes", "--json"))

    def applied(self, project: SmallProject, killed: ProcessOutcome | None = None) -> Applied:
        """Apply to the end, and look at what there is and at all that was ever asked for."""
        done = project.wizard.apply()
        state = end_state(project.wizard.practice(), project.name) if done.exit == 0 else {}
        mine = [exchange for exchange in project.exchanges() if project.name in exchange[1]]
        changing = [(f"{method} {named(url, project.name)}", status) for method, url, status in mine if method not in ("GET", "HEAD")]
        accepted = Counter(text for text, status in changing if status < 300)
        return Applied(killed, done, state, accepted, [f"{text} {status}" for text, status in changing if status >= 300])


def named(url: str, name: str) -> str:
    """The URL without what differs from setup to setup."""
    return GENERATED.sub("ID", url.partition("?")[0].lower().replace(name, "NAME"))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSide]:
    cloud = PracticeSide(tmp_path_factory.mktemp("killed"))
    with cloud.started():
        yield cloud


@pytest.fixture(scope="module")
def cloud_with_late_roles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSide]:
    cloud = PracticeSide(tmp_path_factory.mktemp("late"))
    with cloud.started("rbac-delay:25"):
        yield cloud


@pytest.fixture(scope="module")
def applied(
    cloud: PracticeSide, cloud_with_late_roles: PracticeSide, request: pytest.FixtureRequest
) -> Iterator[dict[str, Future[Applied]]]:
    """Every moment's two runs, some of them at once; the undisturbed one first of all."""
    expected = [
        item.callspec.params["moment"]
        for item in request.session.items
        if "moment" in getattr(getattr(item, "callspec", None), "params", {})
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {UNDISTURBED: pool.submit(cloud.undisturbed, UNDISTURBED)}
        for number, moment in enumerate(MOMENTS, 1):
            if moment in expected:
                its_cloud = cloud_with_late_roles if moment == ROLES_LATE else cloud
                runs[moment] = pool.submit(its_cloud.killed, f"k{number:02}", MOMENTS[moment])
        yield runs
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_apply_killed_at_any_moment_ends_as_if_it_had_not_been(applied: dict[str, Future[Applied]], moment: str) -> None:
    undisturbed, it = applied[UNDISTURBED].result(), applied[moment].result()
    assert undisturbed.done.exit == 0, undisturbed.done.stdout
    assert it.killed is not None
    assert it.killed.exit == -signal.SIGKILL, it.killed.stdout + it.killed.stderr
    assert it.done.exit == 0, it.done.stdout + it.done.stderr
    assert [difference for difference in differing(it.state, undisturbed.state) if FIRST_NOTE not in difference] == []
    assert lasting(it.writes) - lasting(undisturbed.writes) == Counter()
    assert {text for text in it.writes if REPEATED.search(text)} == {text for text in undisturbed.writes if REPEATED.search(text)}
    assert [text for text in it.refused if not REFUSED.search(text)] == []


def lasting(writes: Counter[str]) -> Counter[str]:
    """How often each thing was made that must not be made twice."""
    return Counter(
        {text: times for text, times in writes.items() if MAKES.search(text) and not (REPEATED.search(text) or text.endswith(TAGS))}
    )


def test_a_second_apply_leaves_the_first_alone_which_can_be_stopped_and_goes_on(cloud: PracticeSide) -> None:
    project = cloud.project("stopped")
    process = begin(project, "environment.environment")
    second = project.wizard.apply()
    assert (second.exit, second.result["outcome"]) == (4, "blocked")
    assert str(process.pid) in second.result["detail"]
    process.send_signal(signal.SIGINT)
    rest, _errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert json.loads(rest.splitlines()[-1])["outcome"] == "interrupted"
    assert_goes_on(cloud, project)


def test_when_the_practice_cloud_is_killed_the_next_applies_go_on(tmp_path: Path) -> None:
    cloud = PracticeSide(tmp_path)
    with cloud.started():
        first, second = cloud.project("first"), cloud.project("second")
        ahead = begin(first, "environment.environment")
        behind = begin(second, "environment.environment")
        wait_for(ahead, "app.identity")
        os.kill(first.wizard.practice().info["pid"], signal.SIGKILL)
        for process in (ahead, behind):
            process.communicate(timeout=120)
            assert process.returncode == 1
        cloud.start()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda project: assert_goes_on(cloud, project), (first, second)))


def assert_goes_on(cloud: PracticeSide, project: SmallProject) -> None:
    """Another apply succeeds, and nothing has been made twice in all."""
    done = cloud.applied(project)
    assert done.done.exit == 0, done.done.stdout + done.done.stderr
    assert [text for text, times in done.writes.items() if times > 1 and MADE_ONCE.search(text)] == []
    assert len(done.state["builds"]) == 1
    assert len(done.state["revisions"]) == 2  # of the placeholder and of the image
    assert [secret["versions"] for secret in done.state["secrets"].values()] == [1]


def begin(project: SmallProject, step: str) -> subprocess.Popen[str]:
    """An apply that has come as far as that step."""
    process = project.wizard.start("apply", "--practice", "--yes", "--json")
    wait_for(process, step)
    return process


def wait_for(process: subprocess.Popen[str], step: str) -> None:
    """Read what an apply tells until it carries out that step."""
    assert process.stdout
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "step" and (event["step"], event["state"]) == (step, "running"):
            return
    raise AssertionError(f"{step} was not begun")
