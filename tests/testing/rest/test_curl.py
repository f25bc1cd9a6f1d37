"""Our reader of curl lines beside curl itself: what the API receives is the same."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.testing.rest.reading import Received, one

LINES = (
    "curl https://h/a",
    "curl -i -X DELETE 'https://h/a?b=c%20d'",
    "curl -XPUT https://h/a -H 'X-A: 1' --header \"X-B: 2\"",
    "curl -I https://h/a",
    "curl https://h/a \\\n  -d 'x=1' \\\n  -d y=2",
    "curl -sd a=1 https://h/a",
    "curl -d @o.json https://h/a",
    "curl --data-binary @o.json https://h/a",
    "curl --data-raw '@x' https://h/a",
    "curl -d '' https://h/a",
    "curl -XPOST https://h/a",
    "curl -u anna:secret1 https://h/",
    "curl -u 'anna:' https://h/",
    "curl --json '{\"a\": 1}' https://h/",
    "curl --json '{\"a\":' --json '1}' https://h/",
    "curl --json @o.json -H 'Accept: text/plain' https://h/",
    "curl -G -d q=tea -d n=1 https://h/",
    "curl -G --data-urlencode 'q=a b&c' https://h/?z=1",
    "curl --data-urlencode 'q=é ~*' https://h/",
    "curl --data-urlencode name@p.txt --data-urlencode '=x y' --data-urlencode 'a b' --data-urlencode @p.txt https://h/",
    "curl -H 'X-Empty;' -H 'Accept:' https://h/",
    "curl -H 'Content-Type:' -d '{}' https://h/",
    "curl -b 'a=1; b=2' https://h/",
    "curl -r 0-9 https://h/",
    "curl -A ua -e http://r.example https://h/",
    "curl --oauth2-bearer t-1 https://h/",
    "curl -T p.txt https://h/p.txt",
    "curl https://h/a -L --max-redirs 3",
    "curl -F a=1 -F 'b=x y;type=text/plain' https://h/",
    "curl -F 'f=@p.txt' https://h/",
    "curl -F 'f=@p.txt;type=text/csv;filename=q.csv' https://h/",
    "curl -F 'j=<o.json;type=application/json' --form-string 'c=@1;type=x' https://h/",
    "curl -X PATCH -F 'f=@p.png' -F 'g=@o.json' https://h/",
    "curl 'https://h/a' --data-raw $'{\"a\": \"it\\'s\\u0021\\n\"}' -H 'content-type: application/json'",
    'curl https://h/a -d "{\\"a\\": \\"b\\"}"',
    "curl -s https://h/a -d 'it'\\''s' | cat",
    "curl https://h/a > out.txt 2>/dev/null",
    "curl -sS --fail-with-body --retry 1 --compressed https://h/a",
    "curl --request POST --url https://h/a --header 'content-type: application/json' --data '{\n  \"a\": 1\n}'",
    "curl -X QUERY https://h/a -d q",
    "curl -G https://h/a -H 'Content-Type: application/json' -d q=1",
    "curl -G https://h/a --json q=1",
    "curl --get https://h/a?x=1 --data-urlencode 'y=a b' -H 'X-A: 1'",
)
OF_THE_CLIENT = {"host", "user-agent", "content-length", "accept-encoding", "expect"}
BOUNDARY = re.compile(rb"-{24}[0-9a-zA-Z]{16,24}")

pytestmark = [pytest.mark.nightly, pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")]


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[Received]]]:
    """Where curl sends to, and what arrives there."""
    arrived: list[Received] = []

    async def keep(request: web.Request) -> web.Response:
        arrived.append(Received(request.method, request.raw_path, dict(request.headers), await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", keep)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", arrived
    await runner.cleanup()


def as_compared(method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[str, str, dict[str, str], bytes]:
    """A request without what is the client's own; a form's boundary is a word."""
    own = {
        name.lower(): BOUNDARY.sub(b"B", value.encode()).decode() for name, value in headers.items() if name.lower() not in OF_THE_CLIENT
    }
    if own.get("accept") == "*/*":
        del own["accept"]  # what curl wants where nothing is said
    return method, target, own, BOUNDARY.sub(b"B", body)


@pytest.mark.parametrize("line", LINES)
async def test_a_curl_line_is_sent_as_curl_sends_it(line: str, server: tuple[str, list[Received]], tmp_path: Path) -> None:
    address, arrived = server
    (tmp_path / "o.json").write_bytes(b'{\n"item": "th\xc3\xa9"\r\n}\n')
    (tmp_path / "p.txt").write_text("p q\n")
    (tmp_path / "p.png").write_bytes(bytes(range(256)))
    command = line.replace("https://h", address)
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command, cwd=tmp_path, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    await asyncio.wait_for(process.wait(), 40)
    ours = await one(f"{line}\n", file=tmp_path / "a.http")
    (theirs,) = arrived
    compared = as_compared(theirs.method, theirs.target, dict(theirs.headers), theirs.body)
    assert as_compared(ours.method, ours.target, ours.headers, ours.body or b"") == compared
