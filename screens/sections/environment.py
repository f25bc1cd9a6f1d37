"""Place to run."""

from screens.sections.section_screen import SectionScreen
from wizard.sections import environment


class EnvironmentScreen(SectionScreen):
    section = environment.SECTION
