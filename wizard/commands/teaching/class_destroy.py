"""``azwizard class destroy``: what every learner's setup made is deleted, several learners at a time, with one proof."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from wizard.classroom import prepare as preparation
from wizard.classroom.class_file import ClassFile, Learner
from wizard.classroom.door.trainer import Trainer
from wizard.cloud.errors.cloud_error import PracticeError
from wizard.cloud.transport import practice_process
from wizard.commands.commands import destroy as destroy_setup
from wizard.commands.commands import run_command
from wizard.commands.confirmation import confirm_by_name
from wizard.commands.exporting.output import write_output
from wizard.commands.several import AT_ONCE, SetupOutcome, reporter_of, table_of, worst_of
from wizard.commands.teaching.preparing import learner_options
from wizard.engine.events import ResultEvent
from wizard.engine.reporting.reporter import Reporter
from wizard.engine.session import CommandOptions, ExitCode, Session, reporter_for
from wizard.exercises import record
from wizard.platform.language import _
from wizard.platform.terminal_text import plain
from wizard.state.snapshot import Snapshot


class Leaver:
    """A learner whose setups go.

    :param setups: the class's own, and at a seat those of the exercises begun there.
    :param lines: of the proof, one for each setup that was looked for.
    """

    def __init__(self, read: ClassFile, learner: Learner) -> None:
        self.learner = learner
        self.trainer = Trainer(read)
        with self.trainer.at_seat_of(learner) as is_seat:
            exercises = [Path(attempt.folder) / preparation.SETUP for attempt in record.attempts().values()] if is_seat else []
        self.setups = [setup for setup in (preparation.setup_of(read, learner), *exercises) if setup.is_file()]
        self.outcomes = [SetupOutcome(str(setup)) for setup in self.setups]
        self.lines: list[str] = []

    async def leave(self, options: CommandOptions) -> ExitCode:
        """Delete one setup after the other, each looked for again afterwards; a seat's practice cloud is stopped."""
        with self.trainer.at_seat_of(self.learner) as is_seat:
            for setup, outcome in zip(self.setups, self.outcomes, strict=True):
                if await self._delete(replace(options, setup=setup), outcome) is ExitCode.INTERRUPTED:
                    return ExitCode.INTERRUPTED
            if is_seat:
                try:
                    await asyncio.to_thread(practice_process.stop)
                except PracticeError as error:
                    reporter_for(options).say(f"{plain(self.learner.name)}: {error.sentence} {error.remedy}")
                    return ExitCode.FAILED
        return worst_of(outcome.status for outcome in self.outcomes)

    async def _delete(self, options: CommandOptions, outcome: SetupOutcome) -> ExitCode:
        reporter, statuses = reporter_of(options, outcome), list[ExitCode]()
        for command in (destroy_setup, self._look):
            statuses.append(await run_command(options, command, told=reporter))
            outcome.status = worst_of(statuses)
            if outcome.status is ExitCode.INTERRUPTED:
                break
        return outcome.status

    async def _look(self, session: Session) -> ExitCode:
        """Look what is left, and keep it for the proof."""
        snapshot, project = Snapshot(session.cloud, session.answers, session.given_secret), session.answers.project
        is_gone = await snapshot.group() is None
        left = [] if is_gone else sorted(await snapshot.resources())
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = {"setup": project.setup, "resource_group": project.resource_group, "group_is_gone": is_gone}
        self.lines.append(json.dumps({**line, "left": left, "cloud": session.cloud.kind, "at": at}))
        return ExitCode.FAILED if left else ExitCode.DONE


async def destroy(options: CommandOptions, read: ClassFile, proof: Path | None) -> ExitCode:
    """Ask once, delete what everybody's setups made, and write down what is left, one JSON line a setup."""
    reporter, leavers = reporter_for(options), [Leaver(read, learner) for learner in read.learners]
    await _confirm(options, read, leavers, reporter)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(leaver: Leaver) -> ExitCode:
        async with room:
            return await leaver.leave(replace(learner_options(options, read, leaver.learner), yes=True))

    tasks = [asyncio.ensure_future(one(leaver)) for leaver in leavers]
    try:
        statuses = await asyncio.gather(*tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        statuses = [ExitCode.INTERRUPTED]
    status = worst_of(statuses)
    if status is ExitCode.INTERRUPTED:
        reporter.event(ResultEvent("interrupted"))
        return status
    file = proof or read.file.parent / "class-proof.jsonl"
    await write_output(file, "".join(f"{line}\n" for leaver in leavers for line in leaver.lines))
    if not options.json:
        for row in table_of([outcome for leaver in leavers for outcome in leaver.outcomes]):
            reporter.show(row)
    reporter.say(_("Written: {file}").format(file=file))
    is_gone = status is ExitCode.DONE
    sentence = _("Everything that the class made is gone.") if is_gone else _("Something is left: the file says what.")
    reporter.event(ResultEvent("succeeded" if is_gone else "failed", sentence=sentence))
    return status


async def _confirm(options: CommandOptions, read: ClassFile, leavers: Sequence[Leaver], reporter: Reporter) -> None:
    """Name whose setups go, and let the trainer agree to all of it at once. Raises CommandError."""
    if options.yes:
        return
    reporter.say(_("To keep the files on your shares, copy them first: azwizard destroy --copy-shares FOLDER"))
    for leaver in leavers:
        folders = ", ".join(setup.parent.name for setup in leaver.setups) or _("nothing")
        reporter.say(_("To delete: {name}: {setups}").format(name=plain(leaver.learner.name), setups=folders))
    await confirm_by_name(
        _("To delete all of this, for everybody in the class and with the data in it, type {name}: "), read.course.project
    )
