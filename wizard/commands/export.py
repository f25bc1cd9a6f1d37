"""The commands that write a setup in another form."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session, read_answers, reporter_for, tell_stop
from wizard.platform.language import _

if TYPE_CHECKING:
    from pathlib import Path


async def az(session: Session) -> ExitCode:
    """Print a shell script of az commands that makes the same."""
    from wizard.export.az import render

    made = await session.plan()
    print(render([planned.step for planned in made.steps], session.answers, made.facts))
    return ExitCode.DONE


async def bicep(session: Session, output: Path | None) -> ExitCode:
    """Print a Bicep file that makes the same, or write it with its parameters and modules into a folder."""
    from wizard.export.bicep import render, who_has_roles
    from wizard.state.snapshot import Snapshot

    made = await session.plan()
    steps = [planned.step for planned in made.steps]
    who = await who_has_roles(Snapshot(session.cloud, session.answers, session.given_secret), steps, made.facts)
    written = render(steps, session.answers, made.facts, who)
    if output is not None:
        try:
            await asyncio.to_thread(written.write, output)
        except OSError as error:
            why = _("{path} cannot be written: {reason}. Name another folder.").format(path=output, reason=error.strerror)
            raise CommandError([("output", why)], ExitCode.USAGE) from None
        session.reporter.say(_("Written: {files}").format(files=", ".join(str(output / name) for name in written.files)))
    elif written.modules:
        why = _(
            "Your setup uses things in other resource groups, which takes more than one file: name a folder for them (--output FOLDER)."
        )
        raise CommandError([("output", why)], ExitCode.USAGE)
    else:
        print(written.main, end="")
    return ExitCode.DONE


async def rest(session: Session) -> ExitCode:
    """Print a .rest file with the requests that the API answers."""
    from wizard.export.rest import render

    made = await session.plan()
    print(render(session.answers, made.facts.fqdn, session.answers.source_folder))
    return ExitCode.DONE


async def pipeline(options: CommandOptions, *, github: bool) -> ExitCode:
    """Print the file of a pipeline; Azure is not asked for it."""
    from wizard.export.pipeline import azure_pipelines, github_workflow
    from wizard.source.git.pipeline_file import UnreadablePipeline

    try:
        answers = read_answers(options)
        print(await asyncio.to_thread(github_workflow if github else azure_pipelines, answers), end="")
        return ExitCode.DONE
    except UnreadablePipeline as error:
        return tell_stop(CommandError([("pipeline", str(error))]), reporter_for(options))
    except CommandError as stop:
        return tell_stop(stop, reporter_for(options))
