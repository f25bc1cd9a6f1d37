"""Azure DevOps over REST, as a client that knows its documentation calls it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tests.conftest import Called, Practice
from tests.practice.helping import PUSH, grant
from wizard.practice.access.tokens import DEVOPS
from wizard.practice.git.objects import NO_COMMIT

BASE = "https://dev.azure.com/contoso"
CONTEXT_LINE = "buildContext: $(projectPath)"
YAML = """\
trigger:
- main
variables:
  dockerRegistryServiceConnection: registry
  dockerfilePath: $(Build.SourcesDirectory)/docker/Dockerfile
  projectPath: $(Build.SourcesDirectory)
stages:
- stage: Build
  jobs:
  - job: Build
    steps:
    - task: Docker@2
      displayName: Build and push
      inputs:
        command: buildAndPush
        repository: orders-api
        dockerfile: $(dockerfilePath)
        buildContext: $(projectPath)
        containerRegistry: $(dockerRegistryServiceConnection)
        tags: |
          $(Build.BuildId)
          latest
"""
SOURCES = {
    "docker/Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nCOPY . .\nCMD python run.py\n",
    "requirements.txt": "flask\n",
    "run.py": "app = 1\n",
}


class RawDevOps:
    """Calls in the project ``orders`` as the practice account."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    async def call(self, method: str, path: str, body: Any = None, *, version: str = "7.1", **options: Any) -> Called:
        """`path` below the organization, or a whole address; the body as parsed JSON, or as text."""
        headers = {"Authorization": f"Bearer {await self.practice.token(DEVOPS)}", **options.pop("headers", {})}
        url = path if path.startswith("https:") else f"{BASE}/{path}"
        params = {"api-version": version, **options.pop("params", {})}
        async with self.practice.session.request(method, url, params=params, json=body, headers=headers) as answer:
            is_json = answer.content_type == "application/json"
            return Called(answer.status, await answer.json() if is_json else await answer.text(), dict(answer.headers))

    async def repository(self) -> dict[str, Any]:
        return (await self.call("GET", "orders/_apis/git/repositories/orders-api")).body

    async def push(
        self, files: Mapping[str, str | None], *, before: str = NO_COMMIT, branch: str = "main", comment: str = "Change", kind: str = ""
    ) -> Called:
        """Push files, where None deletes one; `kind` for all of them, add unless there was a commit before."""
        word = kind or ("add" if before == NO_COMMIT else "edit")
        changes = [
            {"changeType": "delete", "item": {"path": f"/{path}"}}
            if text is None
            else {
                "changeType": word,
                "item": {"path": f"/{path}"},
                "newContent": {"content": base64.b64encode(text.encode()).decode(), "contentType": "base64encoded"},
            }
            for path, text in files.items()
        ]
        update = {"name": f"refs/heads/{branch}", "oldObjectId": before}
        body = {"refUpdates": [update], "commits": [{"comment": comment, "changes": changes}]}
        return await self.call("POST", "orders/_apis/git/repositories/orders-api/pushes", body)

    async def connect(self, scheme: str = "WorkloadIdentityFederation", mode: str = "Manual", client_id: str = "") -> dict[str, Any]:
        """A service connection called ``registry``, as it stands when its making has ended."""
        project = (await self.call("GET", "_apis/projects/orders")).body
        scope = f"{self.practice.scope}/resourceGroups/rg-orders-dev/providers/Microsoft.ContainerRegistry/registries/crordersdev"
        parameters = {"loginServer": "crordersdev.azurecr.io", "scope": scope, "serviceprincipalid": client_id}
        body = {
            "name": "registry",
            "type": "dockerregistry",
            "url": "https://crordersdev.azurecr.io",
            "authorization": {"scheme": scheme, "parameters": parameters},
            "data": {"registrytype": "ACR", "registryId": scope, "creationMode": mode},
            "serviceEndpointProjectReferences": [{"projectReference": {"id": project["id"], "name": "orders"}, "name": "registry"}],
        }
        created = (await self.call("POST", "_apis/serviceendpoint/endpoints", body)).body
        if not created["isReady"]:
            await self.settled(created["id"])
        return (await self.call("GET", f"orders/_apis/serviceendpoint/endpoints/{created['id']}")).body

    async def federated(self) -> dict[str, Any]:
        """A connection that a user-assigned identity with AcrPush stands for."""
        place = "/resourceGroups/rg-orders-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-pipeline"
        identity = (await self.practice.call("PUT", place, {"location": "westeurope"}, version="2023-01-31")).body["properties"]
        connection = await self.connect(client_id=identity["clientId"])
        parameters = connection["authorization"]["parameters"]
        trust = {
            "issuer": parameters["workloadIdentityFederationIssuer"],
            "subject": parameters["workloadIdentityFederationSubject"],
            "audiences": ["api://AzureADTokenExchange"],
        }
        await self.practice.call("PUT", f"{place}/federatedIdentityCredentials/devops", {"properties": trust}, version="2023-01-31")
        await grant(self.practice, parameters["scope"], PUSH, identity["principalId"])
        return connection

    async def pipeline(self) -> int:
        """A pipeline of ``/azure-pipelines.yml``; its number."""
        repository = {"id": (await self.repository())["id"], "type": "azureReposGit"}
        configuration = {"type": "yaml", "path": "/azure-pipelines.yml", "repository": repository}
        created = await self.call("POST", "orders/_apis/pipelines", {"name": "orders", "folder": "\\", "configuration": configuration})
        return int(created.body["id"])

    async def permit(self, connection: dict[str, Any], pipeline: int) -> Called:
        path = f"orders/_apis/pipelines/pipelinepermissions/endpoint/{connection['id']}"
        return await self.call("PATCH", path, {"pipelines": [{"id": pipeline, "authorized": True}]}, version="7.1-preview.1")

    async def run(self, pipeline: int) -> dict[str, Any]:
        """Begin a run, and give it as it stands when it ended or waits."""
        run = await self.call("POST", f"orders/_apis/pipelines/{pipeline}/runs", {})
        assert run.status == 200, run.body
        await self.settled(str(run.body["id"]))
        return (await self.call("GET", f"orders/_apis/pipelines/{pipeline}/runs/{run.body['id']}")).body

    async def log(self, run: int) -> str:
        """All logs of a run, one after the other."""
        logs = (await self.call("GET", f"orders/_apis/build/builds/{run}/logs")).body["value"]
        texts = [
            await self.call("GET", f"orders/_apis/build/builds/{run}/logs/{item['id']}", headers={"Accept": "text/plain"}) for item in logs
        ]
        return "\n".join(str(text.body) for text in texts)

    async def records(self, run: int) -> list[dict[str, Any]]:
        return (await self.call("GET", f"orders/_apis/build/builds/{run}/timeline")).body["records"]

    async def settled(self, target: str) -> None:
        """Wait until no operation on that document goes on."""
        operations = self.practice.cloud.operations
        while (running := operations.running_on(target)) is not None:
            await operations.finished(running["id"])
