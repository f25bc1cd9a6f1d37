"""A Dockerfile taken apart into its instructions, with the same result as BuildKit's own parser (frontend/dockerfile/parser, v0.12).

That is also the parser of the classic builder. It knows where an instruction begins and ends, its flags, its words as they are written,
its here-documents; what the words mean is for `dockerfile_words` (quotes, variables) and `dockerfile_stages` (stages, scopes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wizard.containers.dockerfile_words import SPACES, WordError, raw_words, split_words, unquoted_words

LONGEST_LINE = 65_535  # bytes; a longer one is refused by Docker, too
_BLANKS = re.compile(r"[\t\v\f\r ]+")
_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*")
_DIRECTIVES = ("syntax", "escape", "check")
_HEREDOC = re.compile(r"(\d*)<<(-?)([^<]*)")
_FLAG = rf"""[{SPACES}]*((?:\\.|\\$|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$)|[^{SPACES}])+)"""
_WITH_HEREDOCS = ("ADD", "COPY", "RUN")


class DockerfileSyntaxError(Exception):
    """What Docker does not understand, in its words, and at which line (from 1; 0 for the file as a whole)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class NoStageError(DockerfileSyntaxError):
    """An instruction before the first FROM, or no FROM at all."""

    def __init__(self, line: int = 0) -> None:
        super().__init__("no build stage in current context", line)


@dataclass(frozen=True)
class Heredoc:
    """A file that stands in the Dockerfile itself, behind ``<<NAME``."""

    name: str
    content: str


@dataclass(frozen=True)
class Command:
    """One instruction as it is written, from `line` to `end`, both counted from 1.

    :param name: in capitals, such as ``COPY``; any word, since the parser does not know which there are.
    :param words: what follows it, still with quotes and variables: for ENV and LABEL names and values by turns, for the shell form of
        CMD, ENTRYPOINT and RUN one text, for ONBUILD those of the instruction behind it.
    :param original: its text in one line, as Docker prints it, with its here-documents below.
    :param sub: the instruction behind ONBUILD.
    """

    name: str
    words: tuple[str, ...]
    line: int
    end: int
    original: str
    flags: tuple[str, ...] = ()
    as_json: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    sub: Command | None = None


@dataclass(frozen=True)
class Dockerfile:
    """A Dockerfile's instructions in order, and the character that continues its lines and escapes in its words."""

    commands: tuple[Command, ...]
    escape: str


def parse(text: str) -> Dockerfile:
    """The instructions of a Dockerfile; a byte order mark and any line ends are understood. Raises DockerfileSyntaxError."""
    return _Parser(text.removeprefix("\ufeff")).run()


class _Parser:
    def __init__(self, text: str) -> None:
        self._lines: list[str] = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._at = 0  # lines read so far, and so the number of the last one
        self._escape = "\\"
        self._directives: list[str] | None = []  # those seen; None once there can be no more

    def run(self) -> Dockerfile:
        commands = tuple(self._commands())
        if not commands:
            raise DockerfileSyntaxError("file with no instructions")
        return Dockerfile(commands, self._escape)

    def _commands(self) -> Iterator[Command]:
        while self._at < len(self._lines):
            line = self._next().lstrip(SPACES)
            self._directive(line)
            line, goes_on = self._continued("" if line.startswith("#") else line)
            first = self._at
            if not line and not goes_on:
                continue
            parts = [line]
            while goes_on and self._at < len(self._lines):
                more = self._next()
                if more.strip(SPACES) and not more.lstrip(SPACES).startswith("#"):
                    more, goes_on = self._continued(more)
                    parts.append(more)
            line = "".join(parts)
            try:
                command = _command(line, self._escape)
                heredocs = tuple(self._heredoc(*opening) for opening in _openings(command))
            except WordError as error:
                raise DockerfileSyntaxError(str(error), first) from None
            shown = "".join(f"{heredoc.content}{heredoc.name}\n" for heredoc in heredocs)
            original = f"{line}\n{shown}" if shown else line
            yield Command(command.name, command.words, first, self._at, original, command.flags, command.as_json, heredocs, command.sub)

    def _next(self) -> str:
        """The next line without its end."""
        line = self._lines[self._at]
        self._at += 1
        if len(line) > LONGEST_LINE // 4 and len(line.encode()) > LONGEST_LINE:
            raise DockerfileSyntaxError(f"dockerfile line greater than max allowed size of {LONGEST_LINE}", self._at)
        return line.rstrip("\r\n")

    def _directive(self, line: str) -> None:
        """Obey ``# escape=`` while only such comments have stood above it."""
        match = _DIRECTIVE.fullmatch(line) if self._directives is not None else None
        name = match[1].lower() if match else ""
        if self._directives is None or match is None or name not in _DIRECTIVES:
            self._directives = None
            return
        if name in self._directives:
            raise DockerfileSyntaxError(f"only one {name} parser directive can be used", self._at)
        self._directives.append(name)
        if name == "escape":
            if match[2] not in ("`", "\\"):
                raise DockerfileSyntaxError(f"invalid escape token '{match[2]}' does not match ` or \\", self._at)
            self._escape = match[2]

    def _continued(self, line: str) -> tuple[str, bool]:
        """A line without the escape character at its end, and whether there was one that is not escaped itself."""
        bare = line.rstrip("\t ")
        if bare.endswith(self._escape) and not bare.endswith(self._escape * 2):
            return bare[:-1], True
        return line, False

    def _heredoc(self, name: str, chomp: bool) -> Heredoc:
        first, content = self._at, ""
        while self._at < len(self._lines):
            raw = self._lines[self._at]
            line = self._next()
            if (line.lstrip("\t") if chomp else line) == name:
                return Heredoc(name, content)
            content += raw
        raise DockerfileSyntaxError("unterminated heredoc", first)


def _openings(command: Command) -> Iterator[tuple[str, bool]]:
    """The name of each here-document that an instruction opens, and whether tabs before its end do not count."""
    inner = command.sub or command
    if inner.name not in _WITH_HEREDOCS or inner.as_json or "<<" not in command.original:
        return
    for word in raw_words(command.original):
        match = _HEREDOC.fullmatch(word)
        names = unquoted_words(match[3]) if match and match[3] else []
        if match and len(names) == 1:
            yield names[0], bool(match[2])


def _command(line: str, escape: str) -> Command:
    """An instruction out of its whole line, still without its place in the file."""
    name, *rest = _BLANKS.split(line.strip(SPACES), maxsplit=1)
    flags, arguments = _flags(rest[0]) if rest else ((), "")
    arguments = arguments.strip(SPACES)
    name = name.upper()
    if name == "ONBUILD":
        if not arguments:
            return Command(name, (), 0, 0, line, flags)
        sub = _command(arguments, escape)
        return Command(name, sub.words, 0, 0, line, flags, sub.as_json, sub=sub)
    words, as_json = _ARGUMENTS.get(name, _ignored)(arguments, name, escape)
    return Command(name, tuple(words), 0, 0, line, flags, as_json)


def _flags(text: str) -> tuple[tuple[str, ...], str]:
    """The ``--flags`` at the beginning of an instruction's arguments, without quotes and escapes, and what stands behind them."""
    flags: list[str] = []
    for match in re.finditer(_FLAG, text, re.DOTALL):
        if not match[1].startswith("--"):
            return tuple(flags), text[match.start(1) :]
        flag = _unescaped(match[1])
        if flag == "--":
            return tuple(flags), text[match.end() :]
        flags.append(flag)
    return tuple(flags), ""


def _unescaped(word: str) -> str:
    """A flag as it is meant; a backslash is the escape there, whatever the directive says, also in single quotes."""
    text, quote, escaped = "", "", False
    for character in word:
        if escaped:
            text, escaped = text + character, False
        elif character == "\\":
            escaped = True
        elif character in "'\"" and quote in ("", character):
            quote = "" if quote else character
        else:
            text += character
    return text


_Words = tuple[list[str], bool]
"""The words of an instruction, and whether they are a JSON list."""


def _ignored(text: str, name: str, escape: str) -> _Words:
    """An instruction that nobody knows."""
    return [""], False


def _whole(text: str, name: str, escape: str) -> _Words:
    return [text] if text else [], False


def _by_blanks(text: str, name: str, escape: str) -> _Words:
    return _BLANKS.split(text) if text else [], False


def _by_words(text: str, name: str, escape: str) -> _Words:
    return split_words(text, escape), False


def _pairs(text: str, name: str, escape: str) -> _Words:
    """``NAME=value ...``, or the old ``NAME the whole value``."""
    words = split_words(text, escape)
    if not words:
        return [], False
    if "=" not in words[0]:
        parts = _BLANKS.split(text, maxsplit=1)
        if len(parts) < 2:
            raise WordError(f"{name} must have two arguments")
        return parts, False
    for word in words:
        if "=" not in word:
            raise WordError(f"Syntax error - can't find = in {json.dumps(word)}. Must be of the form: name=value")
    return [part for word in words for part in word.split("=", 1)], False


def _json_or(shell: Callable[[str, str, str], _Words]) -> Callable[[str, str, str], _Words]:
    """A JSON list of strings; anything that is no JSON list is taken as `shell` takes it."""

    def words(text: str, name: str, escape: str) -> _Words:
        return (shell(text, name, escape)) if (listed := _json_list(text)) is None else (listed, True)

    return words


def _json_list(text: str) -> list[str] | None:
    if not text.startswith("["):
        return None
    try:
        values, _rest = _JSON.raw_decode(text)  # BuildKit too decodes the first value and passes over what comes after it
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise WordError("when using JSON array syntax, arrays must be comprised of strings only")
    return [re.sub("[\ud800-\udfff]", "\ufffd", value) for value in values]


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


_JSON = json.JSONDecoder(parse_constant=_no_constant)


def _health(text: str, name: str, escape: str) -> _Words:
    """``NONE``, or ``CMD`` and a command."""
    kind, *rest = re.split(f"[{SPACES}]+", text, maxsplit=1)
    words, as_json = _json_or(_whole)(rest[0], name, escape) if rest else ([], False)
    return [kind, *words] if kind else [], as_json


_ARGUMENTS: dict[str, Callable[[str, str, str], _Words]] = {
    **dict.fromkeys(("ADD", "COPY", "VOLUME"), _json_or(_by_blanks)),
    **dict.fromkeys(("CMD", "ENTRYPOINT", "RUN", "SHELL"), _json_or(_whole)),
    **dict.fromkeys(("ENV", "LABEL"), _pairs),
    **dict.fromkeys(("EXPOSE", "FROM"), _by_blanks),
    **dict.fromkeys(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), _whole),
    "ARG": _by_words,
    "HEALTHCHECK": _health,
}
