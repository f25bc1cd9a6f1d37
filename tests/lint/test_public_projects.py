"""Shapes that were met in public projects and read wrong; each is one of its kind, written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import persons_project
from wizard.platform.secret_names import looks_secret
from wizard.source.settings.declared_variables import example_value

BASE = "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\n"


@pytest.mark.parametrize(
    ("start", "port"),
    [
        ('CMD ["gunicorn", "-b 0.0.0.0:8123", "app:app"]', "8123"),
        ('CMD ["gunicorn", "-w 3", "-b :8124", "-k gthread", "app:app"]', "8124"),
    ],
)
def test_a_short_option_of_gunicorn_and_its_value_in_one_word_are_understood(tmp_path: Path, start: str, port: str) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": f"{BASE}{start}\n"})
    assert project.suggested()["app.port"] == port
    assert project.found(app={"port": int(port)}) == []


def test_uvicorn_takes_no_blank_after_an_option(tmp_path: Path) -> None:
    files = {
        "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "requirements.txt": "fastapi\nuvicorn\n",
        "Dockerfile": f'{BASE}CMD ["uvicorn", "app:app", "--host 0.0.0.0", "--port 5000"]\n',
    }
    assert persons_project(tmp_path / "shop", {**files}).found(app={"port": 5000}) == ["words-run-together"]


@pytest.mark.parametrize(
    "name", ["DATABASE_DEV_URL", "DB_CONNECTION_URL", "HEROKU_POSTGRESQL_GOLD_URL", "TRACKER_PASSKEY", "MONGO_ATLAS_URI"]
)
def test_the_address_of_a_database_is_locked_away_whatever_stands_in_its_name(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["CALLBACK_URL", "DB_HOST", "REDIS_PORT", "DATABASE_NAME"])
def test_what_is_no_address_of_a_database_stays_open(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        '""',
        "''",
        '"" # from your account',
        "# later",
        "cluster0.**.**.net/shop",
        "https://<name>.openai.azure.com",
        "https://shop.domain.tld",
    ],
)
def test_an_example_that_only_holds_a_place_is_no_value(text: str) -> None:
    assert example_value(text) is None


def test_an_example_in_quotes_may_be_followed_by_a_remark() -> None:
    assert example_value('"info" # or debug') == "info"


def test_a_share_is_never_suggested_over_a_folder_of_the_system(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"db.py": 'import sqlite3\nsqlite3.connect("/var/shop.sqlite3")\n'})
    assert project.suggested()["storage.shares"] == []
    [finding] = project.check()
    assert (finding.id, finding.severity) == ("sqlite-not-kept", "warning")
    assert "/var belongs to the container's system" in finding.sentence


def test_a_share_over_what_every_program_needs_is_refused(tmp_path: Path) -> None:
    shares = {"shares": [{"designation": "all", "mount": "/usr/lib"}]}
    assert persons_project(tmp_path / "shop").found(storage=shares) == ["share-over-system"]


def test_a_list_is_found_where_the_dockerfile_copies_it_from(tmp_path: Path) -> None:
    files = {
        "app.py": None,
        "requirements.txt": "black\n",
        "service/app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "service/requirements.txt": "flask\n",
        "Dockerfile": "FROM python:3.12-slim\nWORKDIR /srv\nCOPY service .\nRUN pip install -r requirements.txt\n"
        'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]\n',
    }
    project = persons_project(tmp_path / "shop", {**files})
    [finding] = [item for item in project.check() if item.id == "gunicorn-missing"]
    assert finding.file == "service/requirements.txt"
    project.write({"service/requirements.txt": "flask\ngunicorn\n"})
    assert project.found() == []


def test_what_an_archive_brings_is_not_called_missing(tmp_path: Path) -> None:
    files = {
        "requirements.txt": None,
        "Dockerfile": "FROM python:3.12-slim\nWORKDIR /srv\nADD shop.tar.gz .\nRUN pip install -r requirements.txt\n"
        'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]\n',
    }
    project = persons_project(tmp_path / "shop", {**files})
    (project.folder / "shop.tar.gz").write_bytes(b"")
    assert "gunicorn-missing" not in project.found()


def test_a_server_is_added_to_the_line_that_names_the_packages(tmp_path: Path) -> None:
    files = {
        "requirements.txt": None,
        "Dockerfile": "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip3 install --no-cache-dir flask flask-cors\n"
        'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]\n',
    }
    project = persons_project(tmp_path / "shop", {**files})
    [finding] = project.check()
    assert (finding.id, finding.line) == ("gunicorn-missing", 4)
    assert finding.replacement == "RUN pip3 install --no-cache-dir gunicorn flask flask-cors"
    project.write({"Dockerfile": files["Dockerfile"].replace("RUN pip3 install --no-cache-dir flask flask-cors", finding.replacement)})
    assert project.found() == []
