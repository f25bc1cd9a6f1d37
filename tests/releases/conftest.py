from tests.steps.conftest import start_setup

__all__ = ["start_setup"]
