"""Lines in and out: what is said, and what a person answers."""

from __future__ import annotations

import sys
from typing import TextIO

from wizard.daemon_thread import in_daemon_thread
from wizard.language import _
from wizard.typed import typed_hidden


class Leave(Exception):
    """The person left, or the input ended. `asked` tells which."""

    def __init__(self, *, asked: bool) -> None:
        super().__init__()
        self.asked = asked


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

    def say(self, *sentences: str) -> None:
        """Say each sentence in a line of its own; empty ones are left out."""
        for sentence in sentences:
            if sentence:
                print(sentence, file=self.target, flush=True)

    async def ask(self, question: str) -> str:
        """The answer to a question, without blanks around it. What works at every question is carried out. Raises GoTo, Leave."""
        print(question, end=" ", file=self.target, flush=True)
        line = await in_daemon_thread(self._source.readline)
        if not self._source.isatty():
            print(file=self.target, flush=True)
        if not line:
            raise Leave(asked=False)
        answer = line.strip()
        match answer:
            case "<":
                raise GoTo("back")
            case "!":
                raise GoTo("review")
            case "#":
                raise GoTo("steps")
            case "q":
                raise Leave(asked=True)
        return answer

    async def ask_hidden(self, question: str) -> str:
        """The answer to a question that shows nothing of it. From a pipe it is a line like any other. Raises Leave."""
        if self._source.isatty():
            return await typed_hidden(question + " ")
        print(question, file=self.target, flush=True)
        line = await in_daemon_thread(self._source.readline)
        if not line:
            raise Leave(asked=False)
        return line.rstrip("\r\n")

    async def choose(self, question: str, options: list[str]) -> int:
        """The number, from 0, of one of several numbered options. Raises GoTo, Leave."""
        self.say(*(f"{number}. {option}" for number, option in enumerate(options, 1)))
        while True:
            answer = await self.ask(question)
            if answer.isdecimal() and 1 <= int(answer) <= len(options):
                return int(answer) - 1
            if not answer and options:
                return 0
            self.say(_("Type a number from 1 to {count}.").format(count=len(options)))
