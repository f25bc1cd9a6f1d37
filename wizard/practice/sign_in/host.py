"""login.microsoftonline.com: OpenID Connect discovery, and tokens for secrets, device codes, browsers and refreshes."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from wizard.practice.access.directory import DOMAIN, USER
from wizard.practice.access.federation import ASSERTION_TYPE, AssertionRefused, check_assertion
from wizard.practice.access.tokens import AUDIENCES
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import read_form
from wizard.practice.kernel.fidelity import documented, reported
from wizard.practice.kernel.store import Document
from wizard.practice.sign_in.browser import BrowserSignIn
from wizard.practice.sign_in.refusal import DEVICE_CODE_SECONDS, HOST, SignInRefused, user_code

LARGEST_BODY = 64 << 10
_ALIASES = ("common", "organizations", DOMAIN)
_PENDING = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."

Form = Mapping[str, str]
KNOWN = {
    "GET /{tenant}/v2.0/.well-known/openid-configuration": documented("200 with the endpoints"),
    "POST /{tenant}/oauth2/v2.0/devicecode": documented("200 with a code to approve"),
    "POST /{tenant}/oauth2/v2.0/token": documented("200 with tokens; 400 and 401 with AADSTS numbers"),
    "the same with another service's token (client_assertion)": reported(
        "401 AADSTS700211 to 700213, 7002138, 70025, 700024, 7000272", "Azure/login"
    ),
    "GET /{tenant}/oauth2/v2.0/authorize": documented(
        "302 with a code and the state; a one-time word or an approval stands for Azure's password page"
    ),
    "GET /common/discovery/instance": documented("200 with the aliases of the host"),
}


class SignInHost:
    """The sign-in host. Device codes and browser codes live in memory, refresh tokens in the collection ``refresh_tokens``.

    Every way to a token needs something that only the owner has: the client secret or the control token of practice.json, with which a
    device code is approved and a one-time word is had, or a refresh token that came of these.

    :param client_secret: what the practice service principal signs in with.
    """

    def __init__(self, cloud: PracticeCloud, client_secret: str) -> None:
        self._cloud = cloud
        self._client_secret = client_secret
        self._refresh_tokens = cloud.store.collection("refresh_tokens")
        self._devices: dict[str, dict[str, Any]] = {}
        self._browser = BrowserSignIn()
        self._grants: dict[str, Callable[[Form], Awaitable[web.Response]]] = {
            "client_credentials": self._client_credentials,
            "refresh_token": self._refresh,
            "authorization_code": self._authorization_code,
            "urn:ietf:params:oauth:grant-type:device_code": self._device_code,
            "device_code": self._device_code,
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to the sign-in host."""
        tenant, _, rest = request.path.strip("/").partition("/")
        try:
            if request.path.endswith("/discovery/instance"):
                return self._instance_discovery()
            self._check_tenant(tenant)
            return await self._route(request, tenant, rest)
        except SignInRefused as refused:
            return refused.response()

    def approve(self, user_code: str) -> bool:
        """Approve a device code as the practice user; False for one that does not exist."""
        asking = (*self._devices.values(), *self._browser.waiting())
        device = next((d for d in asking if d["user_code"] == user_code.strip().upper()), None)
        if device is None:
            return False
        device["approved"] = True
        return True

    async def _route(self, request: web.Request, tenant: str, rest: str) -> web.Response:
        if rest.endswith(".well-known/openid-configuration"):
            return self._discovery(tenant)
        if rest == "discovery/v2.0/keys":
            return web.json_response({"keys": [self._cloud.tokens.public_key()]})
        if rest == "oauth2/v2.0/authorize":
            self._drop_expired()
            return self._browser.authorize(request.query)
        form = await read_form(request, LARGEST_BODY)
        if rest == "oauth2/v2.0/devicecode":
            return self._begin_device_code(form)
        if rest == "oauth2/v2.0/token":
            grant = self._grants.get(form.get("grant_type", ""))
            if grant is None:
                message = f"The app requested an unsupported grant type '{form.get('grant_type', '')}'."
                raise SignInRefused(400, "unsupported_grant_type", 70003, message)
            return await grant(form)
        return web.Response(status=404)

    def _check_tenant(self, tenant: str) -> None:
        if tenant.lower() not in (self._cloud.tenant_id, *_ALIASES):
            message = (
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "
                "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
            )
            raise SignInRefused(400, "invalid_request", 90002, message)

    def _instance_discovery(self) -> web.Response:
        body = {
            "tenant_discovery_endpoint": f"https://{HOST}/{self._cloud.tenant_id}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": HOST, "preferred_cache": "login.windows.net", "aliases": [HOST, "login.windows.net"]}],
        }
        return web.json_response(body)

    def _discovery(self, tenant: str) -> web.Response:
        base = f"https://{HOST}/{tenant}"
        body = {
            "issuer": f"https://{HOST}/{self._cloud.tenant_id}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
        }
        return web.json_response(body)

    async def _client_credentials(self, form: Form) -> web.Response:
        client_id = form.get("client_id", "")
        principal = self._cloud.directory.by_client_id(client_id)
        if principal is None:
            message = (
                f"Application with identifier '{client_id}' was not found in the directory 'Practice'. This can happen if the application "
                "has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent "
                "your authentication request to the wrong tenant."
            )
            raise SignInRefused(400, "unauthorized_client", 700016, message)
        if form.get("client_assertion_type") == ASSERTION_TYPE:
            return self._client_assertion(principal, form)
        own = principal["kind"] == "ServicePrincipal"
        if not own or not secrets.compare_digest(form.get("client_secret", "").encode(), self._client_secret.encode()):
            message = (
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client "
                f"secret ID, for a secret added to app '{client_id}'."
            )
            raise SignInRefused(401, "invalid_client", 7000215, message)
        issued = self._cloud.tokens.issue(principal, _audience(form.get("scope", "")), client_id=client_id)
        body = {"token_type": "Bearer", "expires_in": issued.expires_in, "ext_expires_in": issued.expires_in, "access_token": issued.token}
        return web.json_response(body)

    def _client_assertion(self, principal: Document, form: Form) -> web.Response:
        """A token for who shows one of another service that its federated credentials name."""
        try:
            check_assertion(form.get("client_assertion", ""), principal, self._cloud.store, self._cloud.issuers)
        except AssertionRefused as refused:
            raise SignInRefused(401, "invalid_client", refused.number, refused.message) from refused
        issued = self._cloud.tokens.issue(principal, _audience(form.get("scope", "")), client_id=principal["client_id"])
        body = {"token_type": "Bearer", "expires_in": issued.expires_in, "ext_expires_in": issued.expires_in, "access_token": issued.token}
        return web.json_response(body)

    def _begin_device_code(self, form: Form) -> web.Response:
        code, typed_code = secrets.token_urlsafe(48), user_code()
        self._devices[code] = {
            "user_code": typed_code,
            "approved": False,
            "expires": time.time() + DEVICE_CODE_SECONDS,
            "scope": form.get("scope", ""),
        }
        message = (
            "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code "
            f"{typed_code} to authenticate."
        )
        body = {
            "user_code": typed_code,
            "device_code": code,
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": DEVICE_CODE_SECONDS,
            "interval": max(1, int(self._cloud.clock.lasts(5))),
            "message": message,
        }
        return web.json_response(body)

    async def _device_code(self, form: Form) -> web.Response:
        code = form.get("device_code", "")
        device = self._devices.get(code)
        if device is None:
            raise SignInRefused(
                400, "bad_verification_code", 70020, "The provided value for the input parameter 'device_code' is not valid."
            )
        if device["expires"] < time.time():
            raise SignInRefused(
                400, "expired_token", 70020, "The provided value for the input parameter 'device_code' is not valid: expired."
            )
        if not device["approved"]:
            raise SignInRefused(400, "authorization_pending", 70016, _PENDING)
        del self._devices[code]
        return self._user_tokens(form.get("client_id", ""), form.get("scope") or device["scope"])

    def one_time_word(self) -> str:
        """A word that lets one browser sign in without being asked: whoever has the control token puts it into the address it opens."""
        return self._browser.one_time_word()

    def _drop_expired(self) -> None:
        now = time.time()
        self._devices = {code: device for code, device in self._devices.items() if device["expires"] > now}

    async def _authorization_code(self, form: Form) -> web.Response:
        asked_with = self._browser.redeemed(form)
        scope, challenged = form.get("scope") or asked_with["scope"], bool(form.get("claims") or asked_with["claims"])
        return self._user_tokens(form.get("client_id", ""), scope, nonce=asked_with["nonce"], challenged=challenged)

    async def _refresh(self, form: Form) -> web.Response:
        if form.get("refresh_token", "") not in self._refresh_tokens:
            message = (
                "The refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."
            )
            raise SignInRefused(400, "invalid_grant", 700082, message)
        return self._user_tokens(form.get("client_id", ""), form.get("scope", ""))

    def _user_tokens(self, client_id: str, scope: str, *, nonce: str = "", challenged: bool = False) -> web.Response:
        user = self._cloud.directory.get(USER)
        assert user is not None
        issued = self._cloud.tokens.issue(user, _audience(scope), client_id=client_id, challenged=challenged)
        refresh = secrets.token_urlsafe(64)
        self._refresh_tokens[refresh] = {"object_id": USER}
        body = {
            "token_type": "Bearer",
            "scope": scope,
            "expires_in": issued.expires_in,
            "ext_expires_in": issued.expires_in,
            "access_token": issued.token,
            "refresh_token": refresh,
            "id_token": self._id_token(user, client_id, nonce, issued.expires_in),
            "client_info": _encoded({"uid": USER, "utid": self._cloud.tenant_id}),
        }
        return web.json_response(body)

    def _id_token(self, user: Mapping[str, Any], client_id: str, nonce: str, expires_in: int) -> str:
        claims = {
            "aud": client_id,
            "iss": f"https://{HOST}/{self._cloud.tenant_id}/v2.0",
            "oid": user["object_id"],
            "sub": user["object_id"],
            "tid": self._cloud.tenant_id,
            "name": "Practice user",
            "preferred_username": user["name"],
            "ver": "2.0",
            **({"nonce": nonce} if nonce else {}),
        }
        return self._cloud.tokens.sign(claims, max(expires_in, 300))


def _audience(scope: str) -> str:
    """The service that the first resource scope names: ``https://vault.azure.net/.default`` is the vault's."""
    resources = [part for part in scope.split() if part not in ("openid", "profile", "offline_access", "email")]
    if not resources:
        raise SignInRefused(400, "invalid_request", 90014, "The required field 'scope' is missing from the credential.")
    resource = resources[0].rsplit("/", 1)[0].rstrip("/")
    if resource not in AUDIENCES:
        message = (
            f"The resource principal named {resource} was not found in the tenant named Practice. This can happen if the application "
            "has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent "
            "your authentication request to the wrong tenant."
        )
        raise SignInRefused(400, "invalid_resource", 500011, message)
    return AUDIENCES[resource]


def _encoded(value: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
