"""First version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.language import N_

from .section import Section

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.snapshot import Snapshot
    from wizard.step import Step


def steps(answers: Answers) -> list[Step]:
    return []


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    return {}


SECTION = Section(
    name="revision",
    title=N_("First version"),
    azure_term="Revision",
    why=N_("Each version of your API runs as a revision; a new one takes over when it answers."),
    steps=steps,
    recover=recover,
)
