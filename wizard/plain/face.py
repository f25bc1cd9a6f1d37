"""The conversation as a whole: home, the sections in their order, the check of everything, creating, trying."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from wizard.answers import AnswersError
from wizard.desk import Desk
from wizard.language import _
from wizard.plain.lines import GoTo, Leave, Lines
from wizard.plain.questions import ask_section
from wizard.plain.running import try_it, whole_run
from wizard.plain.tables import ask_shares, ask_variables
from wizard.sections import SECTIONS
from wizard.session import OUTCOME_EXITS, Exit, Options
from wizard.setups import known_setups

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNTS = ("owner", "contributor", "reader")


def speak(options: Options) -> int:
    """Hold the conversation on standard input and output; gives the exit status."""
    return int(asyncio.run(_until_stopped(options)))


async def _until_stopped(options: Options) -> Exit:
    task = asyncio.ensure_future(Conversation(Lines(), options).hold())
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return Exit.INTERRUPTED


class Conversation:
    """One sitting with line prompts."""

    def __init__(self, lines: Lines, options: Options) -> None:
        self.lines = lines
        self.desk = Desk(options)
        self.outcome = Exit.NOT_READY

    async def hold(self) -> Exit:
        """From home to an answer of the API, or until the person leaves."""
        try:
            await self._home()
            place = self.desk.draft.screen if self.desk.draft.screen in {it.name for it in SECTIONS} else SECTIONS[0].name
            while True:
                place = await self._visit(place)
        except Leave as leave:
            self.lines.say(_("Everything you typed is saved. Open azwizard again and it goes on from here."))
            return Exit.DONE if leave.asked and self.outcome is Exit.NOT_READY else self.outcome
        finally:
            await self.desk.sign_out()

    async def _home(self) -> None:
        lines, desk = self.lines, self.desk
        lines.say(
            f"azwizard. {desk.title()}.",
            _("Line prompts: Enter keeps what stands in brackets. ? explains, < goes back, # lists all steps."),
            _("! goes to the check of everything, q leaves. What you type is saved at once, and nothing is made before you confirm."),
        )
        known = known_setups(desk.options.setup.absolute().parent)
        choices: list[tuple[str, Callable[[], None]]] = [
            (
                _("Go on with {name}: {words}").format(name=it.name, words=it.words),
                lambda it=it: desk.open(it.file, practice=desk.practice or it.practice),  # type: ignore[misc]
            )
            for it in known
        ]
        if not any(it.here for it in known):
            choices += [
                (_("New: put the code in {folder} on the internet").format(folder=f"{path.name}/"), lambda path=path: desk.begin(path))  # type: ignore[misc]
                for path in desk.projects
            ]
        if not choices:
            choices.append((_("New: say where the code is"), lambda: None))
        chosen = await self._ask_until_here(lambda: lines.choose(_("Which one?"), [words for words, _open in choices]))
        try:
            choices[chosen][1]()
        except AnswersError as error:
            lines.say(*(problem.sentence for problem in error.problems))
            raise Leave(asked=False) from None

    async def _ask_until_here(self, ask: Callable[[], object]) -> int:
        while True:
            try:
                return await ask()  # type: ignore[misc,no-any-return]
            except GoTo:
                self.lines.say(_("Choose one of these first."))

    async def _visit(self, place: str) -> str:
        """Be at a place, and say which comes next."""
        try:
            if place == "review":
                return await self._review()
            if place == "steps":
                return await self._steps()
            return await self._section(place)
        except GoTo as wanted:
            return self._before(place) if wanted.place == "back" else wanted.place

    def _before(self, place: str) -> str:
        names = [section.name for section in SECTIONS]
        return names[max(names.index(place) - 1, 0)] if place in names else names[-1]

    async def _section(self, name: str) -> str:
        section = next(it for it in SECTIONS if it.name == name)
        number = SECTIONS.index(section) + 1
        self.desk.draft.screen = name
        self.desk.draft.save()
        self.lines.say(
            "",
            _("{number} of {count}. {title} (Azure: {term})").format(
                number=number, count=len(SECTIONS), title=_(section.title), term=section.azure_term
            ),
            _(section.why),
        )
        if name == "sign_in":
            await self._sign_in()
        if name == "key_vault":
            await ask_variables(self.lines, self.desk)
        await ask_section(self.lines, self.desk, section)
        if name == "storage":
            await ask_shares(self.lines, self.desk)
        if name == "sign_in" and not self.desk.practice:
            await self._connect()
        self.desk.draft.write_setup()
        return SECTIONS[number].name if number < len(SECTIONS) else "review"

    async def _sign_in(self) -> None:
        if not self.desk.practice:
            return
        words = [_("owner: may do everything"), _("contributor: may not give rights"), _("reader: may only look")]
        chosen = await self.lines.choose(_("Whom do you practise as? [1]"), words)
        self.desk.account = ACCOUNTS[chosen]
        await self._connect()

    async def _connect(self) -> bool:
        """Sign in and say so; False, having said why, when it does not work."""
        from wizard.cloud import CloudError

        self.lines.say(_("Signing in…"))
        try:
            if self.desk.practice and self.desk.account != "owner":
                cloud = await self.desk.become(self.desk.account)
            else:
                cloud = await self.desk.sign_in(
                    lambda code: self.lines.say(_("Open {url} and type {code}").format(url=code.url, code=code.code))
                )
        except CloudError as error:
            self.lines.say(error.sentence, error.remedy)
            return False
        self.lines.say(_("Signed in, subscription {name}.").format(name=cloud.subscription_name))
        return True

    async def _review(self) -> str:
        from wizard.cloud import CloudError
        from wizard.journal import SetupLocked

        if self.desk.cloud is None and not await self._connect():
            return "sign_in"
        try:
            result = await whole_run(self.lines, self.desk)
        except (CloudError, SetupLocked) as error:
            self.lines.say(str(error))
            return "steps"
        if result is not None:
            self.outcome = OUTCOME_EXITS[result.outcome]
            if self.desk.address and result.outcome in ("succeeded", "unchanged"):
                await try_it(self.lines, self.desk)
        return "steps"

    async def _steps(self) -> str:
        options = [f"{_(section.title)} ({section.azure_term})" for section in SECTIONS] + [_("Check everything")]
        if self.desk.address:
            options.append(_("Try it"))
        chosen = await self.lines.choose(_("Where to? q leaves:"), options)
        if chosen == len(SECTIONS) + 1:
            await try_it(self.lines, self.desk)
        return SECTIONS[chosen].name if chosen < len(SECTIONS) else "review"
