"""First version."""

from screens.section_screen import SectionScreen
from wizard.sections import revision


class RevisionScreen(SectionScreen):
    section = revision.SECTION
