"""Lines in and out: what is said, and what a person answers."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Awaitable, Callable, Sequence
from typing import TextIO

from wizard.engine.reporting.reporter import TextReporter
from wizard.platform.daemon_thread import in_daemon_thread
from wizard.platform.language import _
from wizard.platform.terminal_input import typed_hidden
from wizard.platform.terminal_text import plain

SIGN = re.compile(r"^(\s*)[✓✗●·][ \u00a0]?", re.MULTILINE)
WARNING = re.compile(r"^(\s*)! ", re.MULTILINE)
BETWEEN = re.compile(r"[ \u00a0][·›][ \u00a0]")
ARROW = re.compile(r"[ \u00a0]→[ \u00a0]")


class Leave(Exception):
    """The person left, or the input ended. `asked` tells which."""

    def __init__(self, *, by_choice: bool) -> None:
        super().__init__()
        self.by_choice = by_choice


class GoTo(Exception):
    """The person wants to go somewhere else: ``back``, ``review``, ``steps``, or the name of a section."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class Lines:
    """A conversation in lines.

    :param source: where answers come from; a terminal, or a pipe.
    :param target: where everything is said.
    """

    def __init__(self, source: TextIO | None = None, target: TextIO | None = None) -> None:
        self._source: TextIO = source or sys.stdin
        self.target: TextIO = target or sys.stdout
        self.helps: dict[str, Callable[[], Awaitable[None]]] = {}
        """What is told at any question, by what is typed for it: ``??``, ``@``."""

    def say(self, *sentences: str) -> None:
        """Say each sentence in a line of its own, in words instead of signs; empty ones are left out."""
        for sentence in sentences:
            if sentence:
                self.quote(self._wrapped(in_words(sentence)))

    def quote(self, text: str) -> None:
        """Give a text as it is, but for commands to the terminal: the content of a file, the body of an answer."""
        print(plain(text), file=self.target, flush=True)

    def _wrapped(self, text: str) -> str:
        """In the terminal's width, without a word cut in two; a command stays whole, so that it can be copied."""
        if not self.target.isatty():
            return text
        width = shutil.get_terminal_size().columns - 1
        return "\n".join(line if line.startswith("az ") else _in_width(line, width) for line in text.split("\n"))

    def tell(self, parts: Sequence[tuple[str, str]]) -> None:
        """Say texts under their headings."""
        for heading, text in parts:
            self.say(_("{title}:").format(title=heading) if heading else "", text)

    async def ask(self, question: str, why: str = "") -> str:
        """The answer to a question, without blanks around it. What works at every question is carried out. Raises GoTo, Leave.

        :param why: what ``?`` explains; the place as a whole by default.
        """
        while True:
            answer = await self._line(question)
            if answer == "?" and why:
                self.say(why)
            elif (help_text := self.helps.get("??" if answer == "?" else answer)) is not None:
                await help_text()
            else:
                return answer

    async def _line(self, question: str) -> str:
        print(plain(self._wrapped(in_words(question))), end=" ", file=self.target, flush=True)
        line = await in_daemon_thread(self._source.readline)
        if not self._source.isatty():
            print(file=self.target, flush=True)
        if not line:
            raise Leave(by_choice=False)
        answer = line.strip()
        _obey(answer)
        return answer

    async def ask_hidden(self, question: str) -> str:
        """The answer to a question that shows nothing of it; the keys of every question work. Raises GoTo, Leave.

        A single character is rather a slip than a password, and is taken only when it comes twice.
        """
        while True:
            answer = await self._hidden_line(question)
            if (help_text := self.helps.get("??" if answer == "?" else answer)) is not None:
                await help_text()
                continue
            _obey(answer)
            if len(answer) != 1 or await self._hidden_line(_("That is a single character. Type it once more to take it:")) == answer:
                return answer

    async def _hidden_line(self, question: str) -> str:
        """What is typed without being shown. From a pipe it is a line like any other."""
        if self._source.isatty():
            return await typed_hidden(question + " ")
        print(question, file=self.target, flush=True)
        line = await in_daemon_thread(self._source.readline)
        if not line:
            raise Leave(by_choice=False)
        return line.rstrip("\r\n")

    async def choose(self, question: str, options: Sequence[str], *, usual: int = 0) -> int:
        """The number, from 0, of one of several numbered options; Enter takes the `usual` one. Raises GoTo, Leave."""
        self.say(*(f"{number}. {option}" for number, option in enumerate(options, 1)))
        while True:
            answer = await self.ask(_("{label} [{now}]:").format(label=question, now=usual + 1))
            number = numbered(answer, options)
            if number is not None:
                return number
            if not answer:
                return usual
            self.say(_("Type a number from 1 to {count}.").format(count=len(options)))

    async def name_typed(self, question: str, name: str) -> bool:
        """Whether the person agreed by typing a name, which nobody does by habit. Raises GoTo, Leave."""
        if await self.ask(question.format(name=name)) == name:
            return True
        self.say(_("Nothing was changed."))
        return False


def _obey(answer: str) -> None:
    """Do what one of the keys does that work at every question. Raises GoTo, Leave."""
    match answer:
        case "<":
            raise GoTo("back")
        case "!":
            raise GoTo("review")
        case "#":
            raise GoTo("steps")
        case "q":
            raise Leave(by_choice=True)


class SpokenReporter(TextReporter):
    """Tells what a command tells, in words."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def say(self, sentence: str) -> None:
        self._lines.say(sentence)

    show = say


def numbered(answer: str, options: Sequence[object]) -> int | None:
    """The place, from 0, of the option whose number was typed; None for anything else."""
    return int(answer) - 1 if answer.isdecimal() and 1 <= int(answer) <= len(options) else None


def in_words(text: str) -> str:
    """A text without the signs that a screen reader would spell out."""
    text = WARNING.sub(lambda match: match[1] + _("Warning:") + " ", SIGN.sub(r"\1", text))
    return ARROW.sub(", " + _("then") + " ", BETWEEN.sub(", ", text))


def _in_width(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
