"""A project on disk, checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.lint.projects import Files
from wizard.lint.linter import check_code
from wizard.setup.loading import load, resolve, write


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Any]:
    """Writes a project with a setup file and checks it."""

    def run(files: Files, **tables: Any) -> Any:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"))
            if path.read_text().startswith("#!") and "no x bit" not in text:
                path.chmod(0o755)
        project = {"name": "orders", "environment": "dev", "region": "westeurope"}
        matches = next(name for name in files if name.endswith("Dockerfile"))
        pipeline = {"build": "registry", "dockerfile": matches} | tables.pop("pipeline", {})
        setup = tmp_path / "azwizard.toml"
        if not setup.exists():
            write(setup, {"project": project, "pipeline": pipeline, **tables})
        return check_code(resolve(load(setup)))

    return run
