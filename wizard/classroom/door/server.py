"""The trainer's server: the event door for learners' computers, and the board's page. Everything else is not there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

import msgspec
from aiohttp import web

from wizard.classroom.door.board_page import STYLE, board_page
from wizard.classroom.door.certificate import server_context
from wizard.classroom.door.standings import Report
from wizard.classroom.door.trainer import BOARD, Trainer, address_of
from wizard.classroom.door.wishes import Wishes

LARGEST_BODY = 4096
"""Bytes: a report has at most a sentence and some names."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class EventDoor:
    """Answers a learner's report with what the trainer wishes, and whoever knows the board's key with the page.

    :param renders: how often the page was made anew, for who wants to know what it costs.
    """

    def __init__(self, trainer: Trainer, clock: Callable[[], datetime] = datetime.now) -> None:
        self.trainer = trainer
        self._clock = clock
        self._suffix_of = {token: suffix for suffix, token in trainer.tokens.items() if suffix in trainer.standings.by_suffix}
        self._page: tuple[object, str] = (None, "")
        self.renders = 0
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def start(self, listen: str, port: int) -> None:
        """Listen; port 0 takes any that is free. Raises OSError."""
        app = web.Application(client_max_size=LARGEST_BODY)
        key = self.trainer.tokens[BOARD]
        app.add_routes(
            [web.post("/events", self._hear), web.get(f"/board/{key}/", self._show), web.get(f"/board/{key}/board.css", self._style)]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        file, _certificate = self.trainer.certificate(listen)
        site = web.TCPSite(self._runner, listen, port, ssl_context=server_context(file) if file else None)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        self.page_address = f"{address_of(listen, self.port)}/board/{key}/"

    async def close(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        suffix = self._known(request.headers.get("Authorization", ""))
        if suffix is None:
            return web.json_response({"error": "unknown token"}, status=401, headers={"WWW-Authenticate": "Bearer"})
        try:
            report = msgspec.json.decode(await request.read(), type=Report)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            return web.json_response({"error": str(error)}, status=400)
        standing = self.trainer.standings.hear(suffix, report)
        wished = self.trainer.wishes.of(suffix)
        left = Wishes(
            None if wished.fault is None or wished.fault.id in standing.done else wished.fault,
            None if wished.help is None or wished.help.id in standing.done else wished.help,
        )
        return web.Response(body=msgspec.json.encode(left), content_type="application/json")

    def _known(self, given: str) -> str | None:
        """The learner whose token that is; each is compared in the same time."""
        token = given.removeprefix("Bearer ").encode(errors="surrogateescape")
        matching = [suffix for known, suffix in self._suffix_of.items() if secrets.compare_digest(known.encode(), token)]
        return matching[0] if matching else None

    async def _show(self, _request: web.Request) -> web.Response:
        now = self._clock()
        fault = self.trainer.wishes.fault
        state = (self.trainer.standings.version, now.strftime("%H:%M"), fault)
        if self._page[0] != state:
            self.renders += 1
            self._page = (state, board_page(self.trainer.read, self.trainer.standings.by_suffix, fault, now))
        return web.Response(text=self._page[1], content_type="text/html", headers={**HEADERS, "Refresh": "5"})

    async def _style(self, _request: web.Request) -> web.Response:
        return web.Response(text=STYLE, content_type="text/css", headers=HEADERS)
