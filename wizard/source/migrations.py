"""The command that brings a database's tables to what the code expects: Django's, Flask-Migrate's or Alembic's migrations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from wizard.source.code_facts import CodeFacts
from wizard.source.text_file import read_text

DJANGO = "python manage.py migrate --noinput"
ALEMBIC = "alembic upgrade head"
RUNS_THEM = re.compile(r"\bmanage\.py[\"',\s]+migrate\b|\bdb[\"',\s]+upgrade\b|\balembic[\"',\s]+upgrade\b")
MOST_SCRIPTS = 20


def migrate_command(facts: CodeFacts) -> str:
    """What to run before each new version; "" where the code has no migrations, and where it runs them itself when it starts."""
    command = _command(facts)
    return "" if command and runs_migrations(facts) else command


def runs_migrations(facts: CodeFacts) -> bool:
    """Whether what starts the container brings the tables up to date itself."""
    return any(RUNS_THEM.search(read_text(path)) for path in _started(facts))


def _command(facts: CodeFacts) -> str:
    folder = facts.folder
    root = facts.app.root if facts.app is not None else ""
    base = folder / root
    if (base / "manage.py").is_file() and any(any(base.glob(f"{depth}migrations/0*.py")) for depth in ("*/", "*/*/")):
        return DJANGO.replace("manage.py", f"{root}/manage.py") if root and not facts.dockerfile else DJANGO
    if facts.dependencies.has("flask-migrate") and (folder / "migrations/env.py").is_file():
        app = facts.app
        loads = f" --app {app.module}:{app.name}" if app is not None and not app.needs_argument else ""
        return f"flask{loads} db upgrade"
    return ALEMBIC if (folder / "alembic.ini").is_file() and facts.dependencies.has("alembic") else ""


def _started(facts: CodeFacts) -> Iterable[Path]:
    """The files that say what happens when the container starts."""
    folder = facts.folder
    named = [folder / name for name in (facts.dockerfile or "Dockerfile", "Procfile")]
    return [*named, *islice(sorted([*folder.glob("*.sh"), *folder.glob("*/*.sh")]), MOST_SCRIPTS)]
