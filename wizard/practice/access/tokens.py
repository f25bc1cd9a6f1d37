"""Access tokens: issued by the sign-in host, demanded by every other one."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options

from wizard.practice.kernel.certificates import private_file
from wizard.practice.kernel.faults import Faults
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.store import Document

ARM = "https://management.azure.com"
VAULT = "https://vault.azure.net"
REGISTRY = "https://containerregistry.azure.net"
GRAPH = "https://graph.microsoft.com"
STORAGE = "https://storage.azure.com"
DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"

# What clients ask for -> what the token is for.
AUDIENCES = {
    ARM: ARM,
    "https://management.core.windows.net": ARM,
    VAULT: VAULT,
    REGISTRY: REGISTRY,
    GRAPH: GRAPH,
    STORAGE: STORAGE,
    DEVOPS: DEVOPS,
}
LIFETIME = 3600
# What else is wrong with a token is told in Azure's words, so only the signature is left to the library.
NO_TOKEN = (jwt.InvalidTokenError, UnicodeEncodeError)
"""What PyJWT raises for a text that is no token; the second one for a header with bytes that are no UTF-8."""
_SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iss": False,
    "verify_iat": False,
    "verify_nbf": False,
    "require": ["aud", "iss", "exp", "oid"],
}
KEY_ID = "practice"


@dataclass(frozen=True)
class Issued:
    """A signed token and how long it lives, in seconds."""

    token: str
    expires_in: int


class TokenRefused(Exception):
    """A token that is missing, expired, or not for this service or tenant. `error` is Azure's word for it, for WWW-Authenticate."""

    def __init__(self, code: str, message: str, error: str = "invalid_token") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.error = error


class Tokens:
    """Signs and checks RS256 tokens of one tenant; the key lies in ``home/token.key``."""

    def __init__(self, home: Path, tenant_id: str, faults: Faults) -> None:
        self.tenant_id = tenant_id
        self.issuer = f"https://sts.windows.net/{tenant_id}/"
        self._faults = faults
        self._key = signing_key(home / "token.key")

    def public_key(self) -> dict[str, Any]:
        """The signing key as a JSON Web Key."""
        key: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**key, "use": "sig", "alg": "RS256", "kid": KEY_ID, "key_ops": ["verify"]}

    def issue(self, principal: Document, audience: str, *, client_id: str, challenged: bool = False) -> Issued:
        """A token for a principal of the directory and one of `AUDIENCES`; fault ``token-expiry`` shortens its life.

        With the fault ``mfa`` it tells of a password only, as a person's does who was never asked for more (claim ``amr``), unless the
        sign-in answered a claims challenge.
        """
        expires_in = int(float(self._faults.value("token-expiry") or LIFETIME))
        user = principal["kind"] == "User"
        claims = {
            "aud": audience,
            "iss": self.issuer,
            "appid": client_id,
            "idtyp": "user" if user else "app",
            "oid": principal["object_id"],
            "sub": principal["object_id"],
            "tid": self.tenant_id,
            "ver": "1.0",
            **({"amr": ["pwd", "mfa"] if challenged else ["pwd"]} if self._faults.active("mfa") else {}),
            **(
                {"upn": principal["name"], "unique_name": principal["name"], "scp": "user_impersonation", "wids": []}
                if user
                else {"roles": []}
            ),
        }
        return Issued(self.sign(claims, expires_in), expires_in)

    def sign(self, claims: dict[str, Any], expires_in: int) -> str:
        """A token with these claims and its times, valid for `expires_in` seconds."""
        now = int(time.time())
        # A unique id: two tokens of one second must still be two tokens.
        timed = {"iat": now, "nbf": now - 60, "exp": now + expires_in, "uti": secrets.token_urlsafe(16), **claims}
        return jwt.encode(timed, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def caller(self, authorization: str | None, audience: str) -> Caller:
        """Who sent this ``Authorization`` header.

        :raises TokenRefused: in ARM's words; other services put their own around it (errors.md A).
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        claims = self._claims(token)
        if claims["iss"] != self.issuer:
            raise TokenRefused("InvalidAuthenticationTokenTenant", self._wrong_issuer(claims["iss"]))
        if claims["exp"] <= time.time():
            then, now = (time.strftime("%m/%d/%Y %I:%M:%S %p", time.gmtime(at)) for at in (claims["exp"], time.time()))
            message = f"The access token expiry UTC time '{then}' is earlier than current UTC time '{now}'."
            raise TokenRefused("ExpiredAuthenticationToken", message)
        if claims["aud"].rstrip("/") != audience:
            message = (
                f"The access token has been obtained for wrong audience or resource '{claims['aud']}'. "
                f"It should exactly match with one of the allowed audiences '{audience}/'."
            )
            raise TokenRefused("InvalidAuthenticationTokenAudience", message)
        kind = "User" if claims["idtyp"] == "user" else "ServicePrincipal"
        methods = claims.get("amr")
        has_second_factor = methods is None or "mfa" in methods
        return Caller(claims["oid"], claims["appid"], claims.get("upn", claims["appid"]), kind, claims["tid"], has_second_factor)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key.public_key(), algorithms=["RS256"], options=_SIGNATURE_ONLY)
        except NO_TOKEN:
            self._refuse_foreign(token)
            raise TokenRefused("InvalidAuthenticationToken", "The access token is invalid.") from None
        return claims

    def _refuse_foreign(self, token: str) -> None:
        """A token signed elsewhere: say so when it tells of another tenant, as ARM does before it looks at the signature."""
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
        except NO_TOKEN:
            return
        if issuer and issuer != self.issuer:
            raise TokenRefused("InvalidAuthenticationTokenTenant", self._wrong_issuer(issuer))

    def _wrong_issuer(self, issuer: str) -> str:
        authority = f"https://login.windows.net/{self.tenant_id}"
        return (
            f"The access token is from the wrong issuer '{issuer}'. It must match the tenant '{self.issuer}' associated with this "
            f"subscription. Please use the authority (URL) '{authority}' to get the token. Note, if the subscription is transferred to "
            "another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an "
            "hour). If you just transferred your subscription and see this error message, please try back later."
        )


def signing_key(file: Path) -> rsa.RSAPrivateKey:
    """The key that lies in a file, made with it when there is none."""
    if file.exists():
        key = serialization.load_pem_private_key(file.read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private_file(file, encoded)
    return key
