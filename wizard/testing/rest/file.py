"""A ``.rest`` or ``.http`` file as blocks: which requests it holds, what their comments ask for, and what is not understood.

Facts are those of REST Client 0.26 (github.com/Huachao/vscode-restclient: selector.ts, httpRequestParser.ts, constants.ts). Lines of
JetBrains' and httpyac's dialect are read where REST Client could do nothing with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wizard.platform.language import _
from wizard.testing.rest.assertions import Assertion, Unreadable, read_assertion

LINES = re.compile(r"\r?\n")
DELIMITER = re.compile(r"#{3,}(?P<title>.*)")
COMMENT = re.compile(r"\s*(?:#|//)")
VARIABLE = re.compile(r"\s*@(?P<name>[^\s=]+?)\s*:?=\s*(?P<value>.*?)\s*")  # := is httpyac's
META = re.compile(r"\s*(?:#+|/{2,})\s*@(?P<key>[\w-]+)(?:\s+(?P<value>.*?))?\s*")
EXPECT = re.compile(r"\s*(?:#+|/{2,})\s*expect:?\s+(?P<statuses>\d{3}(?:[\s,]+\d{3})*)\s*", re.IGNORECASE)
SAVED_ANSWER = re.compile(r"\s*HTTP/[\d.]+")
CURL = re.compile(r"\s*curl\b", re.IGNORECASE)
QUERY = re.compile(r"\s*[&?]")
FOLDED_PATH = re.compile(r"\s+/(?!/)\S")
KNOWN_METHODS = (
    "GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|CONNECT|TRACE|LOCK|UNLOCK|PROPFIND|PROPPATCH|COPY|MOVE|MKCOL|MKCALENDAR|ACL|SEARCH|QUERY"
)
OTHER_PROTOCOLS = frozenset(
    {"WS", "WSS", "WEBSOCKET", "GRPC", "SSE", "EVENTSOURCE", "MQTT", "MQTTS", "AMQP", "AMQPS", "RSOCKET", "CONNECT"}
)
WITH_METHOD = re.compile(rf"\s*(?P<method>(?i:{KNOWN_METHODS})|[A-Z][A-Z-]*)\s+(?P<url>\S.*)")
URL = re.compile(r"\s*(?:https?://|\{\{|/|[\w.-]+(?::\d+)?/|localhost\b|[\w-]+(?:\.[\w-]+)+(?::\d+)?\s*$|[\w.-]+:\d+)", re.IGNORECASE)
SURE_URL = re.compile(r"https?://|\{\{|/", re.IGNORECASE)  # in which a blank may stand
ANOTHER_REQUEST = re.compile(rf"(?:{KNOWN_METHODS})\s+(?:https?://|\{{\{{|/)\S*.*")
HEADER = re.compile(r"\s*(?P<name>(?:[!#$%&'*+.^_`|~\w-]|\{\{.*?\}\})+)\s*(?::.*)?")
PSEUDO_HEADER = re.compile(r"\s*:[a-z]+:.*")
HANDLER = re.compile(r"\s*>\s+\{%")
HANDLER_FILE = re.compile(r"\s*>\s+\S+\.m?js\s*")
PRE_SCRIPT = re.compile(r"\s*<\s+(?:\{%.*|\S+\.m?js\s*)")
SAVES = re.compile(r"\s*(?:<>|>>!?)\s+\S.*")
SCRIPT = re.compile(r"\s*\{\{[>+@]?\w*\s*")
ASSERTION = re.compile(r"\s*\?\?\s")


@dataclass(frozen=True)
class Prompt:
    """A value that the file wants to be asked for: ``# @prompt otp The code in your mailbox``."""

    name: str
    description: str = ""


@dataclass
class RestFile:
    """One file: its variables as they are written, the names of its requests, its requests in their order, and what else was seen.

    :param remarks: sentences about lines that are passed over without harm.
    """

    path: Path | None = None
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


@dataclass(frozen=True)
class _Line:
    number: int
    text: str


@dataclass
class _Comments:
    """What the comments of a block ask for."""

    name: str = ""
    prompts: list[Prompt] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    expected: list[int] = field(default_factory=list)
    trouble: str = ""


def parse(text: str, path: Path | None = None) -> RestFile:
    """Every request of a file; a block that holds something else is a request with `trouble`, never nothing.

    :param path: the file, for bodies and values that lie beside it.
    """
    file = RestFile(path)
    lines = [_Line(number, line) for number, line in enumerate(LINES.split(text.removeprefix("\ufeff")), 1)]
    for line in lines:
        if match := VARIABLE.fullmatch(line.text):
            file.variables[match["name"]] = _unescaped(match["value"])
    for title, block in _blocks(lines):
        for part in _split(block):
            request = _request(title, part, file)
            if request is not None:
                file.requests.append(request)
                title = ""
    file.names = {request.name for request in file.requests if request.name}
    return file


def _blocks(lines: list[_Line]) -> Iterator[tuple[str, list[_Line]]]:
    """The pieces between lines that begin with ``###``, with what stands on that line."""
    title = ""
    block: list[_Line] = []
    for line in lines:
        if match := DELIMITER.match(line.text):
            yield title, block
            title, block = match["title"].strip(), []
        else:
            block.append(line)
    yield title, block


def _split(block: list[_Line]) -> Iterator[list[_Line]]:
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


def _request(title: str, block: list[_Line], file: RestFile) -> RestRequest | None:
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
    method, url, trouble = _first_line(first)
    own_lines, assertions, expected, unread = _without_other_programs_lines(lines, file.remarks)
    url += "".join(line.text.strip() for line in _url_lines(own_lines))
    trouble = comments.trouble or trouble or unread or ("" if CURL.match(first.text) else _trouble_below(own_lines))
    name = comments.name
    return RestRequest(
        title=title or name or f"{method} {written_path(url, file.variables)}",
        method=method,
        url=url,
        text="\n".join(line.text for line in own_lines),
        line=first.number,
        file=file,
        name=name,
        prompts=tuple(comments.prompts),
        has_note="note" in comments.flags,
        follows_redirects="no-redirect" not in comments.flags,
        keeps_cookies="no-cookie-jar" not in comments.flags,
        expected=tuple(dict.fromkeys(comments.expected or expected)),
        assertions=tuple(assertions),
        trouble=trouble,
    )


def _comments(block: list[_Line]) -> _Comments:
    comments, is_above = _Comments(), True
    for line in block:
        is_comment = COMMENT.match(line.text) is not None
        is_above = is_above and (is_comment or not line.text.strip() or VARIABLE.fullmatch(line.text) is not None)
        if match := EXPECT.fullmatch(line.text):
            comments.expected += [int(status) for status in re.findall(r"\d{3}", match["statuses"])]
        elif match := META.fullmatch(line.text):
            key, value = match["key"].lower(), match["value"] or ""
            if key == "name":
                comments.name = value.strip()
            elif not is_above:
                continue  # REST Client takes these from above the request line only
            elif key == "prompt" and value:
                name, _blank, description = value.partition(" ")
                comments.prompts.append(Prompt(name, description.strip()))
            elif key in ("loop", "import", "disabled"):
                comments.trouble = _("line {line}: {what} is not done here").format(line=line.number, what=f"@{key}")
            else:
                comments.flags.add(key)
    return comments


def _first_line(line: _Line) -> tuple[str, str, str]:
    """Method and URL of a request line, and why it is none."""
    if CURL.match(line.text):
        return "CURL", "", ""
    text = line.text.strip()
    if (match := WITH_METHOD.fullmatch(text)) and match["method"].upper() in OTHER_PROTOCOLS:
        method = match["method"].upper()
        return method, match["url"], _("line {line}: {what} is not done here").format(line=line.number, what=method)
    if (read := request_line(text)) is not None:
        return *read, ""
    return "", "", _("line {line}: not understood as a request: {text}").format(line=line.number, text=_shortened(text))


def request_line(text: str) -> tuple[str, str] | None:
    """Method and URL of a line; None for words that only look like one, as “Delete the old order”."""
    match = WITH_METHOD.fullmatch(text)
    method, url = (match["method"].upper(), match["url"]) if match else ("GET", text)
    url = re.split(r"\s+HTTP/", url.strip(), maxsplit=1, flags=re.IGNORECASE)[0]
    is_url = SURE_URL.match(url) or (URL.match(url) and not re.search(r"\s", url.partition("?")[0]))
    return (method, url) if is_url else None


def _url_lines(lines: list[_Line]) -> list[_Line]:
    """The lines after the first that go on with the URL: ``?page=2``, ``&size=10``, and a path that is indented, as JetBrains has it."""
    end = 1
    while end < len(lines) and (QUERY.match(lines[end].text) or FOLDED_PATH.match(lines[end].text)):
        end += 1
    return lines[1:end]


def _without_other_programs_lines(lines: list[_Line], remarks: list[str]) -> tuple[list[_Line], list[Assertion], list[int], str]:
    """The lines that are the request, the assertions among them, the statuses these want, and what cannot be done.

    JetBrains' handlers (``> {% … %}``) and saved answers (``<> file``) are left out; they come after the request and change nothing of it.
    """
    own_lines, assertions, expected, trouble, waiting = [], [], [], "", ""
    for at, line in enumerate(lines):
        text = line.text
        if waiting:
            waiting = "" if waiting in text else waiting
        elif at and HANDLER.match(text):
            remarks.append(_("line {line}: a handler is passed over; what it checks is not checked").format(line=line.number))
            waiting = "" if "%}" in text else "%}"
        elif at and (SAVES.fullmatch(text) or HANDLER_FILE.fullmatch(text)):
            remarks.append(_("line {line}: passed over: {text}").format(line=line.number, text=_shortened(text)))
        elif PRE_SCRIPT.fullmatch(text) or _is_script(lines, at):
            trouble = trouble or _("line {line}: a script is not run here").format(line=line.number)
            waiting = "" if "%}" in text or HANDLER_FILE.fullmatch(text.replace("<", ">", 1)) else "%}" if "{%" in text else "}}"
        elif at and ASSERTION.match(text):
            try:
                assertion = read_assertion(text)
            except Unreadable:
                trouble = trouble or _("line {line}: not understood: {text}").format(line=line.number, text=_shortened(text))
                continue
            assertions.append(assertion)
            expected += [assertion.status] if assertion.status else []
        else:
            own_lines.append(line)
    while len(own_lines) > 1 and not own_lines[-1].text.strip():
        own_lines.pop()
    return own_lines, assertions, expected, trouble


def _is_script(lines: list[_Line], at: int) -> bool:
    """Whether httpyac's JavaScript begins here: ``{{`` alone on its line, and ``}}`` alone on a later one."""
    return SCRIPT.fullmatch(lines[at].text) is not None and any(line.text.strip() == "}}" for line in lines[at + 1 :])


def _trouble_below(lines: list[_Line]) -> str:
    """What is wrong with the lines after the first: a header that is none, or a request that would go out as a body."""
    below = lines[1 + len(_url_lines(lines)) :]
    blank = next((at for at, line in enumerate(below) if not line.text.strip()), len(below))
    for line in below[:blank]:
        if not HEADER.fullmatch(line.text) and not PSEUDO_HEADER.fullmatch(line.text):
            return _("line {line}: neither a header nor a blank line before a body: {text}").format(
                line=line.number, text=_shortened(line.text)
            )
    body = [line for line in below[blank:] if line.text.strip()]
    multipart = any("multipart/" in line.text.lower() or "application/http" in line.text.lower() for line in below[:blank])
    another = next((line for line in body[:1] if ANOTHER_REQUEST.fullmatch(line.text)), None)
    if another and not multipart:
        return _("line {line}: a request of its own? Write ### on the line before it").format(line=another.number)
    return ""


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


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 60 else f"{text[:59]}…"
