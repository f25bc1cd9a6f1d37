"""The doctor's tests deploy with the fixture of the sections' tests."""

from tests.sections.conftest import start_setup

__all__ = ["start_setup"]
