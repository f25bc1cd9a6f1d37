"""What earlier requests of a run were answered, and parts of it: ``{{login.response.body.$.token}}``.

Facts: requestVariableCacheValueProcessor.ts of REST Client 0.26, whose JSONPath is jsonpath-plus and whose XPath is 1.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.platform.language import _

REFERENCE = re.compile(r"(?P<name>[\w-]+)\.(?P<side>request|response)\.(?P<part>body|headers)\.(?P<path>.+)", re.DOTALL)
SHORT = re.compile(r"(?P<name>[\w-]+)\.(?P<path>.+)", re.DOTALL)  # httpyac's {{login.token}}
PLAIN_NAME = re.compile(r"[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*")
STEP = re.compile(r"\.\.|\.|\[[^\]]*\]|[^.\[\]]+")


class NoValue(ValueError):
    """Why there is no value; a sentence for the person."""


@dataclass(frozen=True)
class Side:
    """A request or an answer, as far as it can be asked for: headers (in any case) and body."""

    headers: Mapping[str, str]
    body: str

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Exchange:
    """A request that was sent, and its answer."""

    request: Side
    response: Side


def value_of(exchanges: Mapping[str, Exchange], words: str) -> str:
    """What a reference stands for. Raises NoValue."""
    match = REFERENCE.fullmatch(words)
    name = words.partition(".")[0]
    exchange = exchanges.get(name)
    if exchange is None:
        raise NoValue(_("the request {name} was not answered before").format(name=name))
    if match is None:
        short = SHORT.fullmatch(words)
        if short is None or short["path"].split(".")[0] in ("request", "response"):
            raise NoValue(_("it names neither a header nor a part of the body"))
        return part_of_body(exchange.response, f"$.{short['path']}")
    side = exchange.request if match["side"] == "request" else exchange.response
    if match["part"] == "body":
        return part_of_body(side, match["path"])
    value = side.header(match["path"])
    if not value:
        raise NoValue(_("the answer has no header {name}").format(name=match["path"]))
    return value


def part_of_body(side: Side, path: str) -> str:
    """``*`` for all of a body, a JSONPath into JSON, an XPath into XML. Raises NoValue."""
    if not side.body:
        raise NoValue(_("the body is empty"))
    if path == "*":
        return side.body
    forced = next((kind for kind in ("asJson.", "asXml.") if path.startswith(kind)), "")
    path = path.removeprefix(forced)
    kind = (side.header("content-type") or "").partition(";")[0].strip().lower()
    if forced != "asJson." and (forced == "asXml." or kind.endswith(("/xml", "+xml"))):
        return _xpath(side.body, path)
    try:
        content = json.loads(side.body)
    except ValueError:
        raise NoValue(_("the body is no JSON")) from None
    return json_path(content, path)


def json_path(content: Any, path: str) -> str:
    """The first thing that a JSONPath finds: text as it is, anything else as JSON. Raises NoValue."""
    import jsonpath

    path = re.sub(r"\[\(\s*@\.length\s*-\s*(\d+)\s*\)\]", r"[-\1]", path)
    owner = path.removesuffix(".length")
    try:
        matches = jsonpath.findall(_strict(path), content)
        if not matches and owner != path:
            matches = [len(value) for value in jsonpath.findall(_strict(owner), content) if isinstance(value, list | str)]
    except (jsonpath.JSONPathError, ValueError):
        raise NoValue(_("{path} is no JSONPath").format(path=path)) from None
    if not matches or matches[0] == "":
        raise NoValue(_("the body has nothing at {path}").format(path=path))
    return matches[0] if isinstance(matches[0], str) else json.dumps(matches[0], ensure_ascii=False, separators=(",", ":"))


def _strict(path: str) -> str:
    """A path in the words of RFC 9535: names that are none of its short ones (``access-token``) in brackets, and ``$`` before all."""
    path = path if path.startswith("$") else f"${path}" if path.startswith("[") else f"$.{path.lstrip('.')}"
    if "?" in path:
        return path
    steps, written = ["$"], STEP.findall(path[1:])
    if "".join(written) != path[1:]:
        raise ValueError(path)
    for step in written:
        if step.startswith("[") or step in (".", "..", "*") or PLAIN_NAME.fullmatch(step):
            steps.append(step)
        else:
            if steps[-1] == ".":
                steps.pop()
            steps.append(f"[{step}]" if step.isdigit() else f"[{json.dumps(step)}]")
    return "".join(steps)


def _xpath(body: str, path: str) -> str:
    """The first thing that an XPath 1.0 finds: an element's content, an attribute's value, a function's result. Raises NoValue."""
    from xml.etree import ElementTree as XML

    import elementpath
    from elementpath.xpath1 import XPath1Parser

    if "<!ENTITY" in body:
        raise NoValue(_("the body is XML with entities of its own"))
    try:
        root = XML.ElementTree(XML.fromstring(body.strip()))  # noqa: S314 (no entities: refused above)
        namespaces = dict(re.findall(r"xmlns:(\w+)\s*=\s*[\"']([^\"']+)", body))
        selection: Any = elementpath.select(root, path, namespaces=namespaces, parser=XPath1Parser)
    except (XML.ParseError, elementpath.ElementPathError, KeyError) as error:
        raise NoValue(_("{path} does not work on this body: {reason}").format(path=path, reason=str(error)[:80])) from None
    first = selection[0] if isinstance(selection, list) and selection else selection
    if first is None or first == [] or first == "":
        raise NoValue(_("the body has nothing at {path}").format(path=path))
    return _written(first)


def _written(value: Any) -> str:
    from xml.etree import ElementTree as XML

    if isinstance(value, XML.ElementTree):
        value = value.getroot()
        return XML.tostring(value, encoding="unicode")
    if isinstance(value, XML.Element):
        inner = [value.text or "", *(XML.tostring(child, encoding="unicode") for child in value)]
        return "".join(inner)
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
