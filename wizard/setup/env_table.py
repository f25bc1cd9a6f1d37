"""The table of what an API finds in its environment: each entry locked away in the vault, left open, or left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wizard.platform.language import _
from wizard.platform.secret_names import looks_secret
from wizard.sections import name_rules
from wizard.sections.variables import Variable

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

LAPTOP_VALUE = re.compile(r"\b(localhost|127\.0\.0\.1|host\.docker\.internal)\b|::1\b|^[A-Za-z]:\\|^/(Users|home)/", re.IGNORECASE)


class Place(StrEnum):
    """Where the value of an entry goes."""

    LOCKED = "locked"
    OPEN = "open"
    OUT = "out"


@dataclass(frozen=True)
class EnvEntry:
    """One line of the table.

    :param name: the variable, as the code asks for it; "" for a secret that no variable reads.
    :param secret: its name in the key vault, when it is locked away.
    :param value: what stands in the open; always "" for what is locked away.
    """

    name: str
    place: Place
    secret: str = ""
    value: str = ""

    @property
    def is_unfilled(self) -> bool:
        """Whether its value is still to come; an empty text is never deployed in its place."""
        return self.place is Place.OPEN and not self.value


def suggested_place(name: str, value: str = "") -> Place:
    """Locked away when the name or the value looks like a password or key; open otherwise."""
    return Place.LOCKED if looks_secret(name, value) else Place.OPEN


def secret_name(variable: str) -> str:
    """``jwt-key`` for ``JWT_KEY``: the vault takes letters, digits and hyphens."""
    return name_rules.kebab_case(variable)


def laptop_only(value: str) -> str | None:
    """A sentence when a value is right only on the person's own computer."""
    if LAPTOP_VALUE.search(value):
        return _("This is right on your computer only: in Azure it is another place.")
    return None


def entries(secrets: Sequence[str], variables: Iterable[Variable]) -> list[EnvEntry]:
    """The table of a setup's answers; secrets that no variable reads come last."""
    table = [
        EnvEntry(variable.name, Place.LOCKED, variable.secret)
        if variable.secret is not None
        else EnvEntry(variable.name, Place.OPEN, value=variable.value or "")
        for variable in variables
    ]
    read = {entry.secret for entry in table}
    return table + [EnvEntry("", Place.LOCKED, name) for name in secrets if name not in read]


def entries_of(answers: Answers) -> list[EnvEntry]:
    """The table of a setup."""
    return entries(answers.key_vault.secrets, answers.variables)


def secrets_and_variables(table: Iterable[EnvEntry]) -> tuple[tuple[str, ...], tuple[Variable, ...]]:
    """The answers that a table stands for: the vault's secrets, and the variables. What is open and not filled in yet is left out."""
    kept = [entry for entry in table if entry.place is not Place.OUT and not entry.is_unfilled]
    secrets = dict.fromkeys(entry.secret for entry in kept if entry.place is Place.LOCKED and entry.secret)
    variables = [
        Variable(name=entry.name, secret=entry.secret) if entry.place is Place.LOCKED else Variable(name=entry.name, value=entry.value)
        for entry in kept
        if entry.name
    ]
    return tuple(secrets), tuple(variables)
