"""What the comments of a request ask for: its name, what is to be typed, which statuses are right, what REST Client is to leave out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wizard.platform.language import _

COMMENT = re.compile(r"\s*(?:#|//)")
META = re.compile(r"\s*(?:#+|/{2,})\s*@(?P<key>[\w-]+)(?:\s+(?P<value>.*?))?\s*")
EXPECT = re.compile(
    r"\s*(?:#+|/{2,})\s*@?expect(?:s|ed)?\s*:?\s+(?:(?:http|status|code|statuses)\b\s*:?\s*)*(?P<rest>(?:[2-5](?:\d\d|xx)\b|[<>=!]).*)",
    re.IGNORECASE,
)
STATUSES = re.compile(r"(?P<first>[2-5](?:\d\d|xx)\b)(?:\s*(?:-|\.\.+|to)\s*(?P<last>[2-5]\d\d\b))?", re.IGNORECASE)
BETWEEN = re.compile(r"\s*(?:,|;|/|\||\bor\b|\band\b)\s*|\s+(?=\d)", re.IGNORECASE)
NOT_DONE = ("loop", "import", "disabled")


@dataclass(frozen=True)
class Prompt:
    """A value that the file wants to be asked for: ``# @prompt otp The code in your mailbox``."""

    name: str
    description: str = ""


@dataclass
class Comments:
    """What the comments of one request ask for.

    :param flags: ``note``, ``no-redirect``, ``no-cookie-jar`` and others that mean nothing here.
    :param trouble: why the request cannot be sent as it is meant, a sentence with its line.
    """

    name: str = ""
    prompts: list[Prompt] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    expected: list[int] = field(default_factory=list)
    trouble: str = ""

    def read(self, number: int, text: str, *, is_above: bool) -> None:
        """Take one line of a comment.

        :param is_above: whether it stands above the request line, from where alone REST Client takes most.
        """
        if match := EXPECT.fullmatch(text):
            statuses = expected_statuses(match["rest"])
            self.expected += statuses
            if not statuses:
                self.trouble = self.trouble or _("line {line}: not understood: {text}").format(line=number, text=text.strip()[:60])
        elif match := META.fullmatch(text):
            self._take(number, match["key"].lower(), (match["value"] or "").strip(), is_above=is_above)

    def _take(self, number: int, key: str, value: str, *, is_above: bool) -> None:
        if key == "name":
            self.name = value
        elif not is_above:
            return
        elif key == "prompt" and value:
            name, _blank, description = value.partition(" ")
            self.prompts.append(Prompt(name, description.strip()))
        elif key in NOT_DONE:
            self.trouble = _("line {line}: {what} is not done here").format(line=number, what=f"@{key}")
        else:
            self.flags.add(key)


def expected_statuses(text: str) -> list[int]:
    """The statuses of ``201``, ``200, 404``, ``201 Created``, ``200 or 204``, ``2xx``, ``200-204``; none where it says something else."""
    statuses: list[int] = []
    while match := STATUSES.match(text):
        first, last = match["first"].lower(), match["last"]
        low = int(first.replace("x", "0"))
        high = int(last) if last else int(first.replace("x", "9"))
        statuses += range(low, high + 1)
        text = text[match.end() :]
        if (between := BETWEEN.match(text)) is None:
            break
        text = text[between.end() :]
    return statuses if not re.match(r"\w|\s*[<>=!]", text) else []
