"""What must not be shown: the values of secrets, which an app may have printed into its own log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.doctor.evidence import Evidence
from wizard.platform.redaction import as_written, hidden

if TYPE_CHECKING:
    from wizard.doctor.verdict import Verdict


async def secret_values(evidence: Evidence) -> tuple[list[str], bool]:
    """Every value of the setup's secrets that is known here or may be read in the vault, and whether those are all."""
    from azure.core.exceptions import HttpResponseError

    snapshot = evidence.plan.snapshot
    values: list[str] = []
    complete = True
    for name in evidence.answers.key_vault.secrets:
        value = snapshot.given(name)
        values += [value.reveal()] if value is not None else []
        try:
            stored = await snapshot.secret(name)
            values += [stored.reveal()] if stored is not None else []
        except HttpResponseError:
            complete = complete and value is not None
    return as_written(values), complete


def discreet(verdict: Verdict, values: list[str]) -> Verdict:
    """A verdict without those values."""
    return replace(verdict, detail=hidden(verdict.detail, values), evidence=tuple(hidden(line, values) for line in verdict.evidence))
