"""The code check on five Flask projects of different shapes: what is wrong is found, exactly, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from wizard.answers import load, resolve, write
from wizard.code_check import check_code
from wizard.code_repair import difference, repaired
from wizard.code_repair import write as write_files

FACTORY = """
    from flask import Flask

    def create_app(config_name="default"):
        app = Flask(__name__)
        return app
"""
MODULE = """
    import os
    from flask import Flask

    app = Flask(__name__)

    @app.get("/health")
    def health():
        return "ok"
"""
GUARDED = """

    if __name__ == "__main__":
        app.run()
"""
ARTICLE_RUN = """
    import os

    from app import create_app

    config_name = os.getenv("FLASK_CONFIG") or "default"
    app = create_app(config_name)

    if __name__ == "__main__":
        app.run(host="0.0.0.0", port=5000)
"""
LIST_CMD = 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'


def dockerfile(*last: str, image: str = "python:3.12-slim", install: str = "pip install --no-cache-dir -r requirements.txt") -> str:
    lines = [f"FROM {image}", "WORKDIR /project-container", "COPY . .", f"RUN {install}", *last]
    return "\n".join(lines) + "\n"


ARTICLE = {
    "app/__init__.py": FACTORY,
    "run.py": ARTICLE_RUN,
    "requirements.txt": "Flask==3.1.0\ngunicorn==23.0.0\n",
    "Dockerfile": dockerfile("EXPOSE 5000", LIST_CMD),
}
SUBFOLDER = {
    "orders.py": MODULE + GUARDED,
    "requirements/base.txt": "Flask\n",
    "requirements/prod.txt": "-r base.txt\ngunicorn[gevent]>=22\n",
    "docker/Dockerfile": dockerfile(
        "CMD exec gunicorn -b 0.0.0.0:$PORT orders:app", install="pip install -r requirements/prod.txt"
    ).replace("COPY", "ENV PORT=5000\nCOPY"),
}
PYPROJECT = {
    "pyproject.toml": '[project]\nname = "orders"\nversion = "1"\ndependencies = [\n    "flask>=3",\n    "gunicorn",\n]\n',
    "src/orders/__init__.py": FACTORY,
    "Dockerfile": dockerfile('ENTRYPOINT ["gunicorn"]', 'CMD ["-b", ":5000", "orders:create_app()"]', install="pip install ."),
}
CONFIGURED = {
    "service/__init__.py": "",
    "service/web.py": MODULE,
    "gunicorn.conf.py": "import os\n\nbind = f\"0.0.0.0:{os.environ.get('PORT', '5000')}\"\nworkers = int(os.getenv(\"WORKERS\", 2))\n",
    "requirements.txt": "flask\ngunicorn\n",
    "Dockerfile": dockerfile('CMD ["gunicorn", "service.web:app"]'),
}
STAGED = {
    "wsgi.py": MODULE,
    "Pipfile": '[packages]\nflask = "*"\ngunicorn = "*"\n',
    "start.sh": '#!/bin/sh\nset -e\nflask db upgrade\nexec gunicorn --chdir /srv/api --bind 0.0.0.0:8080 wsgi\n',
    "Dockerfile": "FROM python:3.12 AS build\nWORKDIR /build\nCOPY Pipfile .\nRUN pip install pipenv && pipenv install --system\n"
    'FROM build\nWORKDIR /srv/api\nCOPY wsgi.py start.sh ./\nENTRYPOINT ["./start.sh"]\n',
}  # fmt: skip
Files = dict[str, str]
Found = list[tuple[str, str, str]]


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Any]:
    """Writes a project with a setup file and checks it."""

    def run(files: Files, **tables: Any) -> Any:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"))
        project = {"name": "orders", "environment": "dev", "region": "westeurope"}
        found = next(name for name in files if name.endswith("Dockerfile"))
        pipeline = {"build": "registry", "dockerfile": found} | tables.pop("pipeline", {})
        setup = tmp_path / "azwizard.toml"
        if not setup.exists():
            write(setup, {"project": project, "pipeline": pipeline, **tables})
        return check_code(resolve(load(setup)))

    return run


def told(findings: Any) -> Found:
    return [(str(finding.severity), finding.id, finding.where) for finding in findings]


@pytest.mark.parametrize(
    ("files", "tables"),
    [
        (ARTICLE, {}),
        (SUBFOLDER, {}),
        (PYPROJECT, {}),
        (CONFIGURED, {}),
        (STAGED, {"app": {"port": 8080}, "variables": [{"name": "WSGI_DEBUG", "value": "no"}]}),
    ],
    ids=["factory", "subfolder", "pyproject", "gunicorn.conf.py", "entrypoint script"],
)
def test_a_project_that_works_raises_no_alarm(check: Callable[..., Any], files: Files, tables: dict[str, Any]) -> None:
    assert told(check({**files, "tests/test_api.py": "DATABASE = 'sqlite:///test.db'\n"}, **tables)) == []


def changed(files: Files, name: str, old: str, new: str) -> Files:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new)}


WRONG: list[tuple[str, Files, dict[str, Any], Found]] = [
    (
        "Flask's own server, on 127.0.0.1",
        {**SUBFOLDER, "docker/Dockerfile": dockerfile('CMD ["python", "orders.py"]', install="pip install -r requirements/prod.txt")},
        {},
        [("error", "dev-server", "docker/Dockerfile:5")],
    ),
    (
        "flask run, a factory only, no gunicorn",
        {"app/__init__.py": FACTORY, "requirements.txt": "flask\n", "Dockerfile": dockerfile("CMD flask run --host=0.0.0.0")},
        {},
        [("error", "dev-server", "Dockerfile:5"), ("error", "gunicorn-missing", "requirements.txt:2"), ("error", "no-run-file", "run.py")],
    ),
    (
        "gunicorn without an address",
        changed(ARTICLE, "Dockerfile", '"--bind", "0.0.0.0:5000", ', ""),
        {},
        [("error", "loopback", "Dockerfile:6")],
    ),
    ("another port", changed(ARTICLE, "Dockerfile", "0.0.0.0:5000", "0.0.0.0:8000"), {}, [("error", "wrong-port", "Dockerfile:6")]),
    ("a setup for another port", ARTICLE, {"app": {"port": 8080}}, [("error", "wrong-port", "azwizard.toml:13")]),
    (
        "a port in gunicorn.conf.py",
        changed(CONFIGURED, "gunicorn.conf.py", "'5000'", "'9000'"),
        {},
        [("error", "wrong-port", "gunicorn.conf.py:3")],
    ),
    ("a socket file", changed(PYPROJECT, "Dockerfile", ":5000", "unix:/run/api.sock"), {}, [("error", "socket", "Dockerfile:6")]),
    (
        "a variable in a list",
        changed(ARTICLE, "Dockerfile", "0.0.0.0:5000", "0.0.0.0:$PORT"),
        {},
        [("error", "variable-not-replaced", "Dockerfile:6")],
    ),
    ("no such name", changed(ARTICLE, "run.py", "app = create_app", "api = create_app"), {}, [("error", "target-missing", "Dockerfile:6")]),
    ("no run.py", {name: text for name, text in ARTICLE.items() if name != "run.py"}, {}, [("error", "no-run-file", "run.py")]),
    (
        "run at import",
        changed(SUBFOLDER, "orders.py", 'if __name__ == "__main__":\n        app', "app"),
        {},
        [("error", "run-at-import", "orders.py:11")],
    ),
    (
        "no gunicorn",
        changed(ARTICLE, "requirements.txt", "gunicorn==23.0.0\n", ""),
        {},
        [("error", "gunicorn-missing", "requirements.txt:2")],
    ),
    (
        "no gunicorn in pyproject",
        changed(PYPROJECT, "pyproject.toml", '    "gunicorn",\n', ""),
        {},
        [("error", "gunicorn-missing", "pyproject.toml:5")],
    ),
    (
        "a copy of nothing",
        changed(ARTICLE, "Dockerfile", "COPY . .", "COPY nothing.txt ."),
        {},
        [("error", "copy-missing", "Dockerfile:3")],
    ),
    (
        "a copy of what is left out",
        {**changed(ARTICLE, "Dockerfile", "COPY . .", "COPY . .\nCOPY data.json ."), "data.json": "{}", ".dockerignore": "*.json\n"},
        {},
        [("error", "copy-missing", "Dockerfile:4")],
    ),
    (
        "a platform",
        changed(ARTICLE, "Dockerfile", "FROM ", "FROM --platform=linux/amd64 "),
        {},
        [("error", "not-buildable", "Dockerfile:1")],
    ),
    ("another processor", changed(ARTICLE, "Dockerfile", "FROM ", "FROM arm64v8/"), {}, [("error", "wrong-processor", "Dockerfile:1")]),
    ("another EXPOSE", changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "EXPOSE 8000/tcp"), {}, [("warning", "expose-port", "Dockerfile:5")]),
    (
        "a volume without a share",
        changed(ARTICLE, "Dockerfile", "EXPOSE 5000", 'VOLUME ["data/", "/srv/x"]'),
        {"storage": {"shares": [{"designation": "x", "mount": "/srv/x"}]}},
        [("warning", "volume-without-share", "Dockerfile:5")],
    ),
    ("a file of passwords", {**ARTICLE, ".env": "API_KEY=x\n"}, {}, [("warning", "secret-file-copied", ".dockerignore")]),
    (
        "a password in the Dockerfile",
        changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "ENV API_KEY=abc"),
        {},
        [("warning", "secret-in-dockerfile", "Dockerfile:5")],
    ),
    ("debugging on", changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "ENV FLASK_DEBUG=1"), {}, [("warning", "debug-on", "Dockerfile:5")]),
    (
        "a shell",
        changed(ARTICLE, "Dockerfile", LIST_CMD, "CMD gunicorn --bind 0.0.0.0:5000 run:app"),
        {},
        [("info", "shell-form", "Dockerfile:6")],
    ),
    (
        "SQLite on no share, two workers",
        CONFIGURED,
        {"variables": [{"name": "DATABASE_URL", "value": "sqlite:////project-container/data/orders.db"}]},
        [("warning", "workers-and-sqlite", "Dockerfile:5"), ("warning", "sqlite-not-kept", "azwizard.toml:14")],
    ),
    (
        "SQLite without nobrl",
        ARTICLE,
        {
            "storage": {"shares": [{"designation": "db", "mount": "/project-container/data"}]},
            "variables": [{"name": "DATABASE_URL", "value": "sqlite:////project-container/data/orders.db"}],
        },
        [("warning", "sqlite-without-nobrl", "azwizard.toml:15")],
    ),
    (
        "SQLite on a share to read only",
        ARTICLE,
        {
            "storage": {"shares": [{"designation": "db", "mount": "/project-container/data", "access": "ReadOnly", "nobrl": True}]},
            "variables": [{"name": "DATABASE_URL", "value": "sqlite:////project-container/data/orders.db"}],
        },
        [("error", "sqlite-read-only", "azwizard.toml:15")],
    ),
    (
        "a user and a share",
        changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "USER api"),
        {"storage": {"shares": [{"designation": "x", "mount": "/srv/x"}]}},
        [("info", "user-and-shares", "Dockerfile:5")],
    ),
]


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
    assert not [finding for finding in again if finding.severity == "error" and finding.id not in {it[1] for it in expected}]


def test_the_difference_is_shown_before_anything_is_written(check: Callable[..., Any], tmp_path: Path) -> None:
    files = {"app/__init__.py": FACTORY, "requirements.txt": "flask\n", "Dockerfile": dockerfile("CMD flask run")}
    shown = difference(repaired(check(files)), tmp_path)
    assert "-CMD flask run" in shown
    assert '+CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]' in shown
    assert '+config_name = os.getenv("FLASK_CONFIG") or "default"' in shown
    assert "+gunicorn>=23" in shown
    assert not (tmp_path / "run.py").exists()
