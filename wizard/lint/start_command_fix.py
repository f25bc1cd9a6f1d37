"""How a start command should read instead, with everything around it left as the person wrote it."""

from __future__ import annotations

import json
import posixpath
import re
import shlex

from wizard.lint.project import CodeProject
from wizard.source.starting.app_objects import AppObject
from wizard.source.starting.command_words import ENVIRONMENTS, runner_words, unwrapped
from wizard.source.starting.start_command import StartCommand

PLACE = re.compile(r"""\s+(?:-b|-H|--bind|--host|--port|--listen)(?:[= ]\s*|(?<=-b))(?:"[^"]*"|'[^']*'|[^\s"'\]]+)""")
PLACES = ("-b", "-H", "--bind", "--host", "--port", "--listen")
OWN_PORTS = ("uvicorn", "fastapi", "litestar", "quart", "sanic", "daphne")
"""Servers whose ``-p`` is the port; gunicorn's is a file."""
WITH_COMMANDS = ("fastapi", "litestar", "quart")
"""Servers whose options stand behind a word such as ``run``."""
CHAINED = re.compile(r"(?P<before>.*(?:&&|;|\|\|)\s*).*?(?P<after>\"?\s*\]?)\s*", re.DOTALL)


def rebound(project: CodeProject, command: StartCommand, port: int) -> str:
    """The text where the command stands, with the bind address that Azure reaches; "" where the server does not stand in it."""
    if not command.is_list:
        return _rebound_line(command.text(project.dockerfile), command.server, port)
    words = list(command.instruction.words)
    if command.server not in " ".join(words) and command.instruction.name == "ENTRYPOINT":
        return ""
    other_words: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in PLACES or (word == "-p" and command.server in OWN_PORTS):
            skip = True
        elif not re.match(r"(-b\S|--bind=|--host=|--port=|--listen=)", word):
            other_words.append(word)
    if command.server == "fastapi":
        other_words = ["run" if word == "dev" else word for word in other_words]
    at = next((number + 1 for number, word in enumerate(other_words) if posixpath.basename(word) in (command.server, "waitress")), 0)
    at += command.server in WITH_COMMANDS and other_words[at : at + 1] == ["run"]
    return f"{command.instruction.name} {json.dumps([*other_words[:at], *_place(command.server, port), *other_words[at:]])}"


def retargeted(project: CodeProject, command: StartCommand, target: str) -> str:
    """The same text, loading something else; "" where what it loads does not stand in it once."""
    if command.is_list:
        words = [target if word == command.target else word for word in command.instruction.words]
        return f"{command.instruction.name} {json.dumps(words)}" if target in words else ""
    text = command.text(project.dockerfile)
    standing = rf"(?<=[\s\"']){re.escape(command.target)}(?=[\s\"'\]]|$)"
    return re.sub(standing, lambda _found: target, text) if len(re.findall(standing, text)) == 1 and "(" not in target else ""


def with_gunicorn(project: CodeProject, command: StartCommand, target: str) -> str:
    """The text with gunicorn in the place of another server, after what is done before it and with what runs it."""
    return _with_server(project, command, ["gunicorn", "--bind", f"0.0.0.0:{project.answers.app.port}", target])


def with_uvicorn(project: CodeProject, command: StartCommand, app: AppObject) -> str:
    """The same with uvicorn, for an ASGI application."""
    return _with_server(project, command, uvicorn_words(app, project.answers.app.port))


def uvicorn_words(app: AppObject, port: int) -> list[str]:
    """How uvicorn is told to run an application where Azure reaches it."""
    factory = ["--factory"] if app.factory else []
    return ["uvicorn", *factory, f"{app.module}:{app.name}", "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104


def with_worker(project: CodeProject, command: StartCommand, worker: str) -> str:
    """The text with another kind of workers for gunicorn; "" where gunicorn does not stand in it once."""
    text = command.text(project.dockerfile)
    if command.is_list:
        return re.sub(r'(["\'])gunicorn\1', rf'"gunicorn", "-k", "{worker}"', text, count=1) if text.count('gunicorn"') == 1 else ""
    return re.sub(r"\bgunicorn\b(?![.\w])", f"gunicorn -k {worker}", text, count=1)


def _with_server(project: CodeProject, command: StartCommand, words: list[str]) -> str:
    line, text = command.instruction, command.text(project.dockerfile)
    own = list(line.words) if line.as_json else " ".join(line.words).split()
    if command.script is not None or (not command.is_list and CHAINED.fullmatch(text)):
        chained = CHAINED.fullmatch(text)
        runner = _environment((text[len(chained["before"]) :] if chained else text).split())
        return f"{chained['before'] if chained else ''}exec {_as_line([*runner, *words], text)}{chained['after'] if chained else ''}"
    entry = project.docker.entrypoint
    taken_back = entry is not None and line.name == "CMD" and entry.as_json and bool(unwrapped(list(entry.words)))
    started_by_script = entry is not None and any(word.endswith(".sh") for word in entry.words)
    runner = _environment(own)
    return f"{'ENTRYPOINT []' + chr(10) if taken_back and not started_by_script else ''}CMD {json.dumps([*runner, *words])}"


def _as_line(words: list[str], around: str) -> str:
    """Words as a shell takes them; within quotes of the one kind those of the other."""
    return " ".join(f"'{word}'" if set(word) & set("()") and "'" not in around else shlex.quote(word) for word in words)


def _environment(words: list[str]) -> list[str]:
    """What runs a command among the packages that it installed itself, such as ``conda run -n shop``."""
    before = [word for word in runner_words(words) if word != "exec"]
    return before if before and before[0] in ENVIRONMENTS else []


def _rebound_line(text: str, server: str, port: int) -> str:
    """A line of shell with another bind address."""
    joined = re.sub(r"\s*\\\s*\n\s*", " ", text)
    name = "waitress(?:-serve)?" if server == "waitress-serve" else re.escape(server)
    matches = list(re.finditer(rf"(?<![\w.-]){name}(?![\w.-])", joined))
    if not matches or '\\"' in joined or "\n" in joined:
        return ""
    end = matches[-1].end()
    if server in WITH_COMMANDS:
        command = re.match(r"\s+(?:run|dev)\b", joined[end:])
        end += command.end() if command else 0
        joined = re.sub(r"\bdev$", "run", joined[:end]) + joined[end:]
    rest = PLACE.sub("", joined[end:])
    if server in OWN_PORTS:
        rest = re.sub(r"\s+-p\s*\S+", "", rest)
    return f"{joined[:end]} {' '.join(_place(server, port))}{rest}"


def _place(server: str, port: int) -> list[str]:
    everywhere = "0.0.0.0"  # noqa: S104 - where Azure reaches it
    apart = ["--host", everywhere, "--port", str(port)]
    options = {
        "waitress-serve": [f"--listen={everywhere}:{port}"],
        "daphne": ["-b", everywhere, "-p", str(port)],
        "uwsgi": ["--http", f"{everywhere}:{port}"],
        **dict.fromkeys(("uvicorn", "granian", "sanic", *WITH_COMMANDS), apart),
    }
    return options.get(server, ["--bind", f"{everywhere}:{port}"])
