"""How a deployed API stands, and what another version of it would change, in a person's words: for every face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.engine.cost import estimate
from wizard.engine.events import MetricEvent, ReleaseEvent, StandingEvent
from wizard.engine.plan import Plan, PlannedStep
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import N_, _, plural
from wizard.platform.phrases import with_detail
from wizard.steps.app.scaling import rule_words, scale_rules

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

CODE_SECTIONS = ("pipeline", "revision")
"""The sections whose steps bring new code, and nothing else, into an API that runs."""
METRIC = "metric-"
SIGNS = ("✓", "✗")
STATES = {"running": N_("runs ✓"), "failing": N_("no answer ✗"), "paused": N_("paused !"), "stopped": N_("stopped !")}


@dataclass(frozen=True)
class StandingRow:
    """One thing that one asks of a deployed API.

    :param about: health, address, release, back, broken, code, settings, copies, cost, browser, or `METRIC` and the name of a metric.
    :param word: how it stands, with its sign.
    """

    about: str
    word: str
    text: str


def standing_rows(
    event: StandingEvent, answers: Answers, plan: Plan | None, local_url: str = "", keys: Keys = SCREENS
) -> list[StandingRow]:
    """What one asks first, the most pressing first after the address.

    :param plan: of the setup, where Azure was compared with it.
    :param local_url: the plain door to a practice app, for a browser.
    """
    rows = [StandingRow("health", _(STATES[event.state]), _now(event, answers)), StandingRow("address", _("address"), event.address)]
    if not event.newest_serves:
        sentence = _("A newer version did not come to run. This one goes on serving.")
        rows.append(StandingRow("broken", _("failed ✗"), sentence))
    rows.append(StandingRow("release", _("version"), _release(event)))
    if event.rolled_back:
        sentence = _("You went back to this version. It stays until you deploy your code as it is now.")
        rows.append(StandingRow("back", _("went back ~"), sentence))
    if answers.pipeline.build != "existing":
        rows.append(StandingRow("code", _("your code ~") if event.code_changed else _("your code ="), _code(event)))
    if others := len(beside_code(plan)):
        text = plural(
            "{count} thing in Azure is not as your setup says: {key}", "{count} things in Azure are not as your setup says: {key}", others
        )
        rows.append(StandingRow("settings", _("settings ~"), text.format(count=others, key=keys.check)))
    if rules := rule_words(scale_rules(answers)):
        rows.append(StandingRow("copies", _("more copies"), _copies(answers, rules)))
    rows.append(StandingRow("cost", _("cost"), cost_words(answers)))
    if local_url:
        rows.append(StandingRow("browser", _("browser"), _("while you practise: {url}").format(url=local_url)))
    return rows


def beside_code(plan: Plan | None) -> list[PlannedStep]:
    """What a plan would make besides new code; nothing while nobody looked."""
    return [item for item in plan.to_make if item.step.section not in CODE_SECTIONS] if plan is not None else []


def _now(event: StandingEvent, answers: Answers) -> str:
    """Health and copies, as they were asked for just now."""
    count = event.replicas or 0
    copies = plural("{count} copy runs", "{count} copies run", count).format(count=count)
    if event.state == "paused":
        return _("it answers nobody until you start it again")
    if event.state == "stopped":
        return _("somebody stopped it in Azure")
    path = answers.app.health_path
    answered = _("{path} answers {status}").format(path=path, status=event.health) if event.health else _("{path} does not answer")
    return f"{answered}, {copies}"


def metric_rows(metrics: Sequence[MetricEvent], *, is_narrow: bool = False) -> list[StandingRow]:
    """How it fared lately, a row for each metric, the sign of what is well or not beside its name.

    :param is_narrow: with a column for two minutes, the higher of both.
    """
    rows = []
    for metric in metrics:
        words, sign = (metric.words[:-2], metric.words[-2:]) if metric.words[-1:] in SIGNS else (metric.words, "")
        line = "".join(map(max, metric.line[::2], metric.line[1::2])) if is_narrow else metric.line
        rows.append(StandingRow(f"{METRIC}{metric.metric}", f"{metric.title}{sign}", f"{line}  {words}"))
    return rows


def metrics_heading(*, is_narrow: bool = False) -> str:
    """What the columns stand for."""
    return _("The last 30 minutes, a column for two.") if is_narrow else _("The last 30 minutes, a column for each.")


def _copies(answers: Answers, rules: dict[str, str]) -> str:
    """How many copies there may be, and what makes more of them run."""
    limits = _("{least} to {most}").format(least=answers.app.min_replicas, most=answers.app.max_replicas)
    return f"{limits}; " + "; ".join(with_detail(what, how) for what, how in rules.items())


def _release(event: StandingEvent) -> str:
    if not event.release:
        return _("This version was noted as no release; the next one is.")
    sentence = _("{number}, made {when} UTC by {who}") if event.rolled_back else _("{number}, since {when} UTC, by {who}")
    words = sentence.format(number=event.release, when=at_minute(event.since), who=event.who)
    return words + (", " + _("commit {commit}").format(commit=event.commit) if event.commit else "")


def _code(event: StandingEvent) -> str:
    files = [file for file in event.code_changed if file != "."]
    if files:
        return _("changed since: {files}").format(files=", ".join(files))
    return _("is another than what runs") if event.code_changed else _("runs as it is now")


def cost_words(answers: Answers) -> str:
    """What a month costs at list prices."""
    whole = estimate(answers).values()
    low, high = sum(part.low for part in whole), sum(part.high for part in whole)
    return _("{low:.0f} to {high:.0f} USD a month in Azure if left on").format(low=low, high=high)


def cost_parts(answers: Answers, titles: dict[str, str]) -> list[tuple[str, str]]:
    """(what is made, its part of the month's cost), then the whole.

    :param titles: of the steps, by id.
    """
    billed = [(step, part) for step, part in estimate(answers).items() if part.high > 0]
    parts = [
        (titles.get(step, step), _("{low:.2f} to {high:.2f} USD a month").format(low=part.low, high=part.high)) for step, part in billed
    ]
    free = _("Everything else costs nothing by itself. These are list prices: from nobody calling to every copy always busy.")
    return [*parts, (_("All of it"), f"{cost_words(answers)}. {free}")]


def release_line(event: ReleaseEvent) -> str:
    """A release in a row: number, when, commit, by whom."""
    return f"{event.number:>3}  {at_minute(event.time)}  {event.commit or '·':<12}  {event.who}"


def release_parts(event: ReleaseEvent) -> list[tuple[str, str]]:
    """(heading, text): everything that is known of a release."""
    return [
        (_("When"), f"{at_minute(event.time)} UTC"),
        (_("By whom"), event.who),
        (_("Commit"), event.commit or _("none")),
        (_("Image"), f"sha256:{event.digest}…"),
        (_("What differed from the version before"), "\n".join(event.changes) or _("nothing that is known")),
    ]


def change_words(plan: Plan) -> str:
    """What a change of version makes, and how the one takes over from the other."""
    lines = change_lines(plan)
    if lines and not plan.hindered:
        lines.append(takeover_words(plan))
    return "\n".join(lines or [_("Azure is as it would be then: nothing is made, and your setup notes what you chose.")])


def change_lines(plan: Plan) -> list[str]:
    """What a plan makes, a line each, without what only follows from that; then what stands in its way."""
    lines, making = [], {item.step.id for item in plan.to_make}
    for item in plan.to_make:
        if not item.look.changes and making.intersection(item.step.follows):
            continue
        lines.append(f"• {with_detail(item.step.title, item.look.detail)}")
        lines += [f"  {change.words}" for change in item.look.changes if change.words not in item.look.detail]
    return lines + [f"✗ {with_detail(item.step.title, f'{item.look.detail} {item.look.remedy}'.strip())}" for item in plan.hindered]


def takeover_words(plan: Plan) -> str:
    """How long nobody is answered while one version takes over from the other."""
    if any(share.nobrl for share in plan.answers.storage.shares):
        return _(
            "Only one version may use the database at a time: your API is away until the new one answers. "
            "If it does not, the one before comes back."
        )
    return _("The version that runs serves until the other one answers. If that does not, it goes on serving.")


def at_minute(time: str) -> str:
    """``2026-11-30 09:12`` of a time as Azure writes it."""
    return time[:16].replace("T", " ")
