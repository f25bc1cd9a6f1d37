"""Projects with something wrong in them: what, the files, the setup's tables, and exactly what must be found."""

from __future__ import annotations

from typing import Any

from tests.lint.projects import (
    ARTICLE,
    CONFIGURED,
    FACTORY,
    LIST_CMD,
    PYPROJECT,
    STAGED,
    SUBFOLDER,
    Files,
    Found,
    changed,
    dockerfile,
)

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
    (
        "another port than the one that nobody chose",
        changed(ARTICLE, "Dockerfile", "0.0.0.0:5000", "0.0.0.0:8000"),
        {},
        [("error", "wrong-port", "azwizard.toml:11")],
    ),
    (
        "another port than the one that was chosen",
        changed(ARTICLE, "Dockerfile", "0.0.0.0:5000", "0.0.0.0:8000"),
        {"app": {"port": 9000}},
        [("error", "wrong-port", "Dockerfile:6")],
    ),
    ("a setup for another port", ARTICLE, {"app": {"port": 8080}}, [("error", "wrong-port", "azwizard.toml:13")]),
    (
        "a port in gunicorn.conf.py",
        changed(CONFIGURED, "gunicorn.conf.py", "'5000'", "'9000'"),
        {},
        [("error", "wrong-port", "azwizard.toml:11")],
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
        [("error", "gunicorn-missing", "pyproject.toml:6")],
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
        [("error", "copy-missing", ".dockerignore:2")],
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
        [("warning", "volume-without-share", "azwizard.toml:15")],
    ),
    ("a file of passwords", {**ARTICLE, ".env": "API_KEY=x\n"}, {}, [("warning", "secret-file-copied", ".dockerignore")]),
    (
        "a password in the Dockerfile",
        changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "ENV API_KEY=abc"),
        {},
        [("warning", "secret-in-dockerfile", "Dockerfile:5"), ("warning", "secret-in-dockerfile", "azwizard.toml:11")],
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
        [("warning", "sqlite-not-kept", "azwizard.toml:15"), ("warning", "workers-and-sqlite", "gunicorn.conf.py:4")],
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
    (
        "a COPY with a slip of the pen",
        changed(ARTICLE, "Dockerfile", "COPY . .", "COPY requirement.txt run.py ./\nCOPY app app"),
        {},
        [("error", "copy-missing", "Dockerfile:3")],
    ),
    (
        "workers in the command, and SQLite",
        changed(ARTICLE, "Dockerfile", '"--bind", ', '"--workers", "4", "--bind", '),
        {
            "storage": {"shares": [{"designation": "db", "mount": "/project-container/data", "nobrl": True}]},
            "variables": [{"name": "DATABASE_URL", "value": "sqlite:////project-container/data/orders.db"}],
        },
        [("warning", "workers-and-sqlite", "Dockerfile:6")],
    ),
    (
        "a password among other variables, in a setup that has secrets",
        changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "ENV LEVEL=info JWT_SECRET=abc \\\n    MAIL_PASSWORD=def\nEXPOSE 5000"),
        {"key_vault": {"secrets": ["api-key"]}, "variables": [{"name": "API_KEY", "secret": "api-key"}]},
        [("warning", "secret-in-dockerfile", "Dockerfile:5"), ("warning", "secret-in-dockerfile", "azwizard.toml:13")],
    ),
    (
        "a database in a volume, and no share",
        changed(ARTICLE, "Dockerfile", "EXPOSE 5000", "VOLUME /project-container/data"),
        {"variables": [{"name": "DATABASE_URL", "value": "sqlite:////project-container/data/orders.db"}]},
        [("warning", "sqlite-not-kept", "azwizard.toml:14"), ("warning", "volume-without-share", "azwizard.toml:15")],
    ),
    (
        "127.0.0.1 in the last line of a script that CMD starts",
        {
            **STAGED,
            "start.sh": STAGED["start.sh"].replace("0.0.0.0:8080", "127.0.0.1:8080"),
            "Dockerfile": STAGED["Dockerfile"].replace("ENTRYPOINT", "CMD"),
        },
        {"app": {"port": 8080}},
        [("error", "loopback", "start.sh:4")],
    ),
    (
        "127.0.0.1 behind a migration in a shell",
        changed(ARTICLE, "Dockerfile", LIST_CMD, 'CMD ["sh", "-c", "flask db upgrade && exec gunicorn -b 127.0.0.1:5000 run:app"]'),
        {},
        [("error", "loopback", "Dockerfile:6")],
    ),
    (
        "Flask's own server behind an ENTRYPOINT",
        changed(ARTICLE, "Dockerfile", LIST_CMD, 'ENTRYPOINT ["python3", "-u"]\nCMD ["run.py"]'),
        {},
        [("error", "dev-server", "Dockerfile:7")],
    ),
    (
        "Flask's own server in Poetry's environment",
        {
            **ARTICLE,
            "Dockerfile": dockerfile('CMD ["poetry", "run", "python", "run.py"]', install="poetry install --no-root"),
            "pyproject.toml": '[tool.poetry.dependencies]\nflask = "^3"\n\n[tool.poetry]\npackage-mode = false\n',
        },
        {},
        [("error", "dev-server", "Dockerfile:5"), ("error", "gunicorn-missing", "pyproject.toml:3")],
    ),
    (
        "no gunicorn, and a lock file",
        {**changed(PYPROJECT, "pyproject.toml", '    "gunicorn",\n', ""), "uv.lock": "version = 1\n"},
        {},
        [("error", "gunicorn-missing", "pyproject.toml")],
    ),
    (
        "a slip of the pen in Python",
        {**changed(ARTICLE, "run.py", "config_name =", "config_name = = "), "Dockerfile": dockerfile(LIST_CMD, image="python:3.11-slim")},
        {},
        [("error", "syntax-error", "run.py:5")],
    ),
    (
        "a database beside the code",
        ARTICLE,
        {"variables": [{"name": "DATABASE_URL", "value": "sqlite:////project-container/orders.db"}]},
        [("warning", "sqlite-not-kept", "azwizard.toml")],
    ),
]
