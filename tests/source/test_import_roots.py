"""From which folder an application is imported, and what is written for it then."""

from pathlib import Path

import pytest

from tests.support.base_project import PersonsProject
from wizard.lint.scaffold import missing_files

FASTAPI = "from fastapi import FastAPI\n{imported}\napp = FastAPI()\n"
WSGI = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"


@pytest.mark.parametrize(
    ("file", "imported", "others", "root", "module"),
    [
        ("backend/app/main.py", "from app.core import x", ["backend/app/core.py"], "backend", "app.main"),
        ("src/py/app/server/asgi.py", "import app.lib.log", ["src/py/app/lib/log.py"], "src/py", "app.server.asgi"),
        ("src/shop/main.py", "", [], "src", "shop.main"),
        ("src/main.py", "from src.config import x", ["src/config.py"], "", "src.main"),
        ("src/main.py", "from config import x", ["src/config.py"], "src", "main"),
        ("shop/api.py", "from shop import data\nfrom .views import y", ["shop/data.py", "shop/views.py"], "", "shop.api"),
        ("server/api.py", "from routers import items", ["server/routers/items.py", "server/__init__.py"], "server", "api"),
    ],
)
def test_an_application_is_imported_from_where_its_own_imports_are_found(
    tmp_path: Path, file: str, imported: str, others: list[str], root: str, module: str
) -> None:
    project = PersonsProject(tmp_path).write({file: FASTAPI.format(imported=imported), "requirements.txt": "fastapi\nuvicorn\n"})
    project.write(dict.fromkeys(others, "x = 1\n"))
    app = project.facts().app
    assert app is not None
    assert (app.root, app.target) == (root, f"{module}:app")
    dockerfile = missing_files(project.facts())["Dockerfile"]
    assert f'"{module}:app"' in dockerfile
    assert ("PYTHONPATH=/project-container/" + root in dockerfile) is bool(root)
    project.write({"Dockerfile": dockerfile})
    assert "target-missing" not in project.found()


def test_a_django_project_in_a_folder_of_its_own_is_started_with_its_own_manage_file_and_list(tmp_path: Path) -> None:
    settings = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\nSTATIC_ROOT = '/static'\n"
    project = PersonsProject(tmp_path).write(
        {
            "site/manage.py": "from django.core.management import execute_from_command_line\n",
            "site/shop/wsgi.py": WSGI,
            "site/shop/settings.py": settings,
            "site/orders/migrations/0001_initial.py": "",
            "site/requirements.txt": "Django\ngunicorn\n",
            "run_all.py": "",
        }
    )
    new = missing_files(project.facts())
    assert "requirements.txt" not in new
    assert "pip install --no-cache-dir -r site/requirements.txt" in new["Dockerfile"]
    assert "python site/manage.py collectstatic" in new["Dockerfile"]
    assert "python site/manage.py migrate --noinput && exec gunicorn --bind 0.0.0.0:5000 shop.wsgi:application" in new["Dockerfile"]
    project.write(dict(new))
    assert not [finding.id for finding in project.check(**project.accepted()) if finding.severity == "error"]


def test_a_workspace_of_uv_installs_all_its_members(tmp_path: Path) -> None:
    root = '[project]\nname = "shop"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["api"]\n'
    member = '[project]\nname = "api"\nversion = "1"\ndependencies = ["fastapi", "uvicorn"]\n'
    project = PersonsProject(tmp_path).write(
        {"pyproject.toml": root, "uv.lock": "version = 1\n", "api/pyproject.toml": member, "api/main.py": FASTAPI.format(imported="")}
    )
    lines = missing_files(project.facts())["Dockerfile"].splitlines()
    install = next(number for number, line in enumerate(lines) if line.startswith("RUN uv sync"))
    assert "--all-packages" in lines[install]
    assert "COPY . ." in lines[:install]


AIOHTTP = """
from aiohttp import web
{imported}
{begin} make_app():
    app = web.Application()
    return app
{end}
"""


@pytest.mark.parametrize(
    ("imported", "begin", "end", "start"),
    [
        ("", "def", 'if __name__ == "__main__":\n    web.run_app(make_app())', '["python", "shop/main.py"]'),
        ("from .data import x", "def", 'if __name__ == "__main__":\n    web.run_app(make_app())', '["python", "-m", "shop.main"]'),
        (
            "",
            "async def",
            "",
            '["gunicorn", "--worker-class", "aiohttp.GunicornWebWorker", "--bind", "0.0.0.0:5000", "shop.main:make_app"]',
        ),
        ("", "def", "", '["gunicorn", "--worker-class", "aiohttp.GunicornWebWorker", "--bind", "0.0.0.0:5000", "shop.main:make_app()"]'),
    ],
)
def test_an_application_of_aiohttp_is_never_run_as_wsgi(tmp_path: Path, imported: str, begin: str, end: str, start: str) -> None:
    code = AIOHTTP.format(imported=imported, begin=begin, end=end)
    project = PersonsProject(tmp_path).write({"shop/main.py": code, "shop/data.py": "x = 1\n", "requirements.txt": "aiohttp\n"})
    assert project.facts().framework == "aiohttp"
    assert missing_files(project.facts())["Dockerfile"].splitlines()[-1] == f"CMD {start}"
