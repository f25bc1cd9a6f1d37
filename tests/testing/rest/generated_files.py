"""Files of requests made at random, of everything that REST Client, httpyac and we say we read."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "SEARCH")
PATHS = (
    *("/orders", "/orders/7", "/find?q=tea", "/find?q=a%20b", "/a/b.c/", "/x?y=1&z=", "/caf%C3%A9", "/find?q=red+shoes", "/o;v=1?a=b:c"),
    *("/find?q=red shoes", "/café", "/find?q=thé&r='x'", '/find?q="tea"', "/~me/a,b", "/a/../b", "/{{item}}?q={{key}}", "/a\n  /b\n  /c"),
)
QUERIES = ("\n  ?page=2\n  &size=10", "\n?page={{page}}", "")
HEADERS = (
    *(
        "Accept: application/json",
        "X-Key: {{key}}",
        "X-Note: a: b",
        "X-List: 1\nX-Other: 2",
        "Cookie: a=1; b=2",
        "x-lower:tight",
        "X-Empty: ",
    ),
    *("Authorization: Basic anna secret1", "Authorization: Basic anna:secret1", "Authorization: Bearer t.o-k", 'If-Match: "7"'),
)
COMMENTS = ("# a note", "// another", "# https://example.org/not/a/request")
VERSIONS = ("", " HTTP/1.1")


@dataclass(frozen=True)
class Body:
    """A body, the header that goes with it, and the files it names."""

    lines: str
    content_type: str = ""


BODIES = (
    Body('{"item": "tea"}', "application/json"),
    Body('{\n  "item": "{{item}}",\n  "lines": [1, 2]\n}', "application/json"),
    Body('{\n  // why\n  "item": "tea"\n# "size": 2\n}', "application/json"),
    Body("one\n\n  two\n\nthree", "text/plain"),
    Body("<a>\n  <b/>\n</a>", "application/xml"),
    Body("name=anna\n&city=K%C3%B6ln\n&n=1", "application/x-www-form-urlencoded"),
    Body("name=a b", "application/x-www-form-urlencoded"),
    Body("< ./order.json", "application/json"),
    Body("<@ ./filled.json", "application/json"),
    Body(
        '--B\nContent-Disposition: form-data; name="t"\n\ntitle\n--B\nContent-Disposition: form-data; name="f"; filename="p.bin"\n'
        "Content-Type: application/octet-stream\n\n< ./p.bin\n--B--",
        "multipart/form-data; boundary=B",
    ),
    Body('--B\nContent-Disposition: form-data; name="t"\n\ntitle\n--B--', "multipart/form-data; boundary=B"),
    Body("before\n< ./order.json\nafter", "text/plain"),
    Body('{"a":1}\n{"b":2}', "application/x-ndjson"),
    Body("", ""),
)
ENDS = (
    "",
    "\n\n<> last.json",
    "\n\n?? status == 200\n?? header content-type includes json",
    '\n\n> {% client.test("ok", function() {}) %}',
    "\n\n> {%\n  client.log(1);\n%}",
)


def write_files(folder: Path, count: int, host: str, seed: int) -> list[Path]:
    """Write some files, the same for the same seed; each request has a header ``X-Case`` that says which it is."""
    chance = random.Random(seed)  # noqa: S311 (the same files each time)
    (folder / "order.json").write_bytes(b'{"item": "th\xc3\xa9", "raw": "{{item}}"}\r\n')
    (folder / "filled.json").write_text('{"item": "{{item}}"}')
    (folder / "p.bin").write_bytes(bytes(range(256)))
    paths = []
    for number in range(count):
        blocks = [_login(number)] if chance.random() < 0.2 else []
        blocks += [_request(chance, f"{number}-{at}", has_login=bool(blocks)) for at in range(chance.randint(1, 3))]
        variables = f"@host = {host}\n@item = tea & cake\n@key = k-{{{{page}}}}\n@page = 7\n\n"
        text = variables + "".join(_separated(chance, block, at) for at, block in enumerate(blocks))
        path = folder / f"case{number:03}.http"
        path.write_text(text.replace("\n", "\r\n") if chance.random() < 0.1 else text)
        paths.append(path)
    return paths


def _separated(chance: random.Random, block: str, at: int) -> str:
    pick: Callable[..., str] = chance.choice
    before = "" if at == 0 and chance.random() < 0.5 else pick(("###\n", "### A title\n", "####\n", "###\n\n"))
    return f"{before}{block}\n\n"


def _login(number: int) -> str:
    return f"# @name login\nPOST {{{{host}}}}/login\nX-Case: {number}-login\n"


def _request(chance: random.Random, case: str, *, has_login: bool) -> str:
    pick: Callable[..., str] = chance.choice
    method = chance.choice(METHODS)
    line = f"{method} {{{{host}}}}{pick(PATHS)}"
    line = line.partition("?")[0] + pick(QUERIES[:2]) if chance.random() < 0.2 else line + pick(VERSIONS)
    headers = [f"X-Case: {case}", *chance.sample(HEADERS, chance.randint(0, 3))]
    if sum(header.startswith("Authorization") for header in headers) > 1:
        headers = headers[:1]
    if has_login and chance.random() < 0.7:
        headers = [header for header in headers if not header.startswith("Authorization")]
        headers.append("Authorization: Bearer {{login.token}}")
    if chance.random() < 0.3:
        headers.insert(chance.randint(0, len(headers)), pick(COMMENTS))
    body = chance.choice(BODIES) if method not in ("GET", "OPTIONS") and chance.random() < 0.8 else None
    if body is not None and body.content_type:
        headers.append(f"Content-Type: {body.content_type}")
    above = pick(COMMENTS) + "\n" if chance.random() < 0.2 else ""
    return above + "\n".join([line, *headers]) + (f"\n\n{body.lines}" if body else "") + pick(ENDS)
