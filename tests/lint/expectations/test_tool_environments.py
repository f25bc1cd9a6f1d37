"""A start that does not look into the environment that a tool has filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import persons_project

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask", "gunicorn"]\n'
FILES = {"requirements.txt": None, "pyproject.toml": PROJECT, "Pipfile": '[packages]\nflask = "*"\ngunicorn = "*"\n'}
GUNICORN = 'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]'
LOST = {
    "pipenv": (
        "RUN pip install pipenv && pipenv install --deploy",
        GUNICORN,
        'CMD ["pipenv", "run", "gunicorn", "-b", "0.0.0.0:5000", "app:app"]',
    ),
    "poetry": (
        "RUN pip install poetry\nRUN poetry install --no-root",
        GUNICORN,
        'CMD ["poetry", "run", "gunicorn", "-b", "0.0.0.0:5000", "app:app"]',
    ),
    "uv": ("RUN pip install uv && uv sync --no-dev", "CMD gunicorn -b :5000 app:app", "CMD exec uv run gunicorn -b :5000 app:app"),
    "pdm": ("RUN pip install pdm && pdm install --prod", GUNICORN, 'CMD ["pdm", "run", "gunicorn", "-b", "0.0.0.0:5000", "app:app"]'),
}
FOUND = {
    "pipenv --system": ("RUN pip install pipenv && pipenv install --system --deploy", GUNICORN),
    "pipenv run": ("RUN pip install pipenv && pipenv install", 'CMD ["pipenv", "run", "gunicorn", "-b", ":5000", "app:app"]'),
    "poetry without one": ("RUN pip install poetry && poetry config virtualenvs.create false && poetry install --no-root", GUNICORN),
    "poetry by a variable": ("ENV POETRY_VIRTUALENVS_CREATE=0\nRUN pip install poetry && poetry install --no-root", GUNICORN),
    "uv on PATH": ('RUN pip install uv && uv sync\nENV PATH="/srv/.venv/bin:$PATH"', GUNICORN),
    "uv run": ("RUN pip install uv && uv sync", "CMD exec uv run gunicorn -b :5000 app:app"),
    "activated": ("RUN pip install uv && uv sync", "CMD . .venv/bin/activate && exec gunicorn -b :5000 app:app"),
    "pip": ("RUN pip install .", GUNICORN),
}  # fmt: skip


def dockerfile(install: str, start: str) -> str:
    """A whole one."""
    return f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n{install}\n{start}\n"


@pytest.mark.parametrize("tool", LOST)
def test_a_start_beside_the_tools_environment_is_an_error_with_its_cure(tool: str, tmp_path: Path) -> None:
    install, start, right = LOST[tool]
    project = persons_project(tmp_path / "shop", {**FILES, "Dockerfile": dockerfile(install, start)})
    [finding] = [item for item in project.check() if item.id == "tool-environment"]
    assert (finding.severity, finding.replacement) == ("error", right)
    project.write({"Dockerfile": dockerfile(install, right)})
    assert "tool-environment" not in project.found()


@pytest.mark.parametrize("case", FOUND)
def test_a_start_that_looks_there_is_right(case: str, tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {**FILES, "Dockerfile": dockerfile(*FOUND[case])})
    assert "tool-environment" not in project.found()
