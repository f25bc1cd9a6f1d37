"""Signing in with another service's token in place of a secret (workload identity federation), and how that is refused.

The words and numbers are Microsoft Entra's as people met them: 700211 to 700213 and 7002138 (github.com/Azure/login issues 360, 482, 517,
617), 70025 (github.com/microsoft/AL-Go issue 1147), 700024 (github.com/Azure/login issue 180), 7000272
(github.com/Azure/azure-workload-identity issue 1232). Since 2025 the three values compare with regard to case (learn.microsoft.com,
Entra, "What's new: breaking changes").
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from jwt.types import Options

from wizard.practice.access.tokens import NO_TOKEN
from wizard.practice.kernel.store import Document, Store

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "api://AzureADTokenExchange"
Keys = Callable[[], list[dict[str, Any]]]

_CHECK = "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. "
_LINK = f"{_CHECK}https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
_UNCHECKED: Options = {"verify_signature": False}
_SIGNATURE_ONLY: Options = {"verify_signature": True, "verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}


class AssertionRefused(Exception):
    """Why a token of another service is not taken: the ``AADSTS`` number and its sentence."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number
        self.message = message


def check_assertion(assertion: str, principal: Document, store: Store, issuers: Mapping[str, Keys]) -> None:
    """Whether `assertion` lets in as `principal`, whose federated credentials must name its issuer, subject and audience.

    :param issuers: the services whose tokens can be checked at all, with their public keys. Raises AssertionRefused.
    """
    claims = _claims(assertion)
    credentials = _credentials(principal, store)
    if not credentials:
        raise AssertionRefused(
            70025, f"The client '{principal['client_id']}'({principal['name']}) has no configured federated identity credentials."
        )
    _check_match(claims, credentials)
    _check_signature(assertion, str(claims["iss"]), issuers)
    now = time.time()
    if not float(claims.get("nbf", 0)) <= now + 300 or not now < float(claims.get("exp", 0)) + 300:
        begin, end, current = (_time(float(at)) for at in (claims.get("nbf", 0), claims.get("exp", 0), now))
        span = f"Current time: {current}, assertion valid from {begin}, expiry time of assertion {end}."
        raise AssertionRefused(700024, f"Client assertion is not within its valid time range. {span}")


def _claims(assertion: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options=_UNCHECKED)
    except NO_TOKEN:
        message = "Client assertion is malformed: the request body's 'client_assertion' is no JSON Web Token in compact serialization."
        raise AssertionRefused(50027, message) from None
    return claims


def _credentials(principal: Document, store: Store) -> list[dict[str, Any]]:
    prefix = f"{principal['resource_id']}/federatedIdentityCredentials/".lower()
    return [item["properties"] for key, item in store.collection("federated_credentials").items() if key.lower().startswith(prefix)]


def _check_match(claims: Mapping[str, Any], credentials: list[dict[str, Any]]) -> None:
    """Issuer first, then subject, then audience, each among the credentials that the one before left."""
    issuer, subject, audience = (str(claims.get(name, "")) for name in ("iss", "sub", "aud"))
    of_issuer = [item for item in credentials if item["issuer"] == issuer]
    if not of_issuer:
        raise AssertionRefused(700211, f"No matching federated identity record found for presented assertion issuer '{issuer}'. {_LINK}")
    of_subject = [item for item in of_issuer if item["subject"] == subject]
    if not of_subject:
        words = f"No matching federated identity record found for presented assertion subject '{subject}'."
        if close := next((item["subject"] for item in of_issuer if item["subject"].lower() == subject.lower()), None):
            raise AssertionRefused(
                7002138,
                f"{words} The subject '{close}' matches with case-insensitive comparison, but not with case-sensitive comparison. {_LINK}",
            )
        raise AssertionRefused(700213, f"{words} {_LINK}")
    if not any(audience in item["audiences"] for item in of_subject):
        raise AssertionRefused(
            700212, f"No matching federated identity record found for presented assertion audience '{audience}'. {_LINK}"
        )


def _check_signature(assertion: str, issuer: str, issuers: Mapping[str, Keys]) -> None:
    name = str(jwt.get_unverified_header(assertion).get("kid", ""))
    if issuer not in issuers:
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        raise AssertionRefused(50166, f"Request to External OIDC endpoint failed. No metadata could be read from '{address}'.")
    key = next((item for item in issuers[issuer]() if item.get("kid") == name), None)
    if key is not None:
        try:
            jwt.decode(assertion, jwt.PyJWK(key).key, algorithms=["RS256"], options=_SIGNATURE_ONLY)
        except jwt.InvalidTokenError:
            raise AssertionRefused(700027, "Client assertion failed signature validation.") from None
        return
    thumbprint = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest().upper()
    message = (
        f"The certificate with identifier {thumbprint} used to sign the federated credential could not be found in the metadata of "
        f"identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming "
        "token."
    )
    raise AssertionRefused(7000272, message)


def _time(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime(at))
