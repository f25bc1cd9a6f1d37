"""Projects that work and are written in ways that are easily misread: title, files, the setup's tables."""

from __future__ import annotations

from typing import Any

from tests.lint.projects import ARTICLE, FACTORY, LIST_CMD, MODULE, Files, changed, dockerfile

UV = """
FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim AS builder
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /srv
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-install-project --no-dev
COPY . .
RUN uv sync --frozen --no-dev

FROM python:3.12-slim-bookworm
COPY --from=builder --chown=app:app /srv /srv
ENV PATH="/srv/.venv/bin:$PATH"
WORKDIR /srv
CMD ["gunicorn", "--bind=0.0.0.0:5000", "orders.web:app"]
"""
POETRY = """
FROM python:3.12-slim
ENV POETRY_VIRTUALENVS_CREATE=false \\
    PYTHONUNBUFFERED=1
WORKDIR /code
RUN pip install "poetry==1.8.3"
COPY poetry.lock pyproject.toml /code/
RUN poetry install --no-root --only main
COPY . /code
ENTRYPOINT ["poetry", "run"]
CMD ["gunicorn", "-b", "0.0.0.0:5000", "-w", "1", "orders:create_app('production', debug=False)"]
"""
ARGUED = """
    from flask import Flask

    def create_app(config_name, *, debug=False):
        return Flask(__name__)
"""
PORTED = """
FROM python:3.12-slim
ARG PORT=5000
ENV PORT=${PORT} \\
    HOST=0.0.0.0
WORKDIR /app
COPY ["requirements.txt", "./"]
RUN pip install -r requirements.txt
COPY app.py ./
EXPOSE $PORT
CMD gunicorn --bind ${HOST}:${PORT:-8000} app:app
"""
STAGES = """
FROM node:22 AS assets
WORKDIR /web
COPY web/package.json .
RUN npm ci && npm run build

FROM python:3.12-slim AS base
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt

FROM base AS test
COPY . .
CMD ["pytest"]

FROM base
COPY --from=assets /web/dist ./static
COPY api/ ./api/
ONBUILD COPY . /never
EXPOSE 5000/tcp
ENTRYPOINT ["gunicorn", "--workers", "2"]
CMD ["--bind", "0.0.0.0:5000", "--access-logfile", "-", "api.main:application"]
"""
APPLICATION = """
    from flask import Flask

    def build():
        return Flask(__name__)

    application = build()
"""
AWKWARD: list[tuple[str, Files, dict[str, Any]]] = [
    (
        "uv, two stages, src layout installed",
        {
            "pyproject.toml": '[project]\nname = "orders"\nversion = "1"\ndependencies = ["flask>=3", "gunicorn>=22"]\n',
            "uv.lock": "version = 1\n",
            "src/orders/__init__.py": "",
            "src/orders/web.py": MODULE,
            "Dockerfile": UV,
        },
        {},
    ),
    (
        "Poetry, a factory with arguments, ENTRYPOINT and CMD",
        {
            "pyproject.toml": '[tool.poetry]\nname = "orders"\n[tool.poetry.dependencies]\nflask = "^3"\ngunicorn = "^22"\n',
            "poetry.lock": "# lock\n",
            "orders.py": ARGUED,
            "Dockerfile": POETRY,
        },
        {},
    ),
    (
        "src layout with PYTHONPATH",
        {
            "requirements.txt": "flask\ngunicorn\n",
            "src/orders/app.py": MODULE,
            "Dockerfile": dockerfile("ENV PYTHONPATH=/project-container/src", 'CMD ["gunicorn", "-b:5000", "orders.app:app"]'),
        },
        {},
    ),
    ("ARG, ENV PORT, EXPOSE $PORT", {"requirements.txt": "flask\ngunicorn\n", "app.py": MODULE, "Dockerfile": PORTED}, {}),
    (
        "four stages, ONBUILD, a class of options",
        {
            "requirements.txt": "Flask\ngunicorn\n",
            "web/package.json": "{}\n",
            "api/__init__.py": "",
            "api/main.py": APPLICATION,
            "Dockerfile": STAGES,
        },
        {},
    ),
    (
        "lower case, comments and continued lines",
        {
            **ARTICLE,
            "Dockerfile": "# syntax=docker/dockerfile:1\nfrom python:3.12-slim\nworkdir /project-container\n# the code\ncopy \\\n"
            "  # only this\n  . .\nrun pip install \\\n    -r requirements.txt\nexpose 5000\n" + LIST_CMD.replace(", ", ",\\\n    ") + "\n",
        },
        {},
    ),
    (
        "wildcards and folders in COPY",
        {**changed(ARTICLE, "Dockerfile", "COPY . .", "COPY requirements*.txt run.py ./\nCOPY app/ app/\nCOPY ap[p] ./app2/")},
        {},
    ),
    (
        "gunicorn with config by python:, no address in it",
        {
            **changed(ARTICLE, "Dockerfile", '"--bind", "0.0.0.0:5000", ', '"-c", "python:settings.server", '),
            "settings/__init__.py": "",
            "settings/server.py": "import os\nbind = os.environ.get('BIND', '0.0.0.0:5000')\n",
        },
        {},
    ),
    (
        "here-documents where the registry does not build",
        {**ARTICLE, "Dockerfile": ARTICLE["Dockerfile"].replace("EXPOSE", "RUN <<EOF\necho one\necho two\nEOF\nEXPOSE")},
        {"pipeline": {"build": "existing", "image": "orders-api", "tag": "1.0"}},
    ),
    (
        "a SQLite file in the tests, passwords as arguments of the build",
        {
            **changed(ARTICLE, "Dockerfile", "EXPOSE", "ARG API_KEY\nENV API_KEY=$API_KEY SECRET_KEY_FILE=/run/secrets/key\nEXPOSE"),
            "tests/conftest.py": "URL = 'sqlite:///tests.db'\n",
            ".dockerignore": ".env\n",
            ".env": "API_KEY=x\n",
        },
        {},
    ),
    (
        "waitress on the port",
        {
            "requirements.txt": "flask\nwaitress\n",
            "wsgi.py": MODULE,
            "Dockerfile": dockerfile('CMD ["waitress-serve", "--listen=*:5000", "wsgi:app"]'),
        },
        {},
    ),
    (
        "an app in a package's __init__, made by a factory, behind tini and env",
        {
            "orders/__init__.py": FACTORY + "\n\n    api = create_app()\n",
            "requirements.txt": "flask\ngunicorn\n",
            "Dockerfile": dockerfile('ENTRYPOINT ["tini", "--"]', 'CMD ["env", "A=1", "gunicorn", "--bind", "0.0.0.0:5000", "orders:api"]'),
        },
        {},
    ),
]
