"""Your app."""

from screens.sections.section_screen import SectionScreen
from wizard.sections import container_app


class ContainerAppScreen(SectionScreen):
    section = container_app.SECTION
