"""What the code imports as it starts, and no list of the image names: it would end with ModuleNotFoundError."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.scaffold import KNOWN
from wizard.platform.language import _
from wizard.source.dependencies import canonical, read_requirements
from wizard.source.files.loaded_files import loaded_files
from wizard.source.python_source import parse_python
from wizard.source.requirements import declares, installed_lists
from wizard.source.starting.app_objects import find_module
from wizard.source.text_file import read_text

OTHER_NAMES = {
    "psycopg2": ("psycopg2",),
    "psycopg": ("psycopg",),
    "cv2": ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "jose": ("python-jose",),
}
"""Packages that bring the same module under another name."""
NAMED_BY_NONE = re.compile(
    r"flask_\w+|rest_framework|corsheaders|whitenoise|psycopg2?|pymysql|environs|environ|decouple|peewee|celery|pymongo|passlib|jose|sqlmodel"
)
"""Modules of packages that hardly any other package asks for."""
ALONE = re.compile(
    r"flask|flask-(sqlalchemy|cors|migrate|login|wtf|restful|jwt-extended|marshmallow)|gunicorn|waitress|uvicorn|fastapi|starlette|django"
    r"|djangorestframework|django-cors-headers|whitenoise|sqlalchemy|sqlmodel|alembic|aiosqlite|peewee|psycopg2?(-binary)?|pymysql|pydantic"
    r"|pydantic-settings|python-dotenv|redis|pymongo|pyjwt|bcrypt|passlib|marshmallow|werkzeug|jinja2|gevent|requests"
)
"""Packages of which is known here what they bring along: `BROUGHT`, and nothing else that people import."""
BROUGHT = {
    "flask": r"flask-.*",
    "alembic": r"flask-migrate",
    "jinja2": r"flask.*|fastapi\[.*",
    "pydantic": r"fastapi.*|pydantic-settings|sqlmodel",
    "sqlalchemy": r"flask-sqlalchemy|flask-migrate|alembic|sqlmodel",
    "flask_sqlalchemy": r"flask-migrate",
    "django": r"django.*",
    "dotenv": r"pydantic-settings|uvicorn\[.*|fastapi\[.*",
    "yaml": r"uvicorn\[.*|fastapi\[.*",
    "httpx": r"fastapi\[.*",
    "uvicorn": r"fastapi\[.*",
    "starlette": r"fastapi.*",
    "jwt": r"flask-jwt-extended",
    "marshmallow": r"flask-marshmallow",
    "sqlmodel": r"fastapi-.*",
}
"""A module -> the packages that bring it, with their extras."""
OF_DJANGO = ("settings", "urls", "views", "models", "apps", "admin", "serializers")
MADE = re.compile(r"_pb2|_pb2_grpc|version|generated|^_")
"""Modules that a build makes."""


def check_imports(project: CodeProject) -> Iterator[Finding]:
    """Each package once, at the first line that imports it. Only lists of requirements are judged, and only what is known by its name."""
    lists = installed_lists(project.folder, project.docker)
    asked = [f"{one.name}{one.rest.strip()}" for path in lists for one in read_requirements(project.folder, path)]
    if not asked or any(re.match(r"[./~]|\w+:|git\+", one) for one in asked):
        return  # what lies at a path or an address may bring anything
    every = all(ALONE.fullmatch(re.split(r"[\[<>=!~;@ ]", one)[0]) for one in asked)
    said: set[str] = set()
    for path, line, module in _imports(project):
        package = KNOWN.get(module, "")
        if not package or package in said or not (every or NAMED_BY_NONE.fullmatch(module)):
            continue
        names = [canonical(re.split(r"[\[<>=!~; ]", package)[0]), *OTHER_NAMES.get(module, ())]
        brought = module in BROUGHT and any(re.match(BROUGHT[module], one) for one in asked)
        if brought or any(declares(project.folder, project.docker, name) is not False for name in names):
            continue
        said.add(package)
        listed = ", ".join(file.relative_to(project.folder).as_posix() for file in lists)
        sentence = _("Your code imports {module}, and {list} does not name {package}: it would end with ModuleNotFoundError.").format(
            module=module, list=listed, package=package
        )
        if len(lists) == 1:
            yield project.appended("import-not-listed", Severity.WARNING, listed, sentence, f"{package}\n")
        else:
            yield project.in_file("import-not-listed", Severity.WARNING, path, line, sentence)


def check_own_modules(project: CodeProject) -> Iterator[Finding]:
    """A module of one of the project's own packages that the project does not have, as when Git leaves it out (``shop/secrets.py``)."""
    words = [
        word for stage in project.docker.stages for item in stage.own if item.name == "RUN" for line in item.words for word in line.split()
    ]
    scripts = [project.folder / word for word in words if word.endswith((".py", ".sh")) and not word.startswith("/")]
    runs = " ".join([*words, *(read_text(script) for script in scripts if script.is_file())])
    told: set[str] = set()
    for path in sorted(_loaded(project)):
        tree = parse_python(path)
        for node in tree.body if tree is not None else ():
            module = node.module if isinstance(node, ast.ImportFrom) and not node.level else ""
            package, _dot, name = (module or "").rpartition(".")
            if not package or module in told or MADE.search(name) or name in runs:
                continue
            inside = find_module(project.folder, package)
            if inside is None or inside.name != "__init__.py" or [*inside.parent.glob(f"{name}*")]:
                continue  # in another form: compiled, or a folder
            told.add(str(module))
            sentence = _("Your code imports {module}, and your project has no such file: it would end with ModuleNotFoundError.")
            yield project.in_file("module-missing", Severity.WARNING, path, node.lineno, sentence.format(module=module))


def _loaded(project: CodeProject) -> set[Path]:
    """The files that run at the start; of Django also those that its settings name in texts, by their usual names."""
    target = project.command.target.partition(":")[0] if project.command else ""
    loaded = set(loaded_files(project.folder, project.start.script or find_module(project.folder, target)))
    if project.code.framework == "django":
        for path in project.code.files:
            loaded |= loaded_files(project.folder, path) if path.stem in OF_DJANGO else set()
    return loaded


def _imports(project: CodeProject) -> Iterator[tuple[Path, int, str]]:
    """File, line and first part of each plain import that runs at the start, of modules that are not the project's own."""
    own = {path.stem for path in project.code.files} | {
        part for path in project.code.files for part in path.relative_to(project.folder).parent.parts
    }
    for path in sorted(_loaded(project)):
        tree = parse_python(path)
        for node in tree.body if tree is not None else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            yield from ((path, node.lineno, name.partition(".")[0]) for name in names if name.partition(".")[0] not in own)
