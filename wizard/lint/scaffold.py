"""The files that an API needs to be packed, in the shape of the article, for those who have none."""

from __future__ import annotations

import sys

from wizard.lint.scaffold_dockerfile import RUN_APP, USUAL_PORT, dockerfile, has_server, script_app, server_requirement
from wizard.source.code_facts import CodeFacts, once_for_facts
from wizard.source.dockerfile_place import dockerfiles
from wizard.source.git.gitignore import git_ignored
from wizard.source.project_files import walk
from wizard.source.requirements import adding_command, declares, where_to_declare
from wizard.source.starting.app_objects import AppFinder, AppObject, find_module, several_apps
from wizard.source.starting.entry_point import find_app, find_factory, run_file
from wizard.source.starting.made_apps import ASGI, OWN_SERVER, WSGI
from wizard.source.starting.start import Start
from wizard.source.text_file import read_text

IGNORED = (".git", ".venv", "venv", "node_modules", "__pycache__", "*.pyc", ".env", ".env.*")
DATABASES = ("*.db", "*.sqlite3")
KNOWN = {
    "flask": "Flask>=3.1",
    "fastapi": "fastapi",
    "django": "Django",
    "starlette": "starlette",
    "litestar": "litestar",
    "quart": "quart",
    "flask_sqlalchemy": "Flask-SQLAlchemy",
    "flask_migrate": "Flask-Migrate",
    "flask_cors": "Flask-Cors",
    "flask_login": "Flask-Login",
    "flask_jwt_extended": "Flask-JWT-Extended",
    "flask_restful": "Flask-RESTful",
    "flask_socketio": "Flask-SocketIO",
    "flask_wtf": "Flask-WTF",
    "flask_limiter": "Flask-Limiter",
    "flask_marshmallow": "flask-marshmallow",
    "marshmallow": "marshmallow",
    "sqlalchemy": "SQLAlchemy",
    "sqlmodel": "sqlmodel",
    "pydantic": "pydantic",
    "pydantic_settings": "pydantic-settings",
    "dotenv": "python-dotenv",
    "requests": "requests",
    "httpx": "httpx",
    "aiosqlite": "aiosqlite",
    "psycopg2": "psycopg2-binary",
    "psycopg": "psycopg[binary]",
    "pymysql": "PyMySQL",
    "redis": "redis",
    "pymongo": "pymongo",
    "bson": "pymongo",
    "motor": "motor",
    "jwt": "PyJWT",
    "jose": "python-jose",
    "passlib": "passlib",
    "bcrypt": "bcrypt",
    "yaml": "PyYAML",
    "environs": "environs",
    "environ": "django-environ",
    "decouple": "python-decouple",
    "rest_framework": "djangorestframework",
    "rest_framework_simplejwt": "djangorestframework-simplejwt",
    "drf_spectacular": "drf-spectacular",
    "drf_yasg": "drf-yasg",
    "django_filters": "django-filter",
    "channels": "channels",
    "flasgger": "flasgger",
    "flask_smorest": "flask-smorest",
    "flask_restx": "flask-restx",
    "flask_bcrypt": "Flask-Bcrypt",
    "flask_mail": "Flask-Mail",
    "flask_caching": "Flask-Caching",
    "flask_pymongo": "Flask-PyMongo",
    "flask_admin": "Flask-Admin",
    "flask_httpauth": "Flask-HTTPAuth",
    "corsheaders": "django-cors-headers",
    "whitenoise": "whitenoise",
    "peewee": "peewee",
    "pandas": "pandas",
    "numpy": "numpy",
    "PIL": "Pillow",
    "bs4": "beautifulsoup4",
    "sklearn": "scikit-learn",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "aiohttp": "aiohttp",
    "aiogram": "aiogram",
    "telegram": "python-telegram-bot",
    "openai": "openai",
    "chess": "chess",
    "strawberry": "strawberry-graphql",
    "graphene": "graphene",
    "multipart": "python-multipart",
    "socketio": "python-socketio",
    "alembic": "alembic",
    "apscheduler": "APScheduler",
    "celery": "celery",
    "jinja2": "Jinja2",
    "gunicorn": "gunicorn>=23",
    "uvicorn": "uvicorn",
    "waitress": "waitress",
}
"""A module -> what installs it, for a project that lists nothing; what is not here is named in a remark."""


@once_for_facts
def missing_files(facts: CodeFacts) -> dict[str, str]:
    """The files that `files_to_start` gives for what `app_to_start` finds."""
    return files_to_start(facts, app_to_start(facts))


@once_for_facts
def apps_to_choose(facts: CodeFacts) -> list[AppObject]:
    """The applications of which one has to be chosen, that a Dockerfile starts: there are several, and nothing says which; else none."""
    several = several_apps(facts.folder, facts.files) if not facts.dockerfile and facts.is_api and facts.start == Start() else []
    return several if len(several) > 1 else []


def files_to_start(facts: CodeFacts, app: AppObject | None) -> dict[str, str]:
    """Name -> content of the files that are not there: ``Dockerfile``, ``.dockerignore``, ``requirements.txt``, ``run.py``.

    :param app: what the server loads; None where the code does not show that.
    Also a ``requirements.txt`` that is there, with the server that has to start the API and is not installed. Nothing for a folder
    without an API in Python, and no Dockerfile where the code does not show what a server would load.
    """
    if not facts.is_there or not facts.is_api:
        return {}
    files: dict[str, str] = {}
    if not facts.dockerfile and app is not None and not dockerfiles(facts.folder):
        written = app == RUN_APP and find_module(facts.folder, "run") is None
        if written and (factory := find_factory(facts.folder)) is not None:
            files["run.py"] = run_file(factory, facts.port or USUAL_PORT)
        files["Dockerfile"] = dockerfile(facts, app)
        if not facts.dependencies.tool or facts.dependencies.tool == "conda":
            files["requirements.txt"] = _requirements(facts, app)
    server = missing_server(facts)
    if server and facts.has_requirements:
        text = read_text(facts.folder / "requirements.txt")
        files["requirements.txt"] = f"{text.rstrip()}\n{server}\n".lstrip()
    if not (facts.folder / ".dockerignore").is_file():
        files[".dockerignore"] = _ignored(facts)
    return files


def app_to_start(facts: CodeFacts) -> AppObject | None:
    """What a server loads: an application, a function that makes one, or the ``run.py`` that calls it; None when none of these is found."""
    named = facts.start.command.target if facts.start.command else ""
    app = next((item for item in AppFinder(facts.folder, facts.files).of_module(named.partition(":")[0]) if item.target == named), None)
    app = app or find_app(facts.folder, facts.app.module if facts.app else "")
    if app is None and find_module(facts.folder, "run") is None and find_factory(facts.folder) is not None:
        return RUN_APP
    start = facts.start
    if app is not None and app.kind in (WSGI, ASGI):
        return app
    if start.script is not None and start.call is not None and start.listening is not None and not start.listening.alone:
        return script_app(facts.folder, start.script, facts.framework)
    return None if app is not None and app.kind == OWN_SERVER else app


def start_target(facts: CodeFacts) -> str:
    """What gunicorn starts: the module that holds the app, or the function that makes it; ``run:app`` where neither is found."""
    return (app_to_start(facts) or RUN_APP).target


@once_for_facts
def missing_server(facts: CodeFacts) -> str:
    """The line that installs the server that starts the API, or will; "" where that is installed, or where another tool adds it."""
    if not facts.dockerfile:
        app = app_to_start(facts)
        return server_requirement(app) if app and facts.dependencies.file == "requirements.txt" and not has_server(facts, app) else ""
    package = facts.server if facts.server in ("gunicorn", "uvicorn", "hypercorn", "waitress", "granian", "daphne") else ""
    lacking = (
        package
        and facts.has_requirements
        and declares(facts.folder, facts.docker, package) is False
        and where_to_declare(facts.folder, facts.docker) == "requirements.txt"
        and not adding_command(facts.folder, package)
    )
    return {"gunicorn": "gunicorn>=23"}.get(package, package) if lacking else ""


def _requirements(facts: CodeFacts, app: AppObject) -> str:
    """What the code imports, as far as it is known which package that is, and the server."""
    framework = facts.framework
    lines = [KNOWN.get(framework, framework)] if framework else []
    lines += [KNOWN[name] for name in sorted(facts.imports) if name in KNOWN]
    own = {path.stem for path in facts.files} | {path.name for path in facts.folder.iterdir() if path.is_dir()} | {"src"}
    others = sorted(name for name in facts.imports - own - set(KNOWN) - {framework} if name not in sys.stdlib_module_names)
    server = server_requirement(app)
    remark = [f"# also imported, under names that may differ from the packages': {', '.join(others)}"] if others else []
    return "\n".join([*dict.fromkeys(filter(None, [*lines, server])), *remark]) + "\n"


def _ignored(facts: CodeFacts) -> str:
    """What stays behind; databases too, but for those that Git keeps, since they come with the code."""
    lines = [*IGNORED, *DATABASES]
    if (facts.folder / ".git").exists():
        ignored = git_ignored(facts.folder)
        names = [path.relative_to(facts.folder).as_posix() for path in walk(facts.folder) if path.suffix in (".db", ".sqlite3")]
        lines += [f"!{name}" for name in names if not ignored(name)]
    return "\n".join(lines) + "\n"
