"""Compose files: what Docker Compose makes of them is what is read."""

from pathlib import Path

import pytest

from tests.support.base_project import PersonsProject, persons_project
from wizard.source.compose.service import read_compose

API = "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/ping')\ndef ping():\n    return 'pong'\n"
NO_START = "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install fastapi uvicorn\n"


def _project(folder: Path, **files: str) -> PersonsProject:
    named = {name.replace("_yml", ".yml"): text for name, text in files.items()}
    return persons_project(folder, {"app.py": API, "requirements.txt": "fastapi\nuvicorn\n", "Dockerfile": NO_START, **named})


def test_a_dockerfile_without_a_start_gets_the_command_that_compose_gives(tmp_path: Path) -> None:
    compose = "services:\n  web:\n    build: .\n    command: uvicorn app:app --reload --host 0.0.0.0 --port 7000\n    ports: ['80:7000']\n"
    project = _project(tmp_path / "shop", compose_yml=compose)
    assert project.facts().port == 7000
    finding = next(item for item in project.check(**project.accepted()) if item.id == "not-buildable")
    assert finding.replacement.endswith('CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7000"]')


def test_a_command_of_shell_is_not_copied_into_a_list_and_its_port_is_kept(tmp_path: Path) -> None:
    command = "sh -c 'until nc -z db 5432; do sleep 1; done; uvicorn app:app --host 0.0.0.0 --port 7000'"
    compose = f"services:\n  web:\n    build: .\n    command: {command}\n"
    project = _project(tmp_path / "shop", compose_yml=compose)
    finding = next(item for item in project.check(**project.accepted()) if item.id == "not-buildable")
    assert finding.replacement.endswith('CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7000"]')


def test_an_api_in_a_folder_of_a_monorepo_is_read_with_the_compose_file_above(tmp_path: Path) -> None:
    compose = """
        services:
          backend:
            build: ./backend
            command: uvicorn app:app --host 0.0.0.0 --port 7000
            environment: {MAIL_FROM: me@example.org}
          frontend:
            build: ./frontend
            ports: ["3000:3000"]
    """
    PersonsProject(tmp_path).write({"docker-compose.yml": compose})
    project = _project(tmp_path / "backend")
    assert (project.facts().port, project.facts().start.server) == (7000, "uvicorn")
    assert any(use.name == "MAIL_FROM" for use in project.facts().variables)
    other = _project(tmp_path / "elsewhere")
    assert read_compose(other.folder) is None


def test_the_override_beside_it_counts_and_extends_and_include_are_followed(tmp_path: Path) -> None:
    project = PersonsProject(tmp_path).write(
        {
            "compose.yaml": """
                include: [data/compose.yaml]
                services:
                  web:
                    extends: {file: base.yaml, service: python}
                    ports: ["8000:8000"]
                    environment: {COLOUR: blue}
            """,
            "base.yaml": """
                services:
                  python:
                    build: {context: ., dockerfile: images/web.Dockerfile}
                    command: gunicorn app:app
                    environment: [SIZE=20, COLOUR=red]
            """,
            "data/compose.yaml": "services:\n  db:\n    image: postgres:16\n",
            "compose.override.yaml": "services:\n  web:\n    command: ['gunicorn', '-b', ':9000', 'app:app']\n    ports: ['9000']\n",
            "images/web.Dockerfile": "FROM python:3.12\n",
        }
    )
    compose = read_compose(project.folder)
    assert compose is not None
    assert compose.environment == {"SIZE": "20", "COLOUR": "blue"}
    assert compose.command == ("gunicorn", "-b", ":9000", "app:app")
    assert compose.ports == (8000, 9000)
    assert compose.others == {"db": "postgres:16"}
    assert project.facts().dockerfile == "images/web.Dockerfile"


def test_files_that_extend_each_other_and_files_outside_end_the_reading(tmp_path: Path) -> None:
    PersonsProject(tmp_path).write({"secret.yaml": "services:\n  x:\n    environment: {HIDDEN: 1}\n"})
    circle = (
        "include: [compose.yaml]\nservices:\n  web:\n    build: .\n    extends: {file: ../secret.yaml, service: x}\n  b:\n    extends: b\n"
    )
    project = PersonsProject(tmp_path / "shop").write({"compose.yaml": circle})
    compose = read_compose(project.folder)
    assert compose is not None
    assert not compose.environment


@pytest.mark.parametrize(
    ("entry", "port"),
    [("'7000'", 7000), ("'80:7000/tcp'", 7000), ("{target: 7000, published: 80}", 7000), ("'${OUT:-80}:${IN:-7000}'", 7000)],
)
def test_the_port_that_compose_publishes_counts_where_the_start_is_unknown(tmp_path: Path, entry: str, port: int) -> None:
    compose = f"services:\n  web:\n    build: .\n    ports: [{entry}]\n"
    project = _project(tmp_path / "shop", compose_yml=compose)
    (project.folder / "Dockerfile").write_text("FROM registry.example/own-server\nCOPY . .\n")
    assert project.facts().port == port


@pytest.mark.parametrize("name", ["Dockerfile.prod", "production.Dockerfile"])
def test_a_dockerfile_that_is_called_production_is_the_one_where_there_is_no_other(tmp_path: Path, name: str) -> None:
    project = PersonsProject(tmp_path).write({"app.py": API, name: NO_START, "Dockerfile.dev": NO_START})
    assert project.facts().dockerfile == name


def test_a_dockerfile_that_is_built_from_the_folder_above_says_so(tmp_path: Path) -> None:
    text = "FROM python:3.12-slim\nCOPY backend/app.py .\nCMD ['uvicorn', 'app:app']\n".replace("'", '"')
    project = _project(tmp_path / "backend", Dockerfile=text)
    finding = next(item for item in project.check() if item.id == "copy-missing")
    assert 'source = ".."' in finding.sentence
    assert 'dockerfile = "backend/Dockerfile"' in finding.sentence


def test_an_empty_entrypoint_without_a_cmd_starts_nothing_on_any_base_image(tmp_path: Path) -> None:
    text = "FROM registry.example/tools\nWORKDIR /srv\nCOPY . .\nENTRYPOINT []\n"
    project = _project(tmp_path / "shop", Dockerfile=text)
    assert "not-buildable" in project.found()


@pytest.mark.parametrize("name", ["docker-compose.prod.yml", "compose.production.yaml"])
def test_a_compose_file_for_production_counts_before_what_is_for_this_computer(name: str, tmp_path: Path) -> None:
    base = "services:\n  web:\n    build: .\n    command: flask run\n    environment:\n      LEVEL: debug\n"
    project = persons_project(
        tmp_path / "shop", {"docker-compose.yml": base, "docker-compose.override.yml": base.replace("debug", "trace")}
    )
    project.write({name: "services:\n  web:\n    command: gunicorn -b :8000 app:app\n    environment:\n      LEVEL: warning\n"})
    compose = read_compose(project.folder)
    assert compose is not None
    assert (compose.command[0], compose.environment) == ("gunicorn", {"LEVEL": "warning"})


def test_a_compose_file_for_production_alone_is_read(tmp_path: Path) -> None:
    project = persons_project(
        tmp_path / "shop", {"docker-compose.prod.yml": "services:\n  web:\n    build:\n      context: .\n      target: last\n"}
    )
    compose = read_compose(project.folder)
    assert compose is not None
    assert (compose.file, compose.target) == ("docker-compose.prod.yml", "last")
