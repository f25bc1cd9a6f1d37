"""github.com itself: Git's smart protocol over HTTP, and the pages of a device sign-in."""

from __future__ import annotations

import base64
import re

from aiohttp import web

from wizard.practice.git.smart_http import REST, SERVICES, NotServed, SmartHttp, asked_service
from wizard.practice.github.device_flow import PATHS as DEVICE_PATHS
from wizard.practice.github.device_flow import DeviceFlow
from wizard.practice.github.front import GitHubError, GitHubFront, GitHubRequest
from wizard.practice.github.repositories import GitHubRepositories

PLACE = re.compile(rf"/(?P<owner>[^/]+)/(?P<repo>[^/]+?)(?:\.git)?/{REST}")


class GitHubDoor:
    """Answers Git under ``https://github.com/OWNER/REPOSITORY``, where the token is the password of whatever user name, and sign-ins."""

    def __init__(self, front: GitHubFront, repositories: GitHubRepositories, device_flow: DeviceFlow) -> None:
        self._front, self._repositories, self._device_flow = front, repositories, device_flow

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to github.com: a sign-in's, or one of Git itself, its smart protocol over HTTP."""
        if request.path in DEVICE_PATHS:
            return await self._device_flow.handle(request)
        match = PLACE.fullmatch(request.path)
        if match is None:
            return web.Response(status=404, text="Not Found")
        try:
            scopes = self._front.scopes(_as_token(request.headers.get("Authorization", "")))
            repository = self._front.repository(GitHubRequest({"owner": match["owner"], "repo": match["repo"]}, {}, {}, scopes))
        except GitHubError:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="GitHub"'}, text="Repository not found.")

        async def moved(ref: str, commit: str) -> None:
            await self._repositories.moved(repository, ref, commit)

        def guarded(ref: str) -> str:
            return "push declined due to repository rule violations" if self._repositories.guarded(ref) else ""

        try:
            if asked_service(request, match["rest"]) == SERVICES[1] and "repo" not in scopes:
                return web.Response(status=403, text="Write access to repository not granted.")
            return await SmartHttp(self._repositories.folder(repository), guarded, moved).answer(request, match["rest"])
        except NotServed as refused:
            return web.Response(status=refused.status, text=refused.message)


def _as_token(authorization: str) -> str:
    """The header with which REST takes the password that Git sends."""
    scheme, _blank, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return authorization
    try:
        return f"token {base64.b64decode(value).decode().partition(':')[2]}"
    except ValueError:
        return ""
