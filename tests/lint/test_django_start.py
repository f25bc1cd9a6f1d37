"""What is written for a Django project: WSGI's server unless its ASGI file does more, and no volume over code."""

from pathlib import Path

import pytest

from tests.support.base_project import PersonsProject
from wizard.lint.scaffold import missing_files

WSGI = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
ASGI = "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"
CHANNELS = "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n"
SETTINGS = """
    from pathlib import Path
    BASE_DIR = Path(__file__).resolve().parent
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
"""


def _written(folder: Path, asgi: str) -> str:
    project = PersonsProject(folder).write(
        {"manage.py": "import django\n", "shop/__init__.py": "", "shop/settings.py": SETTINGS, "shop/wsgi.py": WSGI, "shop/asgi.py": asgi,
         "requirements.txt": "Django\n"}
    )  # fmt: skip
    return missing_files(project.facts())["Dockerfile"]


@pytest.mark.parametrize(("asgi", "server"), [(ASGI, "gunicorn"), (CHANNELS, "uvicorn")])
def test_the_server_is_that_of_the_file_which_django_means(tmp_path: Path, asgi: str, server: str) -> None:
    text = _written(tmp_path, asgi)
    assert f"exec {server} " in text
    assert ("shop.asgi" in text) is (server == "uvicorn")


@pytest.mark.parametrize(
    ("pin", "python"), [("Django==2.1", "3.7"), ("Django==3.2.13", "3.10"), ("Django==5.2", "3.12"), ("Django", "3.12")]
)
def test_the_python_is_one_that_the_pinned_django_runs_on(tmp_path: Path, pin: str, python: str) -> None:
    project = PersonsProject(tmp_path).write({"manage.py": "import django\n", "shop/wsgi.py": WSGI, "requirements.txt": f"{pin}\n"})
    assert missing_files(project.facts())["Dockerfile"].startswith(f"FROM python:{python}-slim\n")


def test_no_volume_is_written_over_the_folder_of_the_code(tmp_path: Path) -> None:
    assert "VOLUME" not in _written(tmp_path, ASGI)
