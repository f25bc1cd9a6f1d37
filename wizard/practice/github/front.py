"""GitHub: api.github.com. Tokens and their scopes, routes, and refusals in GitHub's words, before a service sees a request."""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from wizard.practice.access.directory import CLIENT_ID
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import BodyRefused, read_body
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import documented, reported
from wizard.practice.kernel.shapes import parsed
from wizard.practice.kernel.store import Document

log = logging.getLogger(__name__)

HOST = "api.github.com"
WEB_HOST = "github.com"
DOCS = "https://docs.github.com/rest"
LARGEST_BODY = 64 << 20
OWNER, OWNER_ID = "contoso", 5544123
REPOSITORY, REPOSITORY_ID = "orders-api", 1310093847
USER, USER_ID = "practice-user", 90210417
SCOPES = ("repo", "workflow")
"""What a token of ours may, as classic tokens call it (docs.github.com, "Scopes for OAuth apps")."""
KNOWN = {
    "any with a wrong token": documented('401 "Bad credentials"'),
    "any of a private repository, without a token or without its scope": documented(
        '404 "Not Found"', "docs.github.com, REST API troubleshooting"
    ),
    "any without User-Agent": documented("403"),
    "GET /user, /user/repos, /repos/{owner}/{repo}, .../branches/{branch}": documented("200"),
    "GET, POST .../git/refs, commits, trees, blobs": documented("200, 201; 404, 409 Git Repository is empty., 422"),
    "POST .../git/trees, PUT .../contents of a workflow without the scope workflow": reported("404 Not Found", "octokit.rb issue 1184"),
    "PATCH .../git/refs/{ref} of a protected branch": reported("422 Repository rule violations found"),
    "GET, PUT .../contents/{path}": documented("200, 201"),
    "GET .../commits, GET, POST .../pulls": documented("200, 201, 422"),
    "GET, POST, PATCH, DELETE .../actions/variables": documented("200, 201, 204, 404, 409"),
    "GET .../actions/oidc/customization/sub": reported("200 with sub_claim_prefix", "Azure/azure-dev issue 9382"),
    "GET .../actions/workflows, .../runs, .../jobs": documented("200"),
    "GET .../actions/jobs/{job}/logs": documented("302 to a signed address; 404 until the job has ended"),
    "POST .../dispatches, .../rerun, .../cancel": documented("204, 201, 202; a run carries our own steps out and names the others"),
    "GET https://token.actions.githubusercontent.com/.well-known/...": documented("200 with issuer and keys"),
    "any other": documented("404 Not Found, as for all that one may not see"),
}


class GitHubError(Exception):
    """A refusal as GitHub writes it; `errors` are its details."""

    def __init__(self, status: int, message: str, *, docs: str = DOCS, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.docs = docs
        self.errors = errors

    def answer(self) -> web.Response:
        """The refusal as GitHub writes it: JSON with message, documentation_url and status."""
        more = {"errors": self.errors} if self.errors is not None else {}
        body = {"message": self.message, **more, "documentation_url": self.docs, "status": str(self.status)}
        return web.json_response(body, status=self.status)


@dataclass
class GitHubRequest:
    """One request: `names` is what its route left open, `scopes` what its token may."""

    names: dict[str, str]
    query: Any
    body: Any
    scopes: tuple[str, ...]


Handler = Callable[[GitHubRequest], Awaitable[web.Response]]


class GitHubFront:
    """The front of GitHub, where the organization `OWNER` has one private and empty repository.

    The client secret of practice.json serves as a token; fault ``github-token:SCOPES`` says what it may. A repository that one may not
    see does not exist, as on GitHub.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self.repositories = cloud.store.collection("github_repositories")
        if not self.repositories:
            names = {"owner": OWNER, "owner_id": OWNER_ID, "name": REPOSITORY, "id": REPOSITORY_ID}
            self.repositories[f"{OWNER}/{REPOSITORY}"] = {**names, "created_at": "2026-10-05T08:12:31Z", "pushed_at": now()}

    def add(self, method: str, template: str, handler: Handler) -> None:
        """Serve a path such as ``/repos/{owner}/{repo}/git/ref/{ref*}``, whose last hole may hold slashes."""
        pattern = re.sub(r"\{(\w+)(\*?)\}", lambda hole: f"(?P<{hole[1]}>{'.+' if hole[2] else '[^/]+'})", template)
        self._routes.append((method, re.compile(pattern, re.IGNORECASE), handler))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        try:
            if not request.headers.get("User-Agent"):
                raise GitHubError(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
            return await self._answer(request, self.scopes(request.headers.get("Authorization")))
        except GitHubError as refusal:
            return refusal.answer()
        except BodyRefused as refusal:
            return GitHubError(refusal.status, refusal.message).answer()
        except Exception:
            log.exception("%s %s broke", request.method, request.path)
            return GitHubError(500, "Server Error").answer()

    def scopes(self, authorization: str | None) -> tuple[str, ...]:
        """What the bearer of this header may; nothing without one. Raises GitHubError for a token that nobody has."""
        scheme, _blank, token = (authorization or "").partition(" ")
        if not token:
            return ()
        given = self._cloud.store.collection("github_tokens").get(token)
        if scheme.lower() in ("bearer", "token") and given is not None:
            return tuple(given["scopes"])
        known = str(self._cloud.store.collection("accounts")[CLIENT_ID]["client_secret"])
        value = self._cloud.faults.value("github-token")
        if scheme.lower() not in ("bearer", "token") or value == "none" or not hmac.compare_digest(token.encode(), known.encode()):
            raise GitHubError(401, "Bad credentials")
        return SCOPES if value is None else tuple(value.split(","))

    async def _answer(self, request: web.Request, scopes: tuple[str, ...]) -> web.Response:
        path = request.path.rstrip("/")
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(path)
            if match and method == request.method:
                if method != "GET" and self._cloud.faults.value("account") == "reader":
                    raise GitHubError(403, "Must have push access to repository.")
                return await handler(GitHubRequest(match.groupdict(), request.query, await _body(request), scopes))
        raise GitHubError(404, "Not Found")

    def repository(self, call: GitHubRequest) -> Document:
        """The repository of a request's path, where its token may see it. Raises GitHubError."""
        result = self.repositories.get(f"{call.names['owner']}/{call.names['repo']}")
        if result is None or "repo" not in call.scopes:
            raise GitHubError(404, "Not Found")
        return result


def now() -> str:
    """A time as GitHub writes it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


async def _body(request: web.Request) -> Any:
    raw = await read_body(request, LARGEST_BODY)
    try:
        body = parsed(raw) if raw else {}
    except AzureError:
        raise GitHubError(400, "Problems parsing JSON") from None
    if not isinstance(body, dict):
        raise GitHubError(400, "Body should be a JSON object")
    return body
