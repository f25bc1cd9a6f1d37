"""``azwizard promote FROM TO`` and ``azwizard diff --stages FROM TO``: the stages of one setup file."""

from __future__ import annotations

from dataclasses import replace

from wizard.commands.commands import planned_result
from wizard.commands.confirmation import ask_for_secrets, confirm, confirm_unconfined
from wizard.engine.cost import cost_lines
from wizard.engine.events import ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.releases.other_stage import open_stage
from wizard.releases.promotion import prepare_promotion, promote
from wizard.releases.stage_differences import stage_differences
from wizard.state.snapshot import Snapshot


async def promote_stage(session: Session, source: str) -> ExitCode:
    """Run in the session's stage what runs in `source`, after a confirmation with what differs, the plan and the cost."""
    if not session.answers.stage:
        sentence = _(
            "{stage} is the top of the setup file, which builds its own code: promote to a stage under [stages], such as [stages.prod]."
        )
        raise CommandError([("promote", sentence.format(stage=session.answers.project.environment))])
    async with open_stage(session, source) as (answers, cloud):
        with session.journal() as journal, journal.lock():
            promotion = await prepare_promotion(session, answers, cloud)
            if await ask_for_secrets(session, promotion.plan):
                promotion = await prepare_promotion(session, answers, cloud)
            for change in promotion.differences:
                session.reporter.event(change.event)
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
    async with open_stage(session, source) as (answers, cloud):
        snapshots = [Snapshot(one, said, session.given_secret) for one, said in ((cloud, answers), (session.cloud, session.answers))]
        changes = await stage_differences(*snapshots)
    for change in changes:
        session.reporter.answer(change.event)
    sentence = "" if changes else _("Nothing differs between them.")
    return session.finish(ResultEvent("succeeded", sentence=sentence, extra={"differences": len(changes)}))
