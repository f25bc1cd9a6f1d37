"""The doctor and the proof of a restart, in lines."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING

from wizard.engine.crash_record import describe_error
from wizard.engine.reporting.event_lines import verdict_lines
from wizard.plain.lines import GoTo, Leave, SpokenReporter
from wizard.platform.language import _
from wizard.workspace.runs import session_of

if TYPE_CHECKING:
    from wizard.engine.reporting.reporter import Reporter
    from wizard.plain.lines import Lines
    from wizard.testing.api_test import ApiTest
    from wizard.testing.rest.comments import Prompt
    from wizard.testing.rest.file import RestRequest
    from wizard.testing.rest.run import RequestRun
    from wizard.workspace.workspace import Workspace


async def told(lines: Lines, work: Awaitable[None]) -> None:
    """Do one of these, and say why it did not come to its end. Raises GoTo, Leave."""
    from wizard.engine.journal import SetupLocked
    from wizard.engine.session import CommandError

    try:
        await work
    except (GoTo, Leave):
        raise
    except (SetupLocked, CommandError) as stop:
        lines.say(str(stop))
    except Exception as error:
        lines.say(describe_error(error))


async def prove(lines: Lines, workspace: Workspace, requests: Sequence[RestRequest]) -> None:
    """Start the API anew, and tell whether what it keeps is still there."""
    test = _test(workspace, SpokenReporter(lines))
    passed = all(event.passed for event in await test.prove(list(requests)))
    lines.say(_("Proven: what your API keeps is there after a restart.") if passed else _("Not proven: “Repair” looks for the reason."))


async def send(lines: Lines, workspace: Workspace, requests: Sequence[RestRequest], run: RequestRun) -> None:
    """Send requests, and say of each its answer and whether it is the one that is expected."""
    from wizard.engine.reporting.recorder import RecordingReporter
    from wizard.testing.requests import result_words

    run.person = PersonInLines(lines)
    test = _test(workspace, RecordingReporter[None](), run)
    for request in requests:
        answered = await test.send(request)
        headline, _blank, body = result_words(answered).partition("\n\n")
        lines.say(f"{answered.method} {answered.path}" if len(requests) > 1 else "", headline)
        lines.quote(body)


class PersonInLines:
    """Who is asked for values in lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def value(self, prompt: Prompt, *, is_hidden: bool) -> str | None:
        """What is typed for a value of a request."""
        question = f"{prompt.name} ({prompt.description}):" if prompt.description else f"{prompt.name}:"
        return await self._lines.ask_hidden(question) if is_hidden else await self._lines.ask(question)

    async def agrees(self, question: str) -> bool:
        """Whether a request is sent that wants to be confirmed."""
        return await self._lines.choose(_("Send “{title}”?").format(title=question), [_("Leave it"), _("Send it")]) == 1


def _test(workspace: Workspace, reporter: Reporter, run: RequestRun | None = None) -> ApiTest:
    from wizard.state.resources import ResourceRefs
    from wizard.testing.api_test import ApiTest

    assert workspace.cloud is not None
    target = ResourceRefs.named(workspace.reading.answers, workspace.cloud.subscription_id).app
    assert target is not None
    return ApiTest(session_of(workspace, reporter), workspace.host, target, run=run)


async def repair(lines: Lines, workspace: Workspace) -> None:
    """Say what is wrong, show what would be different, and mend it when the person types the setup's name. Raises GoTo, Leave."""
    from wizard.doctor.examination import examine, repair

    session = session_of(workspace, SpokenReporter(lines))
    report = await examine(session)
    lines.say(verdict_lines(report.verdict.event()))
    if not report.offers:
        return
    lines.say(_("This would be different afterwards:"), report.difference)
    if not await lines.name_typed(_("To do this, type {name}; Enter leaves it:"), workspace.setup):
        return
    if not workspace.draft.write_setup():
        lines.say(_("Something is to put right first:"), *workspace.reading.problems.values())
        return
    result = await repair(session, report)
    workspace.open_again()  # its files may have been written
    if result is None:
        lines.say(_("Written. The check of everything (!) builds it."))
        return
    lines.say(verdict_lines((await examine(session_of(workspace, SpokenReporter(lines)))).verdict.event()))
