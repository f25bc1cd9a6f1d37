"""What an API's code says about itself, and what is suggested from it."""

from __future__ import annotations

from pathlib import Path

from wizard.lint.scaffold import missing_files
from wizard.setup.env_table import Place
from wizard.source.code_facts import read_code
from wizard.source.project_folders import find_projects
from wizard.workspace.suggestions import merge_file, suggest


def write_api(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, content in {"requirements.txt": "Flask\ngunicorn\n", **files}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


API = """
import os
from flask import Flask
app = Flask(__name__)
KEY = os.environ["API_KEY"]
PATH = os.getenv("DATABASE_PATH", "data/orders.db")
LEVEL = os.environ.get("LOG_LEVEL", "INFO")

@app.get("/health")
def health():
    return "ok"

if __name__ == "__main__":
    app.run(port=8000)
"""


def test_variables_routes_port_and_databases_are_read_from_the_source(tmp_path: Path) -> None:
    facts = read_code(write_api(tmp_path / "orders-api", **{"run.py": API}))
    assert {use.name: (use.required, use.default) for use in facts.variables} == {
        "API_KEY": (True, None),
        "DATABASE_PATH": (False, "data/orders.db"),
        "LOG_LEVEL": (False, "INFO"),
    }
    assert facts.port == 8000
    assert facts.server == "flask"
    assert facts.health_path == "/health"
    assert [database.path for database in facts.databases] == ["/project-container/data/orders.db"]
    assert facts.dockerfile == ""


def test_a_setup_is_suggested_from_the_source(tmp_path: Path) -> None:
    code = write_api(tmp_path / "orders-api", **{"run.py": API})
    filled = suggest(tmp_path / "azwizard.toml", code)
    assert filled["project.name"] == "orders"
    assert filled["project.source"] == "orders-api"
    assert filled["app.port"] == "8000"
    assert filled["storage.shares"] == [
        {"designation": "db", "mount": "/project-container/data", "access": "ReadWrite", "nobrl": True, "quota": "5"}
    ]
    assert [(line["name"], line["place"], line["value"]) for line in filled["variables"]] == [
        ("API_KEY", "locked", ""),
        ("DATABASE_PATH", "out", "data/orders.db"),
        ("LOG_LEVEL", "out", "INFO"),
    ]


def test_a_missing_dockerfile_is_offered_in_the_articles_shape(tmp_path: Path) -> None:
    files = missing_files(read_code(write_api(tmp_path / "orders-api", **{"run.py": API})))
    assert set(files) == {"Dockerfile", ".dockerignore"}
    assert 'CMD ["gunicorn", "--bind", "0.0.0.0:8000", "run:app"]' in files["Dockerfile"]
    assert "VOLUME /project-container/data" in files["Dockerfile"]
    assert ".env" in files[".dockerignore"].split()


def test_code_that_is_no_python_is_passed_over(tmp_path: Path) -> None:
    facts = read_code(write_api(tmp_path / "api", **{"broken.py": "def (:\n", "run.py": "import flask\n"}))
    assert facts.is_flask


def test_the_folder_with_flask_comes_first(tmp_path: Path) -> None:
    write_api(tmp_path / "a-tool", **{"requirements.txt": "click\n", "tool.py": "import click\n"})
    write_api(tmp_path / "z-api", **{"run.py": API})
    assert [path.name for path in find_projects(tmp_path)] == ["z-api", "a-tool"]


def test_projects_further_inside_are_found_where_nothing_nearer_is_one(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    for name in ("orders", "users"):
        write_api(tmp_path / "services" / name, **{"app.py": API})
    (tmp_path / "README.md").write_text("shop")
    assert [path.relative_to(tmp_path).as_posix() for path in find_projects(tmp_path)] == ["services/orders", "services/users"]


def test_a_folder_that_a_compose_file_builds_is_a_project_although_its_code_lies_deeper(tmp_path: Path) -> None:
    write_api(tmp_path / "backend", **{"app.py": API})
    (tmp_path / "compose").mkdir()
    (tmp_path / "compose" / "api.dockerfile").write_text("FROM python:3.12-slim\nCOPY backend .\n")
    (tmp_path / "compose.yaml").write_text("services:\n  api:\n    build:\n      context: .\n      dockerfile: compose/api.dockerfile\n")
    assert find_projects(tmp_path) == [tmp_path, tmp_path / "backend"]


def test_an_env_file_is_sorted_into_locked_and_open(tmp_path: Path) -> None:
    content = {"JWT_KEY": "x1", "LOG_LEVEL": "INFO", "DATABASE_URL": "postgres://me:secret@db/orders", "EMPTY_TOKEN": ""}
    table, secrets = merge_file([{"name": "LOG_LEVEL", "place": "out", "secret": "", "value": ""}], content)
    places = {line["name"]: line["place"] for line in table}
    assert places == {"LOG_LEVEL": Place.OUT, "JWT_KEY": Place.LOCKED, "DATABASE_URL": Place.LOCKED, "EMPTY_TOKEN": Place.LOCKED}
    assert set(secrets) == {"jwt-key", "database-url"}
    assert "secret@db" not in str(table)
