"""The files that an API needs to be packed, in the shape of the article, for those who have none."""

from __future__ import annotations

from pathlib import Path

from wizard.source.code_facts import CodeFacts
from wizard.source.entry_point import find_factory, find_target
from wizard.source.requirements import GUNICORN, adding_command, declares, required, where_to_declare

IGNORED = ".git\n.venv\nvenv\n__pycache__\n*.pyc\n.env\n.env.*\n*.db\n*.sqlite3\n"

DOCKERFILE = """\
FROM python:3.12-slim

WORKDIR /project-container

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .

{volumes}EXPOSE {port}
CMD ["gunicorn", "--bind", "0.0.0.0:{port}", "{target}"]
"""


def missing_files(facts: CodeFacts) -> dict[str, str]:
    """Name -> content of the files that are not there: ``Dockerfile``, ``.dockerignore``, ``requirements.txt``.

    Also a ``requirements.txt`` that is there, with gunicorn, where it has to start the API and is not installed.
    """
    files = {}
    if facts.folder.is_dir() and not facts.dockerfile:
        files["Dockerfile"] = dockerfile(facts)
        if not facts.has_requirements:
            files["requirements.txt"] = f"Flask>=3.1\n{GUNICORN}\n"
    if lacks_gunicorn(facts):
        files["requirements.txt"] = _with_line(facts.folder / "requirements.txt", GUNICORN)
    if facts.folder.is_dir() and not (facts.folder / ".dockerignore").is_file():
        files[".dockerignore"] = IGNORED
    return files


def lacks_gunicorn(facts: CodeFacts) -> bool:
    """Whether gunicorn starts the API, or will once the Dockerfile is written, and the requirements.txt that is installed lacks it."""
    if not facts.has_requirements:
        return False
    if not facts.dockerfile:
        return "gunicorn" not in set(required(facts.folder / "requirements.txt"))
    return (
        facts.server == "gunicorn"
        and declares(facts.folder, facts.docker, "gunicorn") is False
        and where_to_declare(facts.folder, facts.docker) == "requirements.txt"
        and not adding_command(facts.folder, "gunicorn")
    )


def _with_line(path: Path, line: str) -> str:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return f"{text.rstrip()}\n{line}\n".lstrip()


def dockerfile(facts: CodeFacts) -> str:
    """A Dockerfile that starts gunicorn on the port the code uses; 5000, Flask's own, when it names none."""
    from posixpath import dirname

    folders = sorted({dirname(path) for path in (*facts.databases, *facts.logs) if not path.startswith("/") and dirname(path)})
    volumes = "".join(f"VOLUME /project-container/{folder}\n" for folder in folders)
    port = facts.port or 5000
    return DOCKERFILE.format(port=port, target=start_target(facts), volumes=f"{volumes}\n" if volumes else "")


def start_target(facts: CodeFacts) -> str:
    """What gunicorn starts: the module that holds the app, or the function that makes it; ``run:app`` where neither is found."""
    factory = find_factory(facts.folder)
    return find_target(facts.folder) or (f"{factory.module}:{factory.name}()" if factory else "run:app")
