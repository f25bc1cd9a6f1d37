"""How a run is told while it goes on: what waits for what, how long it still takes, and a log without noise."""

from __future__ import annotations

import pytest

from screens.widgets.progress_text import MOST_ROWS, bar_of, detail_of, failures_of, line_of
from wizard.engine.events import ResultEvent, StepEvent, StepState
from wizard.engine.plan import Action, PlannedStep
from wizard.engine.step import Observation, Outputs, Status, Step, StepContext
from wizard.platform import language
from wizard.state.snapshot import Snapshot
from wizard.workspace.progress import Progress


class IdleStep(Step):
    """A step of a run that nobody carries out."""

    def __init__(self, key: str, title: str, needs: tuple[str, ...] = (), seconds: float = 5.0) -> None:
        self.id, self.title, self.section = key, title, key.partition(".")[0]
        self.needs, self.expected_seconds = needs, seconds

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        raise NotImplementedError

    async def make(self, making: StepContext) -> None:
        raise NotImplementedError


STEPS = (
    IdleStep("environment.environment", "Place to run cae-orders-dev", seconds=120),
    IdleStep("key_vault.vault", "Key vault kv-orders-dev", seconds=15),
    IdleStep("key_vault.administrator", "You may fill the key vault", ("key_vault.vault",)),
    IdleStep("container_app.app", "Your app capp-orders-dev", ("environment.environment", "key_vault.vault"), 30),
)


@pytest.fixture
def progress() -> Progress:
    """A run that has begun nothing yet."""
    language.choose("en")
    return run()


def run(*, undoing: bool = False) -> Progress:
    return Progress([PlannedStep(step, Action.KEEP if undoing else Action.CREATE, Observation(Status.MISSING)) for step in STEPS], undoing)


def hear(progress: Progress, step: int, state: StepState, detail: str = "") -> PlannedStep:
    """Something happens to a step."""
    progress.hear(StepEvent(STEPS[step].id, STEPS[step].title, state, detail))
    return progress.steps[step]


def test_a_step_says_what_it_waits_for_longest(progress: Progress) -> None:
    vault, role, app = progress.steps[1:]
    assert detail_of(progress, vault) == ""
    assert detail_of(progress, role) == "after Key vault kv-orders-dev"
    assert detail_of(progress, app) == "after Place to run"
    hear(progress, 0, StepState.DONE)
    assert detail_of(progress, app) == "after Passwords and keys"
    hear(progress, 1, StepState.DONE)
    assert detail_of(progress, app) == detail_of(progress, role) == ""


def test_nothing_is_waited_for_once_the_run_is_over(progress: Progress) -> None:
    progress.end(ResultEvent("interrupted"))
    assert "after" not in line_of(progress, progress.steps[3], 76)


def test_the_slowest_part_is_called_that(progress: Progress) -> None:
    assert detail_of(progress, hear(progress, 0, StepState.RUNNING)) == "the slowest part, about 2 minutes"
    assert detail_of(progress, hear(progress, 1, StepState.RUNNING)) == ""
    assert detail_of(progress, hear(progress, 0, StepState.RUNNING, "Azure says so")) == "Azure says so"


def test_a_wait_that_grows_longer_is_one_line_of_the_log(progress: Progress) -> None:
    hear(progress, 2, StepState.RUNNING)
    for seconds in range(100):
        hear(progress, 2, StepState.WAITING, f"Azure applies your role: {seconds} s so far")
        hear(progress, 0, StepState.RUNNING, f"line {seconds}")
    hear(progress, 2, StepState.DONE)
    lines = [line for line in progress.log if "key vault" in line]
    assert len(lines) == 3
    assert "99 s so far" in lines[1]


@pytest.mark.parametrize("undoing", [False, True])
def test_what_is_left_is_the_longest_chain_of_making_and_of_deleting(undoing: bool) -> None:
    assert run(undoing=undoing).seconds_left() == 150


def test_what_is_deleted_waits_for_what_needs_it() -> None:
    progress = run(undoing=True)
    assert progress.waits_for(progress.steps[3]) is None
    assert progress.waits_for(progress.steps[1]) is progress.steps[3]


def test_one_reason_is_told_once_and_other_failures_by_name(progress: Progress) -> None:
    for step in (0, 1):
        hear(progress, step, StepState.FAILED, "Nobody answers. Try again.")
    hear(progress, 2, StepState.FAILED, "You may not. Ask someone.")
    first, *rest = failures_of(progress, 200)
    assert first == "✗ Place to run cae-orders-dev, Key vault kv-orders-dev: Nobody answers. Try again."
    assert rest == ["✗ You may fill the key vault"]


def test_a_long_reason_leaves_room_for_what_to_do_next(progress: Progress) -> None:
    hear(progress, 0, StepState.FAILED, "word " * 500)
    rows = failures_of(progress, 78)
    assert len(rows) == MOST_ROWS
    assert max(map(len, rows)) <= 78
    assert rows[-1].endswith(" …")


def test_a_stopped_run_calls_nothing_working(progress: Progress) -> None:
    item = hear(progress, 2, StepState.WAITING, "Azure applies your role: 4 s so far")
    assert line_of(progress, item, 76).startswith("waiting …")
    progress.end(ResultEvent("interrupted"))
    assert line_of(progress, item, 76).rstrip() == f"{'stopped ·':<12} You may fill the key vault"


def test_the_bar_is_full_only_at_the_end() -> None:
    steps = [IdleStep(f"storage.share_{number}", f"File share {number}") for number in range(60)]
    progress = Progress([PlannedStep(step, Action.CREATE, Observation(Status.MISSING)) for step in steps])
    bars = []
    for step in steps:
        bars.append(bar_of(progress, 30))
        progress.hear(StepEvent(step.id, step.title, StepState.DONE))
    assert bars == sorted(bars), "it never goes back"
    assert "─" in bars[-1]
    assert bar_of(progress, 30) == "█" * 24 + " 100 %"


def test_a_cloud_ten_times_as_fast_is_not_promised_azures_minutes() -> None:
    steps = [PlannedStep(step, Action.CREATE, Observation(Status.MISSING)) for step in STEPS]
    in_azure, in_practice = Progress(steps), Progress(steps, tempo=0.1)
    assert in_practice.seconds_left() == pytest.approx(in_azure.seconds_left() / 10)
    first = in_practice.steps[0]
    for progress in (in_azure, in_practice):
        progress.hear(StepEvent(first.step.id, first.step.title, StepState.DONE, seconds=first.step.expected_seconds))
    assert in_practice.seconds_left() == pytest.approx(in_azure.seconds_left()), "what the run has shown counts for more"
