"""The rules of ``.dockerignore``: what Docker leaves out of a build, as moby/patternmatcher applies them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache


class UnreadablePattern(Exception):
    """A line that Docker refuses.

    :param number: of the line, from 1 on.
    """

    def __init__(self, number: int, line: str) -> None:
        super().__init__(f"line {number}: {line}")
        self.number, self.line = number, line


_NAME, _ANY, _FOLDERS = "[^/]*", ".*", "(.*/)?"
_WILDCARDS = (_NAME, _ANY, _FOLDERS)
_FEW, _SHORT = 3, 120  # wildcards, characters: what a regular expression, which tries every way to share a path out, may be given


@dataclass(frozen=True)
class IgnorePattern:
    """A pattern of an ignore file. Matching takes time in proportion to the path's length, whatever a stranger wrote."""

    expression: re.Pattern[str]
    pieces: tuple[str, ...]
    """In order: one of `_WILDCARDS`, or the expression of one character."""
    wildcards: int

    def matches(self, path: str) -> bool:
        """Whether it stands for the whole path."""
        if self.wildcards <= 1 or (self.wildcards <= _FEW and len(path) <= _SHORT):
            return self.expression.fullmatch(path) is not None
        places = self._and_beyond({(0, False)})
        for character in path:
            places = self._and_beyond({after for place in places for after in self._after(place, character)})
        return (len(self.pieces), False) in places

    def _after(self, place: tuple[int, bool], character: str) -> Iterator[tuple[int, bool]]:
        """Where a character leads from a place: the number of the piece that comes next, and whether one is in the midst of its folders."""
        number, _amid = place
        piece = self.pieces[number] if number < len(self.pieces) else ""
        if piece == _FOLDERS:
            yield number, True
            if character == "/":
                yield number + 1, False
        elif piece in (_ANY, _NAME):
            if piece == _ANY or character != "/":
                yield number, False
        elif piece and _of_one_character(piece).fullmatch(character):
            yield number + 1, False

    def _and_beyond(self, places: set[tuple[int, bool]]) -> set[tuple[int, bool]]:
        """These places, and those behind a wildcard that stands for nothing."""
        reached = set(places)
        for number, amid in places:
            while not amid and number < len(self.pieces) and self.pieces[number] in _WILDCARDS:
                number += 1
                reached.add((number, False))
        return reached


@lru_cache
def _of_one_character(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.DOTALL)


@dataclass(frozen=True)
class IgnoreRule:
    """One line: a path that matches is left out, or sent after all when the line began with ``!``."""

    pattern: IgnorePattern
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
            if rule.includes == left_out and any(rule.pattern.matches(step) for step in steps):
                left_out = not rule.includes
        return left_out

    @property
    def includes_again(self) -> bool:
        """Whether a rule may send something out of a folder that is left out."""
        return any(rule.includes for rule in self.rules)


def read_rules(text: str) -> DockerIgnore:
    """The rules in the text of an ignore file. Raises UnreadablePattern."""
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
            raise UnreadablePattern(number, line.strip()) from None
    return DockerIgnore(rules)


@lru_cache(maxsize=1000)
def _translated(pattern: str) -> IgnorePattern:
    """One pattern: ``*`` and ``?`` stay within a name, ``**`` spans any number of folders.

    A pattern such as ``**file`` without another wildcard is any path that ends so (patternmatcher's suffix match).
    """
    if not pattern:
        raise ValueError(pattern)
    pattern = posixpath.normpath(pattern)
    if len(pattern) > 1:
        pattern = pattern.lstrip("/")
    pieces: list[str] = []
    expression, one, position, in_set = "", "", 0, False
    while position < len(pattern):
        character = pattern[position]
        if pattern.startswith("**", position):
            position += 3 if pattern.startswith("**/", position) else 2
            begins_any_name = position == 2 and not re.search(r"[*?\[\]\\]", pattern[position:])
            pieces.append(_ANY if position >= len(pattern) or begins_any_name else _FOLDERS)
            expression += pieces[-1]
            continue
        part = re.escape(character)
        if character == "*":
            part = _NAME
        elif character == "?":
            part = "[^/]"
        elif character == "\\" and position + 1 < len(pattern):
            position += 1
            part = re.escape(pattern[position])
        elif character in "[]^-":
            is_plain = in_set and (character == "[" or (character == "-" and expression.endswith("-")))  # Go has no sets within sets
            part = f"\\{character}" if is_plain else character
            in_set = character == "[" or (in_set and character != "]")
        position += 1
        expression += part
        if part == _NAME and not in_set:
            pieces.append(_NAME)
            continue
        one += part if part != _NAME else re.escape(character)
        if not in_set:
            pieces.append(one)
            one = ""
    wildcards = sum(1 for piece in pieces if piece in _WILDCARDS)
    return IgnorePattern(re.compile(expression, re.DOTALL), tuple(pieces), wildcards)
