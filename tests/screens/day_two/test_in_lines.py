"""Day two by line prompts: the same as on the state screen, in words; and the exercises from their Home."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.day_two.test_standing import SETUP, change
from tests.screens.test_plain import SIGNS, talk
from wizard.engine.session import CommandOptions, ExitCode
from wizard.exercises import record
from wizard.exercises.catalogue import EXERCISES
from wizard.platform.language import _
from wizard.workspace import runs
from wizard.workspace.workspace import Workspace

OPEN, LOOK_AGAIN, YES = "1", "1", "y"


async def deployed(project: Path) -> Path:
    """The sample's code, deployed; gives its folder."""
    file = project / "azwizard.toml"
    file.write_text(SETUP)
    workspace = Workspace(CommandOptions(setup=file, practice=True))
    await workspace.sign_in()
    await workspace.look()
    assert (await runs.make(workspace, lambda _event: None)).outcome == "succeeded"
    await workspace.sign_out()
    return project / "orders-api"


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_a_change_is_deployed_gone_back_from_paused_started_and_deleted_in_lines(project: Path) -> None:
    change(await deployed(project))
    deploy, go_back = ["2", YES], ["2", "1", YES]
    pause, cost, start = ["5", YES], ["5"], ["2"]
    delete = ["12", "notes-dev"]
    said, status = await talk(project, OPEN, *deploy, *go_back, *pause, *cost, *start, *delete, "q")
    assert status is ExitCode.DONE
    in_order = (
        "your code: changed since: run.py",
        "The version that runs serves until the other one answers.",
        "version: 2, since",
        "Run version 1 again, yes or no?",
        "went back: You went back to this version.",
        "Paused: your API answers nobody",
        "paused: it answers nobody until you start it again",
        "Everything else costs nothing by itself",
        "Your API runs again.",
        "Deleting notes-dev",
        "Where to? q leaves",
    )
    places = [said.find(words) for words in in_order]
    assert -1 not in places, dict(zip(in_order, places, strict=True))
    assert places == sorted(places)
    assert [line for line in said.splitlines() if SIGNS.search(line)] == []


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_a_stage_is_begun_and_runs_what_the_other_runs_in_lines(project: Path) -> None:
    await deployed(project)
    begin, names = ["9", "1"], ["dev", "prod", "notes-prod"]
    said, _status = await talk(project, OPEN, *begin, *names, "9", "2", "q")
    in_order = (
        "There is a stage dev already.",
        "What prod costs: ",
        "What differs now between dev and prod:",
        "Run the image of release 1 of dev in prod?",
        "address: https://capp-notes-prod",
        "address: https://capp-notes-dev",
    )
    places = [said.rfind(words) for words in in_order]
    assert -1 not in places, dict(zip(in_order, places, strict=True))
    assert places == sorted(places)


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_going_back_from_what_was_tried_comes_to_the_state_and_then_home(project: Path) -> None:
    await deployed(project)
    said, _status = await talk(project, OPEN, "2", "1", "<", "<", "q")
    assert "200 OK" in said
    assert said.count("address: https://") == 2
    assert said.rindex("Which one?") > said.rindex("address: https://"), "Home after the state"


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_an_exercise_is_begun_and_helped_with_in_lines(project: Path) -> None:
    exercise = EXERCISES[0]
    said, _status = await talk(project, "4", "1", "1", "2", "3", "4", str(len(EXERCISES) + 1), "q")
    assert _(exercise.goal) in said
    assert _(exercise.hints[0]) in said
    assert _("Not solved yet.") in said
    assert record.attempts()[exercise.name].hints == 1
    assert (project / f"exercise-{exercise.name}" / "azwizard.toml").is_file()
    assert [line for line in said.splitlines() if SIGNS.search(line)] == []
