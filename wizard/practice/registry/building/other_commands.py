"""The commands of RUN lines that practice carries out itself, other than on files: variables, texts, line ends, a new user's home."""

from __future__ import annotations

import re
from collections.abc import Callable

from wizard.practice.registry.building.file_commands import Shell, options, there

_SUBSTITUTION = re.compile(r"s(?P<end>[^\w\s\\])(?P<find>(?:\\.|(?!(?P=end)).)+)(?P=end)(?P<put>(?:\\.|(?!(?P=end)).)*)(?P=end)(?P<how>g?)")
_UNREAD_REPLACEMENT = re.compile(r"\\[\w\n]")
_CARRIAGE_RETURNS = re.compile(r"s([/|#])\\r\$?\1\1g?")


def _export(shell: Shell, words: list[str]) -> bytes:
    shell.variables |= dict(word.partition("=")[::2] for word in words if "=" in word)
    return b""


def _echo(shell: Shell, words: list[str]) -> bytes | None:
    ends = True
    while words and re.fullmatch(r"-[neE]+", words[0]):
        ends &= "n" not in words[0]
        if "e" in words[0]:
            return None
        words = words[1:]
    text = " ".join(words)
    return None if "\\" in text else (text + ("\n" if ends else "")).encode()


def _printf(shell: Shell, words: list[str]) -> bytes | None:
    """Its format with ``%s``, ``%%`` and ``\\n``; said again for further words."""
    if not words or re.search(r"%(?![s%])|\\(?![nrt\\])", words[0]):
        return None
    pieces = re.split(r"(%[s%])", re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1]), words[0]))
    values, text = words[1:], ""
    while True:
        for piece in pieces:
            text += (values.pop(0) if values else "") if piece == "%s" else "%" if piece == "%%" else piece
        if not values or "%s" not in pieces:
            return text.encode()


def _dos2unix(shell: Shell, words: list[str]) -> bytes:
    for path in shell.files(options(words, known="qkofn quiet")[2]):
        here = there(shell, path)
        shell.write(path, here.read_bytes().replace(b"\r\n", b"\n"), add=False)
    return b""


def _sed(shell: Shell, words: list[str]) -> bytes | None:
    """``sed -i 's/\\r$//' FILE``, with which people mend the line ends of Windows, and one other ``s`` command that Python reads alike."""
    flags, values, names = options(words, "e", known="ieEr in-place expression regexp-extended")
    script = [values["e"], *names] if "e" in values else names
    if "expression" in flags or not flags & {"i", "in-place"} or not script or sum(word.startswith("-e") for word in words) > 1:
        return None
    if _CARRIAGE_RETURNS.fullmatch(script[0]):
        return _dos2unix(shell, script[1:])
    match = _SUBSTITUTION.fullmatch(script[0])
    found = _pattern(match["find"], match["end"], extended=bool(flags & {"E", "r", "regexp-extended"})) if match else None
    if match is None or found is None or _UNREAD_REPLACEMENT.search(match["put"]):
        return None
    pieces = re.split(r"(\\.|&)", match["put"])
    for path in shell.files(script[1:]):
        here = there(shell, path)
        lines = here.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
        new = [found.sub(lambda seen: _replaced(pieces, seen[0]), line, count=0 if "g" in match["how"] else 1) for line in lines]
        shell.write(path, "\n".join(new).encode(errors="surrogateescape"), add=False)
    return b""


def _pattern(text: str, end: str, *, extended: bool) -> re.Pattern[str] | None:
    """A regular expression of sed's; None for one that Python would read otherwise."""
    text = text.replace(f"\\{end}", end)
    if re.search(r"\\[^.*^$\[\]/\\-]|\[\[|\[\^?\]", text):
        return None
    if not extended:
        text = re.sub(r"([+?(){}|])", r"\\\1", text)
    try:
        return re.compile(text)
    except re.error:
        return None


def _replaced(pieces: list[str], seen: str) -> str:
    return "".join(seen if piece == "&" else piece[1:] if piece.startswith("\\") else piece for piece in pieces)


_USER_VALUES = "bcdefgGhkKpsu"  # of useradd, and of adduser in Debian and Alpine
_USER_LONG = (
    *("--home", "--home-dir", "--shell", "--uid", "--gid", "--ingroup", "--groups", "--gecos", "--comment", "--base-dir", "--password"),
    *("--skel", "--key", "--expiredate", "--inactive", "--conf", "--firstuid", "--lastuid"),
)


def _add_user(shell: Shell, words: list[str]) -> bytes:
    """Make the user's home, with which later lines work; users themselves are not rehearsed."""
    home, names = "", []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        option, equals, value = word.partition("=")
        if option in _USER_LONG:
            value = value if equals else rest.pop(0) if rest else ""
            home = value if option in ("--home", "--home-dir") else home
        elif re.fullmatch(r"-[A-Za-z]+", word):
            if word[-1] in _USER_VALUES:
                value = rest.pop(0) if rest else ""
                home = value if word[-1] in "dh" else home
        elif not word.startswith("-"):
            names.append(word)
    if names:
        shell.tree.make_folder(shell.path(home or f"/home/{names[0]}"))
    return b""


COMMANDS: dict[str, Callable[[Shell, list[str]], bytes | None]] = {
    "export": _export,
    "echo": _echo,
    "printf": _printf,
    "dos2unix": _dos2unix,
    "sed": _sed,
    "useradd": _add_user,
    "adduser": _add_user,
}
"""See `file_commands.COMMANDS`."""
