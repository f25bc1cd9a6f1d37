"""A headless Chromium, driven over its DevTools protocol: pages, keys, pictures, and what a page's socket was told."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.waiting import eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 120  # seconds: a whole deployment on a busy machine
COMMANDS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")
KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "ArrowLeft": (37, ""),
    "ArrowDown": (40, ""),
    "PageDown": (34, ""),
    **{f"F{number}": (111 + number, "") for number in range(1, 13)},
}
CTRL = 2
MINUS = 189  # its own number, since its character's is that of Insert


def executable() -> str:
    """Where Chromium is; "" where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


class BrowserPage:
    """One page. `painted` is what its socket got since it was last looked at, as text; `everything` all of it.

    `on_frame` is given what its socket gets, `on_sent` what it sends, `on_socket` the socket's address.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.painted = ""
        self.everything = ""
        self.requested: list[str] = []
        self.on_frame: Callable[[bytes], object] = lambda _data: None
        self.on_sent: Callable[[str], object] = lambda _message: None
        self.on_socket: Callable[[str], object] = lambda _address: None
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            event = message.json()
            if "id" in event:
                self._answers.pop(event["id"]).set_result(event)
            elif event["method"] == "Network.webSocketFrameReceived":
                self._paint(event["params"]["response"])
            elif event["method"] == "Network.webSocketFrameSent":
                self.on_sent(event["params"]["response"]["payloadData"])
            elif event["method"] == "Network.webSocketCreated":
                self.on_socket(event["params"]["url"])
            elif event["method"] == "Network.requestWillBeSent":
                self.requested.append(event["params"]["request"]["url"])

    def _paint(self, frame: dict[str, Any]) -> None:
        binary = base64.b64decode(frame["payloadData"]) if frame["opcode"] == 2 else b""
        self.on_frame(binary)
        data = binary.decode(errors="replace") if frame["opcode"] == 2 else str(frame["payloadData"])
        self.painted += COMMANDS.sub(" ", data)
        self.everything += COMMANDS.sub("", data)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser something; gives its result."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._asked, "method": method, "params": parameters})
        event = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in event, event
        return dict(event["result"])

    async def open(self, address: str, width: int, height: int) -> None:
        """Go to an address, in a window of so many pixels."""
        for domain in ("Page", "Network", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.call("Emulation.setFocusEmulationEnabled", enabled=True)  # as in the window that one looks at
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        await self.call("Page.navigate", url=address)

    async def press(self, *keys: str) -> None:
        """Press keys by their names, such as ``F8`` or ``Ctrl+D``, or type a text as ``text:orders-dev``."""
        for key in keys:
            if key.startswith("text:"):
                for letter in key.removeprefix("text:"):
                    await self._stroke(letter, MINUS if letter == "-" else ord(letter.upper()), letter)
            elif key.startswith("Ctrl+"):
                letter = key[-1].lower()
                await self._stroke(letter, ord(letter.upper()), "", CTRL)
            else:
                await self._stroke(key, *KEYS[key])

    async def _stroke(self, key: str, code: int, text: str, modifiers: int = 0) -> None:
        common = {
            "key": key,
            "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
            "code": f"Key{key.upper()}" if key.isalpha() and len(key) == 1 else key,
        }
        await self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def shows(self, *words: str) -> None:
        """Wait until the words were painted since this was last asked."""
        await self.until(lambda: all(text in " ".join(self.painted.split()) for text in words), words)
        self.painted = ""

    async def until(self, holds: Callable[[], object], what: object) -> None:
        """Wait until something holds."""
        try:
            await eventually(holds, PATIENCE)
        except AssertionError:
            raise AssertionError(f"{what} never came: {' '.join(self.painted.split())[-3000:]}") from None

    async def text(self) -> str:
        """The page as it is now: its whole document; "" while another is being loaded."""
        result = await self.call("Runtime.evaluate", expression="document.documentElement?.outerHTML")
        return str(result["result"].get("value", ""))

    async def picture(self, file: Path) -> bytes:
        """A picture of the page, also written into a file."""
        content = base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])
        await asyncio.to_thread(file.write_bytes, content)
        return content

    async def close(self) -> None:
        """Leave the page."""
        self._reader.cancel()
        await self._socket.close()


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Callable[[], Any]]:
    """A browser with an empty profile; what is given opens an empty page of it."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    process = await asyncio.create_subprocess_exec(
        executable(), *options, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    pages: list[BrowserPage] = []
    try:
        port_file = profile / "DevToolsActivePort"
        await eventually(lambda: port_file.exists() and port_file.read_text().strip(), PATIENCE)
        port = port_file.read_text().split()[0]
        async with aiohttp.ClientSession() as session:

            async def new_page() -> BrowserPage:
                async with session.put(f"http://127.0.0.1:{port}/json/new?about:blank") as answer:
                    address = (await answer.json())["webSocketDebuggerUrl"]
                pages.append(BrowserPage(await session.ws_connect(address, max_msg_size=0)))
                return pages[-1]

            yield new_page
            for page in pages:
                await page.close()
    finally:
        process.terminate()
        await process.wait()
