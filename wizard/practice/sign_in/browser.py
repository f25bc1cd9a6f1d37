"""Signing in with a browser: OAuth's authorization code, for whoever has a one-time word or an approval of the owner's."""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
import time
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from wizard.practice.sign_in.refusal import DEVICE_CODE_SECONDS, SignInRefused, user_code

WORD_SECONDS = 300
MOST_WAITING = 1000

Form = Mapping[str, str]


class BrowserSignIn:
    """The browsers that sign in to one practice cloud. Words, codes and whoever waits live in memory."""

    def __init__(self) -> None:
        self._codes: dict[str, dict[str, str]] = {}
        self._waiting: dict[str, dict[str, Any]] = {}  # browsers, by a number in their address
        self._words: dict[str, float] = {}  # one-time words, until when

    def waiting(self) -> Iterable[dict[str, Any]]:
        """Who waits for an approval: each with its ``user_code``, and ``approved`` to be set."""
        return self._waiting.values()

    def one_time_word(self) -> str:
        """A word that lets one browser sign in without being asked: whoever has the control token puts it into the address it opens."""
        word = secrets.token_urlsafe(32)
        self._words[word] = time.time() + WORD_SECONDS
        return word

    def authorize(self, query: Form) -> web.Response:
        """Hand a code to the program that waits on this machine, for whoever has a one-time word or an approval of the owner's."""
        redirect = urllib.parse.urlsplit(query.get("redirect_uri", ""))
        if redirect.hostname not in ("localhost", "127.0.0.1"):
            message = f"The redirect URI '{query.get('redirect_uri', '')}' specified in the request does not match a loopback address."
            raise SignInRefused(400, "invalid_request", 50011, message)
        if not self._is_owner(query):
            return self._asks_for_approval(query)
        code = secrets.token_urlsafe(48)
        self._codes[code] = {name: query.get(name, "") for name in ("redirect_uri", "code_challenge", "nonce", "scope", "claims")}
        answer = {"code": code, "state": query.get("state", "")}
        if query.get("response_mode") != "form_post":
            raise web.HTTPFound(f"{query['redirect_uri']}?{urllib.parse.urlencode(answer)}")
        fields = "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in answer.items())
        action = html.escape(query["redirect_uri"])
        page = (
            f'<!DOCTYPE html><title>Practice sign-in</title><form method="post" action="{action}">{fields}'
            "<button>Continue</button></form><script>document.forms[0].submit()</script>"
        )
        return web.Response(text=page, content_type="text/html")

    def _is_owner(self, query: Form) -> bool:
        """Whether the address carries a word not used yet, or the number of a sign-in that was approved; either is good once."""
        expires = self._words.pop(query.get("login_hint", ""), 0.0)
        waiting = self._waiting.get(query.get("approval", ""))
        if waiting is not None and waiting["approved"] and waiting["expires"] > time.time():
            del self._waiting[query["approval"]]
            return True
        return expires > time.time()

    def _asks_for_approval(self, query: Form) -> web.Response:
        """A page with a code to approve, which asks again by itself until that has been done."""
        number = query.get("approval", "")
        if number not in self._waiting:
            if len(self._waiting) >= MOST_WAITING:
                raise SignInRefused(429, "temporarily_unavailable", 50196, "Too many sign-ins wait for an approval.")
            number = secrets.token_urlsafe(32)
            self._waiting[number] = {"user_code": user_code(), "approved": False, "expires": time.time() + DEVICE_CODE_SECONDS}
        self._drop_expired()
        again = urllib.parse.urlencode({**query, "approval": number})
        page = (
            f'<!DOCTYPE html><title>Practice sign-in</title><meta http-equiv="refresh" content="2;url=?{html.escape(again)}">'
            f"<p>To sign in to the practice cloud, run: azwizard practice approve {self._waiting[number]['user_code']}</p>"
        )
        return web.Response(text=page, content_type="text/html")

    def _drop_expired(self) -> None:
        now = time.time()
        self._waiting = {number: waiting for number, waiting in self._waiting.items() if waiting["expires"] > now}
        self._words = {word: expires for word, expires in self._words.items() if expires > now}

    def redeemed(self, form: Form) -> dict[str, str]:
        """What the code of a token request was asked with: scope, nonce, claims. A code is good once. Raises SignInRefused."""
        asked_with = self._codes.pop(form.get("code", ""), None)
        if asked_with is None:
            raise SignInRefused(
                400, "invalid_grant", 70008, "The provided authorization code or refresh token has expired or was redeemed before."
            )
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked_with["code_challenge"] and proof != asked_with["code_challenge"]:
            message = "Proof Key for Code Exchange does not match: the code_verifier is not the one that the code_challenge was made from."
            raise SignInRefused(400, "invalid_grant", 501481, message)
        return asked_with
