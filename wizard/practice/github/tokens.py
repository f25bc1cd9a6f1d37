"""token.actions.githubusercontent.com: the tokens by which a run says who it is (OpenID Connect)."""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt
from aiohttp import web

from wizard.practice.access.tokens import signing_key
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.github.front import USER, USER_ID, WEB_HOST
from wizard.practice.github.repositories import GitHubRepositories
from wizard.practice.kernel.store import Document

HOST = "token.actions.githubusercontent.com"
ISSUER = f"https://{HOST}"
KEY_ID = "38826b17-6a30-5f9b-b169-8beb8202f723"
LIFETIME = 300


class RunTokens:
    """Issues the tokens of runs, with a key of its own; who checks them asks for its public part."""

    def __init__(self, cloud: PracticeCloud, repositories: GitHubRepositories) -> None:
        self._repositories = repositories
        self._key = signing_key(cloud.home / "github-token.key")
        cloud.issuers[ISSUER] = self.keys

    def keys(self) -> list[dict[str, Any]]:
        """The public keys, as JSON Web Keys."""
        key: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return [{**key, "use": "sig", "alg": "RS256", "kid": KEY_ID}]

    def issue(self, repository: Document, run: Document, audience: str, environment: str = "") -> str:
        """A run's token: its claims are those of docs.github.com, "OpenID Connect reference"."""
        now, ref, full = int(time.time()), f"refs/heads/{run['head_branch']}", f"{repository['owner']}/{repository['name']}"
        place = f"environment:{environment}" if environment else f"ref:{ref}"
        claims = {
            "jti": str(uuid.uuid4()),
            "iss": ISSUER,
            "aud": audience or f"https://{WEB_HOST}/{repository['owner']}",
            "sub": f"{self._repositories.subject_prefix(repository)}:{place}",
            "iat": now,
            "nbf": now - 600,
            "exp": now + LIFETIME,
            "ref": ref,
            "ref_type": "branch",
            "sha": run["head_sha"],
            "repository": full,
            "repository_id": str(repository["id"]),
            "repository_owner": repository["owner"],
            "repository_owner_id": str(repository["owner_id"]),
            "repository_visibility": "private",
            "run_id": str(run["id"]),
            "run_number": str(run["run_number"]),
            "run_attempt": str(run["run_attempt"]),
            "runner_environment": "github-hosted",
            "actor": USER,
            "actor_id": str(USER_ID),
            "event_name": run["event"],
            "workflow": run["name"],
            "workflow_ref": f"{full}/{run['path']}@{ref}",
            "job_workflow_ref": f"{full}/{run['path']}@{ref}",
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """What everyone may read of the issuer."""
        if request.path == "/.well-known/jwks":
            return web.json_response({"keys": self.keys()})
        if request.path != "/.well-known/openid-configuration":
            return web.Response(status=404)
        return web.json_response(
            {
                "issuer": ISSUER,
                "jwks_uri": f"{ISSUER}/.well-known/jwks",
                "subject_types_supported": ["public", "pairwise"],
                "response_types_supported": ["id_token"],
                "claims_supported": ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "repository", "repository_id"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid"],
            }
        )
