"""Trying a deployed API: which requests there are, what an answer means, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.files import read_bounded
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _
from wizard.platform.phrases import statuses_text
from wizard.testing.rest.file import RestFile, RestRequest, parse

if TYPE_CHECKING:
    from wizard.engine.events import RequestEvent
    from wizard.setup.answers import Answers
    from wizard.workspace.workspace import Workspace

MOST_BYTES = 4_000_000
"""A file of requests is written by hand."""


@dataclass(frozen=True)
class RequestList:
    """The requests that there are for an API.

    :param files: the files that hold them; none where they are guessed from the source.
    :param remarks: sentences about lines of the files that are passed over.
    """

    requests: list[RestRequest]
    files: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def are_guessed(self) -> bool:
        """Whether nobody wrote them: they are what the source shows."""
        return not self.files

    @property
    def sent_unasked(self) -> list[RestRequest]:
        """Those that may be sent without a question: of guessed ones those that change nothing."""
        return [request for request in self.requests if not request.is_guessed or request.only_reads]

    @property
    def sent_when_asked(self) -> list[RestRequest]:
        """The guessed ones that would change data."""
        return [request for request in self.requests if request.is_guessed and not request.only_reads]

    @property
    def source_words(self) -> str:
        """Where they come from, as a sentence."""
        if self.files:
            return _("Requests of {files}").format(files=", ".join(self.files))
        return _("No .rest or .http file: these requests are guessed from your source (azwizard export rest writes them down).")


def requests_of(workspace: Workspace) -> RequestList:
    """The requests of the API's files; where there are none, those its source shows."""
    return requests_in(workspace.reading.answers, workspace.code.rest_files, workspace.host)


def requests_in(answers: Answers, rest_files: Iterable[str], host: str) -> RequestList:
    """The same, of files in the folder with the API's code."""
    from wizard.export.rest import render

    read = read_files([answers.source_folder / name for name in rest_files], answers.source_folder)
    if read.requests:
        return read
    guessed = parse(render(answers, host, answers.source_folder))
    return RequestList([replace(request, is_guessed=True) for request in guessed.requests])


def read_files(paths: Iterable[Path], beside: Path) -> RequestList:
    """The requests of files; one that cannot be read is a request that cannot be sent.

    :param beside: the folder in which their names are told.
    """
    requests: list[RestRequest] = []
    files, remarks = [], []
    for path in paths:
        name = path.relative_to(beside).as_posix() if path.is_relative_to(beside) else str(path)
        file = _parsed(path, name)
        requests += file.requests
        files += [name] if file.requests else []
        remarks += [f"{name}, {remark}" for remark in file.remarks]
    return RequestList(requests, tuple(files), tuple(remarks))


def _parsed(path: Path, name: str) -> RestFile:
    try:
        content = read_bounded(path, MOST_BYTES)
        return parse(content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"), path)
    except UnicodeDecodeError as error:
        trouble = _("line {line}: the file is not UTF-8").format(line=error.object[: error.start].count(b"\n") + 1)
    except OSError as error:
        trouble = _("{file} cannot be read: {reason}").format(file=name, reason=error.strerror)
    file = RestFile(path)
    file.requests.append(RestRequest(name, "", "", "", 1, file, trouble=trouble))
    return file


def answer_words(status: int, seconds: float, body: str) -> str:
    """Status, time and body; a 401 or 404 is an answer too."""
    lines = [_("{answer} in {seconds:.2f} s").format(answer=_status_words(status), seconds=seconds)]
    if status in (401, 403):
        lines.append(_("It answered: it wants a key that this request does not carry."))
    elif status == 404:
        lines.append(_("It answered: it knows no such address."))
    elif status >= 500:
        lines.append(_("It answered with a mistake of its own: its log says which."))
    return "\n".join([*lines, "", _pretty(body)])


def _status_words(status: int) -> str:
    """``401 Unauthorized``; the number alone where HTTP has no name for it."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def result_words(event: RequestEvent) -> str:
    """An answer as `answer_words` has it, with whether it is the one that is expected."""
    if not event.status:
        return "✗ " + (event.body if event.sent else _("Not sent: {reason}").format(reason=event.body))
    expected = statuses_text(event.expected)
    if event.expected:
        line = _("✓ as expected: {statuses}") if event.passed else _("✗ expected {statuses}, got {answer}")
    else:
        line = "" if event.passed or event.why else _("✗ not as expected: anything below 500, from your API itself")
    why = f"✗ {event.why}" if event.why else ""
    return "\n".join(
        [
            *filter(None, [line.format(statuses=expected, answer=_status_words(event.status)), why]),
            answer_words(event.status, event.seconds, event.body),
        ]
    )


def next_steps(workspace: Workspace, keys: Keys = SCREENS) -> list[tuple[str, str]]:
    """(heading, text): what a person does after a first deployment."""
    file = workspace.draft.file.name
    return [
        (_("Keep"), _("Commit {file} with your code: it holds no passwords, and a colleague can go on with it.").format(file=file)),
        (
            _("Deploy a change"),
            _("Change your code, then run: azwizard apply{practice}").format(practice=" --practice" if workspace.practice else ""),
        ),
        (
            _("What it costs"),
            _("This practice costs nothing.")
            if workspace.practice
            else _("azwizard plan shows the month's cost; delete the setup when you do not need it."),
        ),
        (
            _("Delete everything"),
            _("{key} here, or: azwizard destroy{practice}").format(
                key=_(keys.delete), practice=" --practice" if workspace.practice else ""
            ),
        ),
        (_("Now for real"), _("Home offers to take this rehearsed setup to Azure.") if workspace.practice else ""),
    ]


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
