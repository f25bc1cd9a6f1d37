"""Signing in to the deployed API where the server asks for Digest (RFC 7616), over TLS and with a real challenge."""

from __future__ import annotations

import hashlib
import re

from aiohttp import web

from tests.conftest import Practice
from wizard.cloud.services.apps import AppAnswer, call_app

SUFFIX = ".happyhill-12345678.westeurope.azurecontainerapps.io"
HOST = f"orders{SUFFIX}"
REALM, NONCE = "orders", "7f3c51"


class GuardedApp:
    """An API that lets in who answers its challenge rightly; it keeps the headers that it saw."""

    def __init__(self, practice: Practice) -> None:
        self.seen: list[str] = []
        practice.cloud.hosts.add_suffix(SUFFIX, self._answer, exists=lambda _host: True, listing=lambda: [HOST], records_traffic=False)

    async def _answer(self, request: web.Request) -> web.Response:
        self.seen.append(request.headers.get("Authorization", ""))
        assigned = dict(re.findall(r'(\w+)="?([^",]+)"?', self.seen[-1]))
        if assigned and assigned["response"] == _right(assigned, request.method):
            return web.json_response({"you": assigned["username"], "body": (await request.read()).decode()})
        challenge = f'Digest realm="{REALM}", nonce="{NONCE}", qop="auth", algorithm=SHA-256'
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})


def _right(given: dict[str, str], method: str) -> str:
    who = _hashed(f"anna:{REALM}:secret 1")
    what = _hashed(f"{method}:{given['uri']}")
    return _hashed(":".join((who, NONCE, given["nc"], given["cnonce"], "auth", what)))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def called(practice: Practice, password: str) -> AppAnswer:
    return await call_app(
        practice.session, HOST, "/orders?a=b%20c", method="POST", headers={}, body=b"tea", seconds=10, digest=("anna", password)
    )


async def test_a_challenge_is_answered_and_the_body_sent_again(practice: Practice) -> None:
    door = GuardedApp(practice)
    answer = await called(practice, "secret 1")
    assert (answer.status, answer.text) == (200, '{"you": "anna", "body": "tea"}')
    assert len(door.seen) == 2 and door.seen[0] == "" and "secret" not in door.seen[1]


async def test_a_wrong_password_is_refused_once_and_not_tried_for_ever(practice: Practice) -> None:
    door = GuardedApp(practice)
    assert (await called(practice, "other")).status == 401
    assert len(door.seen) == 2
