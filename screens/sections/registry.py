"""Image store."""

from screens.sections.section_screen import SectionScreen
from wizard.sections import registry


class RegistryScreen(SectionScreen):
    section = registry.SECTION
