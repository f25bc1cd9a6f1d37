"""Several APIs in one folder are named; parts of one are not taken for several."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project
from wizard.lint.scaffold import missing_files

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"

DJANGO = "from django.core.{0} import get_{0}_application\napplication = get_{0}_application()\n"


def said(folder: Path, files: dict[str, str | None]) -> str:
    """What the check says of the folder without a Dockerfile."""
    [finding] = persons_project(folder, {"Dockerfile": None, "app.py": None, **files}).check()
    assert finding.id == "no-dockerfile"
    return finding.sentence


def test_apis_that_stand_for_themselves_are_named(tmp_path: Path) -> None:
    sentence = said(tmp_path / "shop", {"orders/main.py": FASTAPI, "prices/main.py": FASTAPI})
    assert "several APIs here (orders.main:app, prices.main:app)" in sentence


def test_a_folder_with_a_dot_in_its_name_is_no_package(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": None, "app.py": None, "my.api/main.py": FASTAPI, "api.v2.py": FASTAPI})
    assert "ENV PYTHONPATH=/project-container/my.api" in missing_files(project.facts())["Dockerfile"]


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": APP},
        {"shop/wsgi.py": DJANGO.format("wsgi"), "shop/asgi.py": DJANGO.format("asgi"), "manage.py": "import django\n"},
        {"back/shop/wsgi.py": DJANGO.format("wsgi"), "back/shop/asgi.py": DJANGO.format("asgi"), "back/manage.py": "import django\n"},
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
