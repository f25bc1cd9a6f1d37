"""The other stages of a setup file, in lines: open one, begin one, run in one what runs in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.plain.lines import SpokenReporter
from wizard.plain.repair import told
from wizard.plain.run import spoken
from wizard.plain.sign_in import connect
from wizard.platform.language import _
from wizard.sections.name_rules import ENVIRONMENT_WORD
from wizard.setup.loading import add_stage
from wizard.workspace import runs
from wizard.workspace.progress import Progress
from wizard.workspace.wording.promotion_words import NEW_STAGE, promotion_question, promotion_words

if TYPE_CHECKING:
    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace


async def another_stage(lines: Lines, workspace: Workspace) -> str:
    """Ask what to do with another stage, and do it; gives the place to go to, "" for staying here. Raises GoTo, Leave, CloudError."""
    if not workspace.draft.write_setup():
        lines.say(_("Something is to put right first:"), *workspace.reading.problems.values())
        return ""
    here, stages = workspace.reading.answers.project.environment, workspace.stages()
    others = [stage for stage in stages if stage != here]
    ways = [(_("Run in {stage} what runs here"), here, stage) for stage in others if stage != stages[0]]
    ways += [(_("Run here what runs in {stage}"), stage, here) for stage in others if here != stages[0]]
    ways += [(_("Open {stage}"), "", stage) for stage in others]
    words = [text.format(stage=target if source in ("", here) else source) for text, source, target in ways]
    chosen = await lines.choose(_("Which one?"), [*words, _("New stage, and run in it what runs here"), _("Leave it as it is")])
    if chosen > len(ways):
        return ""
    source, target = ways[chosen][1:] if chosen < len(ways) else (here, await _begun(lines, workspace, stages))
    if not await _turned_to(lines, workspace, target):
        return "sign_in"
    if source:
        await told(lines, _promote(lines, workspace, source))
    return "standing"


async def _begun(lines: Lines, workspace: Workspace, stages: list[str]) -> str:
    """Begin a stage in the setup file, under a name that can be one; gives the name."""
    lines.say(_(NEW_STAGE))
    while True:
        name = await lines.ask(_("What is the new stage called?"))
        wrong = _("There is a stage {name} already.").format(name=name) if name in stages else ENVIRONMENT_WORD(name)
        if not wrong:
            add_stage(workspace.draft.file, name)
            return name
        lines.say(wrong)


async def _turned_to(lines: Lines, workspace: Workspace, stage: str) -> bool:
    """Turn to a stage and sign in as it says; whether someone is signed in then."""
    if stage == workspace.reading.answers.project.environment:
        return True
    await workspace.sign_out()
    workspace.open(workspace.draft.file, practice=workspace.practice, stage=stage)
    return await connect(lines, workspace)


async def _promote(lines: Lines, workspace: Workspace, source: str) -> None:
    """Say what running here what runs in `source` would do, and carry it out for the setup's name. Raises CommandError, CloudError."""
    from wizard.releases.other_stage import open_stage
    from wizard.releases.promotion import prepare_promotion, promote

    session = workspace.session(SpokenReporter(lines))
    lines.say(_("Comparing that version with what runs…"))
    async with open_stage(session, source) as (answers, cloud):
        promotion = await prepare_promotion(session, answers, cloud)
    lines.say(promotion_words(promotion.plan, source, promotion.differences))
    if promotion.plan.hindered:
        return
    lines.say(promotion_question(promotion.plan, source, promotion.release.number))
    if not await lines.name_typed(_("To do this, type {name}; Enter leaves it:"), workspace.setup):
        return
    progress = workspace.progress = Progress(promotion.plan.steps, tempo=session.cloud.tempo)
    try:
        async with runs.held_for(workspace, promotion.plan) as journal:
            await spoken(lines, progress, lambda listen: promote(session, promotion, journal, listen))
    finally:
        workspace.file_was_written()
