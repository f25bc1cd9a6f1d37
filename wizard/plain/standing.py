"""The state of a deployed API, in lines: how it stands, its versions, and what one does with it from day two on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from wizard.plain.lines import GoTo, SpokenReporter
from wizard.plain.questions import yes
from wizard.plain.repair import repair, told
from wizard.plain.run import spoken
from wizard.plain.stages import another_stage
from wizard.plain.try_it import delete, follow_log, try_it
from wizard.platform.key_labels import LINES
from wizard.platform.language import _
from wizard.workspace import runs
from wizard.workspace.progress import Progress
from wizard.workspace.runs import session_of
from wizard.workspace.wording.plan_lines import without_sign
from wizard.workspace.wording.standing_words import at_minute, change_words, cost_parts, standing_rows

if TYPE_CHECKING:
    from wizard.engine.events import ReleaseEvent, StandingEvent
    from wizard.plain.lines import Lines
    from wizard.releases.history import History
    from wizard.workspace.workspace import Workspace

NEWEST = 0
"""In place of a release's number: the code as it is now."""
Way = tuple[str, Callable[[], Awaitable[str]]]
"""What a person may choose, and what does it: it gives the place to go to, "" for staying here."""


async def standing(lines: Lines, workspace: Workspace) -> str:
    """Say how the API stands and do what is chosen, until something leads elsewhere. Raises GoTo, Leave, CloudError.

    Someone is signed in.
    """
    from wizard.releases.metrics import read_recent
    from wizard.releases.standing import read_standing
    from wizard.state.snapshot import Snapshot

    while True:
        lines.say(_("Asking Azure how your API stands…"))
        await workspace.look()
        session = session_of(workspace, SpokenReporter(lines))
        read = await read_standing(Snapshot(session.cloud, session.answers, session.given_secret))
        if read is None:
            lines.say(_("Nothing of this setup is deployed. The check of everything shows what would be made."))
            return "review"
        event, history = read
        metrics, _trouble = await read_recent(Snapshot(session.cloud, session.answers, session.given_secret))
        lines.say(
            *(
                f"{without_sign(row.word)}: {row.text}"
                for row in standing_rows(event, session.answers, workspace.plan, workspace.local_address, LINES)
            )
        )
        if metrics:
            lines.say(_("The last 30 minutes:"), *(f"{metric.title}: {without_sign(metric.words)}" for metric in metrics))
        ways = list(_ways(lines, workspace, event, history))
        chosen = await lines.choose(_("What now? q leaves"), [words for words, _do in ways])
        if place := await ways[chosen][1]():
            return place


def _ways(lines: Lines, workspace: Workspace, event: StandingEvent, history: History) -> Iterator[Way]:
    rests = event.state in ("paused", "stopped")

    async def stays(work: Awaitable[None]) -> str:
        await told(lines, work)
        return ""

    async def leads_to(place: str) -> str:
        return place

    yield _("Look again"), lambda: leads_to("")
    if rests:
        yield _("Start your API"), lambda: stays(_pause_or_start(lines, workspace, pause=False))
    elif event.code_changed or event.rolled_back:
        yield _("Deploy my change"), lambda: stays(_change(lines, workspace, NEWEST))
    if not rests:
        releases = [history.event(release) for release in reversed(history.releases)]
        if others := [release for release in releases if not release.running]:
            yield _("Run another version again"), lambda: stays(_choose_version(lines, workspace, others))
        yield _("Try it: send requests, prove a restart"), lambda: stays(_try_it(lines, workspace))
        yield _("Pause your API"), lambda: stays(_pause_or_start(lines, workspace, pause=True))
    yield _("The log: what your API prints and what Azure reports"), lambda: stays(follow_log(lines, workspace))
    yield _("Repair: what is wrong, and the fix"), lambda: stays(repair(lines, workspace))
    yield _("What it costs"), lambda: stays(_say_cost(lines, workspace))
    yield _("Settings: all steps"), lambda: leads_to("steps")
    yield _("Check everything"), lambda: leads_to("review")
    yield _("Stages: copies of your API, such as dev and prod"), lambda: another_stage(lines, workspace)
    yield _("Delete everything that this setup made"), lambda: stays(delete(lines, workspace))


async def _try_it(lines: Lines, workspace: Workspace) -> None:
    """Send requests; “back” comes back here. Raises GoTo, Leave."""
    try:
        await try_it(lines, workspace)
    except GoTo as wanted:
        if wanted.place != "back":
            raise


async def _choose_version(lines: Lines, workspace: Workspace, releases: list[ReleaseEvent]) -> None:
    """One of the versions there were, the newest first."""
    options = [_version_words(release) for release in releases]
    chosen = await lines.choose(_("Which version?"), [*options, _("Leave it as it is")], usual=len(options))
    if chosen < len(releases):
        await _change(lines, workspace, releases[chosen].number)


def _version_words(release: ReleaseEvent) -> str:
    words = _("{number}, since {when} UTC, by {who}").format(number=release.number, when=at_minute(release.time), who=release.who)
    return words + (", " + _("commit {commit}").format(commit=release.commit) if release.commit else "")


async def _change(lines: Lines, workspace: Workspace, number: int) -> None:
    """Say what another version would change, and carry it out when the person agrees. Raises CommandError, SetupLocked, CloudError."""
    from wizard.releases.going import go, prepare_deploy, prepare_rollback

    if not workspace.draft.write_setup():
        lines.say(_("Something is to put right first:"), *workspace.reading.problems.values())
        return
    session = session_of(workspace, SpokenReporter(lines))
    lines.say(_("Comparing that version with what runs…"))
    prepared = await (prepare_rollback(session, number) if number else prepare_deploy(session))
    lines.say(change_words(prepared.plan))
    if prepared.plan.hindered:
        return
    question = _("Run version {number} again").format(number=number) if number else _("Deploy your code as it is now")
    if not await yes(lines, question):
        return
    progress = workspace.progress = Progress(prepared.plan.steps, tempo=session.cloud.tempo)

    try:
        async with runs.held_for(workspace, prepared.plan) as journal:
            await spoken(lines, progress, lambda listen: go(session, prepared, journal, listen))
    finally:
        workspace.file_was_written()


async def _pause_or_start(lines: Lines, workspace: Workspace, *, pause: bool) -> None:
    """Pause the API, after a question, or start it again. Raises CommandError, SetupLocked, CloudError."""
    from wizard.commands.operating.pause import pause_setup, start_setup

    reporter = SpokenReporter(lines)
    if not pause:
        reporter.event(await start_setup(session_of(workspace, reporter)))
        return
    lines.say(_("Nothing is deleted. Copies cost nothing while it is paused; the image store and the files cost what they did."))
    if await yes(lines, _("Pause your API; it answers nobody until you start it again")):
        reporter.event(await pause_setup(session_of(workspace, reporter)))


async def _say_cost(lines: Lines, workspace: Workspace) -> None:
    titles = {item.step.id: item.step.title for item in workspace.plan.steps} if workspace.plan else {}
    lines.tell(cost_parts(workspace.reading.answers, titles))
