"""A Dockerfile for a project that has none, in the article's shape: for its framework, its way to install packages, and its Python."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from pathlib import Path

from wizard.lint.older_pythons import newest_python
from wizard.lint.requirement_rules import NEEDS
from wizard.source.code_facts import WORKDIR, CodeFacts
from wizard.source.files.hidden_files import holds_code
from wizard.source.requirements import GUNICORN
from wizard.source.starting.app_objects import AppObject
from wizard.source.starting.made_apps import AIOHTTP, ASGI, WSGI
from wizard.source.text_file import read_text

USUAL_PYTHON = "3.12"
USUAL_PORT = 5000
NAMES_FILES = re.compile(
    r"\s*(?:-[rce](?![a-z])|-[rce]\S|--(?:requirement|constraint|editable)\b|\.{1,2}(?:/|\[|\s*$)|[^\s#@]+\s*@\s*file:)"
)
"""A line of a list of packages that asks for other files of the project, which have to be in the image before it is installed."""
SCRIPT = "script"
"""The kind of what is no application to a server, but starts its own."""
AS_MODULE = "-m"
"""How Python is told to run a file as a part of its package."""
RUN_APP = AppObject("run", "app", "flask", "wsgi")
"""What is started where the code shows no application: the file that the wizard writes, or asks for."""


def script_app(folder: Path, script: Path, framework: str) -> AppObject:
    """A Python file that starts its own server; as a module where it imports from the package that it lies in."""
    module = script.relative_to(folder).with_suffix("").as_posix().replace("/", ".")
    package, dot, _name = module.rpartition(".")
    of_package = dot and re.search(rf"(?m)^\s*from\s+(\.|{re.escape(package.split('.')[0])}\b)", read_text(script))
    return AppObject(module, AS_MODULE if of_package else "", framework, SCRIPT)


def dockerfile(facts: CodeFacts, app: AppObject) -> str:
    """The whole file; its start is one that our own check takes.

    :param app: what the server loads.
    """
    limit = newest_python(facts.dependencies.requirements)
    python = facts.dependencies.python or (f"3.{limit[0]}" if limit else USUAL_PYTHON)
    parts = [
        f"FROM python:{python}-slim",
        f"WORKDIR {WORKDIR}",
        *_system_packages(facts),
        *_installing(facts, app),
        *_after_copy(facts, app),
    ]
    folders = sorted(
        {database.folder for database in facts.databases if database.folder} | {posixpath.dirname(path) for path in facts.logs}
    )
    volumes = [f"VOLUME {folder}" for folder in folders if folder.startswith(f"{WORKDIR}/") and not holds_code(facts, folder)]
    port = facts.port or USUAL_PORT
    parts += ["\n".join([*volumes, "", f"EXPOSE {port}"]) if volumes else f"EXPOSE {port}"]
    return "\n\n".join(parts) + f"\nCMD {json.dumps(_started(facts, app, port))}\n"


def _started(facts: CodeFacts, app: AppObject, port: int) -> list[str]:
    """The server, after the tables of Django's models were brought up to date where it keeps any."""
    words = [*start_words(app, port), *_sockets(facts, app)]
    keeps_tables = any(b"DATABASES" in path.read_bytes() for path in facts.files if "settings" in (path.stem, path.parent.name))
    manage = manage_file(facts, app)
    if app.framework != "django" or not keeps_tables or not manage:
        return words
    return ["sh", "-c", f"python {manage} migrate --noinput && exec {shlex.join(words)}"]


def _sockets(facts: CodeFacts, app: AppObject) -> list[str]:
    """What gunicorn is told for open connections, each of which holds a thread (Flask-SocketIO, "Deployment": Gunicorn Web Server)."""
    if "flask_socketio" not in facts.imports or app.kind != WSGI or facts.dependencies.has("eventlet"):
        return []
    return ["--worker-class", "gevent"] if facts.dependencies.has("gevent") else ["--threads", "100"]


def manage_file(facts: CodeFacts, app: AppObject) -> str:
    """Django's manage.py, which lies where the project is imported from; "" where there is none."""
    name = posixpath.join(app.root, "manage.py")
    return name if (facts.folder / name).is_file() else ""


def start_words(app: AppObject, port: int) -> list[str]:
    """The server and what it loads: uvicorn for ASGI, gunicorn for WSGI."""
    if app.kind == SCRIPT:
        return ["python", "-m", app.module] if app.name == AS_MODULE else ["python", f"{app.module.replace('.', '/')}.py"]
    if app.kind == ASGI:
        factory = ["--factory"] if app.factory else []
        return ["uvicorn", *factory, f"{app.module}:{app.name}", "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104
    worker = ["--worker-class", "aiohttp.GunicornWebWorker"] if app.kind == AIOHTTP else []
    return ["gunicorn", *worker, "--bind", f"0.0.0.0:{port}", app.target]


def server_requirement(app: AppObject) -> str:
    """The line that installs the server."""
    return "" if app.kind == SCRIPT else "uvicorn" if app.kind == ASGI else GUNICORN


def has_server(facts: CodeFacts, app: AppObject) -> bool:
    """Whether what the project asks for brings the server along."""
    if app.kind == SCRIPT:
        return True
    if app.kind != ASGI:
        return facts.dependencies.has("gunicorn")
    whole = any(
        "[" in requirement.rest and requirement.name in ("fastapi", "litestar", "uvicorn")
        for requirement in facts.dependencies.requirements
    )
    return facts.dependencies.has("uvicorn", "fastapi-cli") or whole


def _installing(facts: CodeFacts, app: AppObject) -> list[str]:
    """The lines that install the packages, and those that copy the code."""
    dependencies = facts.dependencies
    own = "" if has_server(facts, app) else f' "{server_requirement(app)}"'
    copy = "COPY . ."
    match dependencies.tool:
        case "poetry":
            lock = " poetry.lock" if dependencies.locked else ""
            lines = ["RUN pip install --no-cache-dir poetry && poetry config virtualenvs.create false", f"COPY pyproject.toml{lock} ./",
                     "RUN poetry install --only main --no-root --no-interaction"]  # fmt: skip
            return ["\n".join([*lines, *([f"RUN pip install --no-cache-dir{own}"] if own else [])]), copy]
        case "uv":
            several = "[tool.uv.workspace]" in read_text(facts.folder / "pyproject.toml")
            lines = [
                "RUN pip install --no-cache-dir uv",
                copy if several else "COPY pyproject.toml uv.lock ./",
                f"RUN uv sync --frozen --no-dev {'--all-packages --no-install-workspace' if several else '--no-install-project'}",
            ]
            lines += [f"RUN uv pip install{own}"] if own else []
            if several:
                return ["\n".join([*lines, f'ENV PATH="{WORKDIR}/.venv/bin:$PATH"'])]
            return ["\n".join([*lines, f'ENV PATH="{WORKDIR}/.venv/bin:$PATH"']), copy]
        case "pdm":
            lines = [
                "RUN pip install --no-cache-dir pdm",
                "COPY pyproject.toml pdm.lock ./",
                "RUN pdm install --prod --no-self --frozen-lockfile",
            ]
            lines += [f"RUN .venv/bin/python -m ensurepip && .venv/bin/python -m pip install{own}"] if own else []
            return ["\n".join([*lines, f'ENV PATH="{WORKDIR}/.venv/bin:$PATH"']), copy]
        case "pipenv":
            named = "Pipfile Pipfile.lock" if dependencies.locked else "Pipfile"
            lines = ["RUN pip install --no-cache-dir pipenv", f"COPY {named} ./",
                     f"RUN pipenv install --system {'--deploy' if dependencies.locked else '--skip-lock'}"]  # fmt: skip
            return ["\n".join([*lines, *([f"RUN pip install --no-cache-dir{own}"] if own else [])]), copy]
        case "pip" if dependencies.file == "pyproject.toml":
            built = re.search(r"(?m)^\s*\[build-system\]", read_text(facts.folder / "pyproject.toml")) is not None
            if built:
                return [copy, f"RUN pip install --no-cache-dir .{own}"]
            return [f"RUN pip install --no-cache-dir uv\nCOPY pyproject.toml ./\nRUN uv pip install --system -r pyproject.toml{own}", copy]
        case "pip" if dependencies.file in ("setup.py", "setup.cfg"):
            return [copy, f"RUN pip install --no-cache-dir .{own}"]
    name = dependencies.file or "requirements.txt"
    folder = posixpath.dirname(name)
    more = own if folder or name != "requirements.txt" else ""  # requirements.txt itself gets the line
    if folder or any(NAMES_FILES.match(line) for line in read_text(facts.folder / name).splitlines()):
        return [copy, f"RUN pip install --no-cache-dir -r {name}{more}"]
    return [f"COPY {name} .\nRUN pip install --no-cache-dir -r {name}{more}", copy]


def _system_packages(facts: CodeFacts) -> list[str]:
    """What Debian has to bring for the packages that are built in the image, or fetched with Git."""
    packages = [
        package
        for requirement in facts.dependencies.requirements
        if requirement.name in NEEDS
        for package in NEEDS[requirement.name][0].split()
    ]
    packages += ["git"] if any("git+" in requirement.text for requirement in facts.dependencies.requirements) else []
    if not packages:
        return []
    names = " ".join(dict.fromkeys(packages))
    return [f"RUN apt-get update && apt-get install -y --no-install-recommends {names} && rm -rf /var/lib/apt/lists/*"]


def _after_copy(facts: CodeFacts, app: AppObject) -> list[str]:
    """Where modules are found that lie in ``src``, and Django's static files, which its own server alone would serve."""
    lines = []
    if app.root:
        lines.append(f"ENV PYTHONPATH={WORKDIR}/{app.root}")
    if app.framework == "django":
        settings = next(
            (path for path in facts.files if path.name in ("settings.py", "base.py") and b"STATIC_ROOT" in path.read_bytes()), None
        )
        if settings is not None and (manage := manage_file(facts, app)):
            lines.append(f"RUN SECRET_KEY=only-for-this-line DJANGO_SECRET_KEY=only-for-this-line python {manage} collectstatic --noinput")
    return ["\n".join(lines)] if lines else []
