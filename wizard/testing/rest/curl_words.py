"""The words of a curl line as the shell that it was copied for would hand them to curl: bash, and Windows' command prompt.

Browsers copy a request as either: for bash with ``\\`` before a line's end and ``$'it\\'s'``, for the prompt with ``^`` before every
special character.
"""

from __future__ import annotations

import re
import shlex

from wizard.platform.language import _
from wizard.testing.rest.message import Unsent

CONTINUED = re.compile(r"[\\^`]\r?\n")
OF_THE_PROMPT = re.compile(r"\^[\"%]")
CARET = re.compile(r"\^(\r?\n\r?\n|\r?\n|.)", re.DOTALL)
PIECE = re.compile(r"\$'(?P<ansi>(?:\\.|[^'\\])*)'|'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|.", re.DOTALL)
ANSI = re.compile(
    r"\\(?:u(?P<u>[0-9a-fA-F]{1,4})|U(?P<U>[0-9a-fA-F]{1,8})|x(?P<x>[0-9a-fA-F]{1,2})|(?P<octal>[0-7]{1,3})|(?P<one>.))", re.DOTALL
)
CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}
ENDS = frozenset({"|", "||", "&&", ";", "&"})
REDIRECTION = re.compile(r"(?:\d|&)?>>?.*|<+.*", re.DOTALL)


def curl_words(text: str) -> list[str]:
    """What curl is given. What the line does with the answer (``| jq .token``, ``> out.json``) is no part of it. Raises Unsent."""
    text = CARET.sub(_uncareted, text) if OF_THE_PROMPT.search(text) else CONTINUED.sub(" ", text)
    try:
        words = shlex.split(PIECE.sub(_without_ansi, text))
    except ValueError as error:
        raise Unsent(_("the curl line is not understood: {reason}").format(reason=error)) from None
    end = next((at for at, word in enumerate(words) if word in ENDS), len(words))
    if any(word.lower() in ("curl", "curl.exe") for word in words[1:]):
        raise Unsent(_("several curl commands in one block; write ### between them"))
    own, after = [], words[1:end]
    while after:
        word = after.pop(0)
        if REDIRECTION.fullmatch(word):
            del after[: word[-1] in "<>"]  # the file is the next word
        else:
            own.append(word)
    return own


def _uncareted(match: re.Match[str]) -> str:
    """A character that ``^`` protected; two line ends stand for one in a value, one for none."""
    return match[1] if match[1][0] not in "\r\n" else "\n" if match[1].count("\n") == 2 else " "


def _without_ansi(match: re.Match[str]) -> str:
    if match["ansi"] is None:
        return match[0]
    return shlex.quote(ANSI.sub(_ansi_character, match["ansi"]))


def _ansi_character(match: re.Match[str]) -> str:
    if match["one"]:
        return CONTROLS.get(match["one"], match["one"])
    return chr(int(match["octal"], 8) if match["octal"] else int(match["u"] or match["U"] or match["x"], 16))
