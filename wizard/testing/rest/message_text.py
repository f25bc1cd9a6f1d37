"""The text of a request, or a curl line, as the message that is sent."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from wizard.platform.language import _
from wizard.testing.rest.curl import read_curl
from wizard.testing.rest.environments import RestClientSettings
from wizard.testing.rest.file import CURL, request_line
from wizard.testing.rest.head import blank_after, url_end
from wizard.testing.rest.message import FILE_LINE, BodyFiles, Message, Unsent, finished, joined_headers, unfolded
from wizard.testing.rest.urls import URI_KEPT, encoded, target_of

OPERATION = re.compile(r"\s*query\s+([^@{(\s]+)", re.IGNORECASE)


def read_message(text: str, files: BodyFiles, settings: RestClientSettings) -> Message:
    """A request's text, without comments and with its values. Raises Unsent."""
    if CURL.match(text):
        return finished(read_curl(text, files), settings.headers)
    lines = text.split("\n")
    end = url_end(lines)
    first = "".join(line.strip() for line in lines[:end])
    if (read := request_line(first)) is None:
        raise Unsent(_("not a request: {text}").format(text=first[:60]))
    method, url = read
    blank = blank_after(lines, end)
    headers = joined_headers(unfolded(lines[end:blank]))
    message = Message(method, url, target_of(url), headers)
    body = lines[blank + 1 :]
    if message.header("X-Request-Type").lower() == "graphql" or method == "GRAPHQL":
        message.body = _graphql(body, message, files)
    else:
        message.body = _body(body, message.header("Content-Type"), files, settings.form_encoding)
    return finished(message, settings.headers)


def _body(lines: list[str], content_type: str, files: BodyFiles, form_encoding: str = "automatic") -> bytes | None:
    """The lines of a body as they are sent, with the content of the files that stand for some of them."""
    if not lines:
        return None
    kind = content_type.partition(";")[0].strip().lower()
    is_multipart = kind == "multipart/form-data"
    line_end = "\r\n" if is_multipart else "\n"
    if not any(FILE_LINE.fullmatch(line) for line in lines):
        if kind == "application/x-www-form-urlencoded":
            return _form(re.sub(r"\s*\n\s*&", "&", "\n".join(lines)), form_encoding).encode()
        return (line_end.join(lines) + (line_end if kind == "application/x-ndjson" else "")).encode()
    body = b""
    for at, line in enumerate(lines):
        body += files.read(line) if FILE_LINE.fullmatch(line) else line.encode()
        body += line_end.encode() if at < len(lines) - 1 or is_multipart else b""
    return body


def _form(text: str, encoding: str) -> str:
    """A form's pairs, encoded as the settings want it."""
    if encoding == "never":
        return text
    if encoding != "always":
        return encoded(text)
    pairs = [pair.partition("=") for pair in text.split("&")]
    return "&".join(f"{quote(name, safe=URI_KEPT)}={quote(value, safe=URI_KEPT)}" for name, _equals, value in pairs)


def _graphql(lines: list[str], message: Message, files: BodyFiles) -> bytes:
    """A query, and after a blank line its variables, as the JSON that GraphQL wants. Raises Unsent for variables that are no JSON."""
    message.headers = {name: value for name, value in message.headers.items() if name.lower() != "x-request-type"}
    if message.method == "GRAPHQL":  # httpyac's word for the same
        message.method = "POST"
        message.headers.setdefault("Content-Type", "application/json")
    blank = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    query = (_body(lines[:blank], "", files) or b"").decode("utf-8", "replace")
    values = (_body(lines[blank + 1 :], "", files) or b"").decode("utf-8", "replace")
    try:
        variables = json.loads(values) if values.strip() else {}
    except ValueError:
        raise Unsent(_("the GraphQL variables are no JSON")) from None
    name = OPERATION.match(query)
    content = {"query": query, **({"operationName": name[1]} if name else {}), "variables": variables}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
