"""``azwizard promote FROM TO`` and ``azwizard diff --stages FROM TO``: the stages of one setup file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.commands.commands import planned_result
from wizard.commands.confirmation import ask_for_secrets, confirm, confirm_unconfined
from wizard.engine.cost import cost_lines
from wizard.engine.events import DifferenceEvent, ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session, open_cloud, read_answers, signed_in
from wizard.platform.language import _
from wizard.releases.promotion import prepare_promotion, promote
from wizard.releases.stage_differences import answer_differences, running_difference
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.step import Change
    from wizard.setup.answers import Answers


async def promote_stage(session: Session, source: str) -> ExitCode:
    """Run in the session's stage what runs in `source`, after a confirmation with what differs, the plan and the cost."""
    if not session.answers.stage:
        sentence = _(
            "{stage} is the top of the setup file, which builds its own code: promote to a stage under [stages], such as [stages.prod]."
        )
        raise CommandError([("promote", sentence.format(stage=session.answers.project.environment))])
    async with _other_stage(session, source) as (answers, cloud):
        with session.journal() as journal, journal.lock():
            promotion = await prepare_promotion(session, answers, cloud)
            if await ask_for_secrets(session, promotion.plan):
                promotion = await prepare_promotion(session, answers, cloud)
            _tell(session, await _differences(session, answers, cloud))
            promotion.plan.report(session.reporter)
            for line in await cost_lines(promotion.plan.answers, session.cloud):
                session.reporter.say(line)
            if promotion.plan.hindered:
                return session.finish(replace(planned_result(promotion.plan), created=0, changed=0))
            if promotion.plan.to_make:
                question = _("To run release {number} of {stage} here, type {{name}}: ")
                await confirm(session, question.format(number=promotion.release.number, stage=source))
                await confirm_unconfined(session)
            result = await promote(session, promotion, journal, session.reporter.event)
    if result.outcome in ("succeeded", "unchanged"):
        result.sentence = _("{setup} runs the image of release {number} of {stage}.").format(
            setup=session.answers.project.setup, number=promotion.release.number, stage=source
        )
    return session.finish(result)


async def diff_stages(session: Session, source: str) -> ExitCode:
    """Tell what differs between the stage `source` and the session's."""
    async with _other_stage(session, source) as (answers, cloud):
        changes = await _differences(session, answers, cloud)
    for change in changes:
        session.reporter.answer(DifferenceEvent(change.what, change.before, change.after, change.section))
    sentence = "" if changes else _("Nothing differs between them.")
    return session.finish(ResultEvent("succeeded", sentence=sentence, extra={"differences": len(changes)}))


async def _differences(session: Session, source: Answers, cloud: Cloud) -> list[Change]:
    """From what `source` is to what the session's stage is."""
    snapshots = Snapshot(cloud, source, session.given_secret), Snapshot(session.cloud, session.answers, session.given_secret)
    return [*await running_difference(*snapshots), *answer_differences(source, session.answers)]


def _tell(session: Session, changes: list[Change]) -> None:
    for change in changes:
        session.reporter.event(DifferenceEvent(change.what, change.before, change.after, change.section))


@asynccontextmanager
async def _other_stage(session: Session, stage: str) -> AsyncIterator[tuple[Answers, Cloud]]:
    """The answers of another stage with a connection for them: the session's own where both sign in alike. Raises CommandError."""
    options = replace(session.options, stage=stage)
    answers = read_answers(options)
    if answers.project.setup == session.answers.project.setup:
        raise CommandError([("stages", _("Both are the stage {stage}: name two.").format(stage=stage))])
    own = read_answers(session.options)
    if session.options.practice or answers.sign_in == own.sign_in:
        yield signed_in(answers, session.cloud, session.options.env_file), session.cloud
        return
    async with await open_cloud(options, answers) as cloud:
        yield signed_in(answers, cloud, session.options.env_file), cloud
