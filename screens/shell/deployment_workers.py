"""What goes on behind Repair and Try it: the doctor's look, its fix, and the proof of a restart. No screen owns any of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from screens.shell.messages import CareEnded
from wizard.commands.crash import words
from wizard.engine.session import session_at
from wizard.platform.language import _

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.doctor.examination import Examination
    from wizard.engine.events import RequestEvent, ResultEvent, ShareEvent
    from wizard.engine.recorder import Telling
    from wizard.testing.rest_file import Request

    Answered = list[RequestEvent | ShareEvent]

T = TypeVar("T")


class Care:
    """What was found out about one setup, and what is being done about it.

    :param app: whose workers they are, so that changing the screen stops nothing.
    """

    def __init__(self, app: WizardApp) -> None:
        self._app = app
        self._desk = app.desk
        self._of: object = None
        self.examination: Telling[Examination] | None = None
        self.mending: Telling[ResultEvent | None] | None = None
        self.proof: Telling[Answered] | None = None

    def turn_to_setup(self) -> None:
        """Forget what was found of another setup."""
        here = (self._desk.draft.file, self._desk.practice)
        if here != self._of:
            self._of = here
            self.examination = self.mending = self.proof = None

    @property
    def is_busy(self) -> bool:
        """Whether something of it goes on."""
        return any(told is not None and not told.is_over for told in (self.examination, self.mending, self.proof))

    def examine(self) -> None:
        """Begin to look at what is deployed. What was mended before stays told."""
        from wizard.doctor.examination import examine
        from wizard.engine.recorder import Telling

        told = self.examination = Telling()
        self._begin(told, lambda: examine(session_at(self._desk, told)))

    def mend(self, found: Examination) -> None:
        """Begin to do what helps, and look again when it is done."""
        from wizard.doctor.examination import mend
        from wizard.engine.recorder import Telling

        told = self.mending = Telling()

        async def mended() -> ResultEvent | None:
            result = await mend(session_at(self._desk, told), found)
            self._desk.open(self._desk.draft.file, practice=self._desk.practice)  # its files may have been written
            return result

        if self._desk.draft.write_setup():
            self._begin(told, mended, self.examine)
        else:
            told.end(None, _("Something in your answers is to be put right first: F2 shows where."))

    def prove(self, requests: Sequence[Request]) -> None:
        """Begin to start the API anew, and to hold what it reads, and a file on each share, against what was there before."""
        from wizard.engine.recorder import Telling
        from wizard.state.resources import Targets
        from wizard.testing.api_test import ApiTest

        assert self._desk.cloud is not None
        told = self.proof = Telling()
        target = Targets.named(self._desk.reading.answers, self._desk.cloud.subscription_id).app
        assert target is not None
        test = ApiTest(session_at(self._desk, told), self._desk.address.removeprefix("https://"), target)
        self._begin(told, lambda: test.prove(list(requests)))

    def _begin(self, told: Telling[T], work: Callable[[], Awaitable[T]], after: Callable[[], None] | None = None) -> None:
        async def carried_out() -> None:
            from wizard.engine.journal import SetupLocked
            from wizard.engine.session import Stop

            try:
                told.end(await work())
            except asyncio.CancelledError:
                told.end(None, _("It was stopped."))
                raise
            except (SetupLocked, Stop) as stop:
                told.end(None, str(stop))
            except Exception as error:
                told.end(None, words(error))
            finally:
                self._app.post_message(CareEnded())
            if after is not None and not told.trouble:
                after()

        self._app.run_worker(carried_out(), group="care", description="care", exclusive=True, exit_on_error=False)
