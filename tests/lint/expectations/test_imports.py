"""What the code imports and no list of the image names is said before a container ends for it; what another package brings is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project


@pytest.mark.parametrize(
    ("imports", "requirements", "lacking"),
    [
        ("import requests\n", "flask\ngunicorn\n", "requests"),
        ("from flask_cors import CORS\n", "flask\ngunicorn\nsome-package\n", "Flask-Cors"),
        ("import psycopg2\n", "flask\ngunicorn\n", "psycopg2-binary"),
        ("import requests\n", "flask\ngunicorn\nsome-package\n", ""),  # which may bring it
        ("import psycopg2\n", "flask\ngunicorn\npsycopg2-binary==2.9\n", ""),
        ("import jinja2, werkzeug\n", "flask\ngunicorn\n", ""),
        ("from sqlalchemy import text\n", "flask\ngunicorn\nflask-sqlalchemy\n", ""),
        ("try:\n    import redis\nexcept ImportError:\n    redis = None\n", "flask\ngunicorn\n", ""),
        ("import helpers\n", "flask\ngunicorn\n", ""),
    ],
)
def test_a_package_that_no_list_names(imports: str, requirements: str, lacking: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"app.py": f"{imports}{APP}", "requirements.txt": requirements, "helpers.py": ""}
    project = persons_project(tmp_path / "shop", {**files, "tools/seed.py": "import pandas\n"})
    found = [finding for finding in project.check(**project.accepted()) if finding.id == "import-not-listed"]
    assert [finding.replacement.strip() for finding in found] == ([lacking] if lacking else [])


def test_the_lists_that_a_list_includes_and_what_a_line_installs_count(tmp_path: Path) -> None:
    project = persons_project(
        tmp_path / "shop",
        {
            "app.py": f"import requests\nimport peewee\nimport celery\n{APP}",
            "requirements.txt": "-r base.txt\ngunicorn\n",
            "base.txt": "flask\nrequests\n",
            "Dockerfile": "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install peewee && pip install -r requirements.txt\n"
            'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]\n',
        },
    )
    assert [finding.replacement for finding in project.check() if finding.id == "import-not-listed"] == ["celery\n"]


def test_what_django_loads_by_its_settings_is_looked_at_too(tmp_path: Path) -> None:
    files = {
        "app.py": None,
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        "shop/__init__.py": "",
        "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\nALLOWED_HOSTS = ["*"]\n',
        "shop/urls.py": "from shop.weather import ask\nurlpatterns = []\n",
        "shop/weather.py": "from decouple import config\ndef ask():\n    return config('KEY', default='')\n",
        "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        "requirements.txt": "django\ngunicorn\n",
    }
    project = persons_project(tmp_path / "shop", files).start_with('CMD ["gunicorn", "-b", "0.0.0.0:5000", "shop.wsgi"]')
    assert "import-not-listed" in project.found()


def test_a_module_of_ones_own_that_is_not_there_is_told_unless_a_build_makes_it(tmp_path: Path) -> None:
    start = "from shop.{name} import KEY\n" + APP
    files = {"shop/__init__.py": "", "requirements.txt": "flask\ngunicorn\n"}
    assert "module-missing" in persons_project(tmp_path / "one", {**files, "app.py": start.format(name="secrets")}).found()
    for name in ("orders_pb2", "_version"):
        assert "module-missing" not in persons_project(tmp_path / name, {**files, "app.py": start.format(name=name)}).found()
    made = persons_project(
        tmp_path / "made", {**files, "app.py": start.format(name="tables"), "make.py": "open('shop/tables.py', 'w').write('KEY = 1')\n"}
    )
    made.start_with('CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]', "RUN python make.py")
    assert "module-missing" not in made.found()
