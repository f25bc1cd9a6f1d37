"""The commands without screens: each reads, tells events, and returns an exit status."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.commands.confirmation import ask_for_secrets, confirm, confirm_unconfined
from wizard.commands.teaching.in_class import in_class
from wizard.engine.events import CheckEvent, FindingEvent, ResultEvent
from wizard.engine.plan import HINDERS, Action, Plan
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session, open_session, reporter_for, tell_stop
from wizard.platform.language import _
from wizard.steps.registry_of_steps import contributions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from wizard.engine.events import Event, Listener
    from wizard.engine.reporting.reporter import Reporter

RELEASES_SHOWN = 5


async def run_command(
    options: CommandOptions,
    command: Callable[[Session], Awaitable[ExitCode]],
    stopped: Callable[[CommandError, Reporter], ExitCode] = tell_stop,
    told: Reporter | None = None,
) -> ExitCode:
    """Open a session, run one command in it, and turn every expected end into its exit status.

    :param stopped: tells why the command ended before anything was made.
    :param told: takes what the command tells, where it is not to be printed.
    """
    async with in_class(options, told or reporter_for(options)) as (reporter, courier):
        try:
            async with open_session(options, reporter, contributions) as session:
                if courier is not None:
                    await courier.exchange()  # the practice cloud runs by now
                return await guarded(session, command)
        except CommandError as stop:
            return stopped(stop, reporter)
        except asyncio.CancelledError:
            reporter.event(ResultEvent("interrupted"))
            return ExitCode.INTERRUPTED


async def guarded(session: Session, command: Callable[[Session], Awaitable[ExitCode]]) -> ExitCode:
    """Run a command in its session; every expected end is told. Raises CommandError for what Azure refused before anything was made."""
    from wizard.cloud.errors.translation import translate
    from wizard.engine.journal import SetupLocked

    try:
        return await command(session)
    except asyncio.CancelledError:
        return session.finish(ResultEvent("interrupted"))
    except SetupLocked as locked:
        session.reporter.event(CheckEvent("lock", "missing", str(locked)))
        session.finish(ResultEvent("blocked", detail=str(locked)))
        return ExitCode.LOCKED
    except CommandError:
        raise
    except Exception as error:
        problem = translate(error)
        raise CommandError([(f"azure:{problem.kind}", f"{problem.sentence} {problem.remedy}".strip())]) from None


async def tell_findings(session: Session, current_plan: Plan) -> None:
    """Tell what the code check found, and what else is allowed and may hurt, before anything is built or made."""
    from wizard.lint.linter import check_code
    from wizard.setup.validation import warnings

    source = await current_plan.snapshot.source() if session.answers.pipeline.build != "existing" else None
    for finding in await asyncio.to_thread(check_code, session.answers, source):
        session.reporter.event(finding.event())
    for finding_id, sentence in warnings(session.answers).items():
        session.reporter.event(FindingEvent(finding_id, "warning", session.answers.file.name, 0, sentence, ""))
    for sentence in source.warnings if source else ():
        session.reporter.event(FindingEvent("not-sent", "warning", ".dockerignore", 0, sentence, ""))


def planned_result(plan: Plan) -> ResultEvent:
    """What a plan comes to, without making it."""
    from wizard.engine.carry_out import with_address

    outcome = "blocked" if plan.hindered else "changes" if plan.to_make else "unchanged"
    result = ResultEvent(
        outcome,
        created=plan.count(Action.CREATE),
        changed=plan.count(Action.CHANGE),
        kept=plan.count(Action.KEEP),
        blocked=plan.count(*HINDERS),
        planned=True,
    )
    return with_address(result, plan, plan.snapshot.cloud)


def report_requested_permissions(session: Session, plan: Plan) -> dict[str, int]:
    """Say what an administrator was asked for and has given; the same for programs."""
    from wizard.handoff.record import recall

    with session.journal() as journal:
        request = recall(journal, [stamp.right for stamp in plan.passport.lacking])
    if request is None:
        return {}
    session.reporter.say(request.sentence)
    return {"asked": request.count, "given": request.given}


async def check(session: Session) -> ExitCode:
    """Tell every prerequisite: the passport of rights, and whatever else stands in the way of a step, but not what only comes after it."""
    plan = await session.plan()
    await tell_findings(session, plan)
    for event in plan.passport.events(grouped=True):
        session.reporter.answer(event)
    tell_hindered(plan, session.reporter.answer)
    extra = report_requested_permissions(session, plan)
    return session.finish(ResultEvent("missing" if plan.hindered else "met", blocked=len(plan.hindered), extra=extra))


def tell_hindered(plan: Plan, tell: Callable[[Event], None]) -> None:
    """Tell what stands in the way of a step besides rights."""
    for obstacle in plan.obstacles:
        tell(obstacle.event())
    sentences = {obstacle.sentence for obstacle in plan.obstacles}
    for planned in plan.hindered:
        look = planned.look
        if look.remedy and look.detail not in sentences and not plan.passport.lacked_by(planned.step):
            state = "unknown" if planned.action is Action.UNKNOWN else "missing"
            check = f"preflight.{look.preflight}" if look.preflight else planned.step.id
            tell(CheckEvent(check, state, look.detail, remedy=look.remedy))


async def plan(session: Session) -> ExitCode:
    """Tell what apply would do, and what it would cost."""
    from wizard.engine.cost import cost_lines

    current_plan = await session.plan()
    await tell_findings(session, current_plan)
    current_plan.report(session.reporter, session.reporter.answer)
    for line in await cost_lines(session.answers, session.cloud):
        session.reporter.show(line)
    return session.finish(planned_result(current_plan))


async def status(session: Session, *, steps: bool = False) -> ExitCode:
    """Tell how the API stands and what ran last; with `steps`, for programs, and where nothing is deployed, how far each step is too."""
    from wizard.commands.operating.metrics import tell_metrics
    from wizard.releases.standing import read_standing
    from wizard.steps.app.pause import paused_since, paused_words

    current_plan = await session.plan()
    standing = None if steps else await read_standing(current_plan.snapshot)
    if standing is not None:
        event, history = standing
        session.reporter.answer(event)
        for release in list(reversed(history.releases))[:RELEASES_SHOWN]:
            session.reporter.answer(history.event(release))
        await tell_metrics(session, current_plan.snapshot)
    if standing is None or session.options.json:
        for planned in current_plan.steps:
            session.reporter.answer(planned.event())
    result = planned_result(current_plan)
    result.extra = dict(report_requested_permissions(session, current_plan))
    app = await current_plan.snapshot.app()
    if app and (since := paused_since(app.as_dict())):
        result.extra = {**result.extra, "state": "paused"}
        result.detail = paused_words(since)
    return session.finish(result)


async def apply(session: Session) -> ExitCode:
    """Make what the plan says, after the person confirmed it."""
    from wizard.engine.carry_out import carry_out

    with session.journal() as journal, journal.lock():
        current_plan = await session.plan()
        if await ask_for_secrets(session, current_plan):
            current_plan = await session.plan()
        await tell_findings(session, current_plan)
        current_plan.report(session.reporter)
        if current_plan.hindered and not session.options.partial:
            return session.finish(replace(planned_result(current_plan), created=0, changed=0))
        if current_plan.to_make:
            await confirm(session, _("To create and change this, type {name}: "))
            await confirm_unconfined(session)
        with drawn(session, current_plan) as listen:
            reviewed = not session.options.yes
            result = await carry_out(current_plan, session.cloud, journal, session.secrets, listen, reviewed=reviewed)
        return session.finish(result)


@contextmanager
def drawn(session: Session, plan: Plan) -> Iterator[Listener]:
    """Where a run's events go; with ``--timeline`` also into a picture, which is drawn however the run ends.

    Raises CommandError, before anything is made, when the picture cannot be written.
    """
    from wizard.export.timeline import Timeline

    file = session.options.timeline
    if file is None:
        yield session.reporter.event
        return
    timeline = Timeline([item.step for item in plan.steps])
    title = _("azwizard apply of {setup}").format(setup=session.answers.project.setup)

    def draw() -> None:
        try:
            file.write_text(timeline.svg(title), encoding="utf-8")
        except OSError as error:
            sentence = _("The picture {file} cannot be written: {reason}.").format(file=file, reason=error.strerror)
            raise CommandError([("timeline", sentence)]) from None

    def listen(event: Event) -> None:
        timeline.hear(event)
        session.reporter.event(event)

    draw()
    timeline.began = time.monotonic()
    try:
        yield listen
    finally:
        with suppress(CommandError):
            draw()


async def destroy(session: Session, copies: Path | None = None) -> ExitCode:
    """Remove what this setup made, after the person confirmed it.

    :param copies: a folder that gets the files on the shares before.
    """
    from wizard.engine.carry_out import carry_out
    from wizard.engine.destroy import deletions, with_cleanup

    with session.journal() as journal, journal.lock():
        current_plan = await with_cleanup(await session.plan(), contributions())
        lines = deletions(current_plan)
        for line in lines:
            session.reporter.event(line)
        has_files = any(line.step.startswith("storage.") for line in lines)
        if has_files and copies is None:
            session.reporter.say(_("To keep the files on your shares, copy them first: azwizard destroy --copy-shares FOLDER"))
        if lines:
            await confirm(session, _("To delete all of this, with the data in it, type {name}: "))
        if has_files and copies is not None:
            await _copied(session, copies)
        listen, reviewed = session.reporter.event, not session.options.yes
        result = await carry_out(current_plan, session.cloud, journal, session.given_secret, listen, removing=True, reviewed=reviewed)
        return session.finish(result)


async def _copied(session: Session, folder: Path) -> None:
    """Copy the shares; raises CommandError, and nothing is deleted, when that does not go through."""
    from wizard.cloud.errors.translation import translate
    from wizard.state.share_copies import copy_shares

    try:
        await copy_shares(session.cloud, session.answers, folder, session.reporter.say)
    except Exception as error:
        problem = translate(error)
        sentence = _("Nothing was deleted, because the files could not be copied: {reason}")
        raise CommandError(
            [("copy-shares", sentence.format(reason=f"{problem.sentence} {problem.remedy}".strip()))], ExitCode.FAILED
        ) from None


async def resume(options: CommandOptions, subscription: str, resource_group: str, tenant: str) -> ExitCode:
    """Write ./azwizard.toml from what Azure holds. What is there already is never overwritten."""
    from wizard.cloud import CloudError, connect, connect_practice
    from wizard.engine.recovery import NothingToResume
    from wizard.engine.recovery import resume as write_setup
    from wizard.sections.sign_in import SignIn

    reporter = reporter_for(options)
    try:
        if options.setup.exists():
            raise CommandError([("setup", _("{file} is here already; move it away to write a new one.").format(file=options.setup))])
        choice = SignIn(subscription=subscription, tenant=tenant)
        async with await (connect_practice(subscription) if options.practice else connect(choice)) as cloud:
            await write_setup(cloud, resource_group, options.setup, contributions())
            reporter.say(_("Written: {file}. azwizard plan shows how it compares with Azure.").format(file=options.setup))
            reporter.event(ResultEvent("succeeded", requests=cloud.requests))
            return ExitCode.DONE
    except NothingToResume as nothing:
        return tell_stop(CommandError([("resource-group", str(nothing))]), reporter)
    except CloudError as error:
        return tell_stop(CommandError([(f"sign-in:{error.kind}", str(error))]), reporter)
    except CommandError as stop:
        return tell_stop(stop, reporter)
