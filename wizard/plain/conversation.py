"""The conversation as a whole: home, the sections in their order, the check of everything, creating, trying."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from wizard.classroom.door.class_line import ClassLine
from wizard.commands.crash import tell_crash
from wizard.engine.crash_record import describe_error
from wizard.engine.session import OUTCOME_EXITS, ExitCode
from wizard.plain.exercises import exercises
from wizard.plain.home import HOME, home
from wizard.plain.lines import GoTo, Leave, Lines
from wizard.plain.offers import finish_section
from wizard.plain.questions import ask_section
from wizard.plain.repair import repair, told
from wizard.plain.run import after_failure, whole_run
from wizard.plain.sign_in import choose_account, connect, whom_to_ask
from wizard.plain.standing import standing
from wizard.plain.tables import ask_shares, ask_variables
from wizard.plain.try_it import try_it
from wizard.platform.key_labels import LINES
from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.workspace.wording.explanations import about
from wizard.workspace.wording.plan_lines import without_sign
from wizard.workspace.wording.section_status import NAMES, needs, state_word
from wizard.workspace.workspace import Workspace

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions


def speak(options: CommandOptions) -> int:
    """Hold the conversation on standard input and output; gives the exit status."""
    try:
        return int(asyncio.run(_until_stopped(options)))
    except Exception as error:
        return int(tell_crash(error, json=False))


async def _until_stopped(options: CommandOptions) -> ExitCode:
    task = asyncio.ensure_future(Conversation(Lines(), options).hold())
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return ExitCode.INTERRUPTED


class Conversation:
    """One sitting with line prompts."""

    signing_in = False
    """Nothing goes on behind a conversation: what takes time is waited for, and said."""

    def __init__(self, lines: Lines, options: CommandOptions) -> None:
        self.lines = lines
        self.workspace = Workspace(options)
        self.class_line = ClassLine(lines.say, self._take_help)
        self._helped_to = ""
        self.outcome = ExitCode.NOT_READY
        self.place = HOME
        lines.helps = {"??": self._explain, "@": lambda: whom_to_ask(lines, self.workspace)}

    def is_looking(self, _section: str) -> bool:
        """Whether Azure is being asked about a section."""
        return False

    async def hold(self) -> ExitCode:
        """From home to an answer of the API, or until the person leaves."""
        farewell = _("Everything you typed is saved. Open azwizard again and it goes on from here.")
        try:
            while True:
                self.place = await self._visit(self.place)
        except Leave as leave:
            self.lines.say("" if leave.by_choice else _("There is nothing more to read: the input ended."), farewell)
            return ExitCode.DONE if leave.by_choice and self.outcome is ExitCode.NOT_READY else self.outcome
        except asyncio.CancelledError:
            self.lines.say("", farewell)
            raise
        finally:
            await self.workspace.sign_out()

    def _take_help(self, place: str) -> None:
        """The setup file has other answers now, which count from the next place on. Called from another thread."""
        self._helped_to = place

    async def _visit(self, place: str) -> str:
        """Be at a place, and say which comes next."""
        if self._helped_to:
            place, self._helped_to = self._helped_to, ""
            self.workspace.open_again()
        try:
            match place:
                case "home":
                    return await home(self.lines, self.workspace)
                case "review":
                    return await self._review()
                case "steps":
                    return await self._steps()
                case "repair":
                    return await self._repair()
                case "standing":
                    return await self._standing()
                case "exercises":
                    return await exercises(self.lines, self.workspace)
            return await self._section(place)
        except GoTo as wanted:
            return self._before(place) if wanted.place == "back" else wanted.place

    def _before(self, place: str) -> str:
        if place in NAMES:
            return NAMES[NAMES.index(place) - 1] if NAMES.index(place) else HOME
        return HOME if place in ("standing", "exercises") else NAMES[-1]

    async def _explain(self) -> None:
        """What ``??`` tells."""
        title, parts = about(self.workspace, self.place)
        self.lines.say(title)
        self.lines.tell(parts)

    async def _section(self, name: str) -> str:
        lines, workspace = self.lines, self.workspace
        number = NAMES.index(name)
        section = SECTIONS[number]
        self._came_to(name)
        lines.say(
            _("{number} of {count}. {title} (Azure: {term})").format(
                number=number + 1, count=len(SECTIONS), title=_(section.title), term=section.azure_term
            ),
            _(section.why),
        )
        if name == "key_vault":
            await ask_variables(lines, workspace)
        await ask_section(lines, workspace, section)
        if name == "sign_in":
            await (choose_account(lines, workspace) if workspace.practice else connect(lines, workspace))
        if name == "storage":
            await ask_shares(lines, workspace)
        await finish_section(lines, workspace, section)
        if not workspace.draft.write_setup() and workspace.draft.unwritten:
            words = _("{file} cannot be written: {reason}. What you type is kept in azwizard's own folder, so you can go on.")
            lines.say(words.format(file=workspace.draft.file, reason=workspace.draft.unwritten))
        return NAMES[number + 1] if number + 1 < len(NAMES) else "review"

    async def _review(self) -> str:
        self._came_to("review")
        if self.workspace.cloud is None and not await connect(self.lines, self.workspace):
            return "sign_in"
        try:
            result = await whole_run(self.lines, self.workspace)
            if (progress := self.workspace.progress) is not None:
                self.class_line.ended(list(progress.latest.values()), progress.result, progress.trouble)
        except (GoTo, Leave):
            raise
        except Exception as error:
            self.lines.say(describe_error(error))
            return "steps"
        if result is not None:
            self.outcome = OUTCOME_EXITS[result.outcome]
            if result.outcome not in ("succeeded", "unchanged"):
                return await after_failure(self.lines, self.workspace)
        elif self.workspace.plan is not None and not self.workspace.plan.hindered:
            self.outcome = ExitCode.DONE
        if self.workspace.address and self.outcome is ExitCode.DONE:
            await try_it(self.lines, self.workspace)
        return "steps"

    async def _repair(self) -> str:
        if self.workspace.cloud is None and not await connect(self.lines, self.workspace):
            return "sign_in"
        await told(self.lines, repair(self.lines, self.workspace))
        return "steps"

    async def _standing(self) -> str:
        if self.workspace.cloud is None and not await connect(self.lines, self.workspace):
            return "sign_in"
        self._came_to("standing")
        try:
            return await standing(self.lines, self.workspace)
        except (GoTo, Leave):
            raise
        except Exception as error:
            self.lines.say(describe_error(error))
            return "steps"

    async def _steps(self) -> str:
        options = [self._section_words(name) for name in NAMES] + [_("Check everything")]
        if self.workspace.address:
            options += [_("Try it"), _("State of your API: its versions, pause, log")]
        chosen = await self.lines.choose(_("Where to? q leaves"), options)
        if chosen == len(NAMES) + 1:
            await try_it(self.lines, self.workspace)
            return "steps"
        return (*NAMES, "review", "", "standing")[chosen]

    def _section_words(self, name: str) -> str:
        """A section with how it stands and what it still needs."""
        section = SECTIONS[NAMES.index(name)]
        state = without_sign(state_word(self.workspace, self, name))
        status = ", ".join(filter(None, [state, needs(self.workspace, name, LINES)]))
        return f"{_(section.title)} ({section.azure_term}): {status}"

    def _came_to(self, place: str) -> None:
        """Remember where the person is, for the next start."""
        self.class_line.came_to(place, self.workspace.draft.file, practice=self.workspace.practice)
        self.workspace.remember(screen=place)
