"""The words of a Dockerfile: quotes taken off and variables replaced, as Docker's own shell lexer does it (frontend/dockerfile/shell)."""

from __future__ import annotations

import re
from collections.abc import Mapping

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go calls white space."""

MOST_GROWN = 1 << 20  # characters that variables may bring into one line: a process takes 128 KB of one at most (Linux, MAX_ARG_STRLEN)
_SPECIAL = "@*#?-$!"  # the shell's own parameters, which a build does not have


class WordError(Exception):
    """A word that Docker does not understand, in its words."""


def split_words(text: str, escape: str) -> list[str]:
    """The words of a line as they are written: blanks in quotes, or escaped, part none."""
    mark = re.escape(escape)
    tokens = re.findall(rf"{mark}.|\"(?:{mark}.|[^\"{mark}])*\"?|'[^']*'?|[{SPACES}]+|.", text, re.DOTALL)
    words: list[str] = [""]
    for token in tokens:
        if token[0] in SPACES:
            words.append("")
        elif token != escape:  # alone it can only stand at the end, where it escapes nothing
            words[-1] += token
    return [word for word in words if word]


def expand(text: str, variables: Mapping[str, str], *, escape: str = "\\", modern: bool = False, open_ended: bool = False) -> str:
    """A word with its variables replaced and its quotes taken off.

    :param modern: BuildKit's further forms, such as ``${NAME#prefix}``, which the classic builder refuses.
    :param open_ended: whether there may be further variables, such as the base image's own, so that ``${NAME:?}`` refuses nothing.
    :raises WordError: in Docker's words.
    """
    return _Lexer(text, variables, escape, modern=modern, open_ended=open_ended).run()


def expanded_words(text: str, variables: Mapping[str, str], *, escape: str = "\\", modern: bool = False) -> list[str]:
    """The same, parted at blanks that are neither quoted nor escaped, as EXPOSE is read. Raises WordError."""
    lexer = _Lexer(text, variables, escape, modern=modern)
    lexer.run()
    return lexer.words()


def raw_words(text: str) -> list[str]:
    """The words of a line with quotes, escapes and variables left in them; none where quotes or braces do not end."""
    lexer = _Lexer(text, {}, "\\", modern=True, raw=True, keep_unset=True)
    try:
        lexer.run()
    except WordError:
        return []
    return lexer.words()


def unquoted_words(text: str) -> list[str]:
    """The words of a text without their quotes, with variables left in them. Raises WordError."""
    lexer = _Lexer(text, {}, "\\", modern=True, keep_unset=True)
    lexer.run()
    return lexer.words()


class _Lexer:
    """Reads one text once, from its beginning to its end."""

    def __init__(
        self,
        text: str,
        variables: Mapping[str, str],
        escape: str,
        *,
        modern: bool,
        raw: bool = False,
        keep_unset: bool = False,
        open_ended: bool = False,
    ) -> None:
        self._text, self._at, self._grown = text, 0, 0
        self._variables, self._escape = variables, escape
        self._modern, self._raw, self._keep_unset, self._open_ended = modern, raw, keep_unset, open_ended
        self._parts: list[tuple[str, bool]] = []  # what was read, and whether blanks in it part words

    def run(self) -> str:
        self._parts = self._until("")
        return "".join(text for text, _ in self._parts)

    def words(self) -> list[str]:
        """What was read, parted."""
        words = [""]
        for text, parts in self._parts:
            for character in text:
                if parts and character in SPACES:
                    words.append("")
                else:
                    words[-1] += character
        return [word for word in words if word]

    def _until(self, stop: str) -> list[tuple[str, bool]]:
        parts: list[tuple[str, bool]] = []
        while character := self._peek():
            if character == stop:
                self._at += 1
                return parts
            if character == "'":
                parts.append((self._single(), False))
            elif character == '"':
                parts.append((self._double(), False))
            elif character == "$":
                parts.append((self._dollar(), True))
            elif self._next() == self._escape:
                parts.append(((character if self._raw else "") + self._next(), False))
            else:
                parts.append((character, True))
        if stop:
            raise WordError("syntax error: missing '}'")
        return parts

    def _single(self) -> str:
        """All between single quotes as it stands."""
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise WordError("unexpected end of statement while looking for matching single-quote")
        inner = self._text[self._at + 1 : end]
        self._at = end + 1
        return f"'{inner}'" if self._raw else inner

    def _double(self) -> str:
        """All between double quotes with its variables replaced; only ``"``, ``$`` and the escape itself can be escaped there."""
        quote = self._next() if self._raw else self._next()[1:]
        text = quote
        while (character := self._peek()) != '"':
            if not character:
                raise WordError("unexpected end of statement while looking for matching double-quote")
            if character == "$":
                text += self._dollar()
                continue
            self._at += 1
            if character == self._escape:
                text += character if self._raw else ""
                if not self._peek():
                    continue
                if self._peek() in ('"', "$", self._escape):
                    character = self._next()
            text += character
        self._at += 1
        return text + quote

    def _dollar(self) -> str:
        self._at += 1
        if self._peek() != "{":
            name = self._name()
            value = self._value(name)
            return ("$" if not name else f"${name}" if self._keep_unset else "") if value is None else value
        self._at += 1
        if not self._peek():
            raise WordError("syntax error: missing '}'")
        if self._peek() in "{}:":
            raise WordError("syntax error: bad substitution")
        return self._braced(self._name())

    def _braced(self, name: str) -> str:
        """What follows the name in ``${NAME...}``."""
        value, sign = self._value(name), self._next()
        if sign == "}":
            return (f"${{{name}}}" if self._keep_unset else "") if value is None else value
        empty_is_unset = sign == ":"
        operator = self._next() if empty_is_unset else sign
        if operator in ("#", "%", "/") and self._modern and not empty_is_unset:
            return self._trimmed(name, operator)
        if operator not in ("-", "+", "?") or not (empty_is_unset or self._modern):
            raise WordError(f"unsupported modifier ({sign + operator if empty_is_unset else sign}) in substitution")
        word = "".join(text for text, _ in self._until("}"))
        if self._keep_unset and value is None:
            return f"${{{name}{sign}{operator if empty_is_unset else ''}{word}}}"
        missing = value is None or (empty_is_unset and not value)
        if operator == "?" and missing and not (self._open_ended and value is None):
            raise WordError(f"{name}: {word or ('is not allowed to be unset' if value is None else 'is not allowed to be empty')}")
        if operator in ("+", "?"):
            return "" if missing else word if operator == "+" else str(value)
        return word if missing or value is None else value

    def _trimmed(self, name: str, operator: str) -> str:
        """``${NAME#x}``, ``##``, ``%``, ``%%``, ``${NAME/x/y}`` and ``//``, with ``*`` and ``?`` in the pattern."""
        twice = self._peek() == operator
        self._at += twice
        pattern = _pattern("".join(text for text, _ in self._until("/" if operator == "/" else "}")), greedy=twice or operator == "/")
        with_what = "".join(text for text, _ in self._until("}")) if operator == "/" else ""
        value = self._value(name) or ""
        if operator == "/":
            return re.sub(pattern, lambda _match: with_what, value, count=0 if twice else 1)
        if operator == "#":
            return re.sub(f"\\A{pattern}", "", value, count=1)
        starts = range(len(value) + 1) if twice else range(len(value), -1, -1)
        return next((value[:start] for start in starts if re.fullmatch(pattern, value[start:], re.DOTALL)), value)

    def _name(self) -> str:
        match = re.compile(rf"\d+|[{re.escape(_SPECIAL)}]|\w*").match(self._text, self._at)
        name = match[0] if match else ""
        self._at += len(name)
        return name

    def _value(self, name: str) -> str | None:
        value = self._variables.get(name)
        self._grown += len(value or "")
        if self._grown > MOST_GROWN:
            raise WordError(f"{name}: the variables of this line grow to more than {MOST_GROWN} characters")
        return value

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        character = self._peek()
        self._at += len(character)
        return character


def _pattern(word: str, *, greedy: bool) -> str:
    signs = {"*": ".*" if greedy else ".*?", "?": "."}
    return "".join(signs.get(character, re.escape(character)) for character in word)
