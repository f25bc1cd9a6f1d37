"""What is wrong is found at its place, and nothing else; what is proposed settles it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lint.projects import FACTORY, Files, Found, dockerfile, told
from tests.lint.wrong import WRONG
from wizard.lint.fixes import difference, repaired
from wizard.lint.fixes import write as write_files
from wizard.setup.loading import load, resolve


@pytest.mark.parametrize(("files", "tables", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_found_and_nothing_else(check: Callable[..., Any], files: Files, tables: dict[str, Any], expected: Found) -> None:
    assert told(check(files, **tables)) == expected


@pytest.mark.parametrize(("files", "tables", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_proposed_settles_it(
    check: Callable[..., Any], tmp_path: Path, files: Files, tables: dict[str, Any], expected: Found
) -> None:
    findings = check(files, **tables)
    proposed = {finding.id for finding in findings if finding.replacement and finding.severity != "info"}
    write_files(repaired(findings))
    again = check({"never/Dockerfile": ""})
    assert not proposed & {finding.id for finding in again}
    assert not [finding for finding in again if finding.severity == "error" and finding.id not in {item[1] for item in expected}]


def test_the_difference_is_shown_before_anything_is_written(check: Callable[..., Any], tmp_path: Path) -> None:
    files = {"app/__init__.py": FACTORY, "requirements.txt": "flask\n", "Dockerfile": dockerfile("CMD flask run")}
    shown = difference(repaired(check(files)), tmp_path)
    assert "-CMD flask run" in shown
    assert '+CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]' in shown
    assert '+config_name = os.getenv("FLASK_CONFIG") or "default"' in shown
    assert "+gunicorn>=23" in shown
    assert not (tmp_path / "run.py").exists()


PROPOSED = {
    "a volume without a share": ['[[storage.shares]]\ndesignation = "data"\nmount = "/project-container/data"'],
    "a database in a volume, and no share": [
        "",
        '[[storage.shares]]\ndesignation = "data"\nmount = "/project-container/data"\nnobrl = true',
    ],
    "a password in the Dockerfile": ["# API_KEY: from the key vault, see azwizard.toml", None],
    "a password among other variables, in a setup that has secrets": ["ENV LEVEL=info", None],
    "SQLite on no share, two workers": [None, "workers = 1"],
    "workers in the command, and SQLite": ['CMD ["gunicorn", "--workers", "1", "--bind", "0.0.0.0:5000", "run:app"]'],
    "a copy of what is left out": ["!data.json"],
    "a COPY with a slip of the pen": ["COPY requirements.txt run.py ./"],
    "a variable in a list": ['CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'],
    "a platform": ["FROM python:3.12-slim"],
    "another EXPOSE": ["EXPOSE 5000"],
    "127.0.0.1 in the last line of a script that CMD starts": ["exec gunicorn --bind 0.0.0.0:8080 --chdir /srv/api wsgi:app"],
    "127.0.0.1 behind a migration in a shell": ['CMD ["sh", "-c", "flask db upgrade && exec gunicorn --bind 0.0.0.0:5000 run:app"]'],
    "Flask's own server behind an ENTRYPOINT": ['ENTRYPOINT []\nCMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'],
    "Flask's own server in Poetry's environment": [
        'CMD ["poetry", "run", "gunicorn", "--bind", "0.0.0.0:5000", "run:app"]',
        'gunicorn = ">=23"',
    ],
    "SQLite on a share to read only": ['access = "ReadWrite"'],
}
"""Title -> the exact text of each finding; None for one that another case has."""
UNDECIDED = (
    "a configuration that stays at home",
    "another stage than the last",
    "a share over the system",
    "a server on one's own computer",
    "tables that only one's own start makes",
    "Flask behind hypercorn",
    "a copy of nothing",
    "a database beside the code",
    "a user and a share",
    "no gunicorn, and a lock file",
    "a module that stays at home",
    "a slip of the pen in Python",
    "a variable that is read as it starts",
    "a variable that is read later, and an address at home",
    "a share over files of the image",
    "write-ahead logging on a share, and a log",
    "a start that cannot be read",
    "uploads in the container",
)
"""What only a person can decide: no text is proposed."""


@pytest.mark.parametrize(("title", "files", "tables", "expected"), WRONG, ids=[case[0] for case in WRONG])
def test_the_exact_text_is_proposed(check: Callable[..., Any], title: str, files: Files, tables: dict[str, Any], expected: Found) -> None:
    texts = [finding.replacement.strip() for finding in check(files, **tables)]
    for text, wanted in zip(texts, PROPOSED.get(title, [None] * len(texts)), strict=True):
        assert wanted is None or text == wanted
    assert any(texts) is (title not in UNDECIDED)


def test_a_password_moves_into_the_setup_file(check: Callable[..., Any], tmp_path: Path) -> None:
    _title, files, tables, _expected = next(case for case in WRONG if case[0].startswith("a password among"))
    write_files(repaired(check(files, **tables)))
    answers = resolve(load(tmp_path / "azwizard.toml"))
    assert answers.key_vault.secrets == ("api-key", "jwt-secret", "mail-password")
    assert [(variable.name, variable.secret) for variable in answers.variables][1:] == [
        ("JWT_SECRET", "jwt-secret"),
        ("MAIL_PASSWORD", "mail-password"),
    ]
    assert "abc" not in (tmp_path / "Dockerfile").read_text()


def test_a_share_for_a_database_is_mounted_with_nobrl(check: Callable[..., Any], tmp_path: Path) -> None:
    _title, files, tables, _expected = next(case for case in WRONG if case[0].startswith("a database in a volume"))
    write_files(repaired(check(files, **tables)))
    share = resolve(load(tmp_path / "azwizard.toml")).storage.shares[0]
    assert (share.mount, share.nobrl) == ("/project-container/data", True)
    assert check({"never/Dockerfile": ""}) == []
