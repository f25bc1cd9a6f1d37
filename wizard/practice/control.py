"""The practice cloud's own host, for the program that started it: status, stop, faults, device codes, images."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from wizard.practice.kernel.bodies import read_body
from wizard.practice.kernel.faults import Faults, UnknownFault
from wizard.practice.kernel.shapes import parsed

HOST = "practice.azwizard.localhost"
LARGEST_BODY = 1 << 20


class Control:
    """Answers to ``Authorization: Bearer <control_token>`` only; its requests are in no HAR and never meet a fault.

    :param status: what GET /status answers.
    :param stop: begins to stop the practice cloud.
    :param faults_changed: called when the faults in force have changed.
    :param approve: approves a device code; False for one that does not exist.
    :param one_time_word: gives a word with which one browser may sign in.
    :param running: changes and answers how containers run, see `_answer_running`.
    :param preload: puts an image into a registry (`preload.preload_asked`); raises ValueError with a sentence for a person.
    """

    def __init__(
        self,
        token: str,
        faults: Faults,
        *,
        status: Callable[[], dict[str, Any]],
        stop: Callable[[], None],
        faults_changed: Callable[[], None],
        approve: Callable[[str], bool],
        running: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]],
        preload: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]],
        one_time_word: Callable[[], str],
    ) -> None:
        self._token = token
        self._faults = faults
        self._status = status
        self._stop = stop
        self._faults_changed = faults_changed
        self._approve = approve
        self._running = running
        self._preload = preload
        self._one_time_word = one_time_word
        self._commands: dict[tuple[str, str], Callable[[web.Request], Awaitable[web.Response]]] = {
            ("GET", "/status"): self._answer_status,
            ("POST", "/stop"): self._answer_stop,
            ("POST", "/fault"): self._answer_fault,
            ("POST", "/approve"): self._answer_approve,
            ("POST", "/image"): self._answer_image,
            ("POST", "/sign-in-word"): self._answer_word,
            ("POST", "/running"): self._answer_running,
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one command."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return _refused(401, "The control token is missing or wrong.")
        command = self._commands.get((request.method, request.path))
        return await command(request) if command else _refused(404, f"There is no command {request.method} {request.path}.")

    async def _answer_status(self, request: web.Request) -> web.Response:
        return web.json_response(self._status())

    async def _answer_stop(self, request: web.Request) -> web.Response:
        self._stop()
        return web.json_response({"stopping": True}, status=202)

    async def _answer_fault(self, request: web.Request) -> web.Response:
        """``{"set": ["NAME[:VALUE]", ...], "clear": bool}``: clears first, then sets."""
        body = await _json(request)
        try:
            if body.get("clear"):
                self._faults.clear()
            self._faults.add(body.get("set", []))
        except UnknownFault as unknown:
            return _refused(400, str(unknown))
        self._faults_changed()
        return web.json_response({"faults": self._faults.texts()})

    async def _answer_approve(self, request: web.Request) -> web.Response:
        code = str((await _json(request)).get("code", ""))
        if not self._approve(code):
            return _refused(404, f"No sign-in waits for the code '{code}'.")
        return web.json_response({"approved": code})

    async def _answer_word(self, request: web.Request) -> web.Response:
        return web.json_response({"word": self._one_time_word()})

    async def _answer_running(self, request: web.Request) -> web.Response:
        """``{"wheels": folder, "unconfined": bool}``, each only if it changes; answers ``{"confines", "unconfined", "wheels"}``."""
        return web.json_response(await self._running(await request.json()))

    async def _answer_image(self, request: web.Request) -> web.Response:
        """``{"registry", "repository", "tags", "source", "dockerfile"}``: an image of a folder here, as if it had been pushed."""
        try:
            return web.json_response(await self._preload(await _json(request)))
        except ValueError as refused:
            return _refused(400, str(refused))


async def _json(request: web.Request) -> dict[str, Any]:
    body = parsed(await read_body(request, LARGEST_BODY))
    return body if isinstance(body, dict) else {}


def _refused(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": {"message": sentence}}, status=status)
