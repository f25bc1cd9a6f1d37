"""Trying a deployed API: which requests there are, what an answer means, and what comes next."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _
from wizard.testing.rest_file import RestRequest, filled, parse

if TYPE_CHECKING:
    from wizard.cloud import AppAnswer, Cloud
    from wizard.engine.events import RequestEvent
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.workspace.workspace import Workspace

    SecretReader = Callable[[str], Awaitable[Secret | None]]


def requests_of(desk: Workspace) -> list[RestRequest]:
    """The requests of the API's .rest files; where there are none, those its source shows."""
    return requests_in(desk.reading.answers, desk.code.rest_files, desk.address.removeprefix("https://"))


def requests_in(answers: Answers, rest_files: Iterable[str], host: str) -> list[RestRequest]:
    """The same, of files in the folder with the API's code."""
    from wizard.export.rest import render

    files = [answers.source_folder / name for name in rest_files]
    found = [request for file in files for request in parse(file.read_text(encoding="utf-8-sig", errors="replace"), file.parent)]
    return found or parse(render(answers, host, answers.source_folder))


async def send(cloud: Cloud, answers: Answers, host: str, request: RestRequest, secret: SecretReader) -> AppAnswer:
    """Send one request to the API, with its variables filled in: from the setup and the vault, else from this computer's environment.

    :param secret: gives the value of a secret of the vault.
    Raises CloudError.
    """
    names = {it.name: it.secret for it in answers.variables if it.secret}
    values = {name: os.environ[name] for name in request.holes if name in os.environ}
    values |= {it.name: it.value or "" for it in answers.variables if not it.secret}
    for name in request.holes:
        if name in names and (value := await secret(names[name])) is not None:
            values[name] = value.reveal()
    method, path, headers, body = filled(request, values)
    return await cloud.call_app(host, path, method=method, headers=headers, body=body.encode() or None)


def missing_secret_values(answers: Answers, request: RestRequest) -> list[str]:
    """What in a request's braces is sent as nothing, or as it stands there: the host aside, which is never the file's."""
    known = {*os.environ, *(variable.name for variable in answers.variables)}
    return [name for name in request.left_empty(known) if not request.url.startswith("{{" + name + "}}")]


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


def result_words(event: RequestEvent) -> str:
    """An answer as `answer_words` has it, with whether it is the one that is expected."""
    if not event.status:
        return f"✗ {event.body}"
    wanted = ", ".join(map(str, event.expected))
    if event.expected:
        line = _("✓ as expected: {statuses}") if event.passed else _("✗ not as expected: {statuses}")
    else:
        line = "" if event.passed else _("✗ not as expected: anything below 500, from your API itself")
    return "\n".join([*filter(None, [line.format(statuses=wanted)]), answer_words(event.status, event.seconds, event.body)])


def next_steps(desk: Workspace, keys: Keys = SCREENS) -> list[tuple[str, str]]:
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
        (
            _("Delete everything"),
            _("{key} here, or: azwizard destroy{practice}").format(key=_(keys.delete), practice=" --practice" if desk.practice else ""),
        ),
        (_("Now for real"), _("Home offers to take this rehearsed setup to Azure.") if desk.practice else ""),
    ]


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
