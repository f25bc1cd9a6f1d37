"""Killed at any moment of an apply and run again: the end is the same as undisturbed, and nothing is made twice.

By day at a moment of each kind, by night at all of them.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.end_to_end.support.killed_runs import MADE_ONCE, Applied, PracticeSide, faults_of, kinds_of
from tests.end_to_end.support.small_project import SmallProject, read_until
from tests.support.figures import Figures

AT_ONCE = 8
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
    "while the person's role is awaited": "event 1 key_vault.administrator waiting",
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
BY_DAY = {
    "while planning",
    "before the first write",
    "the vault accepted",
    "the storage account polled",
    "the environment's token about to be journalled",
    "the environment made and not journalled",
    "the secret written",
    "the build scheduled",
    "the placeholder accepted",
    "the app's role assigned",
    "the first version accepted",
    "before the end is journalled",
}


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
def applied(cloud: PracticeSide, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Applied]]]:
    """Every moment's two runs, some of them at once; the undisturbed one first of all."""
    expected = [
        item.callspec.params["moment"]
        for item in request.session.items
        if "moment" in getattr(getattr(item, "callspec", None), "params", {})
    ]
    late = request.getfixturevalue("cloud_with_late_roles") if ROLES_LATE in expected else cloud
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {UNDISTURBED: pool.submit(cloud.undisturbed, UNDISTURBED)}
        for number, moment in enumerate(MOMENTS, 1):
            if moment in expected:
                its_cloud = late if moment == ROLES_LATE else cloud
                runs[moment] = pool.submit(its_cloud.killed, f"k{number:02}", MOMENTS[moment])
        yield runs
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("moment", [pytest.param(each, marks=() if each in BY_DAY else pytest.mark.nightly) for each in MOMENTS])
def test_an_apply_killed_at_any_moment_ends_as_if_it_had_not_been(
    applied: dict[str, Future[Applied]], moment: str, figures: Figures
) -> None:
    undisturbed, killed_once = applied[UNDISTURBED].result(), applied[moment].result()
    assert undisturbed.done.exit == 0, undisturbed.done.stdout
    faults = faults_of(killed_once, undisturbed)
    figures(kill_points=1, **kinds_of(faults))
    assert faults == []


def test_a_second_apply_leaves_the_first_alone_which_can_be_stopped_and_goes_on(cloud: PracticeSide) -> None:
    project = cloud.project("stopped")
    process = project.begin_apply("environment.environment")
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
        ahead = first.begin_apply("environment.environment")
        behind = second.begin_apply("environment.environment")
        read_until(ahead, "app.identity")
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
