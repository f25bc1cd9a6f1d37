"""How a start command should read instead, with everything around it left as the person wrote it."""

from __future__ import annotations

import json
import posixpath
import re

from wizard.lint.project import CodeProject
from wizard.source.starting.app_objects import AppObject
from wizard.source.starting.command_words import RUNNERS, unwrapped
from wizard.source.starting.start_command import StartCommand

PLACE = re.compile(r"""\s+(?:-b|--bind|--host|--port|--listen)(?:[= ]\s*|(?<=-b))(?:"[^"]*"|'[^']*'|[^\s"'\]]+)""")
CHAINED = re.compile(r"(?P<before>.*(?:&&|;|\|\|)\s*).*?(?P<after>\"?\s*\]?)\s*", re.DOTALL)
ENVIRONMENTS = tuple(runner for runner in RUNNERS if runner[-1] == "run")
"""What runs a command among the packages that it installed itself."""


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
        elif word in ("-b", "--bind", "--host", "--port", "--listen"):
            skip = True
        elif not re.match(r"(-b\S|--bind=|--host=|--port=|--listen=)", word):
            other_words.append(word)
    at = next((number + 1 for number, word in enumerate(other_words) if posixpath.basename(word) in (command.server, "waitress")), 0)
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
        runner = next((runner for runner in ENVIRONMENTS if " ".join(runner) in text), ())
        chained = CHAINED.fullmatch(text)
        return f"{chained['before'] if chained else ''}exec {' '.join([*runner, *words])}{chained['after'] if chained else ''}"
    runner = next((runner for runner in ENVIRONMENTS if tuple(own[: len(runner)]) == runner), ())
    entry = project.docker.entrypoint
    taken_back = entry is not None and line.name == "CMD" and entry.as_json and bool(unwrapped(list(entry.words)))
    started_by_script = entry is not None and any(word.endswith(".sh") for word in entry.words)
    return f"{'ENTRYPOINT []' + chr(10) if taken_back and not started_by_script else ''}CMD {json.dumps([*runner, *words])}"


def _rebound_line(text: str, server: str, port: int) -> str:
    """A line of shell with another bind address."""
    joined = re.sub(r"\s*\\\s*\n\s*", " ", text)
    name = "waitress(?:-serve)?" if server == "waitress-serve" else re.escape(server)
    matches = list(re.finditer(rf"(?<![\w.-]){name}(?![\w.-])", joined))
    if not matches or '\\"' in joined or "\n" in joined:
        return ""
    end = matches[-1].end()
    return f"{joined[:end]} {' '.join(_place(server, port))}{PLACE.sub('', joined[end:])}"


def _place(server: str, port: int) -> list[str]:
    everywhere = "0.0.0.0"  # noqa: S104 - where Azure reaches it
    options = {"uvicorn": ["--host", everywhere, "--port", str(port)], "waitress-serve": [f"--listen={everywhere}:{port}"]}
    return options.get(server, ["--bind", f"{everywhere}:{port}"])
