"""What gunicorn loads: the module is there, holds the app, and starts no other server."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.start_command_fix import retargeted, with_gunicorn, with_worker
from wizard.platform.language import _
from wizard.source.project_folders import FRAMEWORKS
from wizard.source.python_source import parse_strictly, read_python
from wizard.source.starting.app_objects import AppFinder, AppObject, find_module
from wizard.source.starting.entry_point import find_app, find_factory, run_file, top_names
from wizard.source.starting.gunicorn_config import gunicorn_settings
from wizard.source.starting.made_apps import ASGI, WSGI
from wizard.source.starting.server_calls import server_calls
from wizard.source.starting.start_command import StartCommand
from wizard.source.text_file import read_lines

TARGET = re.compile(r"(?P<module>[\w.]+)(?::(?P<name>[\w.]+)(?P<called>\(.*\))?)?")


HYPERCORN_KIND = re.compile(r"^[aw]sgi:(?=[^:]+:)")  # before the module, in hypercorn's own way to name what it loads
ASGI_WORKER = re.compile(r"uvicorn|asgi|hypercorn|aiohttp", re.IGNORECASE)
PYTHON = re.compile(r"(?:docker\.io/)?(?:library/)?python:3\.(\d+)")
OWN_PACKAGE = re.compile(r"pip3? install\b[^&;|]*\s(-e )?\.(\[[\w,-]+\])?(\s|$)|poetry install(?!.*--no-root)|uv (sync|pip install \.)")


def no_run_file(project: CodeProject, folder: Path, factory: AppObject) -> Finding:
    """There is a function that makes the app, and no file that calls it."""
    sentence = _("gunicorn needs a file that holds the app; {factory} in {module} makes it.").format(
        factory=factory.name, module=factory.module
    )
    path = folder / "run.py"
    return Finding(
        "no-run-file",
        Severity.ERROR,
        path,
        path.relative_to(project.folder).as_posix(),
        0,
        sentence,
        run_file(factory, project.answers.app.port),
    )


def check_entry_point(project: CodeProject, command: StartCommand) -> Iterator[Finding]:
    """The module that a server loads is there, has the name, and is an application of the server's kind."""
    match = TARGET.fullmatch(HYPERCORN_KIND.sub("", command.target) if command.server == "hypercorn" else command.target)
    folder = loading_folder(project, command)
    if match is None or not folder.is_dir() or _installed(project):
        return
    module, name = match["module"], (match["name"] or "application").partition(".")[0]
    file = find_module(folder, module)
    if file is None:
        yield from _no_module(project, command, folder, module)
        return
    yield from _misspelt(project, file)
    for server in server_calls(file):
        if not server.guarded and not _is_script(project, file):
            call = server.call
            lines = read_lines(file)[call.lineno - 1 : call.end_lineno]
            text = "\n".join(['if __name__ == "__main__":', *(f"    {line}" for line in lines)])
            sentence = _("Importing {module} starts Flask's own server, so {server} never gets the app.")
            sentence = sentence.format(module=module, server=command.server)
            yield project.in_file("run-at-import", Severity.ERROR, file, call.lineno, sentence, text, call.end_lineno or call.lineno)
    names = top_names(file)
    if names is not None and name not in names:
        sentence = _("{server} looks for {name} in {file}, which has none.").format(server=command.server, name=name, file=file.name)
        factory = find_factory(folder)
        ready = find_app(folder)
        better = f"{module}:{factory.name}()" if factory and factory.name in names else ready.target if ready else ""
        text = retargeted(project, command, better) if better else ""
        yield project.of_command("target-missing", Severity.ERROR, command, sentence, text)
        return
    yield from _other_kind(project, command, folder, module, name)


def _other_kind(project: CodeProject, command: StartCommand, folder: Path, module: str, name: str) -> Iterator[Finding]:
    """gunicorn's own workers speak WSGI, uvicorn speaks ASGI: with the other kind every request ends in 500.

    hypercorn 0.18 runs both, but answers 500 in place of a WSGI application's answer without content.
    """
    app = next((item for item in AppFinder(folder, []).of_module(module) if item.name == name), None)
    if app is None or not app.framework:
        return
    settings = gunicorn_settings(command, project.files, project.docker.workdir, project.variables) if command.server == "gunicorn" else {}
    worker = settings.get("worker-class", settings.get("worker_class", "sync"))
    framework = FRAMEWORKS.get(app.framework, app.framework)
    if app.kind == ASGI and command.server == "gunicorn" and worker is not None and not ASGI_WORKER.search(worker):
        sentence = _("{target} is an ASGI application ({framework}), and gunicorn runs it as WSGI: every request would end in 500.")
        sentence += " " + _("Give gunicorn uvicorn's workers.")
        text = with_worker(project, command, "uvicorn.workers.UvicornWorker") if worker == "sync" else ""
        yield project.of_command(
            "wrong-worker",
            Severity.ERROR,
            command,
            sentence.format(target=command.target, framework=framework),
            text,
        )
    elif app.kind == WSGI and command.server in ("uvicorn", "daphne") and command.options.get("interface") not in ("wsgi", "auto-wsgi"):
        sentence = _("{target} is a WSGI application ({framework}), and {server} runs ASGI only: every request would end in 500.")
        sentence = sentence.format(target=command.target, framework=framework, server=command.server)
        text = with_gunicorn(project, command, command.target)
        yield project.of_command("wrong-worker", Severity.ERROR, command, sentence, text)
    elif app.kind == WSGI and command.server == "hypercorn":
        sentence = _(
            "hypercorn answers 500 where {target} ({framework}) answers without content, such as 204 to DELETE; gunicorn does not."
        ).format(target=f"{module}:{name}", framework=framework)
        yield project.of_command("empty-answer", Severity.WARNING, command, sentence)


def _is_script(project: CodeProject, file: Path) -> bool:
    return project.start.script == file


def _misspelt(project: CodeProject, file: Path) -> Iterator[Finding]:
    """It is no Python; told only where the image's Python is not newer than the one that reads it here."""
    version = PYTHON.match(project.docker.image)
    if version is None or int(version[1]) > sys.version_info.minor:
        return
    try:
        parse_strictly(read_python(file) or b"")
    except (ValueError, RecursionError, MemoryError):
        return
    except SyntaxError as error:
        sentence = _("Python does not understand {file}: {reason}.").format(file=file.name, reason=error.msg)
        yield project.in_file("syntax-error", Severity.ERROR, file, error.lineno or 1, sentence)


def _no_module(project: CodeProject, command: StartCommand, folder: Path, module: str) -> Iterator[Finding]:
    sentence = _("{server} is told to load {module}, and there is no {module}.py.").format(server=command.server, module=module)
    ready, factory = find_app(folder), find_factory(folder)
    better = ready.target if ready and not ready.factory else None
    if better is None and factory is not None and module == "run":
        yield no_run_file(project, folder, factory)
    else:
        text = retargeted(project, command, better) if better else ""
        yield project.of_command("target-missing", Severity.ERROR, command, sentence, text)


def loading_folder(project: CodeProject, command: StartCommand) -> Path:
    """The folder of the source that the server imports from."""
    inside = posixpath.normpath(posixpath.join(project.docker.workdir, command.options.get("chdir", "")))
    for path in (command.options.get("pythonpath"), project.variables.get("PYTHONPATH")):
        for part in (path or "").split(":"):
            folder = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, part))) if part else None
            module = command.target.partition(":")[0]
            if folder is not None and find_module(folder, module):
                return folder
    return project.files.find(inside) or _copied_into(project, inside) or Path("/nonexistent")


def _copied_into(project: CodeProject, inside: str) -> Path | None:
    """The folder of the source whose files lie in one of the container, copied one by one: ``COPY app.py .``, ``COPY shop/ shop``."""
    for file in project.code.files:
        place = project.files.place(file)
        if place is not None and place.startswith(f"{inside}/"):
            base = file.parents[len(posixpath.relpath(place, inside).split("/")) - 1]
            if posixpath.join(inside, file.relative_to(base).as_posix()) == place and base.is_relative_to(project.folder):
                return base
    return None


def _installed(project: CodeProject) -> bool:
    """Whether the API itself is installed as a package, so that its modules need not lie in the folder it starts in."""
    runs = [" ".join(instruction.words) for instruction in project.docker.instructions if instruction.name == "RUN"]
    return any(OWN_PACKAGE.search(run) for run in runs)
