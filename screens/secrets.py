"""Secrets it reads."""

from screens.section_screen import SectionScreen
from wizard.sections import secrets


class SecretsScreen(SectionScreen):
    section = secrets.SECTION
