"""What Docker leaves out of a build: the rules of ``.dockerignore``, as moby/patternmatcher applies them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from wizard.platform.language import _


class IgnoreFileError(Exception):
    """An ignore file that cannot be read or understood; the text is a sentence for the person."""


@dataclass(frozen=True)
class IgnoreRule:
    """One line: a path that matches is left out, or sent after all when the line began with ``!``."""

    matches: re.Pattern[str]
    includes: bool


@dataclass
class DockerIgnore:
    """The rules of one file; later rules win, and a rule about a folder holds for all that is in it."""

    rules: list[IgnoreRule] = field(default_factory=list)

    def leaves_out(self, path: str) -> bool:
        """Whether a file or folder stays behind. `path` is relative to the build's folder, with forward slashes."""
        names = path.split("/")
        steps = ["/".join(names[: count + 1]) for count in range(len(names))]
        left_out = False
        for rule in self.rules:
            if rule.includes == left_out and any(rule.matches.fullmatch(step) for step in steps):
                left_out = not rule.includes
        return left_out

    @property
    def includes_again(self) -> bool:
        """Whether a rule may send something out of a folder that is left out."""
        return any(rule.includes for rule in self.rules)


def read_ignore_file(folder: Path, dockerfile: Path) -> DockerIgnore:
    """The rules for building `folder`: ``<dockerfile>.dockerignore`` when there is one, else ``.dockerignore`` of the folder.

    Raises IgnoreFileError.
    """
    for path in (dockerfile.with_name(f"{dockerfile.name}.dockerignore"), folder / ".dockerignore"):
        if path.is_file():
            try:
                return parse(path.read_text(encoding="utf-8-sig"))
            except (OSError, UnicodeDecodeError) as error:
                raise IgnoreFileError(
                    _("The file {path} cannot be read: {reason}. Make it readable, or remove it.").format(path=path, reason=_reason(error))
                ) from None
            except IgnoreFileError as error:
                raise IgnoreFileError(_("{path}, {problem}").format(path=path, problem=error)) from None
    return DockerIgnore()


def parse(text: str) -> DockerIgnore:
    """The rules in the text of an ignore file. Raises IgnoreFileError with the line that Docker would refuse."""
    rules = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            continue
        pattern = line.strip()
        includes = pattern.startswith("!")
        pattern = pattern.removeprefix("!").strip()
        if not pattern and not includes:
            continue
        try:
            rules.append(IgnoreRule(_translated(pattern), includes))
        except (re.error, ValueError):
            raise IgnoreFileError(
                _("line {number}: “{line}” is not a pattern Docker understands.").format(number=number, line=line.strip())
            ) from None
    return DockerIgnore(rules)


def _translated(pattern: str) -> re.Pattern[str]:
    """The regular expression of one pattern: ``*`` and ``?`` stay within a name, ``**`` spans any number of folders.

    A pattern such as ``**file`` without another wildcard is any path that ends so (patternmatcher's suffix match).
    """
    if not pattern:
        raise ValueError(pattern)
    pattern = posixpath.normpath(pattern)
    if len(pattern) > 1:
        pattern = pattern.lstrip("/")
    expression, position, in_set = "", 0, False
    while position < len(pattern):
        character = pattern[position]
        if pattern.startswith("**", position):
            position += 3 if pattern.startswith("**/", position) else 2
            begins_any_name = position == 2 and not re.search(r"[*?\[\]\\]", pattern[position:])
            expression += ".*" if position >= len(pattern) or begins_any_name else "(.*/)?"
            continue
        if character == "*":
            expression += "[^/]*"
        elif character == "?":
            expression += "[^/]"
        elif character == "\\" and position + 1 < len(pattern):
            position += 1
            expression += re.escape(pattern[position])
        elif character in "[]^-":
            is_plain = in_set and (character == "[" or (character == "-" and expression.endswith("-")))  # Go has no sets within sets
            expression += f"\\{character}" if is_plain else character
            in_set = character == "[" or (in_set and character != "]")
        else:
            expression += re.escape(character)
        position += 1
    return re.compile(expression, re.DOTALL)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return _("it is not UTF-8 text") if isinstance(error, UnicodeDecodeError) else str(error.strerror)
