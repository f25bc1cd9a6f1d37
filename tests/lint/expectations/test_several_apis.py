"""Several APIs in one folder are named; parts of one are not taken for several."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"


def said(folder: Path, files: dict[str, str | None]) -> str:
    """What the check says of the folder without a Dockerfile."""
    [finding] = persons_project(folder, {"Dockerfile": None, "app.py": None, **files}).check()
    assert finding.id == "no-dockerfile"
    return finding.sentence


def test_apis_that_stand_for_themselves_are_named(tmp_path: Path) -> None:
    sentence = said(tmp_path / "shop", {"orders/main.py": FASTAPI, "prices/main.py": FASTAPI})
    assert "several APIs here (orders.main:app, prices.main:app)" in sentence


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": APP},
        {"app.py": APP, "wsgi.py": "from app import app\napplication = app\n"},
        {
            "main.py": f"{FASTAPI}from admin import panel\napp.mount('/admin', panel.app)\n",
            "admin/__init__.py": "",
            "admin/panel.py": FASTAPI,
        },
        {"main.py": f"{FASTAPI}from admin.panel import app as inner\napp.mount('/admin', inner)\n", "admin/panel.py": FASTAPI},
    ],
)
def test_parts_of_one_api_are_not(files: dict[str, str | None], tmp_path: Path) -> None:
    assert "several" not in said(tmp_path / "shop", files)
