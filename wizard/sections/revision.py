"""First version: the app with your image, its folders, secrets and variables, written at once; then the proof that it really runs.

Its answers (cores, memory, copies, path to try) stand in the table ``[app]``, which belongs to the section of the app.
"""

from __future__ import annotations

from wizard.platform.language import N_
from wizard.sections.section import Section

SECTION = Section(
    name="revision",
    title=N_("First version"),
    azure_term="Revision",
    why=N_("Each version of your API runs as a revision; a new one takes over when it runs."),
)
