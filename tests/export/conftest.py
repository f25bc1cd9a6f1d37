"""What tests of exports share with those of the sections: a setup on a practice cloud."""

from tests.steps.conftest import start_setup

__all__ = ["start_setup"]
