"""The command `azwizard report`: one file to attach to a question, shown before it is written."""

from __future__ import annotations

from pathlib import Path

from wizard.commands.exporting.output import write_output
from wizard.doctor.report_bundle import bundle
from wizard.engine.events import ResultEvent
from wizard.engine.session import ExitCode, Session
from wizard.platform.language import _


async def report(session: Session, output: Path) -> ExitCode:
    """Show the report, and write it when the person confirms."""
    from wizard.commands.confirmation import confirm

    text = await bundle(session)
    session.reporter.show(text)
    await confirm(session, _("To write this to the file {file}, type {{name}}: ").format(file=output))
    await write_output(output, text)
    session.reporter.say(_("Written: {file}").format(file=output))
    return session.finish(ResultEvent("succeeded", detail=str(output)))
