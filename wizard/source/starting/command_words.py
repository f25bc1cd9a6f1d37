"""The words of a command line: what a shell makes of them, what only starts something else, and the options of servers."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence

from wizard.source.starting.server_flags import FLAGS

SERVERS = ("gunicorn", "uvicorn", "waitress-serve", "hypercorn", "granian", "daphne", "uwsgi", "fastapi", "litestar", "quart", "sanic",
           "flask", "django", "python")  # fmt: skip
STANDING_ALONE = SERVERS[:11]
"""Those whose name alone starts one."""
OTHER_NAMES = {"waitress": "waitress-serve", "django-admin": "django", "uwsgi-core": "uwsgi", "gunicorn3": "gunicorn"}
RUNNERS = (("poetry", "run"), ("uv", "run"), ("pipenv", "run"), ("pdm", "run"), ("tini", "--"), ("dumb-init", "--"), ("exec",), ("env",),
           ("opentelemetry-instrument",), ("ddtrace-run",), ("newrelic-admin", "run-program"))  # fmt: skip
RUNNERS_WITH_VALUE = {
    "--group",
    "--only-group",
    "--extra",
    "--with",
    "--package",
    "--project",
    "--directory",
    "--env-file",
    "--python",
    "-p",
}
SHELLS = ("sh", "bash", "ash", "/bin/sh", "/bin/bash")
PASSING_ON = ("gosu", "su-exec", "runuser", "setpriv", "chpst", "nice", "ionice", "stdbuf", "timeout", "nohup", "unbuffer", "tini",
              "dumb-init", "catatonit", "dockerize", "doppler", "infisical", "chamber", "scalene", "memray", "py-spy")  # fmt: skip
PYTHON = re.compile(r"(.*/)?(python[\d.]*|pypy3?)")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
WITH_VALUE = {"-b": "bind", "--bind": "bind", "-w": "workers", "--workers": "workers", "-c": "config", "--config": "config",
              "--chdir": "chdir", "--pythonpath": "pythonpath", "-h": "host", "--host": "host", "-p": "port", "--port": "port",
              "--listen": "listen", "-A": "app", "--app": "app", "-k": "worker-class", "--worker-class": "worker-class",
              "--uds": "uds", "--unix-path": "uds", "--fd": "fd", "--http": "http", "--http-socket": "http", "--socket": "socket",
              "--ini": "ini", "--module": "module", "--wsgi-file": "wsgi-file", "--processes": "workers", "--interface": "interface",
              "--app-dir": "chdir", "--working-dir": "chdir"}  # fmt: skip


def shell_words(line: str) -> list[str]:
    """The words of the last command of a line of shell."""
    last = re.split(r"&&|;|\|\|", line)[-1].strip()
    try:
        return shlex.split(last)
    except ValueError:
        return last.split()


def unwrapped(words: list[str]) -> list[str]:
    """Without what only starts something else: ``exec``, ``NAME=value``, ``poetry run``, ``python -m``.

    Of a program that passes on what follows (``gosu api``, ``./wait-for-it.sh db:5432 --``) what counts is the first server that it names.
    """
    while words:
        first = (posixpath.basename(words[0]), *words[1:])
        prefix = next((prefix for prefix in RUNNERS if first[: len(prefix)] == prefix), ())
        if prefix:
            words = _without_options(words[len(prefix) :])
        elif re.fullmatch(r"\w+=.*", words[0]):
            words = words[1:]
        elif PYTHON.fullmatch(words[0]) and words[1:2] == ["-m"] and len(words) > 2 and _is_server(words[2]):
            words = [words[2], *words[3:]]
        elif PYTHON.fullmatch(words[0]) and words[1:2] and re.fullmatch(r"-[uOOBEIsSv]+", words[1]):
            words = [words[0], *words[2:]]
        elif PYTHON.fullmatch(words[0]) and words[1:2] and words[1] in ("-X", "-W"):
            words = [words[0], *words[3:]]
        elif not _starts(words[0]) and (later := next((place for place, word in enumerate(words) if _starts(word)), 0)):
            if not _passes_on(words[:later]):
                break
            words = words[later:]
        else:
            break
    return words


def _passes_on(before: Sequence[str]) -> bool:
    """Whether a program runs the words after these: one that is known for it, a script that waits or prepares, or whatever has a ``--``."""
    name = posixpath.basename(before[0])
    return name in PASSING_ON or name.endswith(".sh") or name.startswith(("wait-for", "docker-entrypoint")) or "--" in before


def _starts(word: str) -> bool:
    """Whether a word is a program that starts an API: a server, or Python."""
    name = posixpath.basename(word)
    return (
        OTHER_NAMES.get(name, name) in STANDING_ALONE
        or PYTHON.fullmatch(word) is not None
        or name in ("flask", "manage.py", "django-admin")
    )


def _is_server(module: str) -> bool:
    return OTHER_NAMES.get(module, module) in SERVERS


def _without_options(words: list[str]) -> list[str]:
    """Without what stands first and is meant for a runner, such as ``--no-dev`` in ``uv run --no-dev gunicorn``."""
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in RUNNERS_WITH_VALUE else 1 :]
    return words


def read_options(words: Sequence[str], server: str) -> tuple[dict[str, str], list[str]]:
    """The options of a server's command line by their long names, and the words that are none.

    An option that is not known has the next word for its value, unless that is an option too.
    """
    flags = FLAGS.get(server, frozenset())
    options: dict[str, str] = {}
    plain: list[str] = []
    waiting = ""
    for word in words:
        name, equals, value = word.partition("=")
        if waiting.endswith("?") and re.match(r"-\D", word):
            waiting = ""
        if waiting:
            options[waiting.rstrip("?")], waiting = word, ""
        elif word in flags:
            continue
        elif word.startswith("-") and name in WITH_VALUE:
            if equals:
                options[WITH_VALUE[name]] = value
            else:
                waiting = WITH_VALUE[name]
        elif short := re.fullmatch(r"(-[bwcpk])(\S+)", word):
            options[WITH_VALUE[short[1]]] = short[2]
        elif word.startswith("-"):
            waiting = "" if equals else f"{name}?"
        else:
            plain.append(word)
    return options, plain


def expanded(text: str, variables: Mapping[str, str], unknown: list[str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match["braced"] or match["bare"]
        if name in variables:
            return variables[name]
        if match["default"] is not None:
            return match["default"]
        unknown.append(name)
        return match[0]

    return VARIABLE.sub(value, text)
