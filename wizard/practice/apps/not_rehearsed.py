"""Whether an API lacks what a RUN line would have brought that practice does not run: then neither its code nor its Dockerfile is wrong."""

from __future__ import annotations

import difflib
import posixpath
import re
import sys
from collections.abc import Iterable, Sequence

from wizard.containers.absent_programs import NOT_FOUND, absent_program

STATE = "NotRehearsed"  # the word that begins the detail of such a copy's state
_PROGRAM = re.compile(r'exec: "([^"]+)": executable file not found')
_FILE = re.compile(
    r"No such file or directory: ['\"]([^'\"]+)['\"]"
    r"|([^\s:'\"‘’]+)['\"’]?: (?:command not found|not found|cannot open shared object file|No such file or directory)"
)
_VERSION = re.compile(r"\bpython:3\.(\d+)")
_OF_PYTHON = re.compile(
    r"ImportError: cannot import name '\w+' from '([\w.]+)' \((?![^)]*site-packages)"
    r"|ModuleNotFoundError: No module named '([\w.]+)'|AttributeError: module '([\w.]+)' has no attribute"
)
_ANNOTATION = re.compile(r"^\s*(?:\w+\s*:|(?:async )?def ).*\n(?:[\s~^]+\n)?\s*NameError: name '", re.MULTILINE)
"""A type that is named before it is made, which Python reads only when asked since 3.14 (PEP 649)."""
_LAZY_ANNOTATIONS = 14
_GONE = ("asynchat", "asyncore", "cgi", "cgitb", "crypt", "distutils", "imghdr", "imp", "nntplib", "pipes", "smtpd", "telnetlib")
"""Modules that Python had, and has no more (docs.python.org, "What's New" of 3.12 and 3.13)."""
_SERVERS = ("gunicorn", "uvicorn", "waitress-serve", "hypercorn", "flask", "python", "python3")
_BRINGS_NOTHING = re.compile(
    r"(?:apt-get|apt|apk|yum|dnf)\s+(?:-\S+\s+)*(?:update|upgrade|clean|autoremove)\b|(?:test|echo|printf)\b|python\S* -c\b"
)


def missing_program(reason: str, passed_over: Sequence[str]) -> str:
    """The line that may have brought the program whose absence `reason` tells of; "" for none, and for a server's name misspelt."""
    match = _PROGRAM.search(reason)
    return _bringing(match[1], passed_over) if match else ""


def _bringing(program: str, passed_over: Sequence[str]) -> str:
    if not program or difflib.get_close_matches(posixpath.basename(program), _SERVERS, 1, 0.8):
        return ""
    return next((command for command in passed_over if not _BRINGS_NOTHING.match(command)), "")


def missing_file(console: Iterable[str], passed_over: Sequence[str]) -> str:
    """The line that would have made a file whose absence the console tells of, or a folder above it; "" for none."""
    for line in console:
        for match in _FILE.finditer(line):
            path = (match[1] or match[2]).rstrip("/")
            folders = [parent for parent in _parents(path) if not parent.startswith("/") or parent.count("/") > 1]
            names = {path, posixpath.basename(path), *folders, *map(posixpath.basename, folders)} - {"", ".", ".."}
            for command in passed_over:
                if any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", command) for name in names):
                    return command
    return ""


def other_python(console: Iterable[str], base: str) -> str:
    """What to tell where code asks this machine's Python for what only the image's has; "" for the same Python, and for any other mistake.

    :param base: the image's base, such as ``python:3.9-slim``.
    """
    match = _VERSION.search(base)
    here, there = sys.version_info[1], int(match[1]) if match else sys.version_info[1]
    lines = "\n".join(console)
    asked = [found[1] or found[2] or found[3] for found in _OF_PYTHON.finditer(lines)]
    of_python = any(name.partition(".")[0] in sys.stdlib_module_names or name.partition(".")[0] in _GONE for name in asked)
    newer = there > here and "SyntaxError: " in lines
    newer = newer or (there >= _LAZY_ANNOTATIONS > here and _ANNOTATION.search(lines) is not None)
    if here == there or not (of_python or newer):
        return ""
    return f"practice runs this with Python 3.{here}, and the image has Python 3.{there}, which differs in what is missing here"


def reason_to_end(code: int, console: Iterable[str], passed_over: Sequence[str], base: str) -> str:
    """What practice does not rehearse, where that may be why a container ended; "" for any other end.

    :param code: what it ended with.
    :param base: as in `other_python`; "" for an image that an engine runs.
    """
    lines = list(console)
    line = missing_file(lines, passed_over)
    if code == NOT_FOUND:
        line = line or _bringing(absent_program(lines), passed_over)
    return told(line) if line else other_python(lines, base)


def told(command: str) -> str:
    """The detail of the state."""
    return f"practice does not run this line of the Dockerfile, which may bring what is missing: {command}"


def _parents(path: str) -> list[str]:
    parents = []
    while (path := posixpath.dirname(path)) not in ("", "/"):
        parents.append(path)
    return parents
