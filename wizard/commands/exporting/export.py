"""The commands that write a setup in another form: to standard output, or with ``--output`` to a file."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.commands.exporting.output import writing
from wizard.engine.events import ResultEvent
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session, open_cloud, read_answers, reporter_for, tell_stop
from wizard.platform.files import replace_file
from wizard.platform.language import _
from wizard.platform.streams import leads_to, may_ask

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wizard.engine.reporting.reporter import Reporter
    from wizard.setup.answers import Answers

ASKING = ("browser", "device-code")
"""The ways to sign in that ask the person."""


async def az(session: Session, output: Path | None) -> ExitCode:
    """A shell script of az commands that makes the same."""
    from wizard.export.az import render

    plan = await session.plan()
    text = render([planned.step for planned in plan.steps], session.answers, plan.facts)
    return await deliver(text + "\n", output, session.reporter)


async def arm(session: Session, output: Path | None) -> ExitCode:
    """An ARM template that makes the same; how it is deployed is said beside it, since JSON has no comments."""
    from wizard.export.arm import how_to_deploy, render
    from wizard.export.bicep import who_has_roles
    from wizard.state.snapshot import Snapshot

    made = await session.plan()
    steps = [planned.step for planned in made.steps]
    who = await who_has_roles(Snapshot(session.cloud, session.answers, session.given_secret), steps, made.facts)
    status = await deliver(render(steps, session.answers, made.facts, who) + "\n", output, session.reporter)
    for line in how_to_deploy(steps, session.answers, made.facts, output):
        session.reporter.say(line)
    return status


async def bicep(session: Session, output: Path | None) -> ExitCode:
    """A Bicep file that makes the same. With `output` in a file of that name, or with its parameters and modules in a folder."""
    from wizard.export.bicep import render, who_has_roles
    from wizard.state.snapshot import Snapshot

    plan = await session.plan()
    steps = [planned.step for planned in plan.steps]
    who = await who_has_roles(Snapshot(session.cloud, session.answers, session.given_secret), steps, plan.facts)
    written = render(steps, session.answers, plan.facts, who)
    if output is not None and output.suffix != ".bicep":
        with writing(output):
            await asyncio.to_thread(output.mkdir, parents=True, exist_ok=True)
        for name, text in written.files.items():
            await deliver(text, output / name, session.reporter)
        return ExitCode.DONE
    if written.modules:
        why = _(
            "Your setup uses things in other resource groups, which takes more than one file: name a folder for them (--output FOLDER)."
        )
        raise CommandError([("output", why)], ExitCode.USAGE)
    return await deliver(written.main, output, session.reporter)


async def rest(options: CommandOptions, output: Path | None) -> ExitCode:
    """A .rest file with the requests that the API answers; its host is a place to fill in where nobody is signed in or nothing deployed."""
    from wizard.export.rest import render

    async def text(reporter: Reporter) -> str:
        answers = read_answers(options)
        host = await _host(options, answers, reporter)
        return await asyncio.to_thread(render, answers, host, answers.source_folder) + "\n"

    return await _export(options, text, output)


async def pipeline(options: CommandOptions, *, github: bool, output: Path | None) -> ExitCode:
    """The file of a pipeline; Azure is not asked for it. A file that is there keeps what the person wrote in it."""
    from wizard.export.pipeline import azure_pipelines, github_workflow
    from wizard.source.git.desired_pipeline import FILE
    from wizard.source.git.pipeline_file import UnreadablePipeline
    from wizard.source.git.workflow_file import workflow_path

    async def text(_reporter: Reporter) -> str:
        answers = read_answers(options)
        there = output if output is not None and await asyncio.to_thread(output.is_file) else None
        in_repository = answers.source_folder / (workflow_path(answers.project.setup) if github else FILE)
        if output is None:
            _refuse_emptied(in_repository, "--github " if github else "")
        there = there or (None if github else in_repository)
        try:
            return await asyncio.to_thread(github_workflow if github else azure_pipelines, answers, there)
        except UnreadablePipeline as error:
            raise CommandError([("pipeline", str(error))]) from None

    return await _export(options, text, output, replaces=True)


async def deliver(text: str, output: Path | None, reporter: Reporter, *, replaces: bool = False) -> ExitCode:
    """Print an export, or write it into a file. Raises CommandError when the file cannot be written, and then nothing has changed.

    :param replaces: whether the text holds what stands in the file now; else that is kept beside it.
    """
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return ExitCode.DONE
    with writing(output):
        backup = None if replaces else await asyncio.to_thread(_keep_beside, output, text)
        await asyncio.to_thread(replace_file, output, text)
    reporter.say(_("Written: {file}").format(file=output))
    if backup is not None:
        reporter.say(_("What stood there before is kept as {file}.").format(file=backup))
    return ExitCode.DONE


async def _export(
    options: CommandOptions, text: Callable[[Reporter], Awaitable[str]], output: Path | None, *, replaces: bool = False
) -> ExitCode:
    """An export that needs no session."""
    reporter = reporter_for(options)
    try:
        return await deliver(await text(reporter), output, reporter, replaces=replaces)
    except CommandError as stop:
        return tell_stop(stop, reporter)
    except asyncio.CancelledError:
        reporter.event(ResultEvent("interrupted"))
        return ExitCode.INTERRUPTED


async def _host(options: CommandOptions, answers: Answers, reporter: Reporter) -> str | None:
    """The deployed app's host name; None before it was deployed, and where nobody is signed in, which is said."""
    from wizard.cloud.errors.translation import translate
    from wizard.cloud.lookups import get_or_none
    from wizard.engine.session import signed_in
    from wizard.state.resources import ResourceRefs

    if answers.sign_in.credential in ASKING and not options.practice and not may_ask():
        return None
    try:
        async with await open_cloud(options, answers) as cloud:
            app = ResourceRefs.named(signed_in(answers, cloud), cloud.subscription_id).app
            if app is None:
                return None
            deployed = await get_or_none(cloud.apps.container_apps.get(app.group, app.name))
            properties = (deployed.as_dict() if deployed else {}).get("properties") or {}
            return ((properties.get("configuration") or {}).get("ingress") or {}).get("fqdn") or None
    except CommandError as stop:
        why = stop.problems[0][1]
    except Exception as error:
        why = translate(error).sentence
    reporter.say(_("The address in it is a place to fill in, since Azure could not be asked: {why}").format(why=why))
    return None


def _refuse_emptied(file: Path, option: str) -> None:
    """Raise CommandError where the shell sends the output into the very file whose own changes are to be kept, or has emptied it."""
    into_itself = leads_to([file]) is not None
    try:
        is_empty = file.stat().st_size == 0
    except OSError:
        return
    if into_itself or is_empty:
        sentence = _(
            "{file} is empty, or the shell is writing this output into it: your own changes in it cannot be kept. Bring it back "
            "(git checkout -- {name}), or delete it when it held nothing; then: azwizard export pipeline {option}--output {file}"
        )
        raise CommandError([("output", sentence.format(file=file, name=file.name, option=option))], ExitCode.USAGE)


def _keep_beside(file: Path, text: str) -> Path | None:
    """Keep what stands in a file under a name of its own, when it is something else; gives that name."""
    if not file.is_file() or not (before := file.read_bytes()).strip() or before == text.encode():
        return None
    names = (file.with_name(f"{file.name}.bak{number or ''}") for number in range(1000))
    backup = next(name for name in names if not name.exists())
    backup.write_bytes(before)
    return backup
