"""Which command brings the database to what the code expects, as the files of a project say."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve, write
from wizard.source.code_facts import read_code
from wizard.source.migrations import migrate_command
from wizard.workspace.suggestions import suggest

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
DJANGO = {"manage.py": "import django\n", "orders/models.py": "", "orders/migrations/0001_initial.py": "", "requirements.txt": "Django\n"}
MIGRATE = {"run.py": FLASK, "migrations/env.py": "", "requirements.txt": "Flask\nFlask-Migrate==4.0\n"}
STARTS = 'FROM python:3.12\nCMD ["sh", "-c", "python manage.py migrate && gunicorn orders.wsgi"]\n'


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (DJANGO, "python manage.py migrate --noinput"),
        ({**DJANGO, "orders/migrations/0001_initial.py": "", "Dockerfile": "FROM python:3.12\n"}, "python manage.py migrate --noinput"),
        (MIGRATE, "flask --app run:app db upgrade"),
        ({"run.py": FLASK, "alembic.ini": "", "requirements.txt": "Flask\nalembic\n"}, "alembic upgrade head"),
        ({"manage.py": "import django\n", "orders/models.py": "", "requirements.txt": "Django\n"}, ""),
        ({**DJANGO, "Dockerfile": STARTS}, ""),
        ({**MIGRATE, "scripts/start.sh": "flask db upgrade\nexec gunicorn run:app\n"}, ""),
        ({"run.py": FLASK, "requirements.txt": "Flask\n"}, ""),
    ],
)
def test_the_command_is_that_of_the_migrations_unless_the_start_runs_them(tmp_path: Path, files: dict[str, str], command: str) -> None:
    assert migrate_command(read_code(project(tmp_path, files))) == command


def test_it_is_suggested_with_the_identity_that_a_job_may_have(tmp_path: Path) -> None:
    filled = suggest(tmp_path / "azwizard.toml", project(tmp_path / "orders", DJANGO))
    assert (filled["app.before_deploy"], filled["app.identity"]) == ("python manage.py migrate --noinput", "user")
    file = tmp_path / "azwizard.toml"
    write(file, {"project": {"name": "orders"}, "app": {"before_deploy": filled["app.before_deploy"], "identity": "user"}})
    answers: Answers = resolve(load(file))
    assert answers.app.before_deploy == filled["app.before_deploy"]
    assert "format = 2" in file.read_text()
