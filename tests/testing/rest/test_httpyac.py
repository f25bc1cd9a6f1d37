"""Our reader beside httpyac 6, another program for the same files: what the API receives is the same, or a listed difference.

httpyac comes from npm and is no part of the project: ``npm install httpyac@6``, then ``make readers HTTPYAC=node_modules/.bin/httpyac``.

What the two programs do otherwise, and why we do as we do.

- ``{{login.response.body.$.token}}`` is REST Client's; httpyac reads it as JavaScript and fails. The files say ``{{login.token}}``, which
  is its own form.
- ``#comment`` without a blank among the headers is a comment for REST Client; for httpyac the body begins there. The files have blanks.
- A form with a file ends in CRLF for REST Client (RFC 2046 lets it); httpyac sends none. `as_rest_client_ends_forms` puts it there.
- httpyac keeps the cookies of all files, and those that a file writes itself, in one jar; REST Client keeps what a server sets, and we keep
  it for the run. Cookie headers are not compared here.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from tests.testing.rest.generated_files import write_files
from tests.testing.rest.reading import Api, Received, answer, sent
from wizard.cloud.services.apps import AppAnswer

HTTPYAC = shutil.which(os.environ.get("AZWIZARD_HTTPYAC") or "httpyac")
FILES = 240
OF_THE_CLIENT = {"user-agent", "accept-encoding", "connection", "host", "content-length", "accept", "x-case", "transfer-encoding", "cookie"}
TOKEN = '{"token": "t-1"}'

pytestmark = [pytest.mark.nightly, pytest.mark.skipif(HTTPYAC is None, reason="httpyac is not installed")]


def differences(ours: Received, theirs: Received) -> list[str]:
    """What is not the same of one request, in words; nothing of what is the client's own."""
    lines = [f"method {ours.method} {theirs.method}"] if ours.method != theirs.method else []
    lines += [f"target {ours.target} {theirs.target}"] if ours.target != theirs.target else []
    lines += [f"headers {_own(ours.headers)} {_own(theirs.headers)}"] if _own(ours.headers) != _own(theirs.headers) else []
    return lines + ([f"body {ours.body!r} {theirs.body!r}"] if ours.body != theirs.body else [])


def as_rest_client_ends_forms(theirs: Received) -> Received:
    """Theirs, with the line end that REST Client sends after a form that holds a file."""
    is_form_with_file = theirs.headers.get("Content-Type", "").startswith("multipart/form-data") and b"filename=" in theirs.body
    return replace(theirs, body=theirs.body + b"\r\n") if is_form_with_file else theirs


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() not in OF_THE_CLIENT}


async def received_from_httpyac(folder: Path) -> tuple[dict[str, Received], str]:
    """Send every file with httpyac to a server on loopback that keeps what arrives, by its ``X-Case``."""
    by_name: dict[str, Received] = {}

    async def keep(request: web.Request) -> web.Response:
        received = Received(request.method, request.raw_path, dict(request.headers), await request.read())
        by_name[request.headers.get("X-Case", "?")] = received
        return web.json_response(text=TOKEN, headers={"Set-Cookie": "session=s-1; Path=/"} if request.path == "/login" else {})

    server = web.Application(client_max_size=1 << 20)
    server.router.add_route("*", "/{tail:.*}", keep)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host = f"http://127.0.0.1:{runner.addresses[0][1]}"
    write_files(folder, FILES, host, seed=6)
    assert HTTPYAC is not None
    try:
        process = await asyncio.create_subprocess_exec(
            *(HTTPYAC, "send", "*.http", "--all", "--output", "none", "--no-color"),
            cwd=folder,
            env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _none = await asyncio.wait_for(process.communicate(), 300)
    finally:
        await runner.cleanup()
    return by_name, said.decode("utf-8", "replace")


def with_token(received: Received) -> AppAnswer:
    return answer(200, TOKEN, **({"Set_Cookie": "session=s-1; Path=/"} if received.target == "/login" else {}))


async def test_generated_files_are_sent_as_httpyac_sends_them(tmp_path: Path) -> None:
    theirs, said = await received_from_httpyac(tmp_path)
    records: list[str] = []
    count = 0
    for path in [tmp_path / f"case{number:03}.http" for number in range(FILES)]:
        received, outcomes, _run = await sent(path.read_bytes().decode(), Api(with_token), file=path)
        records += [f"{path.name}: not sent: {outcome.why}" for outcome in outcomes if not outcome.passed]
        for ours in received:
            case = ours.headers["X-Case"]
            count += 1
            if case not in theirs:
                records.append(f"{path.name} {case}: httpyac did not send it")
            else:
                records += [f"{path.name} {case}: {what}" for what in differences(ours, as_rest_client_ends_forms(theirs[case]))]
    print(f"{count} requests of {FILES} files sent by both: {len(records)} differences")
    assert count >= FILES, said[-2000:]
    assert "?" not in theirs, "httpyac lost the headers of a request"
    assert records == [], "\n".join([f"{len(records)} differences in {count} requests", *records[:40]])
