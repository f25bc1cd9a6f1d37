"""What goes out: a request whose values are filled in, as method, path, headers and body.

Facts: httpRequestParser.ts, requestParserUtil.ts and httpClient.ts of REST Client 0.26.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wizard.platform.files import read_bounded
from wizard.platform.language import _
from wizard.testing.rest.assertions import Assertion
from wizard.testing.rest.environments import workspace_of
from wizard.testing.rest.head import FOLDED
from wizard.testing.rest.urls import sign_in_of

MOST_BYTES = 100_000_000
"""The largest file that is sent as a body: it is held in memory."""
OF_THE_CONNECTION = frozenset(
    {"host", "content-length", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "trailer", "upgrade"}
)
"""Headers that belong to a connection, not to a request: those that a browser's or a proxy's copy brings along."""
FILE_LINE = re.compile(r"<(?:(?P<filled>@)(?P<encoding>[\w-]+)?)?\s+(?P<path>.+?)\s*")
NODE_ENCODINGS = {"latin1": "latin-1", "binary": "latin-1", "ucs2": "utf-16-le", "ucs-2": "utf-16-le", "utf16le": "utf-16-le"}
WRITTEN_OUT: Mapping[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "base64url": lambda content: base64.urlsafe_b64encode(content).rstrip(b"="),
    "hex": binascii.hexlify,
    "ascii": lambda content: bytes(byte & 0x7F for byte in content),
}
"""Encodings of Node that say how bytes are written out, rather than what their text is."""
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
DECODABLE = ("gzip", "deflate", "identity", "*")
NOT_DONE = {"aws": "AWS", "cognito": "COGNITO", "oauth2": "OAuth2", "openid": "OpenID"}


class Unsent(Exception):
    """A request that is not sent; the text is a sentence for the person."""


@dataclass
class Message:
    """A request as it is sent.

    :param url: as the file has it, with its host.
    :param target: path and query, encoded.
    :param digest: user and password where the server's Digest challenge is to be answered.
    :param assertions: what the file wants of the answer, with its values.
    """

    method: str
    url: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    digest: tuple[str, str] | None = None
    assertions: tuple[Assertion, ...] = ()

    def header(self, name: str) -> str:
        """A header's value whatever its case; "" when there is none."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class BodyFiles:
    """Where the files lie that bodies name (``< ./order.json``), and how values are put into those that want them (``<@``).

    :param file: the file of requests.
    :param project: the folder with the API's code.
    """

    file: Path | None = None
    project: Path | None = None
    fill: Callable[[str], str] = lambda text: text

    def read(self, line: str) -> bytes:
        """The content of the file that a line names. Raises Unsent."""
        match = FILE_LINE.fullmatch(line)
        assert match is not None
        content = self.content(match["path"])
        if not match["filled"]:
            return content
        encoding = (match["encoding"] or "utf8").lower()
        if encoding in WRITTEN_OUT:
            content, encoding = WRITTEN_OUT[encoding](content), "utf-8"
        try:
            return self.fill(content.decode(NODE_ENCODINGS.get(encoding, encoding), "replace")).encode()
        except LookupError as error:
            raise Unsent(_("{file} cannot be read: {reason}").format(file=match["path"], reason=error)) from None

    def content(self, name: str) -> bytes:
        """The bytes of the file of that name. Raises Unsent."""
        try:
            return read_bounded(self.path_of(name), MOST_BYTES)
        except OSError as error:
            raise Unsent(_("{file} cannot be read: {reason}").format(file=name, reason=error.strerror or error)) from None

    def path_of(self, name: str) -> Path:
        """The file of that name: absolute, else below the folder that VS Code has open, else beside the requests."""
        folders = [folder for folder in (workspace_of(self.file), self.file.parent if self.file else None, self.project) if folder]
        paths = [Path(name)] if Path(name).is_absolute() else [folder / name for folder in folders]
        return next((path for path in paths if path.is_file()), paths[-2] if len(paths) > 1 else paths[0] if paths else Path(name))


def unfolded(lines: Iterable[str]) -> list[str]:
    """Header lines, of which one that is indented and no header goes on with the value before it (RFC 9112, 5.2)."""
    headers: list[str] = []
    for line in lines:
        if headers and FOLDED.match(line):
            headers[-1] = f"{headers[-1].rstrip()} {line.strip()}"
        else:
            headers.append(line)
    return headers


def joined_headers(lines: Iterable[str]) -> dict[str, str]:
    """Header lines as one value a name: what is repeated is joined with a comma, cookies with a semicolon. Raises Unsent."""
    headers: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in lines:
        name, _colon, value = (part.strip() for part in line.partition(":"))
        if not name:
            continue  # HTTP/2's :authority: and its kin, as a browser's copy has them
        if not HEADER_NAME.fullmatch(name) or "\r" in value:
            raise Unsent(_("not a header: {text}").format(text=line.strip()[:60]))
        known = names.setdefault(name.lower(), name)
        headers[known] = f"{headers[known]}{';' if name.lower() == 'cookie' else ','}{value}" if known in headers else value
    return headers


def finished(message: Message, defaults: Mapping[str, str]) -> Message:
    """The same with what the client adds and leaves out: default headers, sign-in shorthands, nothing of the connection. Raises Unsent."""
    names = {name.lower() for name in message.headers}
    message.headers = {name: value for name, value in defaults.items() if name.lower() not in names} | message.headers
    message.headers = {name: value for name, value in message.headers.items() if name.lower() not in OF_THE_CONNECTION}
    if accepted := message.header("Accept-Encoding"):
        encodings = [part for part in accepted.split(",") if part.partition(";")[0].strip().lower() in DECODABLE]
        _remove(message, "Accept-Encoding")
        message.headers["Accept-Encoding"] = ",".join(encodings).strip() or "identity"
    if message.header("Authorization"):
        _sign_in(message)
    elif pair := sign_in_of(message.url):
        message.headers["Authorization"] = basic(pair)
    return message


def basic(pair: str) -> str:
    """The header of Basic sign-in for ``user:password``."""
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _sign_in(message: Message) -> None:
    """REST Client's shorthands: ``Basic user password``, ``Basic user:password``, ``Digest user password``. Raises Unsent for others."""
    scheme, *words = message.header("Authorization").split()
    user, password = (words[0], " ".join(words[1:])) if len(words) > 1 else ("", "")
    if len(words) == 1 and ":" in words[0]:
        user, _colon, password = words[0].partition(":")
    match scheme.lower():
        case "basic" if user or password:
            _remove(message, "Authorization")
            message.headers["Authorization"] = basic(f"{user}:{password}")
        case "digest" if user and "=" not in user:
            _remove(message, "Authorization")
            message.digest = (user, password)
        case name if (name in ("aws", "cognito") and len(words) > 1) or name in ("oauth2", "openid"):
            raise Unsent(_("signing in with {what} is not done here").format(what=NOT_DONE[name]))


def _remove(message: Message, name: str) -> None:
    message.headers = {key: value for key, value in message.headers.items() if key.lower() != name.lower()}
