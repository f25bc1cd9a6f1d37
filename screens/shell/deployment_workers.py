"""What goes on behind Repair and Try it: the doctor's look, its fix, and the proof of a restart. No screen owns any of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from screens.shell.messages import DoctorFinished
from wizard.engine.crash_record import describe_error
from wizard.platform.language import _

if TYPE_CHECKING:
    from textual.app import App

    from wizard.doctor.examination import DoctorReport
    from wizard.engine.events import RequestEvent, ResultEvent, ShareEvent
    from wizard.engine.recorder import RecordingReporter
    from wizard.testing.rest.file import RestRequest
    from wizard.workspace.workspace import Workspace

    Answered = list[RequestEvent | ShareEvent]

T = TypeVar("T")


class DeploymentWorkers:
    """What was found out about one setup, and what is being done about it.

    :param app: whose workers they are, so that changing the screen stops nothing.
    """

    def __init__(self, app: App[Any], workspace: Workspace) -> None:
        self._app = app
        self._desk = workspace
        self._of: object = None
        self.examination: RecordingReporter[DoctorReport] | None = None
        self.mending: RecordingReporter[ResultEvent | None] | None = None
        self.proof: RecordingReporter[Answered] | None = None

    def turn_to_setup(self) -> None:
        """Forget what was found of another setup."""
        here = (self._desk.draft.file, self._desk.practice)
        if here != self._of:
            self._of = here
            self.examination = self.mending = self.proof = None

    @property
    def is_busy(self) -> bool:
        """Whether something of it goes on."""
        return any(reporter is not None and not reporter.is_over for reporter in (self.examination, self.mending, self.proof))

    def examine(self) -> None:
        """Begin to look at what is deployed. What was mended before stays told."""
        from wizard.doctor.examination import examine
        from wizard.engine.recorder import RecordingReporter

        result = self.examination = RecordingReporter()
        self._begin(result, lambda: examine(self._desk.session(result)))

    def mend(self, report: DoctorReport) -> None:
        """Begin to do what helps, and look again when it is done."""
        from wizard.doctor.examination import repair
        from wizard.engine.recorder import RecordingReporter

        lines = self.mending = RecordingReporter()

        async def mended() -> ResultEvent | None:
            result = await repair(self._desk.session(lines), report)
            self._desk.open(self._desk.draft.file, practice=self._desk.practice)  # its files may have been written
            return result

        if self._desk.draft.write_setup():
            self._begin(lines, mended, self.examine)
        else:
            lines.end(None, _("Something in your answers is to be put right first: F2 shows where."))

    def prove(self, requests: Sequence[RestRequest]) -> None:
        """Begin to start the API anew, and to hold what it reads, and a file on each share, against what was there before."""
        from wizard.engine.recorder import RecordingReporter
        from wizard.state.resources import ResourceRefs
        from wizard.testing.api_test import ApiTest

        assert self._desk.cloud is not None
        result = self.proof = RecordingReporter()
        target = ResourceRefs.named(self._desk.reading.answers, self._desk.cloud.subscription_id).app
        assert target is not None
        test = ApiTest(self._desk.session(result), self._desk.host, target)
        self._begin(result, lambda: test.prove(list(requests)))

    def _begin(self, reporter: RecordingReporter[T], work: Callable[[], Awaitable[T]], after: Callable[[], None] | None = None) -> None:
        async def carried_out() -> None:
            from wizard.engine.journal import SetupLocked
            from wizard.engine.session import CommandError

            try:
                reporter.end(await work())
            except asyncio.CancelledError:
                reporter.end(None, _("It was stopped."))
                raise
            except (SetupLocked, CommandError) as stop:
                reporter.end(None, str(stop))
            except Exception as error:
                reporter.end(None, describe_error(error))
            finally:
                self._app.post_message(DoctorFinished())
            if after is not None and not reporter.trouble:
                after()

        self._app.run_worker(carried_out(), group="care", description="care", exclusive=True, exit_on_error=False)
