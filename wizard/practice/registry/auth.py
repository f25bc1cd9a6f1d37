"""A registry's own sign-in: Azure tokens for refresh tokens, those for access tokens, and what each may do (reference.md 1.7)."""

from __future__ import annotations

import base64
import secrets
import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt
from aiohttp import web
from multidict import MultiMapping

from wizard.practice.access.tokens import ARM, NO_TOKEN, REGISTRY, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.store import Document
from wizard.practice.registry.images import REGISTRIES, takes_arm_tokens

NOBODY = "00000000-0000-0000-0000-000000000000"  # the user name that goes with a refresh token
_REFRESH_SECONDS = 3 * 3600
_ACCESS_SECONDS = 75 * 60
# what a token may do -> the right it takes in the legacy role mode, and the data right in ABAC mode (reference.md 1.5)
_RIGHTS = {
    "pull": ("pull/read", "repositories/content/read"),
    "metadata_read": ("pull/read", "repositories/metadata/read"),
    "push": ("push/write", "repositories/content/write"),
    "metadata_write": ("push/write", "repositories/metadata/write"),
    "delete": ("artifacts/delete", "repositories/content/delete"),
    "catalog": ("pull/read", "catalog/read"),
}


class TokenRefusal(Exception):
    """A refusal in the registry's own envelope, ``{"errors": [{"code", "message", "detail"}]}``."""

    def __init__(self, status: int, code: str, message: str, detail: Any = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.detail = status, code, message, detail


class RegistrySignIn:
    """Issues and reads the tokens of every registry."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    def exchange(self, registry: Document, form: Mapping[str, Any]) -> web.Response:
        """A refresh token for an Azure access token, whether it was issued for registries or for Azure Resource Manager."""
        header = f"Bearer {form.get('access_token', '')}"
        try:
            caller = self._cloud.tokens.caller(header, REGISTRY)
        except TokenRefused:
            if not takes_arm_tokens(registry):
                raise _unauthorized() from None
            caller = self._caller(header)
        if form.get("service", registry["properties"]["loginServer"]) != registry["properties"]["loginServer"]:
            raise TokenRefusal(401, "UNAUTHORIZED", "the service is not this registry")
        claims = {"sub": caller.object_id, "grant_type": "refresh_token", "tenant": self._cloud.tenant_id, "appid": caller.app_id}
        return web.json_response({"refresh_token": self._signed(registry, claims, _REFRESH_SECONDS)})

    def _caller(self, header: str) -> Caller:
        try:
            return self._cloud.tokens.caller(header, ARM)
        except TokenRefused as refused:
            raise _unauthorized() from refused

    def token(self, request: web.Request, registry: Document, form: MultiMapping[Any]) -> web.Response:
        """An access token for a refresh token or a password; it carries what was asked for and may be done, and no more."""
        if request.method == "POST" and "" in form.getall("scope", []):
            return web.Response(status=400)
        subject = self._subject(request, registry, form)
        scopes = [scope for text in form.getall("scope", []) for scope in str(text).split()]
        access = [granted for scope in scopes if (granted := self._granted(registry, subject, scope)) is not None]
        claims = {"sub": subject, "grant_type": "access_token", "access": access}
        return web.json_response({"access_token": self._signed(registry, claims, _ACCESS_SECONDS)})

    def _subject(self, request: web.Request, registry: Document, form: Mapping[str, Any]) -> str:
        """The principal that asks for an access token, or ``admin``."""
        user, password = str(form.get("username", "")), str(form.get("password", ""))
        if request.headers.get("Authorization", "").startswith("Basic "):
            user, password = _basic(request.headers["Authorization"])
        refresh = str(form.get("refresh_token", "")) or (password if user == NOBODY else "")
        if refresh:
            claims = self._decoded(registry, refresh, "refresh_token")
            return str(claims["sub"])
        private = self._cloud.store.private[registry["id"]]["passwords"].values()
        known = any(secrets.compare_digest(password.encode(), each.encode()) for each in private)
        if registry["properties"]["adminUserEnabled"] and user.lower() == registry["name"].lower() and known:
            return "admin"
        raise _unauthorized()

    def _granted(self, registry: Document, subject: str, scope: str) -> Document | None:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if kind == "registry":
            return {"type": kind, "name": name, "actions": ["*"]} if self._may(registry, subject, "catalog") else None
        words = [word for word in _RIGHTS if word != "catalog"] if actions == "*" else actions.split(",")
        allowed = [word for word in words if self._may(registry, subject, word)]
        return {"type": kind, "name": name, "actions": allowed} if allowed else None

    def _may(self, registry: Document, subject: str, word: str) -> bool:
        if word not in _RIGHTS:
            return False
        if subject == "admin":
            return True
        legacy, data = _RIGHTS[word]
        if registry["properties"]["roleAssignmentMode"] == "AbacRepositoryPermissions":
            return self._cloud.access.allowed(subject, f"{REGISTRIES}/{data}", registry["id"], data=True)
        return self._cloud.access.allowed(subject, f"{REGISTRIES}/{legacy}", registry["id"])

    def require(self, request: web.Request, registry: Document, word: str, name: str) -> None:
        """Refuse a request whose token does not carry the right to do `word` to repository `name`, or whose holder has lost it."""
        claims = self.claims(request, registry)
        kind, name, action = ("registry", "catalog", "*") if word == "catalog" else ("repository", name, word)
        carried = claims["access"]  # None with a user name and password, which carry every right of their owner
        fits = carried is None or any((a["type"], a["name"]) == (kind, name) and action in a["actions"] for a in carried)
        if not fits or not self._may(registry, claims["sub"], word):
            raise _unauthorized([{"Type": kind, "Name": name, "Action": action}])

    def claims(self, request: web.Request, registry: Document) -> dict[str, Any]:
        """Who sends a request (``sub``) and what its token carries (``access``); refuses one without a token of this registry."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            return {"sub": self._subject(request, registry, {}), "access": None}
        if scheme != "Bearer":
            raise _unauthorized()
        return self._decoded(registry, token, "access_token")

    def _signed(self, registry: Document, claims: dict[str, Any], seconds: int) -> str:
        now = int(time.time())
        times = {"nbf": now - 900, "exp": now + seconds, "iat": now - 900}
        fixed = {
            "jti": str(uuid.uuid4()),
            "iss": "Azure Container Registry",
            "aud": registry["properties"]["loginServer"],
            "version": "1.0",
        }
        return jwt.encode({**fixed, **times, **claims}, self._key(), algorithm="HS256")

    def _decoded(self, registry: Document, token: str, kind: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key(), algorithms=["HS256"], audience=registry["properties"]["loginServer"])
        except NO_TOKEN as error:
            raise _unauthorized() from error
        if claims.get("grant_type") != kind:
            raise TokenRefusal(401, "UNAUTHORIZED", f"a token of type {kind} is required")
        return claims

    def _key(self) -> str:
        private = self._cloud.store.private
        if "registry-tokens" not in private:
            private["registry-tokens"] = {"key": secrets.token_hex(32)}
        return str(private["registry-tokens"]["key"])


def _basic(header: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    except ValueError:  # no base64, or no text in it
        return "", ""
    return user, password


def _unauthorized(detail: Any = None) -> TokenRefusal:
    message = "authentication required, visit https://aka.ms/acr/authorization for more information."
    return TokenRefusal(401, "UNAUTHORIZED", message, detail)
