"""The words of a command line: what a shell makes of them, what only starts something else, and the options of servers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from wizard.source.starting.server_flags import FLAGS

SERVERS = ("gunicorn", "uvicorn", "waitress-serve", "hypercorn", "granian", "daphne", "uwsgi", "fastapi", "litestar", "quart", "sanic",
           "flask", "django", "python")  # fmt: skip
STANDING_ALONE = SERVERS[:11]
"""Those whose name alone starts one."""
OTHER_NAMES = {"waitress": "waitress-serve", "django-admin": "django", "uwsgi-core": "uwsgi", "gunicorn3": "gunicorn"}
RUNNERS: dict[tuple[str, ...], tuple[int, str]] = {
    ("exec",): (0, "-a"),
    ("env",): (0, "-u -C -S"),
    ("command",): (0, ""),
    ("tini",): (0, "-p -e"),
    ("dumb-init",): (0, "-r --rewrite"),
    ("catatonit",): (0, ""),
    ("gosu",): (1, ""),
    ("su-exec",): (1, ""),
    ("s6-setuidgid",): (1, ""),
    ("with-contenv",): (0, ""),
    ("runuser",): (0, "-u -g -G"),
    ("setpriv",): (0, "--reuid --regid --groups"),
    ("chpst",): (0, "-u -U -e -m -o"),
    ("nice",): (0, "-n --adjustment"),
    ("ionice",): (0, "-c -n"),
    ("stdbuf",): (0, "-i -o -e"),
    ("timeout",): (1, "-k -s"),
    ("nohup",): (0, ""),
    ("setsid",): (0, ""),
    ("unbuffer",): (0, ""),
    ("xvfb-run",): (0, "-n -s -e -f"),
    ("poetry", "run"): (0, "-C -P --directory --project"),
    ("uv", "run"): (0, "--group --only-group --extra --with --package --project --directory --env-file --python -p"),
    ("uv", "tool", "run"): (0, "--from --with --python -p"),
    ("uvx",): (0, "--from --with --python -p"),
    ("pipenv", "run"): (0, ""),
    ("pdm", "run"): (0, "-p --project --venv"),
    ("hatch", "run"): (0, ""),
    ("rye", "run"): (0, "--pyproject"),
    ("pixi", "run"): (0, "-e --environment --manifest-path"),
    ("conda", "run"): (0, "-n --name -p --prefix --cwd"),
    ("mamba", "run"): (0, "-n --name -p --prefix --cwd"),
    ("micromamba", "run"): (0, "-n --name -p --prefix --cwd"),
    ("opentelemetry-instrument",): (0, "--traces_exporter --metrics_exporter --logs_exporter --service_name --exporter_otlp_endpoint"),
    ("ddtrace-run",): (0, "-p"),
    ("newrelic-admin", "run-program"): (0, ""),
    ("elasticapm-run",): (0, "--config"),
    ("doppler", "run"): (0, "-p -c -t"),
    ("infisical", "run"): (0, ""),
    ("op", "run"): (0, "--env-file"),
    ("chamber", "exec"): (1, ""),
    ("dockerize",): (0, "-wait -timeout -template -stdout -stderr"),
}
"""What only starts another program: its words -> how many words of its own come before that program, and which options take a value."""
TASK_RUNNERS = ("pipenv", "pdm", "hatch", "rye", "pixi")
"""Those of them that also run what the project has given a name to."""
ENVIRONMENTS = ("poetry", "uv", "pipenv", "pdm", "hatch", "rye", "pixi", "conda", "mamba", "micromamba")
"""Those that run it among the packages which they installed themselves."""
SHELLS = ("sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash", "/bin/ash", "/usr/bin/bash")
SHELL_TEXT = re.compile(r"-[a-z]*c[a-z]*")
"""The option of a shell whose next word is what it runs: ``-c``, ``-lc``, ``-euc``."""
PASSING_ON = ("scalene", "memray", "py-spy", "watchmedo", "debugpy")
"""Programs that run another one, with options too many to know."""
PYTHON = re.compile(r"(.*/)?(python[\d.]*|pypy3?)")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?(?P<operator>[-=+?])(?P<default>[^}]*))?\}|(?P<bare>[A-Za-z_]\w*))")
WITH_VALUE = {"-b": "bind", "--bind": "bind", "-w": "workers", "--workers": "workers", "-c": "config", "--config": "config",
              "--chdir": "chdir", "--pythonpath": "pythonpath", "-h": "host", "-H": "host", "--host": "host", "-p": "port",
              "--port": "port",
              "--listen": "listen", "-A": "app", "--app": "app", "-k": "worker-class", "--worker-class": "worker-class",
              "--uds": "uds", "--unix-path": "uds", "--fd": "fd", "--http": "http", "--http-socket": "http", "--socket": "socket",
              "--ini": "ini", "--yaml": "yaml", "--yml": "yaml",
              "--module": "module", "--wsgi-file": "wsgi-file", "--processes": "workers", "--interface": "interface",
              "--app-dir": "chdir", "--working-dir": "chdir"}  # fmt: skip


def runner_words(words: Sequence[str]) -> list[str]:
    """The words at the begin that only start something else: ``exec``, ``NAME=value``, ``poetry run``, ``tini --``, ``gosu api``."""
    at = 0
    while at < len(words):
        rest = (posixpath.basename(words[at]), *words[at + 1 :])
        prefix = next((prefix for prefix in RUNNERS if rest[: len(prefix)] == prefix), ())
        if prefix:
            at = _past_options(words, at + len(prefix), *RUNNERS[prefix])
        elif re.fullmatch(r"\w+=.*", words[at], re.DOTALL):
            at += 1
        else:
            break
    return list(words[:at])


def _past_options(words: Sequence[str], at: int, own: int, with_value: str) -> int:
    while at < len(words) and words[at].startswith("-"):
        if words[at] == "--":
            return at + 1
        at += 2 if words[at] in with_value.split() else 1
    at += own
    return at + 1 if words[at : at + 1] == ["--"] else at


def unwrapped(words: list[str]) -> list[str]:
    """Without what only starts something else, which also ``python -m`` does, and a shell that reads a script.

    Of a program that passes on what follows (``./wait-for-it.sh db:5432 --``) what counts is the first server that it names.
    """
    while words:
        if prefix := runner_words(words):
            words = words[len(prefix) :]
        elif words[0] in SHELLS and len(words) > 1 and not any(SHELL_TEXT.fullmatch(word) for word in words[1:3]):
            words = _without_options(words[1:])
        elif PYTHON.fullmatch(words[0]) and words[1:2] == ["-m"] and len(words) > 2 and _is_server(words[2]):
            words = [words[2], *words[3:]]
        elif PYTHON.fullmatch(words[0]) and words[1:2] and re.fullmatch(r"-[uOOBEIsSvbdq]+", words[1]):
            words = [words[0], *words[2:]]
        elif PYTHON.fullmatch(words[0]) and words[1:2] and words[1] in ("-X", "-W"):
            words = [words[0], *words[3:]]
        elif PYTHON.fullmatch(words[0]) and words[1:2] and re.fullmatch(r"-[XW]\S+", words[1]):
            words = [words[0], *words[2:]]
        elif not _starts(words[0]) and (later := next((place for place, word in enumerate(words) if _starts(word)), 0)):
            if not _passes_on(words[:later]):
                break
            words = words[later:]
        else:
            break
    return words


def program_of(words: Sequence[str]) -> str:
    """What is run in the end, by its usual name: ``gunicorn`` for ``exec /opt/venv/bin/gunicorn``; "" for nothing."""
    name = posixpath.basename(next(iter(unwrapped(list(words))), ""))
    return OTHER_NAMES.get(name, name)


def _without_options(words: list[str]) -> list[str]:
    at = next((place for place, word in enumerate(words) if not word.startswith("-")), len(words))
    return words[at:]


def _passes_on(before: Sequence[str]) -> bool:
    """Whether a program runs the words after these: a script that waits or prepares, or whatever has a ``--``."""
    name = posixpath.basename(before[0])
    passing = any(name == runner[0] for runner in RUNNERS)
    return passing or name in PASSING_ON or name.endswith(".sh") or name.startswith(("wait-for", "docker-entrypoint")) or "--" in before


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
        elif short := re.fullmatch(r"(-[bwcpk])\s*(\S+)", word):
            options[WITH_VALUE[short[1]]] = short[2]
        elif word.startswith("-"):
            waiting = "" if equals else f"{name}?"
        else:
            plain.append(word)
    return options, plain


def expanded(text: str, variables: Mapping[str, str], unknown: list[str]) -> str:
    """A word with its variables replaced as a shell would; those that have no value here stay, and are added to `unknown`."""

    def value(match: re.Match[str]) -> str:
        name, operator = match["braced"] or match["bare"], match["operator"]
        if operator == "+":
            return str(match["default"]) if variables.get(name) else ""
        if variables.get(name) or (name in variables and not operator):
            return variables[name]
        if operator in ("-", "="):
            return re.sub(r"""^(["'])(.*)\1$""", r"\2", str(match["default"]))
        unknown.append(name)
        return match[0]

    return VARIABLE.sub(value, text)
