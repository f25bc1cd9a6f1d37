"""A small API of a person, with some of its files changed or added, read and checked as the wizard does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from wizard.lint.finding import Finding
from wizard.lint.linter import check_code
from wizard.setup.loading import load, resolve, write
from wizard.source.code_facts import CodeFacts, read_code
from wizard.workspace.suggestions import suggest

APP = """
from flask import Flask
app = Flask(__name__)
@app.get("/health")
def health():
    return "ok"
"""
FILES = {
    "app.py": APP,
    "requirements.txt": "flask\ngunicorn\n",
    "Dockerfile": """
        FROM python:3.12-slim
        WORKDIR /srv
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY . .
        CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]
    """,
}
CMD = 'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]'


@dataclass
class PersonsProject:
    """A folder with an API."""

    folder: Path

    def write(self, files: dict[str, str | bytes | None]) -> PersonsProject:
        """Files by their names; None takes one away."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(dedent(content).lstrip("\n"), encoding="utf-8")
        return self

    def start_with(self, cmd: str, before: str = "") -> PersonsProject:
        """Another CMD, and lines before it."""
        text = (self.folder / "Dockerfile").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("CMD")]
        (self.folder / "Dockerfile").write_text("\n".join([*lines, *([before] if before else []), cmd]) + "\n", encoding="utf-8")
        return self

    def facts(self) -> CodeFacts:
        """What the readers say."""
        return read_code(self.folder)

    def suggested(self) -> dict[str, Any]:
        """What a new setup is filled in with."""
        return suggest(self.folder / "azwizard.toml", self.folder)

    def check(self, **tables: Any) -> list[Finding]:
        """What the check finds, with these tables in the setup file."""
        setup = self.folder / "azwizard.toml"
        project = {"name": "shop", "environment": "dev", "region": "westeurope"}
        write(setup, {"project": project, "pipeline": {"build": "registry"}, **tables})
        return check_code(resolve(load(setup)))

    def found(self, **tables: Any) -> list[str]:
        """The ids of what is found, remarks left out."""
        return [finding.id for finding in self.check(**tables) if finding.severity != "info"]

    def accepted(self) -> dict[str, Any]:
        """The tables of a setup in which every suggestion was taken."""
        from wizard.workspace.draft import Draft

        draft = Draft.blank(self.folder / "azwizard.toml")
        draft.typed = {**self.suggested(), "project.environment": "dev", "project.region": "westeurope"}
        answers = draft.read().given
        from wizard.setup.loading import tables

        return {name: table for name, table in tables(answers).items() if name not in ("project", "pipeline")}


def persons_project(folder: Path, files: dict[str, str | bytes | None] | None = None) -> PersonsProject:
    """The small API with files changed, added, or (None) taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    return PersonsProject(folder).write({**FILES}).write(files or {})
