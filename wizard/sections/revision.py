"""First version: the app with your image, its folders, secrets and variables, written at once; then the proof that it really runs.

Its answers (cores, memory, copies, path to try) stand in the table ``[app]``, which belongs to the section of the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.platform.language import N_
from wizard.sections.section import Section

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


def steps(answers: Answers) -> list[Step]:
    """The app as it should be, and the look at whether it runs and answers."""
    from wizard.steps.revision import RevisionStep, RunningStep

    return [RevisionStep(answers), RunningStep(answers)]


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    """Its answers stand in the table of the section of the app."""
    return {}


SECTION = Section(
    name="revision",
    title=N_("First version"),
    azure_term="Revision",
    why=N_("Each version of your API runs as a revision; a new one takes over when it runs."),
    steps=steps,
    recover=recover,
)
