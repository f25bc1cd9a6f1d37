"""Lines of a request that other programs wrote for themselves: JetBrains' handlers and saved answers, httpyac's scripts and assertions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wizard.platform.language import _
from wizard.testing.rest.assertions import Assertion, Unreadable, javascript_subject, read_assertion
from wizard.testing.rest.comments import COMMENT
from wizard.testing.rest.handlers import KeptValue, read_handler, read_script

VARIABLE = re.compile(r"\s*@(?P<name>[^\s=]+?)\s*:?=\s*(?P<value>.*?)\s*")  # := is httpyac's
HANDLER = re.compile(r"\s*>\s*\{%")
HANDLER_FILE = re.compile(r"\s*>\s+\S+\.m?js\s*")
PRE_SCRIPT = re.compile(r"\s*<\s+(?:\{%.*|\S+\.m?js\s*)")
SAVES = re.compile(r"\s*(?:<>|>>!?)\s+\S.*")
SCRIPT = re.compile(r"\s*\{\{[>+@]?\w*\s*")
ASSERTION = re.compile(r"\s*\?\?\s")
OF_TESTS = re.compile(r"\s*(?:\?\?\s|>\s*\{%)")
OF_ANSWER = re.compile(r"\{\{\s*(response\b(?!\.response\.).*?)\s*\}\}")
IMPORT = re.compile(r"\s*(?P<what>proto|gql)\s+(?:\w+\s+)?<\s*\S.*")
ANSWER_BELOW = re.compile(r"\s*HTTP/[\d.]+\s+[1-5]\d\d\b.*")
OF_MESSAGES = re.compile(r"\s*content-type\s*:.*\b(?:multipart/|(?:application|message)/http)", re.IGNORECASE)


@dataclass(frozen=True)
class NumberedLine:
    """A line of the file, and its number from 1."""

    number: int
    text: str


@dataclass
class OwnLines:
    """The lines that are the request itself, and what the others say.

    :param expected: the statuses that assertions want.
    :param remarks: sentences about lines that are passed over without harm.
    :param trouble: why the request cannot be sent as it is meant.
    """

    lines: list[NumberedLine] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    kept: list[KeptValue] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def expected(self) -> list[int]:
        """The statuses that the assertions name."""
        return [assertion.status for assertion in self.assertions if assertion.status]

    @property
    def holds_messages(self) -> bool:
        """Whether its body may hold whole requests and answers, as those of ``multipart/mixed`` do."""
        return any(OF_MESSAGES.match(line.text) for line in self.lines)

    def pass_over(self, line: NumberedLine) -> None:
        """Note that a line is left out."""
        self.remarks.append(_("line {line}: passed over: {text}").format(line=line.number, text=shortened(line.text)))

    def refuse(self, sentence: str) -> None:
        """Note why the request cannot be sent; the first reason counts."""
        self.trouble = self.trouble or sentence


def without_block_comments(block: list[NumberedLine]) -> list[NumberedLine]:
    """A block without httpyac's comments between ``/*`` and ``*/`` above its request; in a body they are text."""
    rest: list[NumberedLine] = []
    at = 0
    while at < len(block):
        text = block[at].text
        end = next((end for end in range(at, len(block)) if block[end].text.rstrip().endswith("*/")), None)
        if text.strip().startswith("/*") and end is not None:
            at = end + 1
        elif not text.strip() or COMMENT.match(text) or VARIABLE.fullmatch(text):
            rest.append(block[at])
            at += 1
        else:
            break
    return rest + block[at:]


def own_lines_of(lines: list[NumberedLine]) -> OwnLines:
    """The request's own lines among those of its block, the first of which is its request line."""
    own, at = OwnLines(), 0
    while at < len(lines):
        at = _take(lines, at, own)
    while len(own.lines) > 1 and not own.lines[-1].text.strip():
        own.lines.pop()
    return own


def _take(lines: list[NumberedLine], at: int, own: OwnLines) -> int:
    """Take what begins at a line; gives where the next begins."""
    line, end, is_below = lines[at], at + 1, bool(own.lines)
    if is_below and HANDLER.match(line.text):
        end = _end_of(lines, at, "%}")
        _handle(lines[at:end], own)
    elif is_below and (SAVES.fullmatch(line.text) or HANDLER_FILE.fullmatch(line.text)):
        own.pass_over(line)
    elif PRE_SCRIPT.fullmatch(line.text):
        own.refuse(_("line {line}: a script is not run here").format(line=line.number))
        end = _end_of(lines, at, "%}") if "{%" in line.text else end
    elif is_script(lines, at):
        end = _end_of(lines, at, "}}")
        kept = read_script("\n".join(line.text for line in lines[at + 1 : end - 1])) if is_below else None
        own.kept += kept or []
        if kept is None:
            own.refuse(_("line {line}: a script is not run here").format(line=line.number))
    elif match := IMPORT.fullmatch(line.text):
        own.refuse(_("line {line}: {what} is not done here").format(line=line.number, what=match["what"]))
    elif is_below and ASSERTION.match(line.text):
        _assert(line, own)
    elif is_below and (match := VARIABLE.fullmatch(line.text)) and (part := OF_ANSWER.fullmatch(match["value"])):
        _keep(match["name"], part[1], line, own)
    elif is_below and not lines[at - 1].text.strip() and ANSWER_BELOW.fullmatch(line.text) and not own.holds_messages:
        own.pass_over(line)
        end = next((end for end in range(at + 1, len(lines)) if OF_TESTS.match(lines[end].text)), len(lines))
    elif is_below or (line.text.strip() and not VARIABLE.fullmatch(line.text)):
        own.lines.append(line)
    return end


def _assert(line: NumberedLine, own: OwnLines) -> None:
    try:
        own.assertions.append(read_assertion(line.text))
    except Unreadable:
        own.refuse(_("line {line}: not understood: {text}").format(line=line.number, text=shortened(line.text)))


def _keep(name: str, expression: str, line: NumberedLine, own: OwnLines) -> None:
    """httpyac's ``@token = {{response.parsedBody.token}}`` below a request: the value is the answer's."""
    try:
        own.kept.append(KeptValue(name, *javascript_subject(expression)))
    except Unreadable:
        own.pass_over(line)


def is_script(lines: list[NumberedLine], at: int) -> bool:
    """Whether httpyac's JavaScript begins here: ``{{`` alone on its line, and ``}}`` alone on a later one."""
    return SCRIPT.fullmatch(lines[at].text) is not None and any(line.text.strip() == "}}" for line in lines[at + 1 :])


def shortened(text: str) -> str:
    """A line as it is told."""
    text = text.strip()
    return text if len(text) <= 60 else f"{text[:59]}…"


def _handle(lines: list[NumberedLine], own: OwnLines) -> None:
    script = "\n".join(line.text for line in lines).partition("{%")[2].partition("%}")[0]
    handler = read_handler(script)
    own.assertions += handler.assertions
    own.kept += handler.kept
    if not handler.is_whole:
        own.remarks.append(_("line {line}: a handler is passed over; what it checks is not checked").format(line=lines[0].number))


def _end_of(lines: list[NumberedLine], at: int, mark: str) -> int:
    """Where the lines after a mark begin; all of them belong to what has no end."""
    return next((end + 1 for end in range(at, len(lines)) if mark in lines[end].text), len(lines))
