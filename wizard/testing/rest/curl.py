"""A curl line as a request, with the options that people paste, as curl itself reads them (curl.se/docs/manpage.html)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote_plus

from wizard.platform.language import _
from wizard.testing.rest.curl_form import form_body
from wizard.testing.rest.curl_words import curl_words
from wizard.testing.rest.message import BodyFiles, Message, Unsent, basic, joined_headers
from wizard.testing.rest.urls import target_of

LETTERS = {
    "X": "request",
    "H": "header",
    "d": "data",
    "u": "user",
    "b": "cookie",
    "I": "head",
    "L": "location",
    "G": "get",
    "A": "user-agent",
    "e": "referer",
    "k": "insecure",
    "s": "silent",
    "S": "show-error",
    "i": "include",
    "v": "verbose",
    "f": "fail",
    "o": "output",
    "m": "max-time",
    "w": "write-out",
    "F": "form",
    "T": "upload-file",
    "c": "cookie-jar",
    "D": "dump-header",
    "O": "remote-name",
    "J": "remote-header-name",
    "N": "no-buffer",
    "q": "disable",
    "#": "progress-bar",
    "x": "proxy",
    "r": "range",
    "4": "ipv4",
    "6": "ipv6",
    "0": "http1.0",
    "g": "globoff",
    "j": "junk-session-cookies",
    "R": "remote-time",
    "y": "speed-time",
    "Y": "speed-limit",
    "U": "proxy-user",
    "Z": "parallel",
    "E": "cert",
    "K": "config",
    "C": "continue-at",
    "z": "time-cond",
    "n": "netrc",
    "a": "append",
}
WITHOUT_EFFECT = frozenset(
    {
        *("location", "location-trusted", "insecure", "silent", "show-error", "include", "verbose", "fail", "fail-with-body", "fail-early"),
        *("compressed", "globoff", "remote-name", "remote-name-all", "remote-header-name", "no-buffer", "disable", "progress-bar"),
        *("no-progress-meter", "styled-output", "no-keepalive", "tcp-nodelay", "tcp-fastopen", "ipv4", "ipv6", "parallel", "http0.9"),
        *(
            "http1.0",
            "http1.1",
            "http2",
            "http2-prior-knowledge",
            "http3",
            "http3-only",
            "tlsv1",
            "tlsv1.0",
            "tlsv1.1",
            "tlsv1.2",
            "tlsv1.3",
        ),
        *(
            "junk-session-cookies",
            "remote-time",
            "create-dirs",
            "retry-all-errors",
            "retry-connrefused",
            "path-as-is",
            "basic",
            "ssl-no-revoke",
        ),
        *("proxytunnel", "no-alpn", "no-npn", "raw", "trace-time", "trace-ids", "post301", "post302", "post303"),
    }
)
"""What changes how curl connects, waits or prints, not what the API is asked. Redirects are followed here in any case."""
VALUE_WITHOUT_EFFECT = frozenset(
    {
        *("output", "output-dir", "max-time", "write-out", "connect-timeout", "retry", "retry-delay", "retry-max-time", "max-redirs"),
        *("cookie-jar", "dump-header", "stderr", "trace", "trace-ascii", "limit-rate", "max-filesize", "keepalive-time", "speed-time"),
        *("speed-limit", "proxy", "proxy-user", "proxy-header", "noproxy", "resolve", "connect-to", "interface", "dns-servers", "cacert"),
        *(
            "capath",
            "ciphers",
            "tls-max",
            "expect100-timeout",
            "proto",
            "proto-default",
            "proto-redir",
            "happy-eyeballs-timeout-ms",
            "rate",
        ),
    }
)
BODIES = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})
FORMS = frozenset({"form", "form-string"})
FLAGS = frozenset({"head", "get", "digest", "form-escape"})
VALUES = (
    frozenset({"request", "header", "user", "cookie", "url", "user-agent", "referer", "upload-file", "range", "oauth2-bearer", "url-query"})
    | BODIES
    | FORMS
)
FORM = "application/x-www-form-urlencoded"
NAMED = {"user-agent": "User-Agent", "referer": "Referer"}


@dataclass
class _Options:
    """The options of a line: flags with no value, the values of the others, and what makes the body in its order."""

    values: dict[str, list[str]] = field(default_factory=dict)
    data: list[tuple[str, str]] = field(default_factory=list)
    form: list[tuple[str, str]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def last(self, name: str) -> str | None:
        """The value that counts: the last one."""
        return next(reversed(self.values.get(name, [])), None)

    def add(self, name: str, value: str) -> None:
        """Take one option with its value."""
        if name == "url":
            self.urls.append(value)
        elif name in BODIES:
            self.data.append((name, value))
        elif name in FORMS:
            self.form.append((name, value))
        else:
            self.values.setdefault(name, []).append(value)


def read_curl(text: str, files: BodyFiles) -> Message:
    """The request of a curl line. Raises Unsent for an option that is not done here."""
    options = _options(curl_words(text))
    if len(options.urls) != 1:
        raise Unsent(_("a curl line with {count} addresses").format(count=len(options.urls)))
    url, body = options.urls[0], None
    headers, without = _headers(options, files)
    digest = _sign_in(options, headers)
    if options.form:
        kind, body = form_body(options.form, files)
        _default(headers, without, "Content-Type", kind)
    elif options.data:
        body = b"".join(_joined(options.data, files))
        is_json = any(name == "json" for name, _value in options.data)
        if "get" not in options.values or is_json:
            _default(headers, without, "Content-Type", "application/json" if is_json else FORM)
        if is_json:
            _default(headers, without, "Accept", "application/json")
    elif (upload := options.last("upload-file")) is not None:
        body = files.content(upload)
    if body is not None and "get" in options.values:
        url, body = _with_query(url, body.decode("utf-8", "replace")), None
    for pair in options.values.get("url-query", []):
        url = _with_query(url, pair[1:] if pair.startswith("+") else _urlencoded(pair, files).decode("utf-8", "replace"))
    return Message(_method(options, body).upper(), url, target_of(url), headers, body, digest)


def _options(words: list[str]) -> _Options:
    """The options among the words. Raises Unsent."""
    options, waiting = _Options(), list(words)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("-") or word == "-":
            options.urls.append(word)
            continue
        is_long = word.startswith("--")
        name, glued = (word[2:], "") if is_long else (LETTERS.get(word[1], word), word[2:])
        if is_long and name not in VALUES | VALUE_WITHOUT_EFFECT:
            name, _equals, glued = name.partition("=")
        if name in VALUES or name in VALUE_WITHOUT_EFFECT:
            if not glued and not waiting:
                raise Unsent(_("the curl line ends after {option}").format(option=word))
            value = glued or waiting.pop(0)
            if name in VALUES:
                options.add(name, value)
        elif name in WITHOUT_EFFECT or name in FLAGS:
            options.values.setdefault(name, [])
            waiting[:0] = [f"-{glued}"] if glued and not is_long else []
        else:
            raise Unsent(_("{what} is not done here").format(what=f"curl {word if is_long else word[:2]}"))
    return options


def _headers(options: _Options, files: BodyFiles) -> tuple[dict[str, str], set[str]]:
    """The headers that the line gives, and in lower case the names of those that curl is told to leave out (``-H 'Accept:'``)."""
    lines: list[str] = []
    for value in options.values.get("header", []):
        lines += files.content(value[1:]).decode("utf-8", "replace").splitlines() if value.startswith("@") else [value]
    without = {line.strip().removesuffix(":").lower() for line in lines if line.strip().endswith(":") and line.count(":") == 1}
    given = [line for line in lines if line.strip() and line.strip().removesuffix(":").lower() not in without]
    headers = joined_headers([f"{line.strip()[:-1]}:" if line.strip().endswith(";") and ":" not in line else line for line in given])
    for option, name in NAMED.items():
        if (given_value := options.last(option)) is not None:
            headers[name] = given_value
    if cookies := [value for value in options.values.get("cookie", []) if "=" in value]:
        headers["Cookie"] = "; ".join(cookies)  # without = it is a file of cookies, and those of this run are kept anyway
    if (wanted := options.last("range")) is not None:
        headers["Range"] = f"bytes={wanted}"
    return headers, without


def _sign_in(options: _Options, headers: dict[str, str]) -> tuple[str, str] | None:
    """Put the line's sign-in among the headers; user and password where a Digest challenge is to be answered."""
    if (token := options.last("oauth2-bearer")) is not None:
        headers["Authorization"] = f"Bearer {token}"
    if (pair := options.last("user")) is None:
        return None
    user, colon, password = pair.partition(":")
    if "digest" in options.values:
        return user, password
    if "authorization" not in {name.lower() for name in headers}:
        headers["Authorization"] = basic(pair if colon else f"{pair}:")
    return None


def _method(options: _Options, body: bytes | None) -> str:
    if (named := options.last("request")) is not None:
        return named
    if "head" in options.values:
        return "HEAD"
    if body is None:
        return "GET"
    return "PUT" if "upload-file" in options.values and not options.data and not options.form else "POST"


def _default(headers: dict[str, str], without: set[str], name: str, value: str) -> None:
    """A header that curl sends where the line neither gives it nor leaves it out."""
    if name.lower() not in without and name.lower() not in {header.lower() for header in headers}:
        headers[name] = value


def _with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _joined(data: list[tuple[str, str]], files: BodyFiles) -> list[bytes]:
    """The body in pieces: each option's after ``&``, but one ``--json`` straight after another."""
    pieces: list[bytes] = []
    for name, value in data:
        pieces += [b"&"] if pieces and name != "json" else []
        pieces.append(_data(name, value, files))
    return pieces


def _data(option: str, value: str, files: BodyFiles) -> bytes:
    """The body that one option gives; ``@file`` is a file's content, of which ``--data`` leaves out the line ends."""
    if option == "data-urlencode":
        return _urlencoded(value, files)
    if not value.startswith("@") or option == "data-raw":
        return value.encode()
    content = files.content(value[1:])
    return content if option in ("data-binary", "json") else content.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")


def _urlencoded(value: str, files: BodyFiles) -> bytes:
    """``text``, ``=text``, ``name=text``, ``@file`` and ``name@file`` of ``--data-urlencode``, of which what follows is encoded."""
    name, equals, text = value.partition("=")
    if equals:
        return (f"{name}=" if name else "").encode() + quote_plus(text).encode()
    name, at, path = value.partition("@")
    if at:
        return (f"{name}=" if name else "").encode() + quote_plus(files.content(path)).encode()
    return quote_plus(value).encode()
