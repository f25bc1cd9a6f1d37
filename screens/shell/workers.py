"""What goes on behind the screens: signing in, comparing with Azure, reading lists, and the run. No screen owns any of it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.worker import Worker

from screens.shell.github_sign_in import GitHubSignIn
from screens.shell.messages import ChoicesLoaded, CodeShown, PlanRefreshed, RunEnded, SignedIn, SignInFailed
from wizard.engine.crash_record import describe_error
from wizard.workspace import runs
from wizard.workspace.practising import become, keep_practice_running
from wizard.workspace.runs import session_of

if TYPE_CHECKING:
    from textual.app import App

    from wizard.engine.events import Event, Listener, ResultEvent
    from wizard.engine.plan import Plan, PlannedStep
    from wizard.export.timeline import Timeline
    from wizard.platform.device_code import DeviceCode
    from wizard.releases.going import Prepared
    from wizard.releases.promotion import Promotion
    from wizard.workspace.progress import Progress
    from wizard.workspace.workspace import Workspace

PAUSE = 0.5  # seconds without a key before Azure is asked about what was typed


class Workers:
    """The workers, and what they learnt. They never touch a widget: they post news, which the app passes on to its screens.

    :param app: whose workers they are, so that changing the screen stops nothing.
    """

    def __init__(self, app: App[Any], workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace
        self.signing_in = False
        self._sign_in_ended = asyncio.Event()
        self.sign_in_trouble: str = ""
        self.code: DeviceCode | None = None
        self.lacks_subscription = False
        self.subscription_disabled = False
        self.account = ""
        self.organizations: Sequence[str] = ()
        self._reading: set[str] = set()
        self._look: Worker[None] | None = None
        self._looked_at: str = ""
        self.look_trouble: dict[str, str] = {}
        self.asked = ""
        self.github = GitHubSignIn(app, workspace)
        self.timeline: Timeline | None = None
        self._carried_out: Plan | None = None

    # Signing in and out

    def sign_in(self, account: str | None = None) -> None:
        """Begin to sign in; in practice as an account."""
        self.signing_in, self.sign_in_trouble, self.code, self.lacks_subscription = True, "", None, False
        self._sign_in_ended.clear()
        self.github.give_up()  # who signs in to Azure anew has another connection
        self._work("sign in", self._sign_in(account))

    async def until_signed_in(self) -> None:
        """Wait while someone is being signed in, however that ends."""
        if self.signing_in:
            await self._sign_in_ended.wait()

    async def _sign_in(self, account: str | None) -> None:
        try:
            if account is not None and self._workspace.practice:
                await asyncio.gather(become(self._workspace, account), asyncio.to_thread(load_ahead))
            else:
                await asyncio.gather(self._workspace.sign_in(self._show_code), asyncio.to_thread(load_ahead))
        except Exception as error:
            self.signing_in, self.sign_in_trouble = False, describe_error(error)
            self._learn_from(error)
            self._sign_in_ended.set()
            self._app.post_message(SignInFailed())
        else:
            from wizard.state.choices import EARLY

            gc.freeze()  # the SDKs are never rubbish: looking through them takes longer than a key may wait
            self.signing_in = False
            self.look_trouble.clear()
            self._sign_in_ended.set()
            self.read_lists(EARLY)
            self._app.post_message(SignedIn())

    def _learn_from(self, refusal: Exception) -> None:
        """Keep what a refused sign-in tells all the same."""
        from wizard.workspace.sign_in_refusal import is_subscription_disabled, subscriptions_to_choose, unsubscribed_account

        self.subscription_disabled = is_subscription_disabled(refusal)
        if (account := unsubscribed_account(refusal)) is not None:
            self.lacks_subscription = True
            self.account, self.organizations = account.name, account.organizations
        elif choices := subscriptions_to_choose(refusal):
            self._workspace.lists["sign_in.subscription"] = choices

    def _show_code(self, code: DeviceCode) -> None:
        """Called from another thread."""
        self._app.call_from_thread(self._keep_code, code)

    def _keep_code(self, code: DeviceCode) -> None:
        """Kept while it can be typed, whatever screen the person looks at meanwhile."""
        self.code = code if self.signing_in else None
        self._app.post_message(CodeShown())

    def sign_out(self) -> None:
        """Leave the cloud, or give up getting into it; the next look signs in again."""
        self._app.workers.cancel_group(self._app, "look")
        self._app.workers.cancel_group(self._app, "sign in")
        self.signing_in, self.sign_in_trouble, self.code, self.lacks_subscription = False, "", None, False
        self._sign_in_ended.set()
        self.look_trouble.clear()
        self.github.give_up()
        self._work("sign out", self._workspace.sign_out(), exclusive=False)

    # Asking Azure

    def look_soon(self, section: str, pause: float = PAUSE) -> None:
        """Compare Azure with a section's answers, once the person pauses; every section with "". An earlier look is given up."""
        if self._workspace.cloud is None or not self._workspace.setup:
            return
        if self._workspace.reading.problems and not section:
            return
        self._looked_at = section
        self._look = self._work("look", self._compare(section, pause))

    def is_looking(self, section: str) -> bool:
        """Whether Azure is being asked about a section, or about all with ""."""
        return self._look is not None and not self._look.is_finished and self._looked_at in (section, "")

    async def _compare(self, section: str, pause: float) -> None:
        await asyncio.sleep(pause)
        try:
            if self.look_trouble and self._workspace.practice:
                await keep_practice_running()
            await self._workspace.look(section or None)
            self.look_trouble.pop(section, None)
            if not section:
                from wizard.workspace.wording.handoff_text import asked_words

                self.asked = await asyncio.to_thread(asked_words, self._workspace)
        except Exception as error:
            self.look_trouble[section] = describe_error(error)
        self._app.post_message(PlanRefreshed(section))

    def read_lists(self, places: Sequence[str]) -> None:
        """Read lists before anyone opens them, so that they are there at once."""
        for where in places if self._workspace.cloud is not None else ():
            if where not in self._workspace.lists and where not in self._reading:
                self._reading.add(where)
                self._work("lists", self._read_list(where), exclusive=False)

    async def _read_list(self, where: str) -> None:
        try:
            await self._workspace.read_list(where)
        except Exception as error:
            describe_error(error)  # a fault of our own is recorded; for any other, whoever opens the list asks again and is told
        finally:
            self._reading.discard(where)
        self._app.post_message(ChoicesLoaded())

    # The run

    def make(self) -> None:
        """Begin to create what the plan says."""
        from wizard.workspace.progress import Progress

        plan = self._carried_out = self._workspace.plan
        assert plan is not None
        progress = self._workspace.progress = Progress(plan.steps, tempo=plan.snapshot.cloud.tempo)
        self._work("run", self._carry_out(progress, lambda: runs.make(self._workspace, self._drawn(progress))))

    def _drawn(self, progress: Progress) -> Listener:
        """Where a run's events go: to what shows it, and into its picture."""
        from wizard.export.timeline import Timeline

        timeline = self.timeline = Timeline([item.step for item in progress.steps])

        def listen(event: Event) -> None:
            timeline.hear(event)
            progress.hear(event)

        return listen

    @property
    def plan_to_come(self) -> Plan | None:
        """What Azure and the setup were last seen to differ in; None once that was carried out, until Azure is looked at again."""
        return self._workspace.plan if self._workspace.plan is not self._carried_out else None

    def change_version(self, prepared: Prepared | Promotion) -> None:
        """Begin to carry a change of version out that was prepared and agreed to."""
        from wizard.workspace.progress import Progress

        progress = self._workspace.progress = Progress(prepared.plan.steps, tempo=prepared.plan.snapshot.cloud.tempo)
        self._work("run", self._carry_out(progress, lambda: self._change_version(prepared, self._drawn(progress))))

    async def _change_version(self, prepared: Prepared | Promotion, listen: Listener) -> ResultEvent:
        from wizard.engine.reporting.recorder import RecordingReporter
        from wizard.releases.going import go
        from wizard.releases.promotion import Promotion, promote

        session = session_of(self._workspace, RecordingReporter[None]())
        async with runs.held_for(self._workspace, prepared.plan) as journal:
            try:
                if isinstance(prepared, Promotion):
                    return await promote(session, prepared, journal, listen)
                return await go(session, prepared, journal, listen)
            finally:
                self._workspace.file_was_written()

    def undo(self) -> None:
        """Begin to delete what this setup made."""
        from wizard.workspace.progress import Progress

        before, cloud = self._workspace.progress, self._workspace.cloud
        self.timeline = None
        steps = self.to_undo() or (before.steps if before and before.undoing else ())
        progress = self._workspace.progress = Progress(steps, undoing=True, tempo=cloud.tempo if cloud else 1.0)
        self._work("run", self._carry_out(progress, lambda: runs.undo(self._workspace, progress.hear)))

    def to_undo(self) -> list[PlannedStep]:
        """What this setup made; all that it can make while Azure is still being asked."""
        steps = [item for items in self._workspace.found.values() for item in items if item.step.removes]
        return [item for item in steps if item.look.to_remove or self.is_looking("")]

    def stop(self) -> None:
        """Stop the run safely: Azure finishes what it has begun, and the next run goes on from there."""
        self._app.workers.cancel_group(self._app, "run")

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        progress = self._workspace.progress
        return progress is not None and not progress.is_over

    async def _carry_out(self, progress: Progress, work: Callable[[], Awaitable[ResultEvent]]) -> None:
        from wizard.engine.events import ResultEvent
        from wizard.engine.journal import SetupLocked

        try:
            progress.end(await work())
        except asyncio.CancelledError:
            progress.end(ResultEvent("interrupted"))
            raise
        except SetupLocked as locked:
            progress.end(None, str(locked))
        except Exception as error:
            progress.end(None, describe_error(error))
        finally:
            self._workspace.lists.clear()  # there is something new to choose from
            self._app.post_message(RunEnded())
        self.look_soon("", 0)  # so that every screen tells what Azure has now

    def _work(self, name: str, work: Coroutine[None, None, None], *, exclusive: bool = True) -> Worker[None]:
        """Begin something; what went on under the same name is given up."""
        return self._app.run_worker(work, group=name, description=name, exclusive=exclusive, exit_on_error=False)


def load_ahead() -> None:
    """Import what comparing and creating need, in a thread: whoever types next waits for no import."""
    from wizard.steps.registry_of_steps import contributions

    contributions()
    for name in ("wizard.engine.run", "wizard.lint.linter", "wizard.state.choices", "wizard.engine.journal"):
        import_module(name)
