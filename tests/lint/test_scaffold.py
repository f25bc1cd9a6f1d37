# ruff: noqa: E501 - a table of code reads best with each case on a line
"""What the wizard writes for a project without a Dockerfile is right for its framework, and passes its own check; else it writes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.base_project import APP, PersonsProject, persons_project
from wizard.lint.scaffold import missing_files
from wizard.source.project_folders import find_projects
from wizard.workspace.wording.code_phrases import code_lines

FASTAPI = 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/health")\ndef health():\n    return {}\n'
NOTHING = {"app.py": None, "requirements.txt": None, "Dockerfile": None}
DJANGO = {
    "manage.py": "import django\n",
    "shop/__init__.py": "",
    "shop/settings.py": 'STATIC_ROOT = "static"\nINSTALLED_APPS = []\n',
    "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    "requirements.txt": "django\n",
}
FACTORY = "from flask import Flask\ndef create_app(name{default}):\n    return Flask(__name__)\n"
SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "a module": ({"app.py": APP, "requirements.txt": "flask\n"}, '["gunicorn", "--bind", "0.0.0.0:5000", "app:app"]'),
    "a factory called in manage.py": (
        {"manage.py": 'from shop.main import create_app\napp = create_app("dev")\n', "shop/__init__.py": "",
         "shop/main.py": FACTORY.format(default=""), "requirements.txt": "flask\n"},
        '["gunicorn", "--bind", "0.0.0.0:5000", "manage:app"]',
    ),
    "a module of any name": ({"backend.py": APP, "requirements.txt": "flask\n"}, '["gunicorn", "--bind", "0.0.0.0:5000", "backend:app"]'),
    "FLASK_APP": ({"one.py": APP, "two.py": APP, ".flaskenv": "FLASK_APP=two.py\n", "requirements.txt": "flask\n"},
                  '["gunicorn", "--bind", "0.0.0.0:5000", "two:app"]'),
    "a factory": ({"shop/__init__.py": FACTORY.format(default="='x'"), "requirements.txt": "flask\n"},
                  '["gunicorn", "--bind", "0.0.0.0:5000", "shop:create_app()"]'),
    "a factory that needs a name": ({"shop/__init__.py": FACTORY.format(default=""), "requirements.txt": "flask\n"},
                                    '["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'),
    "a Procfile": ({"web.py": APP, "Procfile": "web: gunicorn --bind 0.0.0.0:8000 web:app\n", "requirements.txt": "flask\ngunicorn\n"},
                   '["gunicorn", "--bind", "0.0.0.0:8000", "web:app"]'),
    "Django": (DJANGO, '["gunicorn", "--bind", "0.0.0.0:5000", "shop.wsgi:application"]'),
    "FastAPI": ({"main.py": FASTAPI, "requirements.txt": "fastapi\n"}, '["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "5000"]'),
    "FastAPI in a package": ({"app/__init__.py": "", "app/main.py": FASTAPI, "requirements.txt": "fastapi[standard]\n"},
                             '["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "5000"]'),
    "FastAPI that starts itself": (
        {"main.py": FASTAPI + 'import uvicorn\nif __name__ == "__main__":\n    uvicorn.run(app, port=8000)\n', "requirements.txt": "fastapi\nuvicorn\n"},
        '["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]',
    ),
    "Starlette": ({"main.py": "from starlette.applications import Starlette\napp = Starlette()\n", "requirements.txt": "starlette\n"},
                  '["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "5000"]'),
    "Litestar": ({"main.py": "from litestar import Litestar\napp = Litestar([])\n", "requirements.txt": "litestar\n"},
                 '["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "5000"]'),
    "src": ({"src/shop/__init__.py": APP, "requirements.txt": "flask\n"}, '["gunicorn", "--bind", "0.0.0.0:5000", "shop:app"]'),
    "no list of packages": ({"app.py": APP + "import requests\n"}, '["gunicorn", "--bind", "0.0.0.0:5000", "app:app"]'),
}  # fmt: skip


def written(tmp_path: Path, files: dict[str, Any]) -> tuple[PersonsProject, dict[str, str]]:
    project = persons_project(tmp_path / "shop", {**NOTHING, **files})
    new = missing_files(project.facts())
    project.write(dict(new))
    return project, new


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_missing_is_written_right(tmp_path: Path, name: str) -> None:
    files, start = SHAPES[name]
    project, new = written(tmp_path, files)
    assert new["Dockerfile"].splitlines()[-1] == f"CMD {start}"
    assert [item.id for item in project.check(**project.accepted()) if item.severity == "error"] == []
    assert missing_files(project.facts()) == {}


TOOLS: dict[str, tuple[dict[str, Any], str]] = {
    "poetry": ({"pyproject.toml": '[tool.poetry]\nname = "s"\n[tool.poetry.dependencies]\npython = "^3.11"\nflask = "^3"\n', "poetry.lock": ""}, "poetry install"),
    "uv": ({"pyproject.toml": '[project]\nname = "s"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["flask"]\n', "uv.lock": "version = 1\n"}, "uv sync --frozen"),
    "pipenv": ({"Pipfile": '[packages]\nflask = "*"\n', "Pipfile.lock": "{}"}, "pipenv install --system --deploy"),
    "pyproject": ({"pyproject.toml": '[project]\nname = "s"\nversion = "1"\ndependencies = ["flask"]\n'}, "uv pip install --system -r pyproject.toml"),
    "a package": ({"pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "s"\nversion = "1"\ndependencies = ["flask"]\n'}, "pip install --no-cache-dir ."),
    "lists": ({"requirements/base.txt": "flask\n", "requirements/prod.txt": "-r base.txt\n"}, "-r requirements/prod.txt"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOOLS)
def test_packages_are_installed_by_the_projects_own_tool(tmp_path: Path, name: str) -> None:
    files, line = TOOLS[name]
    project, new = written(tmp_path, {"app.py": APP, **files})
    assert line in new["Dockerfile"]
    assert "gunicorn" in new["Dockerfile"].replace("CMD", "").split("EXPOSE")[0], "the server is installed too"
    assert [item.id for item in project.check() if item.severity == "error"] == []


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({".python-version": "3.11.4\n"}, "3.11"),
        ({"runtime.txt": "python-3.10.12\n"}, "3.10"),
        ({"pyproject.toml": '[project]\nname = "s"\nversion = "1"\nrequires-python = "<3.12,>=3.9"\n'}, "3.11"),
        ({"pyproject.toml": '[project]\nname = "s"\nversion = "1"\nrequires-python = ">=3.13"\n'}, "3.14"),
        ({}, "3.12"),
    ],
)
def test_the_projects_own_python_is_taken(tmp_path: Path, files: dict[str, str], version: str) -> None:
    _project, new = written(tmp_path, {"app.py": APP, "requirements.txt": "flask\n", **files})
    assert new["Dockerfile"].startswith(f"FROM python:{version}-slim\n")


def test_what_needs_a_library_or_git_gets_it(tmp_path: Path) -> None:
    project, new = written(tmp_path, {"app.py": APP, "requirements.txt": "flask\npsycopg2\nshop-lib @ git+https://example.org/shop-lib\n"})
    assert "apt-get install -y --no-install-recommends gcc libpq-dev git" in new["Dockerfile"]
    assert project.found() == []


def test_djangos_static_files_are_collected(tmp_path: Path) -> None:
    _project, new = written(tmp_path, DJANGO)
    assert "python manage.py collectstatic --noinput" in new["Dockerfile"]


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": "{}", "index.js": ""},
        {"docker/Dockerfile": "FROM nginx\n"},
        {"tool.py": "print(1)\n", "requirements.txt": "click\n"},
        {},
    ],
)
def test_a_folder_without_an_api_in_python_is_said_and_gets_no_files(tmp_path: Path, files: dict[str, Any]) -> None:
    project, new = written(tmp_path, files)
    assert new == {}
    assert any("There is no API in Python here" in line for line in code_lines(project.facts()))


def test_folders_without_an_api_are_not_offered(tmp_path: Path) -> None:
    persons_project(tmp_path / "api")
    for name, file in (("docker", "Dockerfile"), ("web", "package.json")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text("FROM nginx\n" if file == "Dockerfile" else "{}")
    assert [path.name for path in find_projects(tmp_path)] == ["api"]


def test_a_database_that_git_keeps_is_not_left_out(tmp_path: Path) -> None:
    project = persons_project(
        tmp_path / "shop", {"start.db": b"SQLite format 3\0", "local.db": b"SQLite format 3\0", ".gitignore": "local.db\n"}
    )
    subprocess.run(["git", "init", "-q"], cwd=project.folder, check=True)
    ignored = missing_files(project.facts())[".dockerignore"].split()
    assert "!start.db" in ignored
    assert "!local.db" not in ignored


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ('@app.get("/items")\ndef items():\n    return []\n@app.get("/healthcheck")\ndef check():\n    return ""\n', "/healthcheck"),
        (
            'from flask import Blueprint\nbp = Blueprint("b", __name__, url_prefix="/api")\n@bp.get("/items")\ndef items():\n    return []\napp.register_blueprint(bp)\n',
            "/api/items",
        ),
        ('@app.post("/orders")\ndef order():\n    return ""\n@app.get("/orders/<int:number>")\ndef one(number):\n    return ""\n', "/"),
    ],
)
def test_the_health_path_is_one_that_answers_a_plain_get(tmp_path: Path, code: str, path: str) -> None:
    bare = "from flask import Flask\napp = Flask(__name__)\n"
    assert persons_project(tmp_path / "shop", {"app.py": bare + code}).suggested()["app.health_path"] == path


def test_an_asgi_app_that_gunicorn_would_run_as_wsgi_is_an_error(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": FASTAPI, "requirements.txt": "fastapi\ngunicorn\nuvicorn\n"})
    (finding,) = project.check()
    assert (finding.id, finding.severity) == ("wrong-worker", "error")
    project.start_with(finding.replacement)
    assert project.found() == []


def test_a_wsgi_app_that_uvicorn_cannot_run_is_an_error(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": "flask\nuvicorn\ngunicorn\n"})
    project.start_with('CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "5000"]')
    (finding,) = project.check()
    assert (finding.id, finding.severity) == ("wrong-worker", "error")


@pytest.mark.parametrize(
    ("code", "words", "port"),
    [
        (
            "from aiohttp import web\napp = web.Application()\nif __name__ == '__main__':\n    web.run_app(app)\n",
            '["python", "main.py"]',
            8080,
        ),
        ("from bottle import run\nrun(host='0.0.0.0', port=8111)\n", '["python", "main.py"]', 8111),
        (
            "from blacksheep import Application\napp = Application()\n",
            '["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "5000"]',
            5000,
        ),
    ],
)
def test_an_api_of_another_framework_gets_its_own_start(tmp_path: Path, code: str, words: str, port: int) -> None:
    project = persons_project(
        tmp_path / "shop", {"app.py": None, "main.py": code, "requirements.txt": "aiohttp\nbottle\n", "Dockerfile": None}
    )
    facts = project.facts()
    assert facts.is_api and facts.framework
    project.write(dict(missing_files(facts)))
    assert f"CMD {words}" in (tmp_path / "shop" / "Dockerfile").read_text()
    assert project.facts().port == port
    assert [finding for finding in project.check(**project.accepted()) if finding.severity == "error"] == []
