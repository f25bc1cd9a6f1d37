"""A ``.rest`` or ``.http`` file as blocks: which requests it holds, what their comments ask for, and what is not understood.

Facts are those of REST Client 0.26 (github.com/Huachao/vscode-restclient: selector.ts, httpRequestParser.ts, constants.ts). Lines of
JetBrains' and httpyac's dialect are read where REST Client could do nothing with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from wizard.platform.language import _
from wizard.testing.rest.assertions import Assertion
from wizard.testing.rest.comments import COMMENT, Comments, Prompt
from wizard.testing.rest.environments import RestClientSettings, settings_of
from wizard.testing.rest.handlers import KeptValue
from wizard.testing.rest.head import blank_after, unseparated_body, url_end, wrong_header
from wizard.testing.rest.other_programs import SCRIPT, VARIABLE, NumberedLine, own_lines_of, shortened, without_block_comments

LINES = re.compile(r"\r?\n")
DELIMITER = re.compile(r"#{3,}(?P<title>.*)")
SAVED_ANSWER = re.compile(r"\s*HTTP/[\d.]+")
CURL = re.compile(r"\s*curl\b", re.IGNORECASE)
KNOWN_METHODS = (
    "GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|CONNECT|TRACE|LOCK|UNLOCK|PROPFIND|PROPPATCH|COPY|MOVE|MKCOL|MKCALENDAR|ACL|SEARCH|QUERY"
)
OTHER_PROTOCOLS = frozenset(
    (
        *("WS", "WSS", "WEBSOCKET", "GRPC", "SSE", "EVENTSOURCE", "MQTT", "MQTTS", "AMQP", "AMQPS", "RSOCKET", "CONNECT"),
        *("KAFKA", "STOMP", "SOCKETIO", "NATS", "DUBBO", "GRAPHQLWS"),
    )
)
OTHER_SCHEME = re.compile(r"(?:[A-Z][A-Z_-]*\s+)?(?P<scheme>unix:|(?!https?:)[A-Za-z][\w+.-]*:(?=//)).*")
WITH_METHOD = re.compile(rf"\s*(?P<method>(?i:{KNOWN_METHODS})|[A-Z][A-Z-]*)\s+(?P<url>\S.*)")
URL = re.compile(r"\s*(?:https?://|\{\{|/|[\w.-]+(?::\d+)?/|localhost\b|[\w-]+(?:\.[\w-]+)+(?::\d+)?\s*$|[\w.-]+:\d+)", re.IGNORECASE)
SURE_URL = re.compile(r"https?://|\{\{|/", re.IGNORECASE)  # in which a blank may stand
ANOTHER_REQUEST = re.compile(rf"(?:{KNOWN_METHODS})\s+(?:https?://|\{{\{{|/)\S*.*")
GLUED_FILE = re.compile(r"<@?(?:\.{0,2}/|[A-Za-z]:\\)\S+\.\w+\s*")


@dataclass
class RestFile:
    """One file: its variables as they are written, the names of its requests, its requests in their order, and what else was seen.

    :param remarks: sentences about lines that are passed over without harm.
    """

    path: Path | None = None
    settings: RestClientSettings = field(default_factory=RestClientSettings)
    variables: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    requests: list[RestRequest] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RestRequest:
    """One request as it is written: comments are gone, ``{{…}}`` still stands.

    :param title: what stands after ``###``, else its ``@name``, else method and path.
    :param text: the request itself, from its first line on.
    :param line: where its first line stands in the file, from 1.
    :param expected: the statuses of ``# expect 201, 404`` and ``?? status == 201``; none takes any below 500.
    :param kept: values of its answer that later requests ask for by name.
    :param trouble: why it cannot be sent, a sentence with its line; "" when it can.
    :param is_guessed: whether the product wrote it, from the source, rather than a person.
    """

    title: str
    method: str
    url: str
    text: str
    line: int
    file: RestFile
    name: str = ""
    prompts: tuple[Prompt, ...] = ()
    has_note: bool = False
    follows_redirects: bool = True
    keeps_cookies: bool = True
    expected: tuple[int, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    kept: tuple[KeptValue, ...] = ()
    trouble: str = ""
    is_guessed: bool = False

    @property
    def path(self) -> str:
        """Its path and query as far as the file's own variables show them, whatever host it names."""
        return written_path(self.url, self.file.variables)

    @property
    def only_reads(self) -> bool:
        """Whether its method promises to change nothing (RFC 9110, 9.2.1)."""
        return self.method in ("GET", "HEAD", "OPTIONS")


def parse(text: str, path: Path | None = None) -> RestFile:
    """Every request of a file; a block that holds something else is a request with `trouble`, never nothing.

    :param path: the file, for bodies and values that lie beside it.
    """
    file = RestFile(path, settings_of(path))
    lines = [NumberedLine(number, line) for number, line in enumerate(LINES.split(text.removeprefix("\ufeff")), 1)]
    for line in lines:
        if match := VARIABLE.fullmatch(line.text):
            file.variables[match["name"]] = _unescaped(match["value"])
    for title, block in _blocks(lines):
        for part in _split(without_block_comments(block)):
            request = _request(title, part, file)
            if request is not None:
                file.requests.append(request)
                title = ""
    file.names = {request.name for request in file.requests if request.name}
    return file


def _blocks(lines: list[NumberedLine]) -> Iterator[tuple[str, list[NumberedLine]]]:
    """The pieces between lines that begin with ``###``, with what stands on that line."""
    title = ""
    block: list[NumberedLine] = []
    for line in lines:
        if match := DELIMITER.match(line.text):
            yield title, block
            title, block = match["title"].strip(), []
        else:
            block.append(line)
    yield title, block


def _split(block: list[NumberedLine]) -> Iterator[list[NumberedLine]]:
    """A block in which another request line stands where a header should: two requests, as httpyac reads it. REST Client sends neither."""
    begin, in_head, has_request = 0, True, False
    for at, line in enumerate(block):
        if COMMENT.match(line.text) or VARIABLE.fullmatch(line.text):
            continue
        if not line.text.strip():
            in_head = in_head and not has_request
        elif in_head and has_request and ANOTHER_REQUEST.fullmatch(line.text):
            start = at
            while start > begin and COMMENT.match(block[start - 1].text):
                start -= 1
            yield block[begin:start]
            begin = start
        else:
            has_request = has_request or not (SCRIPT.fullmatch(line.text) or _first_line(line)[2])
    yield block[begin:]


def _request(title: str, block: list[NumberedLine], file: RestFile) -> RestRequest | None:
    comments = _comments(block)
    lines = [line for line in block if not COMMENT.match(line.text)]
    while lines and (not lines[0].text.strip() or VARIABLE.fullmatch(lines[0].text)):
        lines.pop(0)
    if not lines:
        return None
    first = lines[0]
    if SAVED_ANSWER.match(first.text):
        file.remarks.append(_("line {line}: a saved answer, not a request").format(line=first.number))
        return None
    own = own_lines_of(lines)
    file.remarks += own.remarks
    for kept in own.kept:
        file.variables.pop(kept.name, None)
    first = own.lines[0] if own.lines else first
    method, url, trouble = _first_line(first) if own.lines else ("", "", "")
    if own.lines and method != "CURL":
        _separate_body(own.lines, file)
    url += "".join(line.text.strip() for line in own.lines[1 : url_end(_texts(own.lines))])
    trouble = comments.trouble or own.trouble or trouble or ("" if CURL.match(first.text) else _trouble_below(own.lines))
    name = comments.name
    return RestRequest(
        title=title or name or (f"{method} {written_path(url, file.variables)}" if method else shortened(first.text)),
        method=method,
        url=url,
        text="\n".join(line.text for line in own.lines),
        line=first.number,
        file=file,
        name=name,
        prompts=tuple(comments.prompts),
        has_note="note" in comments.flags,
        follows_redirects="no-redirect" not in comments.flags and file.settings.follows_redirects,
        keeps_cookies="no-cookie-jar" not in comments.flags and file.settings.keeps_cookies,
        expected=tuple(dict.fromkeys(comments.expected or own.expected)),
        assertions=tuple(own.assertions),
        kept=tuple(own.kept),
        trouble=trouble,
    )


def _comments(block: list[NumberedLine]) -> Comments:
    comments, is_above = Comments(), True
    for line in block:
        is_comment = COMMENT.match(line.text) is not None
        is_above = is_above and (is_comment or not line.text.strip() or VARIABLE.fullmatch(line.text) is not None)
        if is_comment:
            comments.read(line.number, line.text, is_above=is_above)
    return comments


def _first_line(line: NumberedLine) -> tuple[str, str, str]:
    """Method and URL of a request line, and why it is none."""
    if CURL.match(line.text):
        return "CURL", "", ""
    text = line.text.strip()
    if (match := WITH_METHOD.fullmatch(text)) and match["method"].upper() in OTHER_PROTOCOLS:
        method = match["method"].upper()
        return method, match["url"], _("line {line}: {what} is not done here").format(line=line.number, what=method)
    if match := OTHER_SCHEME.fullmatch(text):
        return "", "", _("line {line}: {what} is not done here").format(line=line.number, what=match["scheme"])
    if (read := request_line(text)) is not None:
        return *read, ""
    return "", "", _("line {line}: not understood as a request: {text}").format(line=line.number, text=shortened(text))


def request_line(text: str) -> tuple[str, str] | None:
    """Method and URL of a line; None for words that only look like one, as “Delete the old order”."""
    match = WITH_METHOD.fullmatch(text)
    method, url = (match["method"].upper(), match["url"]) if match else ("GET", text)
    url = re.split(r"\s+HTTP/", url.strip(), maxsplit=1, flags=re.IGNORECASE)[0]
    is_url = SURE_URL.match(url) or (URL.match(url) and not re.search(r"\s", url.partition("?")[0]))
    return (method, url) if is_url else None


def _texts(lines: list[NumberedLine]) -> list[str]:
    return [line.text for line in lines]


def _separate_body(lines: list[NumberedLine], file: RestFile) -> None:
    """Put the blank line before a body of JSON or XML that lacks it, as httpyac reads it. REST Client sends no such request."""
    begin = unseparated_body(_texts(lines))
    if begin is not None:
        file.remarks.append(_("line {line}: read as the body; REST Client wants a blank line before it").format(line=lines[begin].number))
        lines.insert(begin, NumberedLine(lines[begin].number, ""))
    for line in lines[blank_after(_texts(lines), 1) :]:
        if VARIABLE.fullmatch(line.text):
            file.remarks.append(
                _("line {line}: sent with the body, as REST Client does; write ### before it: {text}").format(
                    line=line.number, text=shortened(line.text)
                )
            )


def _trouble_below(lines: list[NumberedLine]) -> str:
    """What is wrong with the lines after the first: a header that is none, a file that would be text, a request that would be a body."""
    texts = _texts(lines)
    start = url_end(texts)
    if (wrong := wrong_header(texts, start)) is not None:
        return _("line {line}: neither a header nor a blank line before a body: {text}").format(
            line=lines[wrong].number, text=shortened(texts[wrong])
        )
    blank = blank_after(texts, start)
    body = lines[blank:]
    if (another := _another_request(lines[start:blank], body)) is not None:
        return _("line {line}: a request of its own? Write ### on the line before it").format(line=another.number)
    written = [line for line in body if line.text.strip()]
    if len(written) == 1 and GLUED_FILE.fullmatch(written[0].text):
        return _("line {line}: a file of that name? Write a blank after <: {text}").format(
            line=written[0].number, text=shortened(written[0].text)
        )
    return ""


def _another_request(head: list[NumberedLine], body: list[NumberedLine]) -> NumberedLine | None:
    """The line of a body that is a request line; in a text it may stand for itself, unless it is a paragraph's first."""
    kinds = " ".join(line.text.lower() for line in head if line.text.lower().lstrip().startswith("content-type"))
    if "multipart/" in kinds or "application/http" in kinds:
        return None
    is_text = "text/" in kinds and "text/xml" not in kinds
    for before, line in pairwise(body):
        if ANOTHER_REQUEST.fullmatch(line.text.rstrip()) and not (is_text and before.text.strip()):
            return line
    return None


def written_path(url: str, variables: Mapping[str, str]) -> str:
    """A URL without its scheme and host, with the file's variables put in where they are known."""
    for _depth in range(len(variables) + 1):
        before, url = url, re.sub(r"\{\{\s*%?([^{}\s]+)\s*\}\}", lambda match: variables.get(match[1], match[0]), url)
        if before == url:
            break
    path = (
        re.sub(r"^(?:[a-z][\w+.-]*://)?(?:\{\{[^}]*\}\}|[^/?{}])*", "", url, count=1, flags=re.IGNORECASE)
        if not url.startswith("/")
        else url
    )
    return re.sub(r"\s+HTTP/\S*$", "", path) if path.startswith("/") else f"/{path}"


def _unescaped(value: str) -> str:
    """The value of a file's variable: ``\\n``, ``\\r`` and ``\\t`` are what they are everywhere, any other escaped character is itself."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1]), value)
