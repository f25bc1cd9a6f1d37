"""Which instructions a Dockerfile may hold, with which arguments and flags, and which forms only BuildKit builds.

The classic builder, which registry tasks run, has the same rules with other words for what it lacks (reference.md 1.6; Azure/acr#721).
"""

from __future__ import annotations

import re

from wizard.containers.dockerfile_parser import Command, DockerfileSyntaxError

FLAGS = {
    "FROM": ("platform",),
    "RUN": ("mount", "network", "security", "device"),
    "COPY": ("from", "chown", "chmod", "link", "parents", "exclude"),
    "ADD": ("chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"),
    "HEALTHCHECK": ("interval", "timeout", "start-period", "start-interval", "retries"),
}
CLASSIC_FLAGS = ("platform", "from", "chown", "interval", "timeout", "start-period", "start-interval", "retries")
"""The flags that the classic builder understands, too."""

INSTRUCTIONS = (
    *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL"),
    *("STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
)
_EXACTLY_ONE = ("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR")
_MAY_BE_EMPTY = ("CMD", "ENTRYPOINT", "RUN")
_DURATION = re.compile(r"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)")  # Go's time.ParseDuration
_STAGE_NAME = re.compile(r"[a-z][a-z0-9\-_.]*")
_GIT = re.compile(r"git@[\w.-]+:\S+|(?:git|ssh)://\S+|https?://\S+\.git(?:#\S*)?")


def check(command: Command) -> None:
    """Raise DockerfileSyntaxError, in Docker's words, for an instruction that cannot be."""
    reason = _wrong(command)
    if reason:
        raise DockerfileSyntaxError(reason, command.line)


def buildkit_only(command: Command) -> tuple[str, ...]:
    """What of an instruction only BuildKit builds: flags such as ``--mount``, ``<<`` (here-documents), ``git`` (ADD of a repository)."""
    inner = command.sub or command
    flags = [f"--{name}" for name in map(flag_name, inner.flags) if name not in CLASSIC_FLAGS]
    git = ["git"] if inner.name == "ADD" and any(is_git(word) for word in inner.words[:-1]) else []
    return tuple(dict.fromkeys([*flags, *(["<<"] if command.heredocs else []), *git]))


def is_git(source: str) -> bool:
    """Whether a source of ADD is a Git repository."""
    return bool(_GIT.fullmatch(source))


def is_remote(source: str) -> bool:
    """Whether a source of ADD comes over the network."""
    return is_git(source) or source.lower().startswith(("http://", "https://"))


def flag_name(flag: str) -> str:
    """``chown`` of ``--chown=app``."""
    return flag.removeprefix("--").partition("=")[0]


def _wrong(command: Command) -> str:
    name, count = command.name, len(command.words)
    if name not in INSTRUCTIONS:
        return f"unknown instruction: {name}"
    unknown = next((flag for flag in command.flags if flag_name(flag) not in FLAGS.get(name, ())), None)
    if unknown is not None:
        return f"Unknown flag: {flag_name(unknown)}"
    if not count and name not in _MAY_BE_EMPTY:
        return f"{name} requires {'exactly one argument' if name in _EXACTLY_ONE else 'at least one argument'}"
    match name:
        case "FROM":
            return _wrong_from(command)
        case "COPY" | "ADD" if count < 2 and not command.heredocs:
            return f"{name} requires at least two arguments, but only one was provided. Destination could not be determined."
        case "ENV" | "LABEL" | "ARG" if any(not word.partition("=")[0] for word in command.words[:: 1 if name == "ARG" else 2]):
            return f"{name} names can not be blank"
        case "SHELL" if not command.as_json:
            return "SHELL requires the arguments to be in JSON form"
        case "HEALTHCHECK":
            return _wrong_health(command)
        case "ONBUILD":
            return _wrong_trigger(command)
    return ""


def _wrong_from(command: Command) -> str:
    words = command.words
    if len(words) != 1 and (len(words) != 3 or words[1].upper() != "AS"):
        return "FROM requires either one or three arguments"
    if len(words) == 3 and not _STAGE_NAME.fullmatch(words[2].lower()):
        return f"invalid name for build stage: {json_text(words[2])}, name can't start with a number or contain symbols"
    return ""


def _wrong_health(command: Command) -> str:
    kind, *words = command.words
    if kind.upper() == "NONE":
        return "HEALTHCHECK NONE takes no arguments" if words else ""
    if kind.upper() != "CMD":
        return f"Unknown type {json_text(kind.upper())} in HEALTHCHECK (try CMD)"
    if not words:
        return "Missing command after HEALTHCHECK CMD"
    for flag in command.flags:
        name, value = flag_name(flag), flag.partition("=")[2]
        if name == "retries" and value and not re.fullmatch(r"[-+]?\d+", value):
            return f"strconv.ParseInt: parsing {json_text(value)}: invalid syntax"
        if name != "retries" and value and not _DURATION.fullmatch(value):
            return f"time: invalid duration {json_text(value)}"
    return ""


def _wrong_trigger(command: Command) -> str:
    trigger = command.sub
    if trigger is None:
        return ""
    if trigger.name == "ONBUILD":
        return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
    if trigger.name in ("MAINTAINER", "FROM"):
        return f"{trigger.name} isn't allowed as an ONBUILD trigger"
    return _wrong(trigger)


def json_text(word: str) -> str:
    """A word in double quotes, as Docker prints it."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
