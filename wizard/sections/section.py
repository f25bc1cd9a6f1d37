"""What one part of the article asks: its place in the setup file, its questions, and why there is such a thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the article, one screen of the wizard. What is made of its answers stands in `wizard.steps`.

    :param name: ``key_vault``, the first part of its steps' ids and the value of the tag ``azwizard-section``.
    :param title: in plain words, marked with ``N_``.
    :param azure_term: what Azure calls it.
    :param why: one plain sentence for someone who never saw Azure, marked with ``N_``.
    :param key: its table in azwizard.toml, when it asks something of its own.
    :param answers: the msgspec type of that table.
    """

    name: str
    title: str
    azure_term: str
    why: str
    key: str | None = None
    answers: Any = None
