"""One file to attach to a question: versions, setup, plan, journal, last errors, verdict; nothing secret, and nobody's name."""

from __future__ import annotations

import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard import __version__
from wizard.engine.session import Session
from wizard.platform import log
from wizard.platform.language import _
from wizard.platform.redaction import hidden

if TYPE_CHECKING:
    from collections.abc import Iterable

LIBRARIES = ("azure-core", "azure-identity", "azure-mgmt-appcontainers", "azure-mgmt-keyvault", "azure-mgmt-storage", "aiohttp", "textual")
PERSON = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)


async def bundle(session: Session) -> str:
    """The text, with values, people and ids taken out. Correlation ids stay: Azure's support asks for them."""
    from wizard.doctor import diagnose, gather
    from wizard.doctor.redaction import secret_values

    evidence = await gather(session.cloud, session.answers, session.given_secret, lambda _sentence: None)
    verdict = await diagnose(evidence)
    values, complete = await secret_values(evidence)
    verdict_lines = [verdict.detail, *verdict.evidence]
    if not complete:  # an app's own log may hold a secret, which could not be found in it
        verdict_lines = [_("left out: a secret's value may stand in it, and its key vault cannot be read")]
    plan = await session.plan()
    with session.journal() as journal:
        failures, last = journal.failures(), journal.last_run()
    state = evidence.state
    parts = {
        "Versions": _versions(),
        "Setup": [_setup(session)],
        "Plan": [f"{item.action:<10} {item.step.id}: {item.look.detail}" for item in plan.steps],
        "Last run": [f"{last.outcome}: {last.done} of {last.steps}, {last.seconds_ago:.0f} s ago"] if last else [],
        "Last errors": [" ".join(row) for row in failures],
        "Newest revision": [f"{state.name}: {state.word} {state.detail}"] if state else [],
        "Verdict": [f"{verdict.id}: {verdict_lines[0]}", *verdict_lines[1:]],
        "Code check": [f"{finding.severity} {finding.id} {finding.where}" for finding in evidence.findings],
        "Log": log.tail(),
    }
    text = "\n\n".join(f"## {heading}\n" + "\n".join(lines or ["-"]) for heading, lines in parts.items()) + "\n"
    plain = [variable.value for variable in session.answers.variables if variable.value and len(variable.value) > 3]
    return redacted(text, [*values, *plain])


def redacted(text: str, values: Iterable[str]) -> str:
    """Without secret values, mail addresses, ids of subscriptions, tenants and people, and the path of the person's own folder."""
    text = hidden(text, list(values)).replace(str(Path.home()), "~")
    kept_ids = re.compile(r"(correlation id:? |request-id=|e2eid=)(" + ID.pattern + ")", re.IGNORECASE)
    correlation = {match[2] for match in kept_ids.finditer(text)}
    text = ID.sub(lambda match: match[0] if match[0] in correlation else "<id>", text)
    return PERSON.sub("<person>", text)


def _versions() -> list[str]:
    lines = [f"azwizard {__version__}", f"Python {sys.version.split()[0]} on {platform.platform()}"]
    for name in LIBRARIES:
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name}: -")
    return lines


def _setup(session: Session) -> str:
    """The setup file, with the values of its variables left out."""
    import tomlkit

    setup: Any = tomlkit.parse(session.answers.file.read_text(encoding="utf-8-sig"))
    for variable in setup.get("variables") or []:
        if "value" in variable:
            variable["value"] = "..."
    return tomlkit.dumps(setup)
