"""What one part of the article asks: its place in the setup file, its questions, and why there is such a thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Explanation:
    """What the key "Why" tells of a place, for someone who never saw Azure. Its texts are marked with ``N_``.

    :param what: what this Azure thing is.
    :param cost: what it costs.
    :param article: what the article does here.
    :param portal: where the same is done by hand in the Azure portal.
    """

    what: str
    cost: str
    article: str
    portal: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the article, one screen of the wizard. What is made of its answers stands in `wizard.steps`.

    :param name: ``key_vault``, the first part of its steps' ids and the value of the tag ``azwizard-section``.
    :param title: in plain words, marked with ``N_``.
    :param azure_term: what Azure calls it.
    :param why: one plain sentence for someone who never saw Azure, marked with ``N_``.
    :param explanation: the same at length.
    :param key: its table in azwizard.toml, when it asks something of its own.
    :param answers: the msgspec type of that table.
    """

    name: str
    title: str
    azure_term: str
    why: str
    explanation: Explanation
    key: str | None = None
    answers: Any = None
