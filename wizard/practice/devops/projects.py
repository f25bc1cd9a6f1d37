"""Azure DevOps: who one is, which organizations and projects there are."""

from __future__ import annotations

import uuid

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops.front import ORGANIZATION, DevOpsFront, DevOpsRequest, listed

ACCOUNT = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{ORGANIZATION}.practice"))


class Projects:
    """What the lists offer to choose from."""

    def __init__(self, cloud: PracticeCloud, front: DevOpsFront) -> None:
        self._cloud = cloud
        self._front = front

    async def me(self, request: DevOpsRequest) -> web.Response:
        """GET of the caller's profile."""
        profile = {"displayName": request.caller.name, "publicAlias": request.caller.object_id, "emailAddress": request.caller.name}
        return web.json_response({**profile, "coreRevision": 1, "id": request.caller.object_id, "revision": 1})

    async def accounts(self, request: DevOpsRequest) -> web.Response:
        """GET of the organizations that the caller belongs to."""
        uri = f"https://vssps.dev.azure.com:443/{ORGANIZATION}/"
        mine = request.query.get("memberId") == request.caller.object_id and not self._cloud.faults.active("no-organization")
        account = {"accountId": ACCOUNT, "accountUri": uri, "accountName": ORGANIZATION, "properties": {}}
        return listed([account] if mine else [])

    async def list_all(self, request: DevOpsRequest) -> web.Response:
        """A page of projects; where the next begins, the header ``x-ms-continuationtoken`` says."""
        projects = sorted(self._front.projects.values(), key=lambda project: str(project["name"]))
        begin = int(request.query.get("continuationToken") or request.query.get("$skip") or 0)
        end = begin + int(request.query.get("$top") or 100)
        answer = listed(projects[begin:end])
        if end < len(projects):
            answer.headers["x-ms-continuationtoken"] = str(end)
        return answer

    async def get(self, request: DevOpsRequest) -> web.Response:
        """GET of one project by its name or id."""
        return web.json_response(self._front.project(request.names["name"]))


def install(cloud: PracticeCloud, front: DevOpsFront) -> None:
    """Serve profiles, accounts and projects."""
    service = Projects(cloud, front)
    front.add("GET", "profile/profiles/me", service.me)
    front.add("GET", "accounts", service.accounts)
    front.add("GET", "projects", service.list_all)
    front.add("GET", "projects/{name}", service.get)
