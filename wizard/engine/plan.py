"""Sections and looks put together: what would be made, changed and kept, and what stands in the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.events import CheckEvent, Listener, PlanEvent
from wizard.engine.permission_plan import Passport, ask
from wizard.engine.preflight.checks import preflight
from wizard.engine.preflight.obstacle import Obstacle
from wizard.engine.step import Observation, Outputs, Status, Step, unknown
from wizard.platform import log
from wizard.platform.language import _
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from wizard.cloud import Cloud
    from wizard.engine.contribution import Contribution
    from wizard.engine.cost import Estimate
    from wizard.engine.reporting.reporter import Reporter
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers


class Action(StrEnum):
    """What a plan says of a step."""

    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    DELETE = "delete"


ACTIONS = {
    Status.MISSING: Action.CREATE,
    Status.SAME: Action.KEEP,
    Status.DIFFERENT: Action.CHANGE,
    Status.CONFLICT: Action.CONFLICT,
    Status.BLOCKED: Action.BLOCKED,
    Status.UNKNOWN: Action.UNKNOWN,
}
HINDERS = (Action.CONFLICT, Action.BLOCKED, Action.UNKNOWN)
MAKES = (Action.CREATE, Action.CHANGE)


@dataclass(frozen=True)
class PlannedStep:
    """One step and what is to be done about it.

    :param seen: what Azure held of it when the plan was made, whatever the plan then says of it; None for what nobody looked at.
    """

    step: Step
    action: Action
    look: Observation
    estimate: Estimate | None = None
    lacks: tuple[PermissionRequirement, ...] = ()  # what someone must be asked for before it can be done
    seen: Observation | None = None

    def event(self) -> PlanEvent:
        """The step's line of the plan."""
        detail = f"{self.look.detail} {self.look.remedy}".strip() if self.action in HINDERS else self.look.detail
        cost = None if self.estimate is None else round(self.estimate.high, 2)
        return PlanEvent(self.step.id, self.action, self.step.title, detail, cost)


@dataclass(frozen=True)
class Plan:
    """Every step of a setup, looked at, in the order of the sections.

    :param read_at: when the looking began, on the monotonic clock: what is seen later may be newer.
    """

    answers: Answers
    steps: Sequence[PlannedStep]
    facts: Outputs
    snapshot: Snapshot
    passport: Passport = field(default_factory=Passport)
    notes: Sequence[str] = field(default_factory=tuple)
    obstacles: Sequence[Obstacle] = ()
    read_at: float = 0.0

    @property
    def checks(self) -> list[CheckEvent]:
        """A check for each right that the plan takes, and for what Azure would refuse all the same."""
        return [*self.passport.events(), *(obstacle.event() for obstacle in self.obstacles if obstacle.certain)]

    @property
    def hindered(self) -> list[PlannedStep]:
        """What cannot be done now."""
        return [planned for planned in self.steps if planned.action in HINDERS]

    @property
    def to_make(self) -> list[PlannedStep]:
        """What would be created or changed."""
        return [planned for planned in self.steps if planned.action in MAKES]

    def count(self, *actions: Action) -> int:
        """How many steps have one of these actions."""
        return sum(planned.action in actions for planned in self.steps)

    def report(self, reporter: Reporter, tell: Listener | None = None) -> None:
        """Tell what stands in the way, then every line of the plan, then what else is worth knowing.

        :param tell: takes the lines of the plan; `reporter.answer` where the plan is what was asked for.
        """
        for check in self.checks:
            reporter.event(check)
        for planned in self.steps:
            (tell or reporter.event)(planned.event())
        for note in self.notes:
            reporter.say(note)


async def make_plan(
    cloud: Cloud,
    answers: Answers,
    secret: Callable[[str], Secret | None],
    contributions: Sequence[Contribution],
    *,
    has_preflight: bool = True,
) -> Plan:
    """Look at every step over one snapshot and say what there is to do. Writes nothing.

    :param answers: resolved, so that every derived value is filled in.
    :param secret: the value given for a secret's name, or None.
    :param contributions: what the sections make; fewer than all when only part of the plan is of interest, and what a step
        needs of the others is then not known.
    :param has_preflight: whether Azure is asked what it would refuse (`wizard.engine.preflight`).
    Raises CloudError when Azure cannot be reached at all.
    """
    from wizard.engine.cost import estimate

    read_at = time.monotonic()
    snapshot = Snapshot(cloud, answers, secret)
    facts = Outputs()
    steps = [step for contribution in contributions for step in contribution.steps(answers)]
    leftovers = [contribution.leftover_notes(answers, snapshot) for contribution in contributions if contribution.leftover_notes]
    looks, notes = await asyncio.gather(asyncio.gather(*(look_at(step, snapshot, facts) for step in steps)), asyncio.gather(*leftovers))
    estimates = estimate(answers)
    pairs = zip(steps, looks, strict=True)
    planned = [PlannedStep(step, ACTIONS[look.found], look, estimates.get(step.id), seen=look) for step, look in pairs]
    planned = _follow(planned)
    to_make = [item.step for item in planned if item.action in MAKES]
    beforehand = to_make if has_preflight else []
    passport, obstacles = await asyncio.gather(ask(snapshot, to_make), preflight(snapshot, answers, beforehand, facts))
    planned = _stop_at_obstacles(_hold_against_rights(planned, passport), obstacles)
    planned = _propagate(planned)
    for item in planned:
        log.decision("plan: %s %s", item.action, item.step.id)
    return Plan(answers, planned, facts, snapshot, passport, [note for some in notes for note in some], obstacles, read_at)


async def look_at(step: Step, snapshot: Snapshot, facts: Outputs) -> Observation:
    """What Azure holds of a step, UNKNOWN where the person may not look at it. Raises CloudError when Azure cannot be reached."""
    from wizard.cloud.errors.cloud_error import CloudError
    from wizard.cloud.errors.translation import translate

    try:
        return await step.look(snapshot, facts)
    except Exception as error:
        problem = translate(error)
        if not isinstance(problem, CloudError) or problem.kind != "authorization":
            raise
        return unknown(_("It could not be looked at: {reason}").format(reason=problem.sentence), problem.remedy)


def _follow(planned: Sequence[PlannedStep]) -> list[PlannedStep]:
    """Turn KEEP into CHANGE for a step that follows one that will be made; titles say because of which."""
    result: dict[str, PlannedStep] = {}
    for item in planned:
        leaders = [result[i] for i in item.step.follows if i in result and result[i].action in MAKES]
        if item.action is Action.KEEP and leaders:
            because = _("follows: {titles}").format(titles=", ".join(leader.step.title for leader in leaders))
            item = replace(item, action=Action.CHANGE, look=replace(item.look, detail=because))
        result[item.step.id] = item
    return list(result.values())


def _hold_against_rights(planned: Sequence[PlannedStep], passport: Passport) -> list[PlannedStep]:
    """A step whose right is missing is blocked, an unknown right blocks nothing."""
    result = []
    for item in planned:
        if lacked := passport.lacked_by(item.step):
            first = next((stamp for stamp in lacked if not stamp.eligible), lacked[0])
            item = _blocked(item, " ".join(stamp.sentence for stamp in lacked), first.remedy)
            item = replace(item, lacks=tuple(stamp.right for stamp in lacked if not stamp.eligible))
        result.append(item)
    return result


def _stop_at_obstacles(planned: Sequence[PlannedStep], obstacles: Sequence[Obstacle]) -> list[PlannedStep]:
    """Block what Azure would refuse; what stops every step is told of those that need no other step, since the rest comes after them."""
    stops = [obstacle for obstacle in obstacles if obstacle.certain]
    making = {item.step.id for item in planned if item.action in MAKES}
    result = []
    for item in planned:
        first = not making.intersection(item.step.needs)
        hit = next((one for one in stops if item.step.id in one.steps or (not one.steps and first)), None)
        if hit is not None and item.action in MAKES:
            item = _blocked(item, hit.sentence, hit.remedy, hit.what)
        result.append(item)
    return result


def _blocked(item: PlannedStep, why: str, remedy: str = "", preflight: str = "") -> PlannedStep:
    """The step as blocked by something else; what its look found stays, so that destroy knows what is there."""
    return replace(item, action=Action.BLOCKED, look=replace(item.look, detail=why, remedy=remedy, preflight=preflight))


def _propagate(planned: Sequence[PlannedStep]) -> list[PlannedStep]:
    """Block what needs a step that cannot be done, and say which."""
    by_id = {item.step.id: item for item in planned}
    changed = True
    while changed:
        changed = False
        for key, item in by_id.items():
            hindering = [by_id[need] for need in item.step.needs if need in by_id and by_id[need].action in HINDERS]
            if item.action in MAKES and hindering:
                why = _("comes after: {title}").format(title=", ".join(h.step.title for h in hindering))
                by_id[key] = _blocked(item, why)
                changed = True
    return list(by_id.values())
