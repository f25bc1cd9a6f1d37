"""Build."""

from screens.section_screen import SectionScreen
from wizard.sections import pipeline


class PipelineScreen(SectionScreen):
    section = pipeline.SECTION
