"""A container registry: which tags and images a repository has, which digest a tag stands for; an image taken out of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from wizard.cloud.services.registry_session import RegistrySession

MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
PAGE = 1000
LOCKED = 405
"""What the registry answers where a manifest has ``deleteEnabled: false`` (learn.microsoft.com, "Lock a container image")."""


class RegistryReader:
    """What stands in the registries' data plane.

    Every method raises HttpResponseError, 401 and 403 included, when the account may not.
    """

    def __init__(self, session: RegistrySession) -> None:
        self._session = session

    async def digest(self, login_server: str, repository: str, reference: str) -> str | None:
        """The digest (``sha256:...``) of a tag or digest, or None when the registry has no such image."""
        url = f"https://{login_server}/v2/{quote(repository)}/manifests/{quote(reference, safe=':')}"
        token = await self._session.access_token(login_server, f"repository:{repository}:pull")
        response = await self._get("HEAD", url, token, {"Accept": MANIFESTS})
        return None if response is None else str(response.headers["Docker-Content-Digest"])

    async def tags(self, login_server: str, repository: str) -> list[str]:
        """The repository's tags, the newest first; empty when there is no such repository."""
        return [tag async for page in self.tag_pages(login_server, repository) for tag in page]

    async def tag_pages(self, login_server: str, repository: str) -> AsyncIterator[list[str]]:
        """The same as it comes."""
        url = f"https://{login_server}/acr/v1/{quote(repository)}/_tags?n={PAGE}&orderby=timedesc"
        async for page in self._pages(url, f"repository:{repository}:metadata_read"):
            yield [tag["name"] for tag in page.get("tags") or []]

    async def repositories(self, login_server: str) -> list[str]:
        """The names of all repositories."""
        url = f"https://{login_server}/acr/v1/_catalog?n={PAGE}"
        return [name async for page in self._pages(url, "registry:catalog:*") for name in page.get("repositories") or []]

    async def digests(self, login_server: str, repository: str) -> set[str]:
        """The digests of the repository's images; empty when there is no such repository."""
        url = f"https://{login_server}/acr/v1/{quote(repository)}/_manifests?n={PAGE}"
        pages = self._pages(url, f"repository:{repository}:metadata_read")
        return {manifest["digest"] async for page in pages for manifest in page.get("manifests") or []}

    async def delete(self, login_server: str, repository: str, digest: str) -> bool:
        """Delete an image with its tags, for good; False where it is locked against that (405). One that is gone already is no error."""
        url = f"https://{login_server}/v2/{quote(repository)}/manifests/{digest}"
        token = await self._session.access_token(login_server, f"repository:{repository}:delete")
        response = await self._session.send("DELETE", url, headers={"Authorization": f"Bearer {token}"})
        if response.status_code not in (404, LOCKED):
            response.raise_for_status()
        return bool(response.status_code != LOCKED)

    async def _pages(self, url: str, scope: str) -> AsyncIterator[dict[str, Any]]:
        following: str | None = url
        token = await self._session.access_token(urlsplit(url).netloc, scope)
        while following:
            response = await self._get("GET", following, token, {"Accept": "application/json"})
            if response is None:
                break
            yield json.loads(response.text())
            following = _next_page(url, response.headers)

    async def _get(self, method: str, url: str, token: str, headers: Mapping[str, str]) -> Any:
        """The response, or None for a 404."""
        response = await self._session.send(method, url, headers={**headers, "Authorization": f"Bearer {token}"})
        if response.status_code == 404:
            return None
        response.raise_for_status()
        return response


def _next_page(url: str, headers: Mapping[str, str]) -> str | None:
    """Where the ``Link`` header points: ``</acr/v1/_catalog?last=x&n=100>; rel="next"``; never to another host."""
    link = headers.get("Link", "")
    if not link.startswith("<") or "next" not in link:
        return None
    target = urlsplit(link[1 : link.index(">")])
    return f"https://{urlsplit(url).netloc}{target.path}?{target.query}"
