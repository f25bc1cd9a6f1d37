"""What programs start whose own file says it: supervisord, circus, a Procfile's runner, s6, make, and the tasks of a project.

From the documentation of supervisor 4.3 ("Configuration File"), circus 0.19, honcho 2.0, s6-overlay 3.2, GNU make, and the task tables of
Pipenv, PDM, Hatch, Pixi, Rye, Poe and Taskipy.
"""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.source.files.container_files import ContainerFiles
from wizard.source.project_files import walk
from wizard.source.starting.command_words import TASK_RUNNERS, runner_words, unwrapped
from wizard.source.starting.project_scripts import read_pipfile, read_pyproject
from wizard.source.text_file import read_lines, read_text

SUPERVISORD_FILES = ("supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf",
                     "../etc/supervisord.conf")  # fmt: skip
"""Where supervisord looks for its file, in its order."""
SUPERVISORD_FOLDERS = ("/etc/supervisor/conf.d", "/etc/supervisord.d", "/etc/supervisor.d")
PROCFILE_RUNNERS = ("honcho", "foreman", "hivemind", "overmind", "goreman", "forego")
SERVICE_PLACES = re.compile(r"/(etc/(services\.d|s6-overlay/s6-rc\.d|s6/[\w.-]+|service|sv)|service)/[\w.-]+/run")
INITS = ("init", "s6-svscan", "runsvdir", "my_init")
HONCHO_PORT = 5000
"""What honcho and foreman set PORT to for the first process; each next one gets 100 more."""
TASK_TABLES = (("tool", "pdm", "scripts"), ("tool", "poe", "tasks"), ("tool", "taskipy", "tasks"), ("tool", "rye", "scripts"),
               ("tool", "hatch", "envs", "default", "scripts"), ("tool", "pixi", "tasks"))  # fmt: skip


@dataclass(frozen=True)
class SupervisedCommand:
    """A line of shell that such a program runs, from a line of a file of the source folder."""

    text: str
    path: Path
    line: int
    folder: str = ""
    variables: dict[str, str] = field(default_factory=dict)


def supervised_commands(words: Sequence[str], project: Path, files: ContainerFiles, workdir: str) -> list[SupervisedCommand]:
    """Every command that words come to; none when they start no such program, or when its file is not known."""
    own = unwrapped(list(words))
    program = posixpath.basename(next(iter(own), ""))
    if program == "supervisord":
        return list(_supervisord(own, files, workdir))
    if program == "circusd":
        file = files.find(_at(workdir, next((word for word in own[1:] if word.endswith(".ini")), "circus.ini")))
        return list(_ini(file, "watcher:", ("cmd",), "working_dir")) if file else []
    if program in PROCFILE_RUNNERS:
        return list(_procfile(own, files, workdir))
    if program == "make":
        return list(_make(own, files, workdir))
    if program in INITS:
        return list(_services(project, files))
    return list(_task(words, own, project))


def _at(workdir: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(workdir, name))


def _after(words: Sequence[str], *options: str) -> str:
    """The value of an option."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in options:
            return value if equals else next(iter(words[at + 1 :]), "")
    return ""


def _supervisord(words: Sequence[str], files: ContainerFiles, workdir: str) -> Iterator[SupervisedCommand]:
    named = _after(words, "-c", "--configuration")
    for name in [named] if named else SUPERVISORD_FILES:
        if (file := files.find(_at(workdir, name))) is not None and file.is_file():
            yield from _ini(file, "program:", ("command",), "directory")
            folder = posixpath.dirname(_at(workdir, name))
            for pattern in re.findall(r"(?m)^\s*files\s*=\s*(.+)$", read_text(file)):
                for place in pattern.split():
                    yield from _folder(files, posixpath.dirname(_at(folder, place)))
            return
    for folder in SUPERVISORD_FOLDERS:
        yield from _folder(files, folder)


def _folder(files: ContainerFiles, folder: str) -> Iterator[SupervisedCommand]:
    for file in files.below(folder):
        if file.suffix in (".conf", ".ini"):
            yield from _ini(file, "program:", ("command",), "directory")


def _ini(file: Path, section: str, keys: tuple[str, ...], folder_key: str) -> Iterator[SupervisedCommand]:
    parser = configparser.RawConfigParser(strict=False, inline_comment_prefixes=(" ;",), allow_no_value=True)
    lines = read_lines(file)
    try:
        parser.read_string("\n".join(lines))
    except configparser.Error:
        return
    for name in parser.sections():
        key = next((key for key in keys if name.startswith(section) and parser.has_option(name, key)), None)
        if key is None or parser.get(name, "autostart", fallback="true").lower() in ("false", "0", "no"):
            continue
        text = " ".join(filter(None, [parser.get(name, key), parser.get(name, "args", fallback=None)]))
        begin = next((at for at, line in enumerate(lines, 1) if line.strip() == f"[{name}]"), 1)
        line = next((at for at in range(begin, len(lines) + 1) if re.match(rf"\s*{key}\s*[=:]", lines[at - 1])), begin)
        replaced = re.sub(r"%\(ENV_(\w+)\)s", r"${\1}", text.replace("\n", " "))
        yield SupervisedCommand(replaced, file, line, parser.get(name, folder_key, fallback="") or "")


def _procfile(words: Sequence[str], files: ContainerFiles, workdir: str) -> Iterator[SupervisedCommand]:
    file = files.find(_at(workdir, _after(words, "-f", "--procfile") or "Procfile"))
    if file is None or words[1:2] not in (["start"], ["run"], []):
        return
    values = {_after(words, option) for option in ("-f", "--procfile", "-e", "--env", "-p", "--port")}
    asked = [word for word in words[2:] if not word.startswith("-") and word not in values]
    first = _after(words, "-p", "--port")
    number = 0
    for at, line in enumerate(read_lines(file), 1):
        entry = re.match(r"\s*([\w-]+)\s*:\s*(\S.*)", line)
        if entry and (not asked or entry[1] in asked):
            port = (int(first) if first.isdigit() else HONCHO_PORT) + 100 * number
            yield SupervisedCommand(entry[2], file, at, variables={"PORT": str(port)})
            number += 1


def _make(words: Sequence[str], files: ContainerFiles, workdir: str) -> Iterator[SupervisedCommand]:
    folder = _at(workdir, _after(words, "-C", "--directory") or ".")
    names = [_after(words, "-f", "--file")] if _after(words, "-f", "--file") else ["GNUmakefile", "makefile", "Makefile"]
    file = next((file for name in names if (file := files.find(_at(folder, name))) is not None and file.is_file()), None)
    if file is None:
        return
    lines = read_lines(file)
    variables = {match[1]: match[2].strip() for line in lines if (match := re.match(r"(?:export\s+)?(\w+)\s*[:?]?=\s*(.*)", line))}
    rules = {match[1]: at for at, line in enumerate(lines, 1) if (match := re.match(r"(?!\.PHONY)([\w./-]+)\s*:(?!=)", line))}
    asked = [word for word in words[1:] if word in rules] or list(rules)[:1]
    for target in asked:
        for at in range(rules[target] + 1, len(lines) + 1):
            line = lines[at - 1]
            if line.strip() and not line.startswith("\t"):
                break
            text = re.sub(r"\$[({](\w+)[)}]", lambda match: variables.get(match[1], f"${{{match[1]}}}"), line.strip().lstrip("@-+"))
            if text:
                yield SupervisedCommand(text.replace("$$", "$"), file, at, "" if folder == workdir else folder)


def _services(project: Path, files: ContainerFiles) -> Iterator[SupervisedCommand]:
    for path in walk(project):
        if path.name == "run" and (place := files.place(path)) and SERVICE_PLACES.fullmatch(place):
            yield SupervisedCommand(re.sub(r"\A#!.*", "", read_text(path)), path, 1)


def _task(words: Sequence[str], own: Sequence[str], project: Path) -> Iterator[SupervisedCommand]:
    """What the project gives a name to, and runs by ``pipenv run start``, ``poe start`` and their like."""
    runner = [posixpath.basename(word) for word in runner_words(words)]
    named = own[:1] if any(word in TASK_RUNNERS for word in runner) else own[1:2] if own[:1] in (["poe"], ["task"]) else []
    if not named:
        return
    pyproject = read_pyproject(project)
    tables = [(read_pipfile(project), ("scripts",), "Pipfile"), *((pyproject, keys, "pyproject.toml") for keys in TASK_TABLES)]
    for content, keys, file in tables:
        task: Any = content
        for key in (*keys, *named):
            task = task.get(key) if isinstance(task, dict) else None
        if isinstance(task, dict):
            task = next((task[key] for key in ("cmd", "shell", "script") if key in task), None)
        lines = read_lines(project / file) if task else []
        entry = re.compile(rf"\s*[\"']?{re.escape(named[0])}[\"']?\s*=")
        at = next((number for number, line in enumerate(lines, 1) if entry.match(line)), 1)
        yield from (SupervisedCommand(text, project / file, at) for text in _texts(task))


def _texts(task: Any) -> list[str]:
    return [text for text in (task if isinstance(task, list) else [task]) if isinstance(text, str) and text]
