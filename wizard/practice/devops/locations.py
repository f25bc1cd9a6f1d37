"""Azure DevOps: where its services and their resources are, which every client of Microsoft's asks before anything else.

``OPTIONS _apis`` names the route of each resource by an id that is the same in every organization (the packages azure-devops for Python
and azure-devops-node-api hold them), ``_apis/resourceAreas`` the address of each service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops.front import HOST, ORGANIZATION, PROFILE_HOST, DevOpsError, DevOpsFront, DevOpsRequest, listed
from wizard.practice.devops.projects import ACCOUNT

AREAS = {
    "79134c72-4a58-4b42-976c-04e7115f32bf": "core",
    "4e080c62-fa21-4fbc-8fef-2a10a2b38049": "git",
    "5d6898bb-45ec-463f-95f9-54d49c71752e": "build",
    "965220d5-5bb9-42cf-8d67-9b146df2a5a4": "build",
    "2e0bf237-8973-4ec9-a581-9c3d679d1776": "pipelines",
    "a81a0441-de52-4000-aa15-ff0e07bfbbaa": "pipelinePermissions",
    "1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7": "serviceendpoint",
    "fb13a388-40dd-4a04-b530-013a739c72ef": "policy",
    "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd": "distributedtask",
}
PROFILE_AREAS = {"8ccfef3d-2b87-4e99-8ccb-66e343d2daa8": "Profile", "0d55247a-1c47-4462-9b1f-5e2125590ee6": "Account"}


@dataclass(frozen=True)
class Location:
    """One resource: its id, service and name, and the route below the organization."""

    id: str
    area: str
    resource: str
    route: str
    version: int = 1


_GIT = "{project}/_apis/git/repositories/{repositoryId}"
_BUILDS = "{project}/_apis/build/builds/{buildId}"
_ENDPOINTS = "_apis/serviceendpoint/endpoints/{endpointId}"
_VARIABLES = "{project}/_apis/distributedtask/variablegroups/{groupId}"
LOCATIONS = (
    Location("00d9565f-ed9c-4a06-9a50-00e7896ccab4", "Location", "ConnectionData", "_apis/connectionData"),
    Location("e81700f7-3be2-46de-8624-2eb35882fcaa", "Location", "ResourceAreas", "_apis/resourceAreas/{areaId}"),
    Location("603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "projects", "_apis/projects/{*projectId}", 4),
    Location("225f7195-f9c7-4d14-ab28-a83f7ff77e1f", "git", "repositories", _GIT),
    Location("2d874a60-a811-4f62-9c9f-963a6ea0a55b", "git", "refs", f"{_GIT}/refs"),
    Location("ea98d07b-3c87-4971-8ede-a613694ffb55", "git", "pushes", f"{_GIT}/pushes", 2),
    Location("9946fd70-0d40-406e-b686-b4744cbbcc37", "git", "pullRequests", f"{_GIT}/pullRequests/{{pullRequestId}}"),
    Location("a5d28130-9cd2-40fa-9f08-902e7daa9efb", "git", "pullRequests", "{project}/_apis/git/pullrequests"),
    Location("fb93c0db-47ed-4a31-8c20-47552878fb44", "git", "items", f"{_GIT}/items"),
    Location("c2570c3b-5b3f-41b8-98bf-5407bfde8d58", "git", "commits", f"{_GIT}/commits/{{commitId}}"),
    Location("729f6437-6f92-44ec-8bee-273a7111063c", "git", "trees", f"{_GIT}/trees/{{sha1}}"),
    Location("0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "build", "builds", _BUILDS, 7),
    Location("8baac422-4c6e-4de5-8532-db96d92acffa", "build", "timeline", f"{_BUILDS}/timeline/{{timelineId}}", 2),
    Location("35a80daf-7f30-45fc-86e8-6b813d9c90df", "build", "logs", f"{_BUILDS}/logs/{{logId}}", 2),
    Location("dbeaf647-6167-421a-bda9-c9327b25e2e6", "build", "definitions", "{project}/_apis/build/definitions/{definitionId}", 7),
    Location("28e1305e-2afe-47bf-abaf-cbb0e6a91988", "pipelines", "pipelines", "{project}/_apis/pipelines/{pipelineId}"),
    Location("7859261e-d2e9-4a68-b820-a5d84cc5bb3d", "pipelines", "runs", "{project}/_apis/pipelines/{pipelineId}/runs/{runId}"),
    Location(
        "b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2",
        "pipelinePermissions",
        "pipelinePermissions",
        "{project}/_apis/pipelines/pipelinePermissions/{resourceType}/{resourceId}",
    ),
    Location("e85f1c62-adfc-4b74-b618-11a150fb195e", "serviceendpoint", "endpoints", f"{{project}}/{_ENDPOINTS}", 4),
    Location("14e48fdc-2c8b-41ce-a0c3-e26f6cc55bd0", "serviceendpoint", "endpoints", _ENDPOINTS, 4),
    Location("a8c47e17-4d56-4a56-92bb-de7ea7dc65be", "distributedtask", "pools", "_apis/distributedtask/pools/{poolId}"),
    Location("900fa995-c559-4923-aae7-f8424fe4fbea", "distributedtask", "queues", "{project}/_apis/distributedtask/queues/{queueId}"),
    Location("e298ef32-5878-4cab-993c-043836571f42", "distributedtask", "agents", "_apis/distributedtask/pools/{poolId}/agents/{agentId}"),
    Location("f5b09dd5-9d54-45a1-8b5a-1c8287d634cc", "distributedtask", "variablegroups", _VARIABLES, 2),
    Location("dad91cbe-d183-45f8-9c6e-9c1164472121", "policy", "configurations", "{project}/_apis/policy/configurations/{configurationId}"),
)
PROFILE_LOCATIONS = (
    Location("e81700f7-3be2-46de-8624-2eb35882fcaa", "Location", "ResourceAreas", "_apis/resourceAreas/{areaId}"),
    Location("f83735dc-483f-4238-a291-d45f6080a9af", "Profile", "Profiles", "_apis/profile/profiles/{id}", 3),
    Location("229a6a53-b428-4ffb-a835-e8f36b5b4b1e", "Account", "Accounts", "_apis/accounts/{accountId}"),
)


def options(host: str) -> web.Response:
    """What ``OPTIONS _apis`` answers."""
    return listed([_shown(location) for location in (PROFILE_LOCATIONS if host == PROFILE_HOST else LOCATIONS)])


def _shown(location: Location) -> dict[str, Any]:
    return {
        "id": location.id,
        "area": location.area,
        "resourceName": location.resource,
        "routeTemplate": location.route,
        "resourceVersion": location.version,
        "minVersion": "1.0",
        "maxVersion": "7.2",
        "releasedVersion": "7.1",
    }


class Areas:
    """The services of the organization, and who is connected to it."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def list_all(self, request: DevOpsRequest) -> web.Response:
        """GET of every resource area."""
        return listed([_area(*item) for item in {**AREAS, **PROFILE_AREAS}.items()])

    async def get(self, request: DevOpsRequest) -> web.Response:
        """GET of one resource area by its id."""
        area = next((item for item in {**AREAS, **PROFILE_AREAS}.items() if item[0] == request.names["area"].lower()), None)
        if area is None:
            raise DevOpsError(404, "VssServiceException", f"There is no resource area {request.names['area']} in the practice cloud.")
        return web.json_response(_area(*area))

    async def connection_data(self, request: DevOpsRequest) -> web.Response:
        """GET of connectionData: who is signed in, and the ids of the organization."""
        caller = request.caller
        user = {
            "id": caller.object_id,
            "descriptor": f"Microsoft.IdentityModel.Claims.ClaimsIdentity;{caller.tenant_id}\\{caller.name}",
            "subjectDescriptor": f"aad.{caller.object_id}",
            "providerDisplayName": caller.name,
            "isActive": True,
            "properties": {"Account": {"$type": "System.String", "$value": caller.name}},
            "resourceVersion": 2,
            "metaTypeId": 0,
        }
        service = {"serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7", "defaultAccessMappingMoniker": "PublicAccessMapping"}
        body = {
            "authenticatedUser": user,
            "authorizedUser": user,
            "instanceId": ACCOUNT,
            "deploymentId": self._cloud.tenant_id,
            "deploymentType": "hosted",
            "locationServiceData": {**service, "lastChangeId": 1, "lastChangeId64": 1},
        }
        return web.json_response(body)


def _area(identifier: str, name: str) -> dict[str, str]:
    place = f"https://{PROFILE_HOST}/" if identifier in PROFILE_AREAS else f"https://{HOST}/{ORGANIZATION}/"
    return {"id": identifier, "name": name, "locationUrl": place}


def install(cloud: PracticeCloud, front: DevOpsFront) -> None:
    """Serve the addresses of the services and the data of the connection."""
    areas = Areas(cloud)
    front.add("GET", "resourceAreas", areas.list_all)
    front.add("GET", "resourceAreas/{area}", areas.get)
    front.add("GET", "connectionData", areas.connection_data)
    front.options = options
