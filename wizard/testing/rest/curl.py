"""A curl line as a request, with the options that REST Client's README lists, as curl itself reads them."""

from __future__ import annotations

import re
import shlex
from urllib.parse import quote_plus

from wizard.platform.language import _
from wizard.testing.rest.message import BodyFiles, Message, Unsent, basic, joined_headers
from wizard.testing.rest.urls import target_of

LONG = {
    "-X": "request",
    "-H": "header",
    "-d": "data",
    "-u": "user",
    "-b": "cookie",
    "-I": "head",
    "-L": "location",
    "-G": "get",
    "-A": "user-agent",
    "-e": "referer",
    "-k": "insecure",
    "-s": "silent",
    "-S": "show-error",
    "-i": "include",
    "-v": "verbose",
    "-f": "fail",
    "-o": "output",
    "-m": "max-time",
    "-w": "write-out",
}
WITHOUT_EFFECT = frozenset(
    {"location", "insecure", "silent", "show-error", "include", "verbose", "fail", "compressed", "globoff", "http1.1", "http2"}
)
VALUE_WITHOUT_EFFECT = frozenset({"output", "max-time", "write-out", "connect-timeout", "retry"})
BODIES = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})
VALUES = frozenset({"request", "header", "user", "cookie", "url", "user-agent", "referer"}) | BODIES | VALUE_WITHOUT_EFFECT
FORM = "application/x-www-form-urlencoded"


def read_curl(text: str, files: BodyFiles) -> Message:
    """The request of a curl line, which ``\\`` may break. Raises Unsent for an option that is not done here."""
    options, data, urls = _options(re.sub(r"[\\^]\r?\n", " ", text))
    if len(urls) != 1:
        raise Unsent(_("a curl line with {count} addresses").format(count=len(urls)))
    headers = joined_headers(options.get("header", []))
    for option, name in (("user-agent", "User-Agent"), ("referer", "Referer"), ("cookie", "Cookie")):
        for value in options.get(option, []):
            headers[name] = value
    for pair in options.get("user", []):
        headers["Authorization"] = basic(pair)
    parts = [_data(name, value, files) for name, value in data]
    url, body = urls[0], b"&".join(parts) if parts else None
    if body is not None and "get" in options:
        url, body = f"{url}{'&' if '?' in url else '?'}{body.decode('utf-8', 'replace')}", None
    names = {name.lower() for name in headers}
    if body is not None and "content-type" not in names:
        headers["Content-Type"] = "application/json" if any(name == "json" for name, _value in data) else FORM
    method = next(reversed(options.get("request", [])), "HEAD" if "head" in options else "GET" if body is None else "POST")
    return Message(method.upper(), url, target_of(url), headers, body)


def _options(text: str) -> tuple[dict[str, list[str]], list[tuple[str, str]], list[str]]:
    try:
        words = shlex.split(text)[1:]
    except ValueError as error:
        raise Unsent(_("the curl line is not understood: {reason}").format(reason=error)) from None
    options: dict[str, list[str]] = {}
    data: list[tuple[str, str]] = []
    urls: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("-") or word == "-":
            urls.append(word)
            continue
        name, has_value, value = word[2:].partition("=") if word.startswith("--") else (LONG.get(word[:2], word), word[2:], word[2:])
        if name in VALUES:
            if not has_value and not waiting:
                raise Unsent(_("the curl line ends after {option}").format(option=word))
            value = value if has_value else waiting.pop(0)
            (urls if name == "url" else options.setdefault(name, [])).append(value)
            data += [(name, value)] if name in BODIES else []
        elif name in WITHOUT_EFFECT or name in ("head", "get"):
            options.setdefault(name, [])
            waiting[:0] = [f"-{value}"] if value and not word.startswith("--") else []
        else:
            raise Unsent(_("{what} is not done here").format(what=f"curl {word}"))
    return options, data, urls


def _data(option: str, value: str, files: BodyFiles) -> bytes:
    """The body that one option gives; ``@file`` is a file's content, of which ``--data`` leaves out the line ends."""
    if option == "data-urlencode":
        name, equals, text = value.partition("=")
        return (f"{name}{equals}{quote_plus(text)}" if equals else quote_plus(value)).encode()
    if not value.startswith("@") or option == "data-raw":
        return value.encode()
    content = files.read(f"< {value[1:]}")
    return content if option in ("data-binary", "json") else content.replace(b"\r", b"").replace(b"\n", b"")
