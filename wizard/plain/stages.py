"""The other stages of a setup file, in lines: open one, begin one, run in one what runs in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.plain.lines import SpokenReporter
from wizard.plain.repair import told
from wizard.plain.run import spoken
from wizard.plain.sign_in import connect
from wizard.platform.language import _
from wizard.setup.loading import add_stage, stages_of
from wizard.workspace import runs
from wizard.workspace.progress import Progress
from wizard.workspace.runs import session_of
from wizard.workspace.stage_ways import stage_name_problem, stage_ways
from wizard.workspace.wording.promotion_words import NEW_STAGE, promotion_question, promotion_words

if TYPE_CHECKING:
    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace


async def another_stage(lines: Lines, workspace: Workspace) -> str:
    """Ask what to do with another stage, and do it; gives the place to go to, "" for staying here. Raises GoTo, Leave, CloudError."""
    if not workspace.draft.write_setup():
        lines.say(_("Something is to put right first:"), *workspace.reading.problems.values())
        return ""
    here, stages = workspace.reading.answers.project.environment, stages_of(workspace.draft.file)
    ways = stage_ways(here, stages)
    chosen = await lines.choose(_("Which one?"), [*(way.words for way in ways), _("Leave it as it is")])
    if chosen == len(ways):
        return ""
    source, target = ways[chosen].source, ways[chosen].target or await _begun(lines, workspace, stages)
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
        if not (wrong := stage_name_problem(name, stages)):
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

    session = session_of(workspace, SpokenReporter(lines))
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
