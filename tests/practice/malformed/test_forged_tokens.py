"""Tokens of another run, another tenant, another time or another hand: no route of any host takes one, and none breaks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.conftest import Practice, newest_version
from tests.practice.malformed.test_addresses import EVERY, Sender, is_refusal, routes, send  # noqa: F401  a fixture
from tests.practice.malformed.test_headers import PLACES, status_of
from tests.support.waiting import eventually
from wizard.practice.access.tokens import ARM, DEVOPS, GRAPH, KEY_ID, STORAGE, VAULT

ANOTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_HOSTS = {
    "graph.microsoft.com": (GRAPH, b"/v1.0/me"),
    "kvordersdev.vault.azure.net": (VAULT, b"/secrets?api-version=7.4"),
    "crordersdev.azurecr.io": (ARM, b"/v2/"),
    "stordersdev.file.core.windows.net": (STORAGE, b"/files/x?restype=directory&comp=list"),
    "dev.azure.com": (DEVOPS, next(target for host, target in PLACES if host == "dev.azure.com")),
}


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


async def forged(practice: Practice, audience: str) -> dict[str, str]:
    """Tokens that look like the account's own but for one thing."""
    tokens = practice.cloud.tokens
    own = await practice.token()
    claims: dict[str, Any] = {**jwt.decode(own, options={"verify_signature": False}), "aud": audience}
    header = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}
    right = tokens.sign(claims, 3600)
    public = tokens._key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    unsigned = f"{part(header)}.{part(claims)}"
    another = {**claims, "iss": f"https://sts.windows.net/{ANOTHER_TENANT}/", "tid": ANOTHER_TENANT}
    return {
        "of another run": jwt.encode(claims, ANOTHER_KEY, algorithm="RS256", headers={"kid": KEY_ID}),
        "of another tenant": tokens.sign(another, 3600),
        "of another tenant and run": jwt.encode(another, ANOTHER_KEY, algorithm="RS256"),
        "expired": tokens.sign({**claims, "exp": int(time.time()) - 5}, 3600),
        "for another service": tokens.sign({**claims, "aud": "https://example.org"}, 3600),
        "without a hand": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
        "signed with what is public": f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}." + _mac(public, claims),
        "with a name added": f"{part(header)}.{part({**claims, 'oid': ANOTHER_TENANT})}.{right.rpartition('.')[2]}",
        "cut": right[:-20],
        "without a signature": f"{unsigned}.",
        "whose issuer is no text": f"{part(header)}.{part({**claims, 'iss': {'a': 1}})}.AA",
        "whose issuer has lines": f"{part(header)}.{part({**claims, 'iss': 'x' + chr(13) + chr(10) + 'Set-Cookie: a=b'})}.AA",
        "without claims": jwt.encode({}, ANOTHER_KEY, algorithm="RS256"),
        "of claims that are a list": f"{part(header)}.{part([claims])}.AA",
    }


def _mac(key: bytes, claims: dict[str, Any]) -> str:
    """The signature of a token whose checker would take a public key for a shared secret."""
    message = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).decode().rstrip("=")


@pytest.mark.parametrize("every", EVERY)
async def test_no_route_of_resource_manager_takes_a_forged_token(send: Sender, every: int) -> None:  # noqa: F811
    tokens = await forged(send.practice, ARM)
    for route in routes(send, every):
        path = send.path(route)
        for kind, token in tokens.items():
            status, body, headers = await send(route.method, f"{path}?api-version={newest_version(path)}", f"Bearer {token}")
            assert status == 401 and "WWW-Authenticate" in headers, (route.method, path, kind, status)
            assert is_refusal(body, route.method) and "Set-Cookie" not in headers


@pytest.mark.parametrize("host", OTHER_HOSTS)
async def test_no_other_host_takes_a_forged_token(practice: Practice, host: str) -> None:
    group = "/resourceGroups/rg-orders-dev"
    await practice.call("PUT", group, {"location": "westeurope"})
    sku: dict[str, Any] = {"location": "westeurope", "sku": {"name": "Basic"}}
    vault = {"location": "westeurope", "properties": {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}}
    vault["properties"]["tenantId"] = practice.cloud.tenant_id  # type: ignore[index]
    account = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
    await practice.call("PUT", f"{group}/providers/Microsoft.ContainerRegistry/registries/crordersdev", sku)
    await practice.call("PUT", f"{group}/providers/Microsoft.KeyVault/vaults/kvordersdev", vault)
    await practice.call("PUT", f"{group}/providers/Microsoft.Storage/storageAccounts/stordersdev", account)
    await eventually(lambda: practice.cloud.hosts.find(host))
    audience, target = OTHER_HOSTS[host]
    answered = {
        kind: await status_of(practice, host, target, f"Bearer {token}".encode())
        for kind, token in (await forged(practice, audience)).items()
    }
    refused = (203,) if host == "dev.azure.com" else (401, 403)  # Azure DevOps answers with the page that begins a sign-in
    assert {kind: status for kind, status in answered.items() if status not in refused} == {}
