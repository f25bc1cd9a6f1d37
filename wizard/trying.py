"""Trying a deployed API: which requests there are, what an answer means, and what comes next."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from wizard.language import _
from wizard.rest_file import Request, parse

if TYPE_CHECKING:
    from wizard.desk import Desk


def requests_of(desk: Desk) -> list[Request]:
    """The requests of the API's .rest files; where there are none, those its source shows."""
    from wizard.export.rest import render

    answers = desk.reading.answers
    texts = [(answers.source_folder / name).read_text(encoding="utf-8-sig", errors="replace") for name in desk.code.rest_files]
    found = [request for text in texts for request in parse(text)]
    return found or parse(render(answers, desk.address.removeprefix("https://"), answers.source_folder))


def answer_words(status: int, seconds: float, body: str) -> str:
    """Status, time and body; a 401 or 404 is an answer too."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = [_("{status} {phrase} in {seconds:.2f} s").format(status=status, phrase=phrase, seconds=seconds)]
    if status in (401, 403):
        lines.append(_("It answered: it wants a key that this request does not carry."))
    elif status == 404:
        lines.append(_("It answered: it knows no such address."))
    elif status >= 500:
        lines.append(_("It answered with a mistake of its own: its log says which."))
    return "\n".join([*lines, "", _pretty(body)])


def next_steps(desk: Desk) -> list[tuple[str, str]]:
    """(heading, text): what a person does after a first deployment."""
    file = desk.draft.file.name
    return [
        (_("Keep"), _("Commit {file} with your code: it holds no passwords, and a colleague can go on with it.").format(file=file)),
        (
            _("Deploy a change"),
            _("Change your code, then run: azwizard apply{practice}").format(practice=" --practice" if desk.practice else ""),
        ),
        (
            _("What it costs"),
            _("This practice costs nothing.")
            if desk.practice
            else _("azwizard plan shows the month's cost; delete the setup when you do not need it."),
        ),
        (_("Delete everything"), _("F9 here, or: azwizard destroy{practice}").format(practice=" --practice" if desk.practice else "")),
        (_("Now for real"), _("Home offers to take this rehearsed setup to Azure.") if desk.practice else ""),
    ]


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
