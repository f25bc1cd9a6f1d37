"""Signing in to Azure with another service's token: taken as the federated credential says, refused in Microsoft Entra's words."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.conftest import Called, Practice
from tests.practice.github.github_client import SUBJECT
from wizard.practice.github.tokens import KEY_ID

ISSUER = "https://token.actions.githubusercontent.com"
PLACE = "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders"
FOREIGN = rsa.generate_private_key(public_exponent=65537, key_size=2048)


async def identity(practice: Practice, credential: bool = True) -> str:
    """The client id of an identity that trusts the repository's main branch."""
    await practice.call("PUT", "/resourceGroups/rg", {"location": "westeurope"})
    created = await practice.call("PUT", PLACE, {"location": "westeurope"})
    if credential:
        properties = {"issuer": ISSUER, "subject": SUBJECT, "audiences": ["api://AzureADTokenExchange"]}
        await practice.call("PUT", f"{PLACE}/federatedIdentityCredentials/github", {"properties": properties})
    return str(created.body["properties"]["clientId"])


def assertion(practice: Practice, *, key: Any = None, kid: str = KEY_ID, **claims: Any) -> str:
    from wizard.practice.access.tokens import signing_key

    now = int(time.time())
    expected = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "nbf": now, "exp": now + 300, **claims}
    private = key or signing_key(practice.cloud.home / "github-token.key")
    return jwt.encode(expected, private, algorithm="RS256", headers={"kid": kid})


async def exchange(practice: Practice, client_id: str, token: str) -> Called:
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": token,
        "scope": "https://management.azure.com/.default",
    }
    address = f"https://login.microsoftonline.com/{practice.cloud.tenant_id}/oauth2/v2.0/token"
    async with practice.session.post(address, data=form) as answer:
        return Called(answer.status, await answer.json(), dict(answer.headers))


async def test_a_run_signs_in_as_the_identity(practice: Practice):
    client_id = await identity(practice)
    answer = await exchange(practice, client_id, assertion(practice))
    assert answer.status == 200, answer.body
    claims = jwt.decode(answer.body["access_token"], options={"verify_signature": False})
    assert (claims["appid"], claims["idtyp"]) == (client_id, "app")


async def test_the_issuers_keys_are_public(practice: Practice):
    async with practice.session.get(f"{ISSUER}/.well-known/openid-configuration") as answer:
        address = (await answer.json())["jwks_uri"]
    async with practice.session.get(address) as answer:
        (key,) = (await answer.json())["keys"]
    claims = jwt.decode(assertion(practice), jwt.PyJWK(key).key, algorithms=["RS256"], audience="api://AzureADTokenExchange")
    assert claims["sub"] == SUBJECT


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sub": "repo:contoso/orders-api:ref:refs/heads/main"}, 700213),
        ({"sub": SUBJECT.replace("main", "other")}, 700213),
        ({"sub": SUBJECT.upper()}, 7002138),
        ({"iss": f"{ISSUER}/"}, 700211),
        ({"aud": "https://github.com/contoso"}, 700212),
        ({"nbf": 1, "exp": 2}, 700024),
        ({"key": FOREIGN}, 700027),
        ({"key": FOREIGN, "kid": "elsewhere"}, 7000272),
    ],
)
async def test_anything_else_is_refused_by_its_number(practice: Practice, changed: dict[str, Any], code: int):
    answer = await exchange(practice, await identity(practice), assertion(practice, **changed))
    assert (answer.status, answer.body["error"], answer.body["error_codes"]) == (401, "invalid_client", [code])
    assert answer.body["error_description"].startswith(f"AADSTS{code}: ")


async def test_an_identity_without_credentials_and_a_text_that_is_no_token_are_refused(practice: Practice):
    client_id = await identity(practice, credential=False)
    assert (await exchange(practice, client_id, assertion(practice))).body["error_codes"] == [70025]
    assert (await exchange(practice, client_id, "nonsense")).body["error_codes"] == [50027]
