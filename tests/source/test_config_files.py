"""What Flask's configuration is read from, beside Python: its databases, and whether the image has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import persons_project

READS = (
    'from flask import Flask\napp = Flask(__name__)\napp.config.from_pyfile("shop.cfg"{silent})\n'
    '@app.get("/health")\ndef health():\n    return "ok"\n'
)
LISTED = "flask\ngunicorn\nflask-sqlalchemy\n"


@pytest.mark.parametrize("name", ["shop.cfg", "instance/shop.cfg"])
def test_a_database_in_a_configuration_file_is_seen(name: str, tmp_path: Path) -> None:
    files = {
        "app.py": READS.format(silent=""),
        name: 'SQLALCHEMY_DATABASE_URI = "sqlite:////srv/data/shop.db"\n',
        "requirements.txt": LISTED,
    }
    project = persons_project(tmp_path / "shop", {**files})
    assert [share["mount"] for share in project.suggested()["storage.shares"]] == ["/srv/data"]
    assert "config-file-missing" not in project.found()


@pytest.mark.parametrize(
    ("silent", "files", "found"),
    [
        ("", {}, ["config-file-missing"]),
        ("", {"shop.cfg": "DEBUG = False\n", ".dockerignore": "*.cfg\n"}, ["config-file-missing"]),
        (", silent=True", {}, []),
    ],
)
def test_a_configuration_file_that_the_image_lacks_is_told(silent: str, files: dict[str, str], found: list[str], tmp_path: Path) -> None:
    assert persons_project(tmp_path / "shop", {"app.py": READS.format(silent=silent), **files}).found() == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('from dotenv import dotenv_values\nKEY = dotenv_values(".env").get("KEY")\n', ["config-file-missing"]),
        ("from dotenv import dotenv_values\nKEY = dotenv_values().get('KEY')\n", ["config-file-missing"]),
        ('from decouple import Config, RepositoryEnv\nKEY = Config(RepositoryEnv(".env"))("KEY")\n', ["config-file-missing"]),
        ('import os\nfrom dotenv import dotenv_values\nVALUES = {**dotenv_values(".env"), **os.environ}\n', []),
        ('from dotenv import dotenv_values\nNAMES = dotenv_values("names.txt")\n', []),
    ],
)
def test_a_file_of_variables_that_is_read_rather_than_the_environment_is_told(code: str, found: list[str], tmp_path: Path) -> None:
    """Azure puts variables into the environment; the file is never sent."""
    files = {"settings.py": code, ".env": "KEY=shop\n", "requirements.txt": "flask\ngunicorn\npython-dotenv\npython-decouple\n"}
    assert [id for id in persons_project(tmp_path / "shop", {**files}).found() if id == "config-file-missing"] == found
