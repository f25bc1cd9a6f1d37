"""An API that was started and does not pass the probe by which Azure asks whether it is ready."""

from __future__ import annotations

import re
from typing import Any

from wizard.doctor.evidence import Evidence
from wizard.doctor.verdict import Fix, Verdict
from wizard.platform.language import _
from wizard.steps.app.probes import are_ours

PROBED = re.compile(r"Probe of \w+ failed with status code: (\d{3})")

UNREACHED = re.compile(
    r"Connection refused|Err(no|or) (111|-[235])\b|Name or service not known|Temporary failure in name resolution|No route to host"
    r"|could not translate host name|Network is unreachable|Can't connect to (MySQL|MariaDB|server)|ServerSelectionTimeoutError"
    r"|NoBrokersAvailable|cannot open /etc/resolv\.conf",
    re.IGNORECASE,
)
"""How clients of databases and queues say that the computer they ask is not there, or that nothing listens on it."""


NO_TABLE = re.compile(r"no such table: \S+|relation \"[^\"]+\" does not exist|Table '[^']+' doesn't exist|UndefinedTable", re.IGNORECASE)
"""How SQLite, PostgreSQL and MySQL say that nobody has made a table."""


PROBE = ("app.health_path", "app.probes")
"""What the setup asks about the health probe."""


def probe_failed(evidence: Evidence, lines: tuple[str, ...], traceback: tuple[str, ...]) -> Verdict:
    """The API does not answer Azure's question: by a mistake of its own, or because the question is wrong, be it ours or someone else's."""
    probes = evidence.container.get("probes") or []
    get: dict[str, Any] = next((probe["httpGet"] for probe in probes if probe.get("httpGet")), {})
    answered = next((int(found[1]) for line in reversed(lines) if (found := PROBED.search(line))), 0)
    if answered >= 500 and traceback:
        return api_error(str(get.get("path") or "/"), answered, traceback)
    if are_ours(probes):
        detail = _("Azure lets no requests through to this version of your API, because it does not answer {path} with 200 to 399.")
        advice = _("Let your API answer {path} so without a key, have Azure ask for another path, or have it ask for none.")
        path = evidence.answers.app.health_path
        return Verdict("probe-failed", detail.format(path=path), lines, Fix(advice.format(path=path), "apply", fields=PROBE))
    detail = _("Azure does not let requests through to your API, because it does not pass the health probe of {path} on port {port}.")
    advice = _(
        "Let your API answer {path} with a status from 200 to 399, or correct or remove that probe in the Azure portal "
        "(your app, Containers, Health probes)."
    )
    path, port = get.get("path") or "/", get.get("port")
    return Verdict("probe-failed", detail.format(path=path, port=port), lines, Fix(advice.format(path=path), "doctor"))


def probed_elsewhere(port: Any, lines: tuple[str, ...]) -> Verdict:
    """The same, with a probe on a port where the API never listened."""
    detail = _("Azure does not let requests through to your API, because a health probe asks on port {port}, where it does not listen.")
    words = _("Correct or remove that probe in the Azure portal (your app, Containers, Health probes).")
    return Verdict("probe-failed", detail.format(port=port), lines, Fix(words, "doctor"))


def api_error(path: str, status: int, traceback: tuple[str, ...]) -> Verdict:
    """The API answers with a mistake of its own."""
    if traceback and UNREACHED.search(traceback[-1]):
        detail = _("Your API runs, and answers {path} with {status}: it does not reach a server that it needs.")
        return Verdict("api-error", detail.format(path=path, status=status), (f"GET {path}: {status}", *traceback), _reach_server())
    if table := NO_TABLE.search("\n".join(traceback)):
        detail = _("Your API runs, and answers {path} with {status}: nobody has made the tables of its database ({line}).")
        detail = detail.format(path=path, status=status, line=table[0])
        words = _(
            "Let it make them before the first request (create_all where the application is made), or name a command that does, to be run "
            "before each new version."
        )
        return Verdict("api-error", detail, (f"GET {path}: {status}", *traceback), Fix(words, "apply", fields=("app.before_deploy",)))
    detail = _("Your API runs, and answers {path} with {status}: a mistake in its own code.").format(path=path, status=status)
    words = _("Correct the code where the traceback ends.")
    return Verdict("api-error", detail, (f"GET {path}: {status}", *traceback), Fix(words, "apply"))


def ends_without_server(last: str, shown: tuple[str, ...]) -> Verdict | None:
    """The API ends as it starts because another server is not there; None where the last line of its traceback says something else."""
    if not UNREACHED.search(last):
        return None
    detail = _("Your API stops as soon as it starts, because it does not reach a server that it needs: {line}")
    return Verdict("crash", detail.format(line=last[:200]), shown, _reach_server())


def _reach_server() -> Fix:
    words = _(
        "Give it the address of that server as a variable. localhost and the names of a compose file are known on your "
        "computer only, and the practice cloud gives your API no network."
    )
    return Fix(words, "apply", fields=("variables",))
