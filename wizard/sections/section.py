"""What one part of the article is made of: its questions, its steps and the way back from Azure to its answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the article, one screen of the wizard.

    :param name: ``key_vault``, the first part of its steps' ids and the value of the tag ``azwizard-section``.
    :param title: in plain words, marked with ``N_``.
    :param azure_term: what Azure calls it.
    :param why: one plain sentence for someone who never saw Azure, marked with ``N_``.
    :param key: its table in azwizard.toml, when it asks something of its own.
    :param answers: the msgspec type of that table.
    :param steps: what to bring about, from resolved answers.
    :param recover: the inverse of the steps: its table, as plain values, from the setup's resources in Azure.
    :param leftovers: sentences on what the setup once made and the answers no longer name.
    :param left: the steps that made what of it stands outside of the setup's resources, so that `destroy` removes it too.
    """

    name: str
    title: str
    azure_term: str
    why: str
    key: str | None = None
    answers: Any = None
    steps: Callable[[Answers], list[Step]]
    recover: Callable[[Snapshot], Awaitable[Any]]
    leftovers: Callable[[Answers, Snapshot], Awaitable[list[str]]] | None = None
    left: Callable[[Answers, Snapshot], Awaitable[list[Step]]] | None = None
