"""What tests of exports share: a setup on a practice cloud, as those of the sections have it, and a setup file with a pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.export.pipelines import SETUP
from tests.steps.conftest import start_setup

__all__ = ["start_setup"]


@pytest.fixture
def setup_file(tmp_path: Path) -> Path:
    (tmp_path / "azwizard.toml").write_text(SETUP)
    return tmp_path / "azwizard.toml"
