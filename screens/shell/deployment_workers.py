"""What goes on behind the pages about a deployed API: its standing, the doctor, a proof, a pause, a change of version. No page owns it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from screens.shell.messages import DeploymentNews
from wizard.engine.crash_record import describe_error
from wizard.platform.language import _
from wizard.workspace.runs import session_of

if TYPE_CHECKING:
    from textual.app import App

    from wizard.doctor.examination import DoctorReport
    from wizard.engine.events import MetricEvent, RequestEvent, ResultEvent, ShareEvent, StandingEvent
    from wizard.engine.reporting.recorder import RecordingReporter
    from wizard.releases.going import Prepared
    from wizard.releases.history import History
    from wizard.releases.promotion import Promotion
    from wizard.testing.rest.file import RestRequest
    from wizard.workspace.workspace import Workspace

    Answered = list[RequestEvent | ShareEvent]
    Standing = tuple[StandingEvent, History]

T = TypeVar("T")


class DeploymentWorkers:
    """What was found out about one setup, and what is being done about it.

    :param app: whose workers they are, so that changing the screen stops nothing.
    """

    def __init__(self, app: App[Any], workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace
        self._of: object = None
        self._forget()

    def _forget(self) -> None:
        self.examination: RecordingReporter[DoctorReport] | None = None
        self.mending: RecordingReporter[ResultEvent | None] | None = None
        self.proof: RecordingReporter[Answered] | None = None
        self.pausing: RecordingReporter[ResultEvent] | None = None
        self.preparing: RecordingReporter[Prepared | Promotion] | None = None
        self.promoting_from = ""  # the stage whose image is to run here, until someone is signed in
        self.standing_read: RecordingReporter[Standing | None] | None = None
        self.standing: Standing | None = None
        self.metrics: list[MetricEvent] = []

    def turn_to_setup(self) -> None:
        """Forget what was found of another setup."""
        here = (self._workspace.draft.file, self._workspace.draft.stage, self._workspace.practice)
        if here != self._of:
            self._of = here
            self._forget()

    @property
    def is_busy(self) -> bool:
        """Whether something of it goes on that changes, or may change, what is deployed, or that waits for the doctor."""
        going_on = (self.examination, self.mending, self.proof, self.pausing, self.preparing)
        return any(reporter is not None and not reporter.is_over for reporter in going_on)

    # How it stands, and other versions of it

    def read_standing(self) -> None:
        """Begin to read how the API stands; what was known before stays until then."""
        from wizard.engine.reporting.recorder import RecordingReporter
        from wizard.releases.metrics import read_recent
        from wizard.releases.standing import read_standing
        from wizard.state.snapshot import Snapshot

        reporter = self.standing_read = RecordingReporter()

        async def read() -> Standing | None:
            session = session_of(self._workspace, reporter)
            snapshot = Snapshot(session.cloud, session.answers, session.given_secret)
            self.standing, (self.metrics, _trouble) = await asyncio.gather(read_standing(snapshot), read_recent(snapshot))
            return self.standing

        self._begin(reporter, read, group="standing")

    def prepare_change(self, release: int | None) -> None:
        """Begin to plan a change of version; nothing is made of it before the person agreed.

        :param release: the number to go back to; 0 for the code as it is now; None for the release before the one that runs.
        """
        from wizard.engine.reporting.recorder import RecordingReporter
        from wizard.engine.session import CommandError
        from wizard.releases.going import prepare_deploy, prepare_rollback

        reporter: RecordingReporter[Prepared | Promotion]
        reporter = self.preparing = RecordingReporter()
        self.pausing = None  # what was said of an earlier pause is over

        async def prepare() -> Prepared:
            session = session_of(self._workspace, reporter)
            try:
                return await (prepare_deploy(session) if release == 0 else prepare_rollback(session, release))
            except CommandError as stop:
                raise CommandError([(what, f"{sentence} {_here(what)}".strip()) for what, sentence in stop.problems]) from None

        self._begin_with_setup_file(reporter, prepare)

    def prepare_promotion(self) -> None:
        """Begin to plan how what runs in the stage `promoting_from` comes to run here."""
        from wizard.engine.reporting.recorder import RecordingReporter
        from wizard.releases.other_stage import open_stage
        from wizard.releases.promotion import prepare_promotion

        reporter: RecordingReporter[Prepared | Promotion]
        reporter = self.preparing = RecordingReporter()
        source, self.promoting_from = self.promoting_from, ""

        async def prepare() -> Promotion:
            session = session_of(self._workspace, reporter)
            async with open_stage(session, source) as (answers, cloud):
                return await prepare_promotion(session, answers, cloud)

        self._begin_with_setup_file(reporter, prepare)

    def prepare_again(self, prepared: Prepared | Promotion) -> None:
        """The same once more, since what stood in its way may be there now."""
        from wizard.releases.promotion import Promotion

        if isinstance(prepared, Promotion):
            self.promoting_from = prepared.source
            self.prepare_promotion()
        else:
            self.prepare_change(prepared.release)

    def take_prepared(self) -> Prepared | Promotion | None:
        """The change that was prepared, once, so that it is asked about once; None when there is none, and why stays told."""
        reporter = self.preparing
        if reporter is None or reporter.result is None:
            return None
        self.preparing = None
        return reporter.result

    def pause_or_start(self, *, pause: bool) -> None:
        """Begin to pause the API, or to start it again; then look how it stands."""
        from wizard.commands.operating.pause import pause_setup, start_setup
        from wizard.engine.reporting.recorder import RecordingReporter

        reporter = self.pausing = RecordingReporter()
        self._begin(reporter, lambda: (pause_setup if pause else start_setup)(session_of(self._workspace, reporter)), self.read_standing)

    # The doctor

    def examine(self) -> None:
        """Begin to look at what is deployed. What was mended before stays reporter."""
        from wizard.doctor.examination import examine
        from wizard.engine.reporting.recorder import RecordingReporter

        reporter = self.examination = RecordingReporter()
        self._begin(reporter, lambda: examine(session_of(self._workspace, reporter)))

    def mend(self, report: DoctorReport) -> None:
        """Begin to do what helps, and look again when it is done."""
        from wizard.doctor.examination import repair
        from wizard.engine.reporting.recorder import RecordingReporter

        reporter = self.mending = RecordingReporter()

        async def mended() -> ResultEvent | None:
            result = await repair(session_of(self._workspace, reporter), report)
            self._workspace.open_again()  # its files may have been written
            return result

        self._begin_with_setup_file(reporter, mended, self.examine)

    def prove(self, requests: Sequence[RestRequest]) -> None:
        """Begin to start the API anew, and to hold what it reads, and a file on each share, against what was there before."""
        from wizard.engine.reporting.recorder import RecordingReporter
        from wizard.state.resources import ResourceRefs
        from wizard.testing.api_test import ApiTest

        assert self._workspace.cloud is not None
        reporter = self.proof = RecordingReporter()
        target = ResourceRefs.named(self._workspace.reading.answers, self._workspace.cloud.subscription_id).app
        assert target is not None
        test = ApiTest(session_of(self._workspace, reporter), self._workspace.host, target)
        self._begin(reporter, lambda: test.prove(list(requests)))

    # How each of them is carried out

    def _begin_with_setup_file(
        self, reporter: RecordingReporter[T], work: Callable[[], Awaitable[T]], after: Callable[[], None] | None = None
    ) -> None:
        """Begin what reads the setup file, once it says what was typed."""
        if self._workspace.draft.write_setup():
            self._begin(reporter, work, after)
        else:
            reporter.end(None, _("Something in your answers is to be put right first: Ctrl+G shows where."))
            self._app.post_message(DeploymentNews())

    def _begin(
        self,
        reporter: RecordingReporter[T],
        work: Callable[[], Awaitable[T]],
        after: Callable[[], None] | None = None,
        group: str = "deployment",
    ) -> None:
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
                self._app.post_message(DeploymentNews())
            if after is not None and not reporter.trouble:
                after()

        self._app.run_worker(carried_out(), group=group, description=group, exclusive=True, exit_on_error=False)


def _here(problem: str) -> str:
    """The key that does what a refusal names a command for."""
    return {"answers": _("Here F9 shows it and makes all of it."), "app": _("Here F9 deploys it.")}.get(problem, "")
