"""A server that was started and listens, while the workers that hold the API's code do not live."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wizard.doctor.evidence import Evidence, telling_lines
from wizard.doctor.verdict import Fix, Verdict
from wizard.platform.language import _

WORKER_ENDED = re.compile(r"Worker \(pid:\d+\) exited with code [1-9]|Child process \[\d+\] died")
"""What gunicorn (from 20.1) and uvicorn say of a worker that ended by itself; they begin another, as often as it takes."""

WORKER_LATE = re.compile(r"\[CRITICAL\] WORKER TIMEOUT")
OF_A_SERVER = re.compile(r"^\[\d{4}-\d\d-\d\d [^]]*\] \[\d+\] \[[A-Z]+\]|^(?:INFO|WARNING|ERROR): +\S|^practice cloud: ")
PORT_TAKEN = re.compile(r"Address already in use|is in use by another program")
AGAIN = 2  # endings of workers by which they do not live


def workers_end(evidence: Evidence, lines: tuple[str, ...]) -> Verdict | None:
    """The server runs, and its workers end as soon as they start, or are ended since they take too long; None where it has no such worker.

    :param lines: what the platform says.
    """
    console = evidence.said.console
    endings = [number for number, line in enumerate(console) if WORKER_ENDED.search(line)]
    if len(endings) >= AGAIN:
        said = said_before(console, endings[-1])
        shown = (*lines[:2], *telling_lines([*said[-4:], console[endings[-1]]]))
        if any(PORT_TAKEN.search(line) for line in said):
            detail = _(
                "Your API's server runs, and each of its workers ends: your code starts a second server on the same port when it is read."
            )
            return Verdict("crash", detail, shown, Fix(_('Put app.run() below if __name__ == "__main__":.'), "apply"))
        detail = _("Your API's server runs, and each of its workers ends as soon as it starts: {line}")
        line = said[-1].strip() if said else _("it says nothing")
        return Verdict("crash", detail.format(line=line[:200]), shown, Fix(_("Correct what the last lines name."), "apply"))
    late = [line for line in console if WORKER_LATE.search(line)]
    if len(late) >= AGAIN:
        detail = _("Your API's server runs, and ends its workers before they answer: they take longer than its timeout allows.")
        words = _("Let your API do less before it answers, or allow more seconds, as gunicorn --timeout does.")
        return Verdict("crash", detail, (*lines[:2], late[-1]), Fix(words, "apply"))
    return None


def said_before(console: Sequence[str], ending: int) -> list[str]:
    """What the worker itself printed between its start and its end, the line of that number."""
    begin = next((n for n in range(ending - 1, -1, -1) if WORKER_ENDED.search(console[n])), -1)
    return [line for line in console[begin + 1 : ending] if line.strip() and not OF_A_SERVER.match(line)]
