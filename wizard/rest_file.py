"""The requests of a ``.rest`` file, as VS Code's REST Client reads it, ready to be sent with keys from the vault."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

HOLE = re.compile(r"\{\{\s*(?:\$(?:processEnv|dotenv)\s+%?)?(?P<name>[\w.$-]+)\s*\}\}")
LINE = re.compile(r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?P<url>\S+)(\s+HTTP/[\d.]+)?\s*", re.IGNORECASE)
EXPECT = re.compile(r"(?:#|//)\s*expect:?\s+(?P<statuses>\d{3}(?:[\s,]+\d{3})*)\s*", re.IGNORECASE)
HEADER = re.compile(r"(?P<name>[!#$%&'*+.^_`|~\w-]+):\s*(?P<value>.*)")


@dataclass(frozen=True)
class Request:
    """One request, with holes such as ``{{$processEnv API_KEY}}`` as they are written.

    :param expected: the statuses that a comment ``# expect 201`` or ``# expect 200, 404`` in the request asks for.
    """

    title: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[int, ...] = ()

    @property
    def holes(self) -> list[str]:
        """The names to be filled in, once each."""
        text = "\n".join([self.url, *(value for _name, value in self.headers), self.body, *self.values.values()])
        return list(dict.fromkeys(match["name"] for match in HOLE.finditer(text)))

    @property
    def path(self) -> str:
        """The path and query, whatever host the file names."""
        return _path(HOLE.sub(lambda match: self.values.get(match["name"], match[0]), self.url))


def parse(text: str) -> list[Request]:
    """The requests of a file, in its order; what is none is passed over."""
    values: dict[str, str] = {}
    found: list[Request] = []
    for block in re.split(r"(?m)^###", text):
        lines = block.splitlines()
        title = lines[0].strip() if lines and block is not text else ""
        rest = lines[1:] if found or values or title or text.lstrip().startswith("###") else lines
        for line in lines:
            if match := re.fullmatch(r"@([\w.-]+)\s*=\s*(.*)", line.strip()):
                values[match[1]] = match[2].strip()
        request = _request(title, rest, values)
        if request is not None:
            found.append(request)
    return found


def _request(title: str, lines: list[str], values: Mapping[str, str]) -> Request | None:
    expected = tuple(
        int(status) for line in lines if (wanted := EXPECT.fullmatch(line.strip())) for status in re.findall(r"\d{3}", wanted[1])
    )
    lines = [line for line in lines if not EXPECT.fullmatch(line.strip())]
    at = next((number for number, line in enumerate(lines) if LINE.fullmatch(line.strip())), None)
    if at is None:
        return None
    match = LINE.fullmatch(lines[at].strip())
    assert match is not None
    headers = []
    end = at + 1
    while end < len(lines) and (header := HEADER.fullmatch(lines[end].strip())):
        headers.append((header["name"], header["value"]))
        end += 1
    body = "\n".join(lines[end:]).strip()
    method = match["method"].upper()
    request = Request(title, method, match["url"], tuple(headers), body, dict(values), expected)
    return request if title else replace(request, title=f"{method} {request.path}")


def filled(request: Request, values: Mapping[str, str]) -> tuple[str, str, dict[str, str], Any]:
    """Method, path, headers and body with every hole filled in; an unknown one becomes empty."""
    every = {**request.values, **values}

    def fill(text: str) -> str:
        return HOLE.sub(lambda match: every.get(match["name"], ""), text)

    body: Any = fill(request.body)
    try:
        body = json.loads(body) if body else None
    except ValueError:
        body = body or None
    return request.method, _path(fill(fill(request.url))), {name: fill(value) for name, value in request.headers}, body


def hidden(text: str, secrets: list[str]) -> str:
    """`text` with every secret value in it replaced by ``***``."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _path(url: str) -> str:
    url = re.sub(r"^\{\{[^}]*\}\}", "", url)
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
