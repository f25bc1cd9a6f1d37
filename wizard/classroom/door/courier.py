"""Tells the trainer's door where a learner is, and carries out what the trainer wishes; it never holds the learner up."""

from __future__ import annotations

import json
import re
import ssl
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import msgspec

from wizard.classroom.door.door_pass import DoorPass
from wizard.classroom.door.standings import LONGEST_TEXT, MOST_NAMES, Report
from wizard.classroom.door.wishes import FaultWish, HelpWish, Wishes
from wizard.classroom.help import take_help
from wizard.platform.daemon_thread import in_daemon_thread
from wizard.platform.folders import home, write_private
from wizard.platform.language import _
from wizard.platform.redaction import redaction
from wizard.platform.terminal_text import plain

SECONDS = 2.0
"""For one exchange: the door stands in the same room."""
PULSE = 15.0
"""Seconds between exchanges while nothing happens, so that a wish arrives."""
SCOPE = re.compile(r"/subscriptions/[^\s,;)]*/([^\s,;)/]+)")
PERSONS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")


class Courier:
    """One program's line to the trainer.

    :param setup: the learner's setup file, which help is written to.
    :param tell: is given a sentence for the learner when something was done on the trainer's behalf; called from another thread.
    :param helped: is called after help was written, with the screen that it leads to.
    :param practice: whether faults can be set: what is asked of Azure has none.
    """

    def __init__(
        self,
        door: DoorPass,
        setup: Path,
        tell: Callable[[str], None],
        helped: Callable[[str], None] = lambda _place: None,
        *,
        practice: bool = True,
    ) -> None:
        self._door, self._setup, self._tell, self._helped, self._practice = door, setup, tell, helped, practice
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]  # the room has no proxy between its computers
        if door.certificate:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=door.certificate)))
        self._opener = urllib.request.build_opener(*handlers)
        self._untold = Report(done=_done_before())
        self._lock = threading.Lock()
        self._turn = threading.RLock()
        self._news = threading.Event()
        self._is_closing = False
        self._is_unheard = False
        self._thread: threading.Thread | None = None

    def report(self, report: Report) -> None:
        """Tell where the learner is, soon and in the background."""
        self._add(report)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="azwizard-class", daemon=True)
            self._thread.start()
        self._news.set()

    async def exchange(self, report: Report | None = None) -> None:
        """The same at once: when this returns, what is wished is done. A door that did not answer is not waited for again."""
        self._add(report or Report())
        if not self._is_unheard:
            await in_daemon_thread(self._exchange)

    async def close(self) -> None:
        """Tell what is untold, and end; what is being told by now has arrived when this returns."""
        self.leave()
        await in_daemon_thread(self._tell_the_rest)

    def leave(self) -> None:
        """Begin no exchange of its own any more."""
        self._is_closing = True
        self._news.set()

    def _tell_the_rest(self) -> None:
        with self._turn:
            if _news_in(self._untold) and not self._is_unheard:
                self._exchange()

    def _run(self) -> None:
        while not self._is_closing:
            self._news.wait(PULSE)
            self._news.clear()
            if not self._is_closing:
                self._exchange()

    def _add(self, report: Report) -> None:
        with self._lock:
            self._untold = _merged(self._untold, report)

    def _exchange(self, *, listens: bool = True) -> None:
        """One exchange with the door, when the one before it is over; what could not be told is told with the next.

        :param listens: whether what is wished is done; not when it was done just now.
        """
        with self._turn:
            self._exchange_in_turn(listens)

    def _exchange_in_turn(self, listens: bool) -> None:
        with self._lock:
            told, self._untold = self._untold, Report(done=self._untold.done)
        request = urllib.request.Request(  # noqa: S310 - an address of the class, http or https
            f"{self._door.address}/events",
            msgspec.json.encode(told),
            {"Authorization": f"Bearer {self._door.token}", "Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=SECONDS) as response:
                wishes = msgspec.json.decode(response.read(1 << 16), type=Wishes)
        except (OSError, msgspec.MsgspecError):  # no door, another's door, or one that is tired: the learner works on
            with self._lock:
                self._untold = _merged(told, self._untold)
            self._is_unheard = True
            return
        self._is_unheard = False
        if listens:
            self._carry_out(wishes)

    def _carry_out(self, wishes: Wishes) -> None:
        done = self._untold.done
        if wishes.help is not None and wishes.help.id not in done:
            self._help(wishes.help)
        if wishes.fault is not None and wishes.fault.id not in done and self._practice:
            self._set_fault(wishes.fault)
        if self._untold.done != done:
            self._exchange(listens=False)

    def _help(self, wish: HelpWish) -> None:
        """Write the prepared answers; what stood there is kept beside them."""
        try:
            sentence = take_help(self._setup, wish.place, wish.tables)
        except OSError as error:
            self._tell(f"{self._setup}: {error.strerror}")
            return
        self._is_done(wish.id)
        self._tell(sentence)
        self._helped(wish.place)

    def _set_fault(self, wish: FaultWish) -> None:
        """Set it in the practice cloud; while none runs the wish stands."""
        from wizard.cloud.errors.cloud_error import PracticeError
        from wizard.cloud.transport import practice_process

        try:
            if practice_process.status() is None:
                return
            practice_process.fault(wish.faults, clear=not wish.faults)
        except PracticeError:
            return
        self._is_done(wish.id)
        if wish.faults:
            self._tell(_("Your trainer changed something in your practice cloud: find out what."))
        else:
            self._tell(_("Your trainer put your practice cloud right again."))

    def _is_done(self, wish: str) -> None:
        with self._lock:
            done = tuple(dict.fromkeys([*self._untold.done, wish]))[-MOST_NAMES:]
            self._untold = msgspec.structs.replace(self._untold, done=done)
        write_private(_done_file(), json.dumps(done))


def harmless_error(text: str) -> str:
    """A sentence as the board may show it: no value of a secret, nobody's address or home folder, no ids, and short."""
    one_line = " ".join(redaction.of_others(plain(text)).replace(str(Path.home()), "~").split())
    named = PERSONS.sub("…@…", SCOPE.sub(r"\1", one_line))
    return named if len(named) <= LONGEST_TEXT else f"{named[: LONGEST_TEXT - 1]}…"


def _merged(earlier: Report, later: Report) -> Report:
    """One report in place of two."""
    said = {name: value for name in later.__struct_fields__ if (value := getattr(later, name)) is not None and name != "done"}
    return msgspec.structs.replace(earlier, **said, done=tuple(dict.fromkeys([*earlier.done, *later.done]))[-MOST_NAMES:])


def _news_in(report: Report) -> bool:
    return any(getattr(report, name) is not None for name in report.__struct_fields__ if name != "done")


def _done_file() -> Path:
    return home() / "class-done.json"


def _done_before() -> tuple[str, ...]:
    """Ids of the wishes that were carried out on this computer."""
    try:
        return tuple(str(wish) for wish in json.loads(_done_file().read_text(encoding="utf-8")))[-MOST_NAMES:]
    except (OSError, ValueError, TypeError):
        return ()
