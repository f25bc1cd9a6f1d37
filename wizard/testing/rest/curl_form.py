"""The body of curl's ``-F``: a form in parts (multipart/form-data), with files among them."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from pathlib import PurePosixPath

from wizard.platform.language import _
from wizard.testing.rest.message import BodyFiles, Unsent

ATTRIBUTE = re.compile(
    r";\s*(?P<name>type|filename|encoder|headers)=(?P<value>\"(?:\\.|[^\"\\])*\"|[^;\"]*(?:;\s*(?:charset|boundary)=[^;]*)?)\s*$"
)

KINDS = {
    **dict.fromkeys((".jpg", ".jpeg"), "image/jpeg"),
    **dict.fromkeys((".htm", ".html"), "text/html"),
    ".gif": "image/gif",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
}


@dataclass
class _Part:
    name: str
    content: bytes
    kind: str = ""
    filename: str | None = None

    def written(self) -> bytes:
        """The part as it is sent, after its boundary."""
        disposition = f'form-data; name="{_escaped(self.name)}"'
        disposition += f'; filename="{_escaped(self.filename)}"' if self.filename is not None else ""
        kind = f"Content-Type: {self.kind}\r\n" if self.kind else ""
        return f"Content-Disposition: {disposition}\r\n{kind}\r\n".encode() + self.content + b"\r\n"


def form_body(parts: list[tuple[str, str]], files: BodyFiles) -> tuple[str, bytes]:
    """The content type and the body of these options.

    :param parts: ``form`` or ``form-string``, and the value: ``name=text``, ``name=@file;type=…;filename=…``, ``name=<file``.
    Raises Unsent.
    """
    boundary = f"------------------------{uuid.uuid4().hex[:22]}"
    body = b"".join(f"--{boundary}\r\n".encode() + part.written() for option, value in parts for part in _parts(option, value, files))
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def _parts(option: str, value: str, files: BodyFiles) -> list[_Part]:
    name, equals, content = value.partition("=")
    if not equals:
        raise Unsent(_("the curl line is not understood: {reason}").format(reason=f"-F {value}"))
    if option == "form-string":
        return [_Part(name, content.encode())]
    content, attributes = _attributes(content)
    if "encoder" in attributes or "headers" in attributes:
        raise Unsent(_("{what} is not done here").format(what="curl -F …;encoder=, ;headers="))
    kind, filename = attributes.get("type", ""), attributes.get("filename")
    if content.startswith("<"):
        return [_Part(name, files.content(_unquoted(content[1:])), kind, filename)]
    if not content.startswith("@"):
        return [_Part(name, _unquoted(content).encode(), kind, filename)]
    paths = [_unquoted(path) for path in content[1:].split(",")]
    return [
        _Part(name, files.content(path), kind or _kind_of(path), PurePosixPath(path).name if filename is None else filename)
        for path in paths
    ]


def _attributes(content: str) -> tuple[str, dict[str, str]]:
    """A value without what is said of it behind a semicolon, and this."""
    attributes: dict[str, str] = {}
    while match := ATTRIBUTE.search(content):
        attributes[match["name"]] = _unquoted(match["value"])
        content = content[: match.start()]
    return content, attributes


def _kind_of(path: str) -> str:
    """What curl says of a file by its ending (lib/mime.c); of most it says nothing."""
    return KINDS.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if len(text) > 1 and text[0] == text[-1] == '"' else text


def _escaped(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
