"""First version."""

from screens.sections.section_screen import SectionScreen
from wizard.sections import revision


class RevisionScreen(SectionScreen):
    section = revision.SECTION
