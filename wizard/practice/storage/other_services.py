"""The services of a storage account that the practice cloud does not have: their names resolve; they hold nothing, and refuse the rest.

What an account holds is asked for before it is deleted (Ansible's azure.azcollection lists containers), hence the empty lists.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere
from wizard.practice.kernel.fidelity import documented, reported
from wizard.practice.storage.share_folders import ACCOUNTS
from wizard.practice.storage.xml_errors import common, refused

SUFFIXES = tuple(f".{service}.core.windows.net" for service in ("blob", "queue", "table", "dfs", "web"))
_HOLDS = {".blob.core.windows.net": "Containers", ".queue.core.windows.net": "Queues"}
_MISSING = {"Containers": "ContainerNotFound", "Queues": "QueueNotFound"}
_TOLD = "turbot/steampipe-plugin-azure issue 458"
KNOWN = {
    "GET /?comp=list": documented("200 with an empty list of containers or queues"),
    "GET, HEAD and DELETE of a container or queue, and of what is in it": documented("404 ContainerNotFound, QueueNotFound"),
    "any other": reported("401 without a token, 400 FeatureNotSupportedForAccount with one: only file shares are there", _TOLD),
}


def install(cloud: PracticeCloud) -> None:
    """Answer under the names that every account made has for them."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if "Authorization" not in request.headers and "sig" not in request.query:
            challenge = f"Bearer authorization_uri=https://login.microsoftonline.com/{cloud.tenant_id}/oauth2/authorize"
            headers = {"WWW-Authenticate": f"{challenge} resource_id=https://storage.azure.com"}
            return refused(request, 401, "NoAuthenticationInformation", headers=headers)
        listed = next((name for suffix, name in _HOLDS.items() if request.host.partition(":")[0].endswith(suffix)), None)
        if listed and request.method == "GET" and request.path == "/" and request.query.get("comp") == "list":
            return _nothing(request, listed)
        if listed and request.method in ("GET", "HEAD", "DELETE") and request.path.strip("/"):
            return refused(request, 404, _MISSING[listed])
        return refused(request, 400, "FeatureNotSupportedForAccount")

    for suffix in SUFFIXES:
        cloud.hosts.add_suffix(suffix, handle, exists=_exists(cloud, suffix), listing=_listing(cloud, suffix))


def _nothing(request: web.Request, listed: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://{request.host}/"><{listed}/><NextMarker/>'
    return web.Response(body=f"{text}</EnumerationResults>".encode(), content_type="application/xml", headers=common())


def _listing(cloud: PracticeCloud, suffix: str) -> Callable[[], list[str]]:
    def names() -> list[str]:
        accounts = (account for account in everywhere(cloud, ACCOUNTS) if account["properties"]["provisioningState"] == "Succeeded")
        return [account["name"] + suffix for account in accounts] if suffix.startswith(".blob") else []

    return names


def _exists(cloud: PracticeCloud, suffix: str) -> Callable[[str], bool]:
    def exists(host: str) -> bool:
        name = host.removesuffix(suffix).split(".")[0]  # a web endpoint has a zone in its name
        return any(account["name"] == name for account in everywhere(cloud, ACCOUNTS))

    return exists
