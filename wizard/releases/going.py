"""Back to an earlier release, or on to the code as it is now: first what it would do, then, once confirmed, the doing.

Every face takes the same two steps: `prepare_rollback` or `prepare_deploy`, then `go`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from wizard.engine.carry_out import carry_out
from wizard.engine.holding.since_review import ChangedSinceReview
from wizard.engine.journal import SetupLocked
from wizard.engine.session import CommandError
from wizard.platform.language import _
from wizard.releases.history import History, read_history
from wizard.sections import step_ids
from wizard.setup.loading import in_stage, load, tables, write, write_in_stage
from wizard.setup.toml_reader import read_setup_file
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.engine.events import Listener, ResultEvent
    from wizard.engine.journal import Journal
    from wizard.engine.plan import Plan
    from wizard.engine.session import Session
    from wizard.setup.answers import Answers

CODE = ("pipeline", "revision")
"""The sections whose steps bring new code, and nothing else, into an app that runs."""


@dataclass(frozen=True)
class Prepared:
    """What is about to happen, with nothing made or written yet.

    :param release: what ``[revision] release`` will be: the number of an earlier release, or 0 for the code as it is now.
    :param history: as it is before.
    """

    plan: Plan
    release: int
    history: History


async def prepare_rollback(session: Session, number: int | None = None) -> Prepared:
    """Plan the way back to a release, or without a number to the last one before the one that runs whose image is still there.

    Raises CommandError when there is no such release, or when something else would have to change too; CloudError.
    """
    history = await _history(session)
    chosen = await _before(session, history) if number is None else number
    if history.find(chosen) is None:
        there = ", ".join(str(release.number) for release in history.releases) or _("none")
        sentence = _("There is no release {number}. There are: {numbers}.").format(number=chosen, numbers=there)
        raise CommandError([("release", sentence)])
    return await _prepared(session, history, chosen)


async def prepare_deploy(session: Session) -> Prepared:
    """Plan the way to the code as it is now, which ends a rollback. Raises as `prepare_rollback`."""
    return await _prepared(session, await _history(session), 0)


async def go(session: Session, prepared: Prepared, journal: Journal, listen: Listener) -> ResultEvent:
    """Write the choice into the setup file and carry the plan out.

    :param journal: the session's, open; a caller that planned under its lock holds that already.

    What the run made stays when it fails: the version that served before goes on, or is put back.
    Where another run holds the setup, or Azure is not as it was seen, nothing is made and the setup file stays as it was.
    Raises SetupLocked, CloudError, AnswersError, OSError.
    """
    file, stage, reviewed = session.options.setup, session.options.stage, not session.options.yes
    before = (await asyncio.to_thread(load, file, stage)).revision.release
    await asyncio.to_thread(choose_release, file, prepared.release, stage)
    try:
        result = await carry_out(prepared.plan, session.cloud, journal, session.given_secret, listen, reviewed=reviewed)
    except (SetupLocked, ChangedSinceReview):
        await asyncio.to_thread(choose_release, file, before, stage)  # nothing was made, so the file says what it said
        raise
    session.answers = prepared.plan.answers
    result.extra["release"] = prepared.release or await _newest(session)
    return result


def choose_release(file: Path, number: int, stage: str = "") -> None:
    """Write ``[revision] release = number`` into a setup file; 0 takes the key away. Comments stay. Raises AnswersError, OSError."""
    answers = load(file, stage)
    if answers.revision.release == number:
        return
    if answers.stage:
        kept_table = {key: value for key, value in in_stage(answers, "revision").items() if key != "release"}
        is_said = number or load(file).revision.release  # 0 is said only where the top of the file says another
        write_in_stage(answers, "revision", kept_table | ({"release": number} if is_said else {}))
        return
    written = read_setup_file(file)
    section = {key: value for key, value in dict(written.get("revision") or {}).items() if key != "release"}
    written = {name: table for name, table in written.items() if name != "revision"} | ({"revision": section} if section else {})
    write(file, tables(_running(answers, number), written))


async def _history(session: Session) -> History:
    history = await read_history(Snapshot(session.cloud, session.answers, session.given_secret))
    if history is None:
        raise CommandError([("app", _("Nothing is deployed yet: azwizard apply deploys it."))])
    return history


async def _before(session: Session, history: History) -> int:
    """The newest release that was healthy, and still has its image, before what a person sees failing now."""
    candidates = list(history.releases)
    if history.running is not None and history.is_newest_served:
        candidates = [release for release in candidates if release.number < history.running.number]
    snapshot = Snapshot(session.cloud, session.answers, session.given_secret)
    for release in reversed(candidates):
        if await snapshot.release_digest(release.number):
            return release.number
    raise CommandError([("release", _("There is no release before the one that runs: azwizard releases lists them."))])


async def _prepared(session: Session, history: History, release: int) -> Prepared:
    plan = await replace(session, answers=_running(session.answers, release)).plan()
    others = _others(plan)
    if others:
        sentence = _("More has changed than the code: {changes}. azwizard plan shows it, azwizard apply makes all of it.")
        raise CommandError([("answers", sentence.format(changes="; ".join(others)))])
    return Prepared(plan, release, history)


def _running(answers: Answers, release: int) -> Answers:
    return structs.replace(answers, revision=structs.replace(answers.revision, release=release))


def _others(plan: Plan) -> list[str]:
    """What would be made besides new code, in words."""
    others = [item for item in plan.to_make if item.step.section not in CODE]
    titles = [item.step.title for item in others if not item.look.changes or any(change.is_answer for change in item.look.changes)]
    written = [item for item in plan.steps if item.step.id in (step_ids.BEFORE_DEPLOY, step_ids.REVISION)]
    changes = dict.fromkeys(change.words for item in written for change in item.look.changes if change.is_answer)
    return [*titles, *changes]


async def _newest(session: Session) -> int | None:
    """The number of the newest release as Azure holds it now."""
    history = await read_history(Snapshot(session.cloud, session.answers, session.given_secret))
    return history.releases[-1].number if history and history.releases else None
