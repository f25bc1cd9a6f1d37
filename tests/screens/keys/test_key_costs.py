"""What one key on a section's screen costs: counted, never timed."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widget import Widget

from tests.screens.conftest import open_app
from wizard.setup.loading import write

MOST_FILE_CALLS = 10
ON_PATHS = ("stat", "lstat", "open", "scandir", "listdir", "replace", "mkdir", "chmod", "unlink", "readlink", "access", "fsync")


@pytest.fixture
def file_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every call on a file or folder that Python code makes from now on."""
    calls: list[str] = []

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            calls.append(f"{name} {arguments[0]}")
            return call(*arguments, **named)

        return wrapper

    for name in ON_PATHS:
        monkeypatch.setattr(os, name, counted(name, getattr(os, name)))
    monkeypatch.setattr(io, "open", counted("io.open", io.open))
    return calls


@pytest.mark.parametrize("section", ["project", "registry", "container_app", "storage"])
async def test_a_key_asks_the_disk_for_little_and_moves_nothing(
    project: Path, section: str, file_calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    share = {"designation": "db", "mount": "/app/db"}
    tables = {"project": {"name": "orders", "region": "westeurope", "source": "orders-api"}, "storage": {"shares": [share]}}
    write(project / "azwizard.toml", {"format": 1, **tables})
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        app.go(section)
        await pilot.pause()
        await pilot.pause()
        await pilot.press("x")
        await pilot.pause()
        laid_out: list[str] = []
        refresh = Widget.refresh

        def watched(widget: Widget, *regions: Any, layout: bool = False, **named: Any) -> Widget:
            if layout:
                laid_out.append(f"{type(widget).__name__} {widget.id}")
            return refresh(widget, *regions, layout=layout, **named)

        monkeypatch.setattr(Widget, "refresh", watched)
        file_calls.clear()
        await pilot.press("y")
        assert len(file_calls) <= MOST_FILE_CALLS, file_calls
        assert laid_out == []


async def test_what_is_changed_in_an_editor_is_read_when_the_terminal_has_the_focus_again(project: Path) -> None:
    write(project / "azwizard.toml", {"format": 1, "project": {"name": "orders", "region": "westeurope", "source": "orders-api"}})
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)):
        assert app.workspace.code.dockerfile == "Dockerfile"
        (project / "orders-api" / "Dockerfile").unlink()
        assert app.workspace.code.dockerfile == "Dockerfile"
        app.app_focus = False
        app.app_focus = True
        assert app.workspace.code.dockerfile == ""
