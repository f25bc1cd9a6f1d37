"""A list of the host names under which an API lets itself be asked, and who is refused by it in Azure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from wizard.lint.project import CodeProject
from wizard.source.health_path import answers_plainly

EVERY_HOST, OF_AZURE = "*", ".azurecontainerapps.io"
NO_DOMAIN = ("127.0.0.1", "0.0.0.0", "::1")  # noqa: S104


class Refused(Enum):
    """Who asks in vain."""

    EVERYONE = auto()
    """The address that Azure gives the API is not on the list."""
    PROBES = auto()
    """Azure's probes, which ask under the address that Azure gives the API (`wizard.steps.app.probes`); other names are let in."""


def whom_hosts_refuse(project: CodeProject, names: Sequence[str | None]) -> Refused | None:
    """Who is refused by a list; None where nobody is, or a name on it (None) cannot be read."""
    if None in names or EVERY_HOST in names:
        return None
    if any(name and name.endswith(OF_AZURE) for name in names):
        return None
    if not any(name and "." in name and name not in NO_DOMAIN for name in names):
        return Refused.EVERYONE
    if project.answers.app.probes and answers_plainly(project.folder, project.answers.app.health_path):
        return Refused.PROBES
    return None
