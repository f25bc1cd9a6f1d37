"""The commands in a text of shell: its words without redirections, the folder that ``cd`` has led to, and the lines they stand in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\\\r?\n)|(?P<comment>(?<![^\s;&|()])\#[^\n]*)
    |(?P<redirection>\d?(?:>>|>&|>\||<<<|<<-?|<>|<&|>|<|&>>|&>))
    |(?P<end>\n|&&|\|\||;;|[;|()])|(?P<background>&)
    |(?P<word>(?:'[^']*'|"(?:\\.|\$\((?:[^()]|\([^()]*\))*\)|[^"\\])*"|\\.|\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`|\$\{[^}]*\}|[^\s;&|()<>'"\\`])+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
QUOTED = re.compile(r"'([^']*)'|\"((?:\\.|\$\((?:[^()]|\([^()]*\))*\)|[^\"\\])*)\"|\\(.)", re.DOTALL)
RESERVED = ("if", "then", "else", "elif", "fi", "while", "until", "do", "done", "esac", "{", "}", "!", "function", "time")
LARGEST = 64 << 10
"""Characters; a longer text is no script of a start."""


@dataclass(frozen=True)
class ShellCommand:
    """One simple command.

    :param words: quotes taken off, variables left as they stand.
    :param line: the first line it stands in, from 1, and `end` the last.
    :param folder: where ``cd`` before it has led, relative to where the text is run unless it is absolute; "" for nowhere else.
    """

    words: tuple[str, ...]
    line: int = 1
    end: int = 1
    folder: str = ""


def shell_commands(text: str) -> list[ShellCommand]:
    """The commands of a text, in order; those in branches, loops and functions too."""
    folder = ""
    commands = []
    for words, line, end in _simple(text[:LARGEST]):
        while words and words[0] in RESERVED:
            words = words[1:]
        if not words:
            continue
        if words[0] in ("cd", "pushd"):
            names = [word for word in words[1:] if word not in ("-P", "-L", "--")]
            folder = posixpath.normpath(posixpath.join(folder, names[0])) if names else folder
            continue
        commands.append(ShellCommand(tuple(words), line, end, folder))
    return commands


def shell_words(text: str) -> list[str]:
    """The words of the last command of a text."""
    commands = shell_commands(text)
    return list(commands[-1].words) if commands else []


def _simple(text: str) -> Iterator[tuple[list[str], int, int]]:
    words: list[str] = []
    line = first = last = 1
    redirected = False
    for token in TOKEN.finditer(text):
        if token["word"] is not None:
            if redirected:
                redirected = False
            else:
                first = first if words else line
                words.append(_unquoted(token["word"]))
                last = line + token[0].count("\n")
        elif token["redirection"] is not None:
            redirected = True
        elif token["end"] is not None or token["background"] is not None:
            if words:
                yield words, first, last
            words, redirected = [], False
        line += token[0].count("\n")
    if words:
        yield words, first, last


def _unquoted(word: str) -> str:
    return QUOTED.sub(_inner, word)


def _inner(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    if match[2] is not None:
        return re.sub(r"\\([\"\\$`\n])", r"\1", match[2])
    return match[3]
