"""github.com: signing in by a code (OAuth's device flow). The code is typed, as it were, between the first question and the second."""

from __future__ import annotations

import secrets
import string
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.github.front import WEB_HOST
from wizard.practice.kernel.bodies import BodyRefused, read_form
from wizard.practice.kernel.fidelity import documented, judged

PATHS = ("/login/device/code", "/login/oauth/access_token")
SECONDS, INTERVAL = 900, 5
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LARGEST_FORM = 4096
LETTERS = string.ascii_uppercase + string.digits
DOCS = "docs.github.com, Authorizing OAuth apps"
KNOWN = {
    "POST https://github.com/login/device/code": documented(
        "200 with device_code, user_code, verification_uri, expires_in, interval", DOCS
    ),
    "POST https://github.com/login/oauth/access_token": documented(
        "200 with access_token, or with error authorization_pending, slow_down, expired_token, access_denied, "
        "incorrect_device_code, unsupported_grant_type",
        DOCS,
    ),
    "any client id": judged("is taken for an application whose device flow is on; the code is typed between two questions"),
}
REFUSALS = {
    "denied": ("access_denied", "The authorization request was denied."),
    "expired": ("expired_token", "The device_code has expired."),
    "off": ("device_flow_disabled", "Device Flow must be explicitly enabled for this App"),
}


class DeviceFlow:
    """Gives codes, and tokens for them. Fault ``github-sign-in:ANSWER`` says what becomes of a code."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._codes: dict[str, dict[str, Any]] = {}
        self._tokens = cloud.store.collection("github_tokens")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one of `PATHS`, in JSON as a client asks for it."""
        if request.method != "POST":
            return web.Response(status=404, text="Not Found")
        try:
            form = dict(await read_form(request, LARGEST_FORM))
        except BodyRefused as refusal:
            return web.Response(status=refusal.status, text=refusal.message)
        if not form.get("client_id"):
            return web.json_response({"error": "Not Found"}, status=404)
        return web.json_response(self._begin(form) if request.path == PATHS[0] else self._token(form))

    def _begin(self, form: dict[str, str]) -> dict[str, Any]:
        if self._cloud.faults.value("github-sign-in") == "off":
            return _error("off")
        code = secrets.token_hex(20)
        letters = [secrets.choice(LETTERS) for _letter in range(8)]
        self._codes[code] = {"scope": form.get("scope", ""), "asked": 0, "client_id": form["client_id"]}
        return {
            "device_code": code,
            "user_code": f"{''.join(letters[:4])}-{''.join(letters[4:])}",
            "verification_uri": f"https://{WEB_HOST}/login/device",
            "expires_in": SECONDS,
            "interval": INTERVAL,
        }

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        if form.get("grant_type") != GRANT:
            return {"error": "unsupported_grant_type", "error_description": "The grant type is not supported."}
        code = self._codes.get(form.get("device_code", ""))
        if code is None or code["client_id"] != form["client_id"]:
            return {"error": "incorrect_device_code", "error_description": "The device_code provided is not valid."}
        code["asked"] += 1
        answer = self._cloud.faults.value("github-sign-in")
        if code["asked"] == 1 or answer == "untyped":
            return {"error": "authorization_pending", "error_description": "The authorization request is still pending."}
        if answer is not None:
            return _error(answer)
        del self._codes[form["device_code"]]
        token = f"gho_{secrets.token_hex(18)}"
        scopes = [scope for scope in code["scope"].split() if scope]
        self._tokens[token] = {"scopes": scopes}
        return {"access_token": token, "token_type": "bearer", "scope": ",".join(scopes)}


def _error(answer: str) -> dict[str, Any]:
    error, words = REFUSALS[answer]
    return {"error": error, "error_description": words}
