"""What gunicorn loads: the module is there, holds the app, and starts no other server."""

from __future__ import annotations

import ast
import posixpath
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.start_command_fix import retargeted
from wizard.platform.language import _
from wizard.source.entry_point import Factory, find_factory, find_module, find_target, run_file, server_calls, top_names
from wizard.source.start_command import StartCommand

TARGET = re.compile(r"(?P<module>[\w.]+)(?::(?P<name>[\w.]+)(?P<called>\(.*\))?)?")


PYTHON = re.compile(r"(?:docker\.io/)?(?:library/)?python:3\.(\d+)")
OWN_PACKAGE = re.compile(r"pip3? install\b[^&;|]*\s(-e )?\.(\[[\w,-]+\])?(\s|$)|poetry install(?!.*--no-root)|uv (sync|pip install \.)")


def no_run_file(project: CodeProject, folder: Path, factory: Factory) -> Finding:
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
    """The module that gunicorn loads is there, and has the name."""
    match = TARGET.fullmatch(command.target)
    folder = loading_folder(project, command)
    if match is None or not folder.is_dir() or _installed(project):
        return
    module, name = match["module"], (match["name"] or "application").partition(".")[0]
    file = find_module(folder, module)
    if file is None:
        yield from _no_module(project, command, folder, module)
        return
    yield from _misspelt(project, file)
    for call, guarded in server_calls(file):
        if not guarded:
            lines = file.read_text(encoding="utf-8-sig").splitlines()[call.lineno - 1 : call.end_lineno]
            text = "\n".join(['if __name__ == "__main__":', *(f"    {line}" for line in lines)])
            sentence = _("Importing {module} starts Flask's own server, so gunicorn never gets the app.").format(module=module)
            yield project.in_file("run-at-import", Severity.ERROR, file, call.lineno, sentence, text, call.end_lineno or call.lineno)
    names = top_names(file)
    if names is not None and name not in names:
        sentence = _("gunicorn looks for {name} in {file}, which has none.").format(name=name, file=file.name)
        factory = find_factory(folder)
        better = f"{module}:{factory.name}()" if factory and factory.name in names else find_target(folder)
        text = retargeted(project, command, better) if better else ""
        yield project.of_command("target-missing", Severity.ERROR, command, sentence, text)


def _misspelt(project: CodeProject, file: Path) -> Iterator[Finding]:
    """It is no Python; told only where the image's Python is not newer than the one that reads it here."""
    version = PYTHON.match(project.docker.image)
    if version is None or int(version[1]) > sys.version_info.minor:
        return
    try:
        ast.parse(file.read_text(encoding="utf-8-sig"))
    except SyntaxError as error:
        sentence = _("Python does not understand {file}: {reason}.").format(file=file.name, reason=error.msg)
        yield project.in_file("syntax-error", Severity.ERROR, file, error.lineno or 1, sentence)


def _no_module(project: CodeProject, command: StartCommand, folder: Path, module: str) -> Iterator[Finding]:
    sentence = _("gunicorn is told to load {module}, and there is no {module}.py.").format(module=module)
    better, factory = find_target(folder), find_factory(folder)
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
            found = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, part))) if part else None
            module = command.target.partition(":")[0]
            if found is not None and find_module(found, module):
                return found
    return project.files.find(inside) or Path("/nonexistent")


def _installed(project: CodeProject) -> bool:
    """Whether the API itself is installed as a package, so that its modules need not lie in the folder it starts in."""
    runs = [" ".join(it.words) for it in project.docker.instructions if it.name == "RUN"]
    return any(OWN_PACKAGE.search(run) for run in runs)
