"""Whether the code shows that a path answers anyone: only then Azure is told to ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.source.health_path import answers_plainly

PLAIN = """
from flask import Flask
app = Flask(__name__)

@app.get("/health")
def health():
    return "ok"
"""
KEYED = """
from flask import Flask, abort, request
app = Flask(__name__)

@app.before_request
def keyed():
    if request.headers.get("X-Api-Key") != "k":
        abort(401)

@app.get("/health")
def health():
    return "ok"
"""
OWN_KEY = PLAIN.replace("import Flask", "import Flask, abort, request").replace(
    '    return "ok"', '    if request.headers["X-Api-Key"] != "k":\n        abort(403)\n    return "ok"'
)
FASTAPI = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/health")
def health():
    return {"status": "ok"}
"""


@pytest.mark.parametrize(
    ("code", "path", "expected"),
    [
        (PLAIN, "/health", True),
        (PLAIN, "/health?deep=1", True),
        (FASTAPI, "/health", True),
        (PLAIN, "/healthz", False),
        (KEYED, "/health", False),
        (OWN_KEY, "/health", False),
        ("print('no API')\n", "/health", None),
        (None, "/health", None),
    ],
    ids=["plain", "with a query", "FastAPI", "another path", "a key for all", "a key of its own", "no API", "no code"],
)
def test_a_path_that_answers_anyone_is_known_from_the_code(tmp_path: Path, code: str | None, path: str, expected: bool | None) -> None:
    folder = tmp_path / "code"
    if code is not None:
        folder.mkdir()
        (folder / "app.py").write_text(code)
    assert answers_plainly(folder, path) is expected
