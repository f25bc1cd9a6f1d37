"""Let the app in."""

from screens.section_screen import SectionScreen
from wizard.sections import identity


class IdentityScreen(SectionScreen):
    section = identity.SECTION
