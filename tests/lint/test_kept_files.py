# ruff: noqa: E501 - a table of code reads best with each case on a line
"""What an API writes beside its database: suggested as a share where it is meant to last, told where it is not kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project

KEPT = {
    "duckdb": ('import duckdb\nduckdb.connect("var/shop.duckdb")', "/srv/var", True),
    "TinyDB": ('from tinydb import TinyDB\ndb = TinyDB("var/db.json")', "/srv/var", True),
    "shelve": ('import shelve\ndb = shelve.open("var/cache")', "/srv/var", True),
    "Chroma": ('import chromadb\nclient = chromadb.PersistentClient(path="./chroma")', "/srv/chroma", True),
    "Flask's uploads": ('app.config["UPLOAD_FOLDER"] = "uploads"', "/srv/uploads", False),
    "uploads beside the code": (
        'import os\nUPLOAD_DIR = os.path.join(os.path.dirname(__file__), "static", "uploads")',
        "/srv/static/uploads",
        False,
    ),
    "Django's media": ('from pathlib import Path\nBASE_DIR = Path(__file__).parent\nMEDIA_ROOT = BASE_DIR / "media"', "/srv/media", False),
    "a folder that a variable names": ('import os\nUPLOAD_PATH = os.getenv("UPLOADS", "/data/up")', "/data/up", False),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_meant_to_last_gets_a_share_or_a_warning(tmp_path: Path, name: str) -> None:
    code, folder, locks = KEPT[name]
    project = persons_project(tmp_path / "shop", {"app.py": f"{APP}{code}\n"})
    assert [(share["mount"], share["nobrl"]) for share in project.suggested()["storage.shares"]] == [(folder, locks)]
    assert project.found() == ["files-not-kept"]
    assert project.found(**project.accepted()) == []


@pytest.mark.parametrize(
    "code",
    [
        'import duckdb\nduckdb.connect("facts.duckdb", read_only=True)',
        "import duckdb\nduckdb.connect()",
        'open("page.html").read()',
        'open("/tmp/x", "w").write("")',
        'app.config["UPLOAD_FOLDER"] = "/tmp/uploads"',
        "import webbrowser\nwebbrowser.open('wax')",
    ],
)
def test_what_is_read_only_or_meant_to_be_lost_is_not_told(tmp_path: Path, code: str) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f"{APP}{code}\n"})
    assert project.check() == []


def test_a_file_that_is_opened_to_write_is_told_of(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f'{APP}def keep():\n    open("data/items.json", "w")\n'})
    assert [(finding.id, finding.severity) for finding in project.check()] == [("files-not-kept", "info")]
    assert project.suggested()["storage.shares"] == []


def test_a_database_that_only_an_env_line_names_gets_a_share(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f'{APP}import os\nURL = os.environ["DATABASE_URL"]\n'})
    project.start_with('CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]', "ENV DATABASE_URL=sqlite:////data/shop.db")
    assert [share["mount"] for share in project.suggested()["storage.shares"]] == ["/data"]


@pytest.mark.parametrize(
    "image",
    [
        "mcr.microsoft.com/windows/servercore:ltsc2022",
        "python:3.12-windowsservercore-ltsc2022",
        "mcr.microsoft.com/windows/nanoserver:1809",
    ],
)
def test_an_image_of_windows_is_found(tmp_path: Path, image: str) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": f'FROM {image}\nCOPY . /srv\nCMD ["python", "app.py"]\n'})
    assert "wrong-processor" in project.found(app={"port": 8000})


def test_a_dockerfile_without_a_start_gets_the_one_of_the_compose_file(tmp_path: Path) -> None:
    compose = "services:\n  api:\n    build: .\n    command: gunicorn -b 0.0.0.0:8000 app:app\n"
    project = persons_project(tmp_path / "shop", {"docker-compose.yml": compose}).start_with("")
    (finding,) = [one for one in project.check() if one.id == "not-buildable"]
    assert finding.replacement.endswith('CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]')


DJANGO: dict[str, str | bytes | None] = {
    "app.py": None,
    "requirements.txt": "django\ngunicorn\n",
    "Dockerfile": None,
    "manage.py": "",
    "shop/__init__.py": "",
    "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("ALLOWED_HOSTS = []\nDEBUG = True\n", ["django-hosts", "debug-on"]),
        ('ALLOWED_HOSTS = ["localhost", "127.0.0.1"]\n', ["django-hosts"]),
        ('ALLOWED_HOSTS = [".azurecontainerapps.io"]\n', []),
        ('ALLOWED_HOSTS = ["api.example.org"]\n', []),
        ('import os\nALLOWED_HOSTS = os.getenv("HOSTS", "").split(",")\n', []),
    ],
)
def test_djangos_hosts_let_in_azures_address(tmp_path: Path, settings: str, found: list[str]) -> None:
    files = {
        **DJANGO,
        "shop/settings.py": settings,
        "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "-b", "0.0.0.0:5000", "shop.wsgi"]\n',
    }
    assert persons_project(tmp_path / "shop", files).found() == found


@pytest.mark.parametrize(
    ("used", "environment", "found"),
    [("dev", "", ["debug-on", "django-hosts"]), ("dev", "ENV DJANGO_SETTINGS_MODULE=shop.settings.prod", []), ("base", "", ["debug-on"])],
)
def test_of_several_settings_the_ones_that_run_in_the_container_count(
    tmp_path: Path, used: str, environment: str, found: list[str]
) -> None:
    files = {
        **DJANGO,
        "shop/wsgi.py": f'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.{used}")\n{DJANGO["shop/wsgi.py"]}',
        "shop/settings/__init__.py": "",
        "shop/settings/base.py": 'DEBUG = True\nALLOWED_HOSTS = ["*"]\n',
        "shop/settings/dev.py": "from .base import *\nDEBUG = True\nALLOWED_HOSTS = []\n",
        "shop/settings/prod.py": "from shop.settings.base import *\nDEBUG = False\n",
        "Dockerfile": f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\n{environment}\n"
        'CMD ["gunicorn", "-b", "0.0.0.0:5000", "shop.wsgi"]\n',
    }
    assert persons_project(tmp_path / "shop", files).found() == found


@pytest.mark.parametrize(("hosts", "found"), [(["api.example.org"], ["django-hosts"]), ([".azurecontainerapps.io"], [])])
def test_djangos_hosts_let_in_azures_probes_too(tmp_path: Path, hosts: list[str], found: list[str]) -> None:
    urls = (
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        'def health(request):\n    return HttpResponse("ok")\n'
        'urlpatterns = [path("health", health)]\n'
    )
    files = {
        **DJANGO,
        "shop/settings.py": f'ALLOWED_HOSTS = {hosts}\nROOT_URLCONF = "shop.urls"\n',
        "shop/urls.py": urls,
        "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "-b", "0.0.0.0:5000", "shop.wsgi"]\n',
    }
    project = persons_project(tmp_path / "shop", files)
    assert [finding.id for finding in project.check(app={"port": 5000, "health_path": "/health"})] == found


def test_djangos_tables_are_brought_up_to_date_before_its_server_starts(tmp_path: Path) -> None:
    project = persons_project(
        tmp_path / "shop",
        {**DJANGO, "shop/settings.py": "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/data/db.sqlite3'}}\n"},
    )
    from wizard.lint.scaffold import missing_files

    project.write(dict(missing_files(project.facts())))
    facts = project.facts()
    assert facts.start.command is not None
    assert (facts.start.server, facts.port, facts.start.command.target) == ("gunicorn", 5000, "shop.wsgi:application")
    assert "migrate --noinput && exec" in (tmp_path / "shop" / "Dockerfile").read_text()
    assert [one for one in project.check(**project.accepted()) if one.severity == "error"] == []
