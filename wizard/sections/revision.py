"""First version: the app with your image, its folders, secrets and variables, written at once; then the proof that it really runs.

Most of its answers (cores, memory, copies, path to try) stand in the table ``[app]``, which belongs to the section of the app.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from wizard.platform.language import N_
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class Revision(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[revision]``."""

    release: Annotated[
        int,
        msgspec.Meta(ge=0, le=1_000_000),
        Ask(
            label=N_("Release to run"),
            why=N_("An earlier release that runs instead of your code as it is now; azwizard rollback writes it, 0 takes your code again."),
            shown_when=lambda answers: answers.revision.release > 0,
        ),
    ] = 0
    keep_images: Annotated[
        int,
        msgspec.Meta(ge=0, le=19),
        Ask(
            label=N_("Releases whose images are kept"),
            why=N_("Images of older releases are deleted from the registry once a new version runs; with 0 all are kept."),
        ),
    ] = 0


SECTION = Section(
    name="revision",
    title=N_("First version"),
    azure_term="Revision",
    why=N_("Each version of your API runs as a revision; a new one takes over when it runs."),
    explanation=Explanation(
        what=N_(
            "Each change of your app makes a new revision, a version of it. Azure starts the new one, and only when it "
            "answers sends the calls to it. The wizard waits until it really runs: a green tick in the portal is not "
            "enough."
        ),
        cost=N_("Nothing extra: the old copies stop when the new ones run."),
        article=N_("Creates the revision with one copy, the volumes and where each is mounted; nobrl for the SQLite database."),
        portal=N_("Portal: your app › Application › Revisions and replicas"),
    ),
    key="revision",
    answers=Revision,
)
