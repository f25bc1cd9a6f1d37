"""A plan in a person's words, line by line: for the screen and for line prompts."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.engine.cost import DAYS, estimate, idle_cost
from wizard.engine.events import StepReason
from wizard.engine.plan import HINDERS, MAKES, Action, Plan, PlannedStep
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _, plural
from wizard.platform.phrases import with_detail
from wizard.sections import SECTIONS
from wizard.workspace.workspace import Workspace


def may_be_begun(workspace: Workspace) -> bool:
    """Whether something of this setup is in Azure already; also while nobody has looked."""
    plan = workspace.plan
    if plan is None or workspace.address or workspace.is_confirmed:
        return True
    return any(item.step.removes and item.look.to_remove for item in plan.steps)


def needs_value(item: PlannedStep) -> bool:
    """Whether a secret waits only for someone to type its value."""
    return item.action is Action.BLOCKED and item.look.reason is StepReason.NEEDS_VALUE


def is_waiting(item: PlannedStep) -> bool:
    """Whether it only comes after something that cannot be done now."""
    return item.action is Action.BLOCKED and not item.look.remedy


def word(item: PlannedStep) -> str:
    """How a line stands, in a word and a sign."""
    if needs_value(item):
        return _("no value !")
    if is_waiting(item):
        return _("waiting …")
    return {
        Action.CREATE: _("ready +"),
        Action.CHANGE: _("to change ~"),
        Action.KEEP: _("kept ="),
        Action.CONFLICT: _("in the way ✗"),
        Action.BLOCKED: _("needs you !"),
        Action.UNKNOWN: _("not known ?"),
        Action.DELETE: _("delete -"),
    }[item.action]


def spoken_word(item: PlannedStep) -> str:
    """The same without the sign, which a screen reader would read out."""
    return without_sign(word(item))


def without_sign(text: str) -> str:
    """A word that has a sign behind it, alone."""
    return text.rstrip(" \u00a0+~=✗!?-…·✓")


def short_detail(item: PlannedStep, keys: Keys = SCREENS) -> str:
    """What fits behind the title; the rest is one key away."""
    if needs_value(item):
        return _("type it: {key}").format(key=_(keys.more))
    if item.lacks:
        return _("an owner must allow it: {key}").format(key=_(keys.who))
    return item.look.detail


def grouped(plan: Plan) -> list[tuple[str, list[PlannedStep]]]:
    """The plan's lines by section, in the order of the sections."""
    groups = [(f"{number} {_(section.title)}", section.name) for number, section in enumerate(SECTIONS, 1)]
    groups_of_steps = [(title, [item for item in plan.steps if item.step.section == name]) for title, name in groups]
    return [(title, items) for title, items in groups_of_steps if items]


def summary(plan: Plan, keys: Keys = SCREENS) -> str:
    """``17 ready to create · 2 already yours, not touched · 5 waiting``."""
    ready, change, keep = plan.count(Action.CREATE), plan.count(Action.CHANGE), plan.count(Action.KEEP)
    values = sum(map(needs_value, plan.steps))
    waiting = sum(map(is_waiting, plan.steps))
    lacking = sum(bool(item.lacks) for item in plan.steps)
    stuck = plan.count(*HINDERS) - values - waiting - lacking
    texts = [
        plural("{count} ready to create", "{count} ready to create", ready).format(count=ready) if ready else "",
        plural("{count} to change", "{count} to change", change).format(count=change) if change else "",
        plural("{count} already there", "{count} already there", keep).format(count=keep) if keep else "",
        _with_key(plural("{count} without a value ({key})", "{count} without a value ({key})", values), values, keys.values),
        _with_key(plural("{count} needs someone ({key})", "{count} need someone ({key})", lacking), lacking, keys.who),
        _with_key(plural("{count} to put right ({key})", "{count} to put right ({key})", stuck), stuck, keys.more),
        plural("{count} waiting", "{count} waiting", waiting).format(count=waiting) if waiting else "",
    ]
    return " · ".join(text for text in texts if text)


def _with_key(text: str, count: int, key: str) -> str:
    return text.format(count=count, key=_(key)) if count else ""


def cost_words(plan: Plan) -> list[str]:
    """What it costs, and how long it takes: one line each, and a third when copies run while nobody calls."""
    whole = estimate(plan.answers).values()
    low, high = sum(part.low for part in whole), sum(part.high for part in whole)
    today = low / DAYS
    lines = [
        _("Cost: {today} today, {low:.0f} to {high:.0f} a month if left on · Time: {time}").format(
            today=_("under 1 USD") if today < 1 else f"{today:.0f} USD", low=low, high=high, time=time_words(plan)
        )
    ]
    idle = idle_cost(plan.answers)
    if plan.answers.app.scale_days != "never" and idle >= 0.5:
        lines.append(
            _("{idle:.0f} USD of it a month is for copies that run while nobody calls: always, or at the hours you set.").format(idle=idle)
        )
    elif plan.answers.app.min_replicas and idle >= 0.5:
        lines.append(_("{idle:.0f} USD of it a month is for the copy that always runs, called or not.").format(idle=idle))
    from wizard.setup.validation import warnings

    return [*lines, *(f"! {sentence}" for sentence in warnings(plan.answers).values())]


def time_words(plan: Plan) -> str:
    """How long the longest chain of steps takes in the cloud that was looked at."""
    from wizard.workspace.progress import Progress

    minutes = round(Progress(plan.steps, tempo=plan.snapshot.cloud.tempo).seconds_left() / 60)
    return plural("{count} minute", "{count} minutes", minutes).format(count=minutes) if minutes else _("less than a minute")


def detail_parts(item: PlannedStep, az_lines: list[str], remedy: str = "") -> list[tuple[str, str]]:
    """(heading, text): everything about one line.

    :param remedy: what would help where it is shown, before words about the file.
    """
    estimate = item.estimate
    cost = _("{low:.2f} to {high:.2f} USD a month").format(low=estimate.low, high=estimate.high) if estimate else _("nothing by itself")
    differences = "\n".join(with_detail(change.what, f"{change.before} → {change.after}") for change in item.look.changes)
    return [
        (_("What will happen"), f"{spoken_word(item)} {item.step.title}"),
        (_("Why it cannot be done now") if item.action in HINDERS else _("In short"), item.look.detail),
        (_("What would help"), remedy or item.look.remedy),
        (_("Differences"), differences),
        (_("What it costs"), cost if item.action in MAKES or item.estimate else ""),
        (
            _("How to undo it"),
            _("Deleting the setup (azwizard destroy) removes it.") if item.step.removes else _("It goes with what it belongs to."),
        ),
        (_("The same with the Azure CLI"), "\n".join(az_lines)),
    ]


def hindrances(items: Sequence[PlannedStep]) -> list[str]:
    """What holds the steps of a section up beside its answers, counted, in a few words each."""
    rights = sum(bool(item.lacks) for item in items)
    others = sum(item.action in HINDERS and bool(item.look.remedy) and not item.lacks and not needs_value(item) for item in items)
    words = []
    if others:
        words.append(plural("{count} thing that stands in the way", "{count} things that stand in the way", others).format(count=others))
    if rights:
        words.append(plural("{count} right (F4: whom to ask)", "{count} rights (F4: whom to ask)", rights).format(count=rights))
    return words
