"""A YAML file as a person laid it out: read, changed, and written again so that the lines that say nothing new stay as they are."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.util import load_yaml_guess_indent

from wizard.platform.language import _

BEGIN = re.compile(r"(?:(?:[ \t]*#.*|%.*|[ \t]*)\n)*---[ \t]*(?:#.*)?\n")
"""Directives, comments and the line that begins the document: no part of its content, and lost when that alone is written."""
MARK = "\ufeff"  # some editors of Windows begin a file with it
EXPRESSION_KEY = re.compile(r"(?m)^(?P<before>[ \t]*(?:- +)*)(?P<key>\$\{\{.*?\}\})(?P<after>[ \t]*:(?:[ \t]|$))")
"""A template expression of Azure Pipelines as a key. It may be there twice, which YAML does not let a key be."""
OPEN, CLOSE = "\ue000", "\ue001"  # around the number that tells such keys apart while the file is changed
NUMBER = re.compile(f"{OPEN}[0-9]+{CLOSE}")
LARGEST, DEEPEST, MOST_ALIASES = 500_000, 60, 200
ALIAS = re.compile(r"(?m)(?:^|[\s,\[{:-])\*[\w-]+")
BLANKS = re.compile(r"(?m)^[ \t]+$")
WIDEST = 1_000_000  # characters of a line before it is broken: none is


class LostLayout(YAMLError):
    """What is to be changed cannot be written without lines of the person's changing too."""


class PreservedYaml:
    """A text, and its `content`, which is changed in place. Raises YAMLError."""

    def __init__(self, there: str) -> None:
        self._mark = MARK if there.startswith(MARK) else ""
        self._newline = "\r\n" if "\r\n" in there else "\n"
        text = there.removeprefix(MARK).replace("\r\n", "\n")
        begin = BEGIN.match(text)
        self._begin = begin[0] if begin else ""
        self._mine = _numbered(text.removeprefix(self._begin).removesuffix("\n") + "\n")
        plain = _without_blanks(self._mine)
        self._yaml = _writer(plain)
        self.content: Any = self._yaml.load(plain)
        self._plain = self._written(self.content)

    def text(self) -> str:
        """The text with the content as it is now. Raises LostLayout."""
        after = self._written(self.content)
        patched = _patched(self._mine, self._plain, after)
        if patched is None or not self._says(patched, after):
            raise LostLayout
        return self._mark + (self._begin + NUMBER.sub("", patched)).replace("\n", self._newline)

    @property
    def first_line(self) -> int:
        """How many lines stand before the content."""
        return self._begin.count("\n")

    def _written(self, content: Any) -> str:
        written = io.StringIO()
        self._yaml.dump(content, written)
        return written.getvalue()

    def _says(self, patched: str, after: str) -> bool:
        """Whether the two hold the same, spaces and comments aside."""
        try:
            return bool(_bare(patched) == _bare(after))
        except YAMLError:
            return False


def too_much(text: str) -> str:
    """Why a text is not parsed at all: it is larger, deeper or repeats itself more than any pipeline; "" when it may be."""
    if len(text) > LARGEST:
        return _("it has more than {count} characters").format(count=LARGEST)
    if len(ALIAS.findall(text)) > MOST_ALIASES:
        return _("it refers to its own parts (*name) more than {count} times").format(count=MOST_ALIASES)
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    indents = len({len(line) - len(line.lstrip(" ")) for line in text.splitlines() if line.strip()})
    dashes = max((line.count("- ") for line in text.splitlines() if line.lstrip().startswith("- - ")), default=0)
    if max(deepest, indents, dashes) > DEEPEST:
        return _("it is nested more than {count} deep").format(count=DEEPEST)
    return ""


def _numbered(text: str) -> str:
    """The text with its template expressions told apart, so that the same one may be a key twice."""
    count = itertools.count()
    return EXPRESSION_KEY.sub(lambda match: f"{match['before']}{match['key']}{OPEN}{next(count)}{CLOSE}{match['after']}", text)


def _writer(text: str) -> YAML:
    """One that indents as the text does, for what is added to it."""
    _content, sequence, offset = load_yaml_guess_indent(text)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDEST
    indents = Counter(_indents(yaml.load(text)))
    yaml.indent(mapping=indents.most_common(1)[0][0] if indents else 2, sequence=sequence or 2, offset=offset or 0)
    return yaml


def _bare(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(_without_blanks(text))


def _without_blanks(text: str) -> str:
    """A text whose empty lines are empty: ruamel.yaml 0.19 refuses a block scalar that begins with one of blanks, which YAML lets it."""
    return BLANKS.sub("", text)


def _indents(content: Any) -> Iterator[int]:
    """By how much each mapping in a mapping is indented."""
    values = list(content.values()) if isinstance(content, Mapping) else content if isinstance(content, list) else []
    for value in values:
        if isinstance(content, CommentedMap) and isinstance(value, CommentedMap) and not value.fa.flow_style() and value.lc.data:
            yield max(2, _column(value) - _column(content))
        yield from _indents(value)


def _column(mapping: CommentedMap) -> int:
    """Where its keys stand; its own place is that of its anchor, where it has one."""
    return int(min(place[1] for place in mapping.lc.data.values()))


def _patched(mine: str, plain: str, after: str) -> str | None:
    """The person's text with what differs between two texts written from it; None where it cannot be told what that is in theirs.

    :param plain: what is written of the unchanged content: the same lines but for their spaces, nearly always.
    """
    lines, before, changed = (text.splitlines() for text in (mine, plain, after))
    place = _places(before, lines)
    edits: list[tuple[int, int, list[str]]] = []
    for kind, first, end, low, high in SequenceMatcher(None, before, changed, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        start = place.get(first) if end > first else _between(place, first, len(lines))
        stop = start if end == first else place.get(end - 1, -1) + 1
        if start is None or (not stop and end > first):
            return None
        edits.append((start, int(stop or 0), list(_as_beside(changed[low:high], before[:end], lines, place))))
    for start, stop, news in reversed(edits):
        lines[start:stop] = news
    return "\n".join([*lines, ""])


def _as_beside(news: list[str], above: list[str], mine: list[str], place: Mapping[int, int]) -> Iterator[str]:
    """Lines that come anew, indented as the person indents what stands beside them, which need not be the same everywhere."""
    head, shift = -1, 0
    for line in news:
        if line.strip() and (head < 0 or _indent(line) <= head):
            head = _indent(line)
            beside = _beside(line, above)
            shift = _indent(mine[place[beside]]) - head if beside in place else 0
        yield " " * shift + line if shift > 0 else line[-shift:] if not line[:-shift].strip() else line


def _beside(line: str, above: list[str]) -> int:
    """The nearest line of those above that is of the same list or mapping; -1 without one."""
    for at in reversed(range(len(above))):
        other = above[at]
        if not other.strip() or other.lstrip().startswith("#") or _indent(other) > _indent(line):
            continue
        if _indent(other) < _indent(line):
            return -1
        if other.lstrip().startswith("- ") == line.lstrip().startswith("- "):
            return at
    return -1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _places(before: list[str], mine: list[str]) -> dict[int, int]:
    """Which line of the person's each of those lines is, spaces aside; as many lines between two known ones are the same in their order."""
    plain, own = ([" ".join(line.split()) for line in text] for text in (before, mine))
    places: dict[int, int] = {}
    first = second = 0
    for block in SequenceMatcher(None, plain, own, autojunk=False).get_matching_blocks():
        if block.a - first == block.b - second:
            places |= {first + step: second + step for step in range(block.a - first)}
        places |= {block.a + step: block.b + step for step in range(block.size)}
        first, second = block.a + block.size, block.b + block.size
    return places


def _between(place: Mapping[int, int], at: int, end: int) -> int | None:
    """Where a line is added that comes after line `at` - 1."""
    if at - 1 in place:
        return place[at - 1] + 1
    return place.get(at, end if not place else None)
