# ruff: noqa: E501, S104 - a table of code reads best with each case on a line, and a server listens everywhere
"""The shapes: framework × layout × dependency tool × server × form of the Dockerfile × database, with the truth about each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

FRAMEWORKS = ("flask", "factory", "fastapi", "starlette", "litestar", "django")
LAYOUTS = ("module", "package", "src")
TOOLS = ("pip", "lists", "poetry", "uv", "pipenv", "pyproject")
SERVERS = ("gunicorn", "configured", "uvicorn", "hypercorn", "granian", "waitress", "called")
FORMS = ("none", "list", "shell", "exec", "sh -c", "script", "entry", "entry script", "ENV PORT", "stages")
DATABASES = ("none", "sqlalchemy", "flask-sqlalchemy", "instance", "joined", "beside", "server", "settings")
ASGI = ("fastapi", "starlette", "litestar")
PACKAGES = {
    "flask": "flask",
    "factory": "flask",
    "fastapi": "fastapi",
    "starlette": "starlette",
    "litestar": "litestar",
    "django": "django",
}
DJANGO = {
    "manage.py": "",
    "shop/urls.py": "urlpatterns = []\n",
    "shop/wsgi.py": 'import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
    "application = get_wsgi_application()\n",
}
MAKING = {
    "flask": 'from flask import Flask\napp = Flask(__name__)\n@app.get("/health")\ndef health():\n    return "ok"\n',
    "factory": 'from flask import Flask\ndef create_app(name="default"):\n    app = Flask(__name__)\n    @app.get("/health")\n    def health():\n'
    '        return "ok"\n    return app\n',
    "fastapi": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/health")\ndef health():\n    return {}\n',
    "starlette": "from starlette.applications import Starlette\napp = Starlette()\n",
    "litestar": "from litestar import Litestar\napp = Litestar([])\n",
}


@dataclass(frozen=True)
class ProjectShape:
    """One project.

    The truth about it follows from its parts: `port`, `target`, `database_folder`.
    """

    framework: str
    layout: str
    tool: str
    server: str
    form: str
    database: str

    @property
    def name(self) -> str:
        """All of it in a line."""
        return " · ".join((self.framework, self.layout, self.tool, self.server, self.form, self.database))

    @property
    def is_possible(self) -> bool:
        """Whether people can have it: a server of the framework's kind, a form that the server has."""
        asgi = self.framework in ASGI
        if asgi != (self.server in ("uvicorn", "hypercorn")) and self.server not in ("granian", "gunicorn", "configured", "called"):
            return False
        if self.framework == "django" and (self.layout != "package" or self.server == "called"):
            return False
        if self.framework == "factory" and (self.server in ("called", "granian", "waitress") or self.layout == "module"):
            return False
        if self.form == "none" and self.server not in ("gunicorn", "uvicorn"):
            return False
        if self.server == "called" and self.form in ("ENV PORT", "entry"):
            return False
        if self.database in ("flask-sqlalchemy", "instance") and (self.framework in ("django", *ASGI)):
            return False
        if self.form == "stages" and self.tool != "pip":
            return False
        return not (self.server == "configured" and self.form == "ENV PORT")

    @property
    def port(self) -> int:
        """Its own, or the usual one where nothing says it."""
        return 5000 if self.form == "none" else 5000 + len(self.name) % 7 * 11 + 1

    @property
    def module(self) -> str:
        """What the application is imported from."""
        if self.framework == "django":
            return "shop.wsgi"
        return {"module": "app", "package": "shop.api" if self.framework != "factory" else "shop", "src": "shop"}[self.layout]

    @property
    def target(self) -> str:
        """What a server is told to load."""
        name = {"factory": "create_app()", "django": "application"}.get(self.framework, "app")
        return f"{self.module}:{name}"

    @property
    def code_file(self) -> str:
        """The file that the application is in."""
        if self.layout == "module":
            return "app.py"
        inside = "src/shop/__init__.py" if self.layout == "src" else "shop/__init__.py" if self.framework == "factory" else "shop/api.py"
        return "shop/settings.py" if self.framework == "django" else inside

    @property
    def database_folder(self) -> str | None:
        """Where the database lies that a share can keep; "" for none, None for one that only a person can move."""
        base = "/srv" if self.form != "none" else "/project-container"
        root = f"{base}/src" if self.layout == "src" else base
        file = posix_folder(f"{base}/{self.code_file}")
        match self.database:
            case "flask-sqlalchemy" | "instance":
                return f"{root}/instance"
            case "sqlalchemy" | "settings":
                return f"{base}/data"
            case "joined":
                return f"{file}/data"
            case "beside":
                return None
        return ""

    def files(self) -> dict[str, str]:
        """Every file of the project."""
        files = {**self._code(), **self._packages(), **self._dockerfile()}
        if self.layout == "package" or self.framework == "django":
            files.setdefault("shop/__init__.py", "")
        return files

    def _code(self) -> dict[str, str]:
        stored = {
            "none": "",
            "sqlalchemy": 'from sqlalchemy import create_engine\nengine = create_engine("sqlite:///data/shop.db")\n',
            "flask-sqlalchemy": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Config:\n"
            '    SQLALCHEMY_DATABASE_URI = "sqlite:///shop.db"\n',
            "instance": "import os, sqlite3\nfrom flask import current_app\ndef connect():\n"
            '    return sqlite3.connect(os.path.join(current_app.instance_path, "shop.sqlite"))\n',
            "joined": 'import sqlite3\nfrom pathlib import Path\nDB = Path(__file__).resolve().parent / "data" / "shop.db"\nsqlite3.connect(DB)\n',
            "beside": 'import sqlite3\nsqlite3.connect("shop.db")\n',
            "server": 'import os\nURL = os.environ.get("DATABASE_URL")\n',
            "settings": 'import os\nURL = os.getenv("DATABASE_URL", "sqlite:////{}/data/shop.db")\n'.format(
                "srv" if self.form != "none" else "project-container"
            ),
        }[self.database]
        if self.framework == "django":
            settings = f'ALLOWED_HOSTS = ["*"]\nSECRET_KEY = "only-for-the-gallery"\nROOT_URLCONF = "shop.urls"\n{stored}'
            files = {**DJANGO, "shop/settings.py": settings}
        else:
            files = {self.code_file: MAKING[self.framework] + stored}
        if self.server == "called":
            calling = "import uvicorn\nfrom {0} import app\nuvicorn.run(app, host='0.0.0.0', port={1})\n"
            if self.framework not in ASGI:
                calling = "from waitress import serve\nfrom {0} import app\nserve(app, port={1})\n"
            files["serve.py"] = calling.format(self.module, self.port)
        if self.server == "configured":
            files["gunicorn.conf.py"] = f'bind = "0.0.0.0:{self.port}"\n'
        return files

    def _packages(self) -> dict[str, str]:
        server = {"configured": "gunicorn", "called": "uvicorn" if self.framework in ASGI else "waitress"}.get(self.server, self.server)
        names = [PACKAGES[self.framework], server]
        names += ["uvicorn"] if self.framework in ASGI and server == "gunicorn" else []
        names += {"sqlalchemy": ["sqlalchemy"], "flask-sqlalchemy": ["flask-sqlalchemy"]}.get(self.database, [])
        names = list(dict.fromkeys(names))
        project = f'[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = {json.dumps(names)}\n'
        poetry = "[tool.poetry]\nname = 'shop'\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.10'\n"
        match self.tool:
            case "pip":
                return {"requirements.txt": "\n".join(names) + "\n"}
            case "lists":
                return {"requirements/base.txt": f"{names[0]}\n", "requirements/prod.txt": "\n".join(["-r base.txt", *names[1:]]) + "\n"}
            case "poetry":
                return {"pyproject.toml": poetry + "".join(f'{name} = "*"\n' for name in names), "poetry.lock": ""}
            case "uv":
                return {"pyproject.toml": project, "uv.lock": "version = 1\n"}
            case "pipenv":
                return {"Pipfile": "[packages]\n" + "".join(f'{name} = "*"\n' for name in names), "Pipfile.lock": "{}"}
        return {"pyproject.toml": project}

    def _dockerfile(self) -> dict[str, str]:
        if self.form == "none":
            return {}
        install = {
            "pip": "RUN pip install -r requirements.txt",
            "lists": "RUN pip install --no-cache-dir -r requirements/prod.txt",
            "poetry": "RUN pip install poetry && poetry config virtualenvs.create false && poetry install --no-root",
            "uv": 'RUN pip install uv && uv sync --frozen\nENV PATH="/srv/.venv/bin:$PATH"',
            "pipenv": "RUN pip install pipenv && pipenv install --system --deploy",
            "pyproject": "RUN pip install uv && uv pip install --system -r pyproject.toml",
        }[self.tool]
        source = "ENV PYTHONPATH=/srv/src\n" if self.layout == "src" else ""
        begin = f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n{install}\n{source}"
        if self.form == "stages":
            begin = (
                "FROM python:3.12-slim AS builder\nWORKDIR /build\nCOPY requirements.txt .\nRUN pip install --prefix=/install -r requirements.txt\n"
                f"FROM python:3.12-slim\nCOPY --from=builder /install /usr/local\nWORKDIR /srv\nCOPY . .\n{source}"
            )
        words = self._words()
        line, quoted = " ".join(words), " ".join(f"'{word}'" if "(" in word else word for word in words)
        match self.form:
            case "list" | "stages":
                return {"Dockerfile": f"{begin}CMD {json.dumps(words)}\n"}
            case "shell":
                return {"Dockerfile": f"{begin}CMD {quoted}\n"}
            case "exec":
                return {"Dockerfile": f"{begin}CMD exec {quoted}\n"}
            case "sh -c":
                return {"Dockerfile": f"{begin}CMD {json.dumps(['sh', '-c', f'echo begin && exec {quoted}'])}\n"}
            case "script":
                return {"Dockerfile": f'{begin}CMD ["sh", "start.sh"]\n', "start.sh": f"#!/bin/sh\nset -e\necho begin\nexec {quoted}\n"}
            case "entry":
                return {"Dockerfile": f"{begin}ENTRYPOINT {json.dumps(words[:1])}\nCMD {json.dumps(words[1:])}\n"}
            case "entry script":
                entry = '#!/bin/sh\nset -e\nexec "$@"\n'
                return {"Dockerfile": f'{begin}ENTRYPOINT ["sh", "entry.sh"]\nCMD {json.dumps(words)}\n', "entry.sh": entry}
        return {"Dockerfile": f"{begin}ENV PORT={self.port}\nCMD exec {quoted.replace(str(self.port), '$PORT')}\n", "_": line}

    def _words(self) -> list[str]:
        worker = ["-k", "uvicorn.workers.UvicornWorker"] if self.framework in ASGI else []
        asgi = [] if self.framework in ASGI else ["--interface", "wsgi"]
        at = f"0.0.0.0:{self.port}"
        return {
            "gunicorn": ["gunicorn", *worker, "--bind", at, self.target],
            "configured": ["gunicorn", *worker, self.target],
            "uvicorn": ["uvicorn", self.target, "--host", "0.0.0.0", "--port", str(self.port)],
            "hypercorn": ["hypercorn", "-b", at, self.target],
            "granian": ["granian", *(asgi or ["--interface", "asgi"]), "--host", "0.0.0.0", "--port", str(self.port), self.target],
            "waitress": ["waitress-serve", f"--listen=*:{self.port}", self.target],
            "called": ["python", "serve.py"],
        }[self.server]


def posix_folder(path: str) -> str:
    """The folder of a file."""
    return path.rpartition("/")[0]


def shapes(count: int) -> list[ProjectShape]:
    """So many shapes, always the same ones, every value of every dimension among them."""
    possible = [
        shape for parts in product(FRAMEWORKS, LAYOUTS, TOOLS, SERVERS, FORMS, DATABASES) if (shape := ProjectShape(*parts)).is_possible
    ]
    order = random.Random(20261130).sample(possible, len(possible))  # noqa: S311 - a fixed choice, no secret
    return list(_covering(order, count))


def _covering(order: list[ProjectShape], count: int) -> Iterator[ProjectShape]:
    """First those that bring a value, or a pair of values, that none before had; then any."""
    seen: set[tuple[str, ...]] = set()
    later: list[ProjectShape] = []
    assigned = 0
    for shape in order:
        parts = (shape.framework, shape.layout, shape.tool, shape.server, shape.form, shape.database)
        pairs = {(str(a), x, str(b), y) for a, x in enumerate(parts) for b, y in enumerate(parts) if a < b}
        if assigned < count and not pairs <= seen:
            seen |= pairs
            assigned += 1
            yield shape
        else:
            later.append(shape)
    yield from later[: count - assigned]
