"""Azure DevOps: where Git finds a repository, and what forbids a push."""

from __future__ import annotations

import re

from aiohttp import web

from wizard.practice.devops.front import DevOpsError, DevOpsFront
from wizard.practice.devops.repositories import Repositories
from wizard.practice.git.smart_http import REST, SERVICES, NotServed, SmartHttp, asked_service

PLACE = re.compile(rf"/(?:(?P<project>[^/]+)/)?_git/(?P<repository>[^/]+?)(?:\.git)?/{REST}")
GUARDED = "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch."


class DevOpsGitDoor:
    """Answers Git under ``https://dev.azure.com/ORGANIZATION/PROJECT/_git/REPOSITORY``."""

    def __init__(self, front: DevOpsFront, repositories: Repositories) -> None:
        self._front, self._repositories = front, repositories

    async def answer(self, request: web.Request, path: str) -> web.Response | None:
        """Answer a request of Git's; None for one that is none. `path` is below the organization."""
        match = PLACE.fullmatch(path)
        if match is None:
            return None
        repository = self._repositories.find(self._front.project(match["project"] or match["repository"]), match["repository"])

        async def moved(ref: str, commit: str) -> None:
            await self._repositories.moved(repository, ref, commit)

        def guarded(ref: str) -> str:
            return GUARDED if self._repositories.guarded(ref) else ""

        try:
            if asked_service(request, match["rest"]) == SERVICES[1]:
                self._front.check_may_write()
            return await SmartHttp(self._repositories.folder(repository), guarded, moved).answer(request, match["rest"])
        except NotServed as refused:
            if refused.status == 403:
                raise DevOpsError(403, "GitDumbProtocolNotSupportedException", f"TF401036: {refused.message}") from refused
            raise DevOpsError(refused.status, "VssServiceException", refused.message) from refused
