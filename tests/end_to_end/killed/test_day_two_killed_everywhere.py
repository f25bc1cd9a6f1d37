"""A change, a rollback and a destruction that are killed, and the same command again: the end is as if nothing had disturbed it.

By day at a few moments of each, by night at every answer and at every note in the journal: enumerated, not sampled.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.end_to_end.support.day_two_runs import Carried, DeployedProject
from tests.end_to_end.support.killed_runs import PracticeSide, kinds_of
from tests.support.figures import Figures

AT_ONCE = 8
EACH_CLOUD = 24  # projects that are destroyed; each has a copy that runs until then
QUICK = "slow:0.3"  # operations are in flight all the same, and one waits less for them
EVERY = int(os.environ.get("AZWIZARD_KILL_EVERY", "1"))
BY_DAY = {
    "change": ["answered 1 POST .*/scheduleRun", "answered 1 (PUT|PATCH) .*/containerApps/[^/]*[?]"],
    "roll_back": ["answered 3 GET", "answered 1 (PUT|PATCH) .*/containerApps/[^/]*[?]"],
}
BY_DAY_GONE = ["answered 3 GET", "answered 1 DELETE", "journal 1 end"]
Faults = list[str]


class DayTwo:
    """Projects beside each other on one practice cloud."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.cloud = PracticeSide(folder)

    def deployed(self, names: list[str]) -> list[DeployedProject]:
        """Projects that were applied once."""
        projects = [DeployedProject(self.cloud.project(name)) for name in names]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(DeployedProject.deploy, projects))
        return projects


def killed_again_and_again(project: DeployedProject, moments: dict[str, list[str]], figures: Figures) -> Faults:
    """Change and roll back, undisturbed twice, since the first time differs from the next, then with a kill at each of these moments."""
    undisturbed: dict[str, Carried] = {}
    for _again in range(2):
        undisturbed = {"change": project.change(), "roll_back": project.roll_back()}
        assert [run.done.exit for run in undisturbed.values()] == [0, 0], [run.done for run in undisturbed.values()]
    faults: Faults = []
    for number in range(max(map(len, moments.values()))):
        for command in ("change", "roll_back"):
            moment = moments[command][number] if number < len(moments[command]) else ""
            run: Carried = getattr(project, command)(moment)
            figures(kill_points=int(run.was_killed))
            faults += [f"{command} at {moment}: {fault}" for fault in run.faults(undisturbed[command])]
    return faults


def assert_nothing_wrong(faults: Faults, figures: Figures) -> None:
    figures(**kinds_of(faults))
    assert faults == []


def test_a_change_and_a_rollback_killed_at_a_moment_end_as_if_they_had_not_been(tmp_path: Path, figures: Figures) -> None:
    day_two = DayTwo(tmp_path)
    with day_two.cloud.started(QUICK):
        (project,) = day_two.deployed(["day"])
        assert_nothing_wrong(killed_again_and_again(project, BY_DAY, figures), figures)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("kind", "most"), [("answered", 160), ("journal", 40)])
def test_a_change_and_a_rollback_killed_at_every_moment_end_as_if_they_had_not_been(
    tmp_path: Path, kind: str, most: int, figures: Figures
) -> None:
    """`most`: more than there are in either; a moment that never comes disturbs nothing."""
    day_two = DayTwo(tmp_path)
    shares = [[f"{kind} {number} ." for number in range(first, most, AT_ONCE * EVERY)] for first in range(1, AT_ONCE + 1)]
    with day_two.cloud.started(QUICK):
        projects = day_two.deployed([f"{kind[0]}d{number}" for number in range(AT_ONCE)])
        with ThreadPoolExecutor(AT_ONCE) as pool:
            runs = pool.map(
                lambda pair: killed_again_and_again(pair[0], {"change": pair[1], "roll_back": pair[1]}, figures),
                zip(projects, shares, strict=True),
            )
            assert_nothing_wrong([fault for faults in runs for fault in faults], figures)


def test_a_destruction_killed_at_a_moment_ends_as_if_it_had_not_been(tmp_path: Path, figures: Figures) -> None:
    assert_nothing_wrong(destroyed_at(tmp_path, BY_DAY_GONE, figures), figures)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("kind", "most"), [("answered", 140), ("journal", 50)])
def test_a_destruction_killed_at_every_moment_ends_as_if_it_had_not_been(tmp_path: Path, kind: str, most: int, figures: Figures) -> None:
    faults: Faults = []
    for number, first in enumerate(range(1, most, EACH_CLOUD * EVERY)):
        moments = [f"{kind} {moment} ." for moment in range(first, min(most, first + EACH_CLOUD * EVERY), EVERY)]
        faults += destroyed_at(tmp_path / str(number), moments, figures)
    assert_nothing_wrong(faults, figures)


def destroyed_at(folder: Path, moments: list[str], figures: Figures) -> Faults:
    """What is wrong after a destruction that was killed at each of these moments; each takes a project of its own."""
    day_two = DayTwo(folder)
    with day_two.cloud.started(QUICK):
        undisturbed, *others = day_two.deployed([f"d{number:03}" for number in range(len(moments) + 1)])
        expected = undisturbed.destroy()
        assert expected.done.exit == 0, expected.done
        with ThreadPoolExecutor(AT_ONCE) as pool:
            runs = list(pool.map(DeployedProject.destroy, others, moments))
    figures(kill_points=sum(run.was_killed for run in runs))
    return [f"{moment}: {fault}" for moment, run in zip(moments, runs, strict=True) for fault in run.faults(expected)]
