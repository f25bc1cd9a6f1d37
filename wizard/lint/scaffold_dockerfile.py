"""A Dockerfile for a project that has none, in the article's shape: for its framework, its way to install packages, and its Python."""

from __future__ import annotations

import json
import posixpath
import re
import shlex

from wizard.lint.requirement_rules import NEEDS
from wizard.source.code_facts import WORKDIR, CodeFacts
from wizard.source.files.hidden_files import holds_code
from wizard.source.requirements import GUNICORN
from wizard.source.starting.app_objects import ASGI, AppObject
from wizard.source.text_file import read_text

USUAL_PYTHON = "3.12"
USUAL_PORT = 5000
SCRIPT = "script"
"""The kind of what is no application to a server, but starts its own."""
RUN_APP = AppObject("run", "app", "flask", "wsgi")
"""What is started where the code shows no application: the file that the wizard writes, or asks for."""


def script_app(path: str, framework: str) -> AppObject:
    """A Python file that starts its own server."""
    return AppObject(path.removesuffix(".py").replace("/", "."), "", framework, SCRIPT)


def dockerfile(facts: CodeFacts, app: AppObject) -> str:
    """The whole file; its start is one that our own check takes.

    :param app: what the server loads.
    """
    python = facts.dependencies.python or USUAL_PYTHON
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
    words = start_words(app, port)
    keeps_tables = any(b"DATABASES" in path.read_bytes() for path in facts.files if "settings" in (path.stem, path.parent.name))
    if app.framework != "django" or not keeps_tables or not (facts.folder / "manage.py").is_file():
        return words
    return ["sh", "-c", f"python manage.py migrate --noinput && exec {shlex.join(words)}"]


def start_words(app: AppObject, port: int) -> list[str]:
    """The server and what it loads: uvicorn for ASGI, gunicorn for WSGI."""
    if app.kind == SCRIPT:
        return ["python", f"{app.module.replace('.', '/')}.py"]
    if app.kind == ASGI:
        factory = ["--factory"] if app.factory else []
        return ["uvicorn", *factory, f"{app.module}:{app.name}", "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104
    return ["gunicorn", "--bind", f"0.0.0.0:{port}", app.target]


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
            lines = [
                "RUN pip install --no-cache-dir uv",
                "COPY pyproject.toml uv.lock ./",
                "RUN uv sync --frozen --no-dev --no-install-project",
            ]
            lines += [f"RUN uv pip install{own}"] if own else []
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
    if folder or "-r" in {line.split()[0] for line in read_text(facts.folder / name).splitlines() if line.strip()}:
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
    inside = (facts.folder / "src").is_dir() and not (facts.folder / app.module.split(".")[0]).exists()
    if inside and not (facts.folder / f"{app.module.split('.')[0]}.py").is_file():
        lines.append(f"ENV PYTHONPATH={WORKDIR}/src")
    if app.framework == "django":
        settings = next(
            (path for path in facts.files if path.name in ("settings.py", "base.py") and b"STATIC_ROOT" in path.read_bytes()), None
        )
        if settings is not None and (facts.folder / "manage.py").is_file():
            lines.append("RUN SECRET_KEY=only-for-this-line DJANGO_SECRET_KEY=only-for-this-line python manage.py collectstatic --noinput")
    return ["\n".join(lines)] if lines else []
