"""`azwizard serve`: the page and its socket are there for who has the token, and for nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSServerHandshakeError

from tests.support.waiting import eventually
from wizard.commands.serving.serve import serve
from wizard.engine.session import CommandOptions, ExitCode

PATIENCE = 40  # seconds


@asynccontextmanager
async def served(folder: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[str]:
    """The address that the command prints, while it goes on."""
    serving = asyncio.ensure_future(serve(CommandOptions(setup=folder / "azwizard.toml"), 0))
    try:
        printed: list[str] = []

        def said() -> bool:
            printed.append(capsys.readouterr().out)
            return "".join(printed).endswith("\n")

        await eventually(said)
        yield "".join(printed).strip()
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_page_and_socket_want_the_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(tmp_path, capsys) as address, aiohttp.ClientSession() as browser:
        assert address.startswith("http://127.0.0.1:")
        origin, token = address.rstrip("/").rsplit("/", 1)
        assert len(token) >= 43
        for path in ("/", "/ws", "/static/js/textual.js", f"/{token[:-1]}/", "/../" + token[:-1]):
            async with browser.get(origin + path) as refused:
                assert refused.status == 403, path
                assert token not in await refused.text()
        with pytest.raises(WSServerHandshakeError):
            await browser.ws_connect(f"{origin}/ws")
        async with browser.get(address) as page:
            assert page.status == 200
            assert "googleapis" not in await page.text()
            assert f'data-session-websocket-url="ws{address.removeprefix("http")}ws"' in await page.text()
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert "'self'" in page.headers["Content-Security-Policy"]
        async with browser.get(f"{address}static/js/textual.js") as script:
            assert script.status == 200


async def test_the_socket_shows_the_wizard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.delenv("CI", raising=False)
    async with served(tmp_path, capsys) as address, aiohttp.ClientSession() as browser:
        async with browser.ws_connect(f"ws{address.removeprefix('http')}ws?width=80&height=24") as socket:
            painted = b""
            async with asyncio.timeout(PATIENCE):
                while b"Flask project" not in painted:
                    painted += await socket.receive_bytes()
                await socket.send_json(["stdin", "\x11"])  # Ctrl+Q leaves
                while not socket.closed:
                    await socket.receive()
            assert socket.closed


async def test_a_port_that_another_has_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(tmp_path, capsys) as address:
        port = int(address.split(":")[2].split("/")[0])
        assert await serve(CommandOptions(setup=tmp_path / "azwizard.toml"), port) is ExitCode.NOT_READY
        assert f"Port {port} cannot be used" in capsys.readouterr().err
