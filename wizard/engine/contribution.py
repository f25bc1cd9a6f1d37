"""What one section contributes to a plan: the steps that make it, and the way back from Azure to its answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot


def _no_steps(_answers: Answers) -> Sequence[Step]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What is made of a section's answers; what is asked is declared in `wizard.sections`.

    :param section: the section's name, the first part of its steps' ids and the value of the tag ``azwizard-section``.
    :param steps: what to bring about, from resolved answers.
    :param recover: the inverse of the steps: the section's table, as plain values, from the setup's resources in Azure.
    :param leftover_notes: sentences on what the setup once made and the answers no longer name.
    :param cleanup_steps: the steps that made what of it stands outside of the setup's resources, so that `destroy` removes it too.
    """

    section: str
    steps: Callable[[Answers], Sequence[Step]] = _no_steps
    recover: Callable[[ResourceSnapshot], Awaitable[Any]] | None = None
    leftover_notes: Callable[[Answers, Snapshot], Awaitable[list[str]]] | None = None
    cleanup_steps: Callable[[Answers, Snapshot], Awaitable[list[Step]]] | None = None
