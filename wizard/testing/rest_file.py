"""The requests of a ``.rest`` file, as VS Code's REST Client reads it, ready to be sent with keys from the vault."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

HOLE = re.compile(r"\{\{\s*(?:\$(?:processEnv|dotenv)\s+%?)?(?P<name>[\w.-]+)\s*\}\}")
MADE_UP = re.compile(r"\{\{\s*\$(?P<kind>guid|timestamp|randomInt|datetime|localDatetime)(?P<words>\s[^}]*)?\}\}")
OPEN = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
NAMED = re.compile(r"(?:#|//)\s*@name\s+(?P<name>[\w-]+)\s*")
URL = r"(?:\{\{[^}]*\}\}|(?!\{\{)\S)+"
LINE = re.compile(rf"(?:(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?(?P<url>{URL})(\s+HTTP/[\d.]+)?\s*", re.IGNORECASE)
ADDRESS = re.compile(r"https?://|\{\{", re.IGNORECASE)  # how a request line begins that leaves out GET
COMMENT = re.compile(r"(?:#|//)")
EXPECT = re.compile(r"(?:#|//)\s*expect:?\s+(?P<statuses>\d{3}(?:[\s,]+\d{3})*)\s*", re.IGNORECASE)
HEADER = re.compile(r"(?P<name>[!#$%&'*+.^_`|~\w-]+):\s*(?P<value>.*)")
DEEPEST = 5  # variables within variables


@dataclass(frozen=True)
class RestRequest:
    """One request, with holes such as ``{{$processEnv API_KEY}}`` as they are written.

    :param body: as it is sent.
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

    def left_empty(self, known: Collection[str]) -> list[str]:
        """What stands in braces and nothing gives a value, as what REST Client would ask for or take from an earlier answer.

        :param known: the names that have a value.
        """
        text = "\n".join([self.url, *(value for _name, value in self.headers), self.body])
        own = {name for name in self.values if name in text}
        words = OPEN.findall(MADE_UP.sub("", "\n".join([text, *(self.values[name] for name in own)])))
        return [word for word in dict.fromkeys(words) if word.split()[-1].lstrip("%") not in {*known, *self.values}]

    @property
    def path(self) -> str:
        """The path and query, whatever host the file names."""
        return _path(HOLE.sub(lambda match: self.values.get(match["name"], match[0]), self.url))


def parse(text: str, folder: Path | None = None) -> list[RestRequest]:
    """The requests of a file, in its order; what is none is passed over.

    :param folder: where the file lies, for bodies that are files beside or below it (``< ./order.json``); without it they stay as written.
    """
    values: dict[str, str] = {}
    found: list[RestRequest] = []
    for block in re.split(r"(?m)^###", text):
        lines = block.splitlines()
        title = lines[0].strip() if lines and block is not text else ""
        rest = lines[1:] if found or values or title or text.lstrip().startswith("###") else lines
        for line in lines:
            if match := re.fullmatch(r"@([\w.-]+)\s*=\s*(.*)", line.strip()):
                values[match[1]] = match[2].strip()
        request = _request(title, rest, values, folder)
        if request is not None:
            found.append(request)
    return found


def _request(title: str, lines: list[str], values: Mapping[str, str], folder: Path | None) -> RestRequest | None:
    expected = tuple(
        int(status) for line in lines if (wanted := EXPECT.fullmatch(line.strip())) for status in re.findall(r"\d{3}", wanted[1])
    )
    title = title or next((named["name"] for line in lines if (named := NAMED.fullmatch(line.strip()))), "")
    lines = [line for line in lines if not EXPECT.fullmatch(line.strip())]
    at = next((number for number, line in enumerate(lines) if _is_request_line(line.strip())), None)
    if at is None:
        return None
    match = LINE.fullmatch(lines[at].strip())
    assert match is not None
    url, end = match["url"], at + 1
    headers: list[tuple[str, str]] = []
    while end < len(lines) and (line := lines[end].strip()):
        if line[0] in "?&" and not headers:
            url += line
        elif header := HEADER.fullmatch(line):
            headers.append((header["name"], header["value"]))
        elif not COMMENT.match(line):
            break
        end += 1
    body = _body("\n".join(lines[end:]).strip(), {name.lower(): value for name, value in headers}, folder)
    method = (match["method"] or "GET").upper()
    request = RestRequest(title, method, url, tuple(headers), body, dict(values), expected)
    return request if title else replace(request, title=f"{method} {request.path}")


def _is_request_line(line: str) -> bool:
    match = LINE.fullmatch(line)
    return match is not None and (match["method"] is not None or ADDRESS.match(match["url"]) is not None)


def _body(text: str, headers: Mapping[str, str], folder: Path | None) -> str:
    """A body as it is sent: the lines of a form in one, and the content of the file that it names."""
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return re.sub(r"\n\s*&", "&", text)
    named = re.fullmatch(r"<@?(?:\w+)?\s+(\S.*)", text)
    if named is None or folder is None:
        return text
    file = (folder / named[1]).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        return text
    return file.read_text(encoding="utf-8-sig", errors="replace")


def filled(request: RestRequest, values: Mapping[str, str]) -> tuple[str, str, dict[str, str], str]:
    """Method, path, headers and body with every hole filled in; an unknown one becomes empty."""
    own = {name: value for name, value in request.values.items() if name not in values}

    def fill(text: str) -> str:
        """The file's own variables first, which may hold others; then what was given, in which braces mean nothing."""
        for _depth in range(DEEPEST):
            text = HOLE.sub(lambda match: own.get(match["name"], match[0]), text)
        return HOLE.sub(lambda match: values.get(match["name"], ""), MADE_UP.sub(_made_up, text))

    return request.method, _path(fill(request.url)), {name: fill(value) for name, value in request.headers}, fill(request.body)


def _made_up(match: re.Match[str]) -> str:
    """What REST Client makes up itself: ``{{$guid}}``, ``{{$timestamp}}``, ``{{$randomInt 1 10}}``, ``{{$datetime iso8601}}``."""
    words = (match["words"] or "").split()
    match match["kind"]:
        case "guid":
            return str(uuid.uuid4())
        case "timestamp":
            return str(int(time.time()))
        case "randomInt":
            low, high = (int(word) for word in words[:2]) if len(words) > 1 and all(word.isdigit() for word in words[:2]) else (0, 1000)
            return str(random.randrange(low, max(high, low + 1)))  # noqa: S311  (a number to try with)
        case kind:
            now = time.localtime() if kind == "localDatetime" else time.gmtime()
            return time.strftime("%a, %d %b %Y %H:%M:%S GMT" if words[:1] == ["rfc1123"] else "%Y-%m-%dT%H:%M:%SZ", now)


def _path(url: str) -> str:
    url = re.sub(r"^\{\{[^}]*\}\}", "", url)
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
