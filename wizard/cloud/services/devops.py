"""Azure DevOps over REST (reference.md 6): a dozen calls, with the signed-in account's token or a personal access token."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wizard.cloud.services.devops_errors import TOKEN_VARIABLE, is_json, refusal

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

    from wizard.cloud.transport.credentials import Credential

SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"
HOST = "https://dev.azure.com"
PROFILES = "https://app.vssps.visualstudio.com"
VERSION = "7.1"
PREVIEW = "7.1-preview.1"
PAGE = 100
COMMITS = 1000  # of a repository's history, read at once

Item = dict[str, Any]


class DevOpsClient:
    """One organization. Every method raises CloudError; its `code` is the service's own word, such as ``GitReferenceStaleException``.

    An answer that is not JSON is the sign-in page, whatever its status says: that is told as a missing right.

    :param personal_token: a personal access token (PAT), used in place of the signed-in account.
    """

    def __init__(self, pipeline: AsyncPipeline[Any, Any], credential: Credential, organization: str, personal_token: str = "") -> None:
        self.organization = organization
        self._pipeline = pipeline
        self._credential = credential
        self._personal_token = personal_token

    async def organizations(self) -> list[str]:
        """The organizations that the account belongs to."""
        me = await self._call("GET", f"{PROFILES}/_apis/profile/profiles/me")
        accounts = await self._call("GET", f"{PROFILES}/_apis/accounts", {"memberId": me["id"]})
        return sorted(str(account["accountName"]) for account in accounts["value"])

    async def projects(self) -> list[Item]:
        """Every project of the organization, with ``id`` and ``name``."""
        pages: list[Item] = []
        following: str | None = ""
        while following is not None:
            page = {"$top": str(PAGE), **({"continuationToken": following} if following else {})}
            response = await self._send("GET", f"{self._at()}/projects", page)
            pages += json.loads(response.text())["value"]
            following = response.headers.get("x-ms-continuationtoken")
        return pages

    async def repositories(self, project: str) -> list[Item]:
        """A project's repositories, with ``id``, ``name``, ``defaultBranch`` (none while empty) and ``project``."""
        return list((await self._call("GET", f"{self._at(project)}/git/repositories"))["value"])

    async def branches(self, project: str, repository: str) -> dict[str, str]:
        """Branch, such as ``refs/heads/main``, -> the commit it names."""
        answer = await self._call("GET", f"{self._repository(project, repository)}/refs", {"filter": "heads/"})
        return {str(ref["name"]): str(ref["objectId"]) for ref in answer["value"]}

    async def files(self, project: str, repository: str, commit: str) -> dict[str, str]:
        """Path -> Git's object id of every file in a commit."""
        return {str(item["path"]).lstrip("/"): str(item["objectId"]) for item in await self._items(project, repository, commit)}

    async def last_changes(self, project: str, repository: str, commit: str) -> dict[str, str]:
        """Path -> the commit that last changed it, as far as Azure DevOps has found that out."""
        items = await self._items(project, repository, commit, latestProcessedChange="true")
        known = {str(item["path"]).lstrip("/"): item.get("latestProcessedChange") or {} for item in items}
        return {path: str(change["commitId"]) for path, change in known.items() if change.get("commitId")}

    async def _items(self, project: str, repository: str, commit: str, **more: str) -> list[Item]:
        version = {"versionDescriptor.version": commit, "versionDescriptor.versionType": "commit"}
        answer = await self._call("GET", f"{self._repository(project, repository)}/items", {"recursionLevel": "Full", **version, **more})
        return [item for item in answer["value"] if item.get("gitObjectType") == "blob"]

    async def modes(self, project: str, repository: str, commit: str) -> dict[str, str]:
        """Path -> Git's mode of every file in a commit: ``100644``, ``100755`` for a program, ``120000`` for a link."""
        place = self._repository(project, repository)
        tree = (await self._call("GET", f"{place}/commits/{commit}"))["treeId"]
        entries = (await self._call("GET", f"{place}/trees/{tree}", {"recursive": "true"}))["treeEntries"]
        return {str(entry["relativePath"]): str(entry["mode"]) for entry in entries if entry["gitObjectType"] == "blob"}

    async def text(self, project: str, repository: str, commit: str, path: str) -> str:
        """The content of one text file in a commit."""
        version = {"versionDescriptor.version": commit, "versionDescriptor.versionType": "commit"}
        query = {"path": f"/{path}", "includeContent": "true", "$format": "json", **version}
        return str((await self._call("GET", f"{self._repository(project, repository)}/items", query))["content"])

    async def first_lines(self, project: str, repository: str, commit: str) -> dict[str, str]:
        """Commit -> the first line of what it says of itself, of the newest that lead to a commit; more is cut off from a list."""
        version = {"searchCriteria.itemVersion.version": commit, "searchCriteria.itemVersion.versionType": "commit"}
        query = {"searchCriteria.$top": str(COMMITS), **version}
        answer = await self._call("GET", f"{self._repository(project, repository)}/commits", query)
        return {str(item["commitId"]): str(item.get("comment") or "").partition("\n")[0] for item in answer["value"]}

    async def comment(self, project: str, repository: str, commit: str) -> str:
        """What a commit says of itself."""
        return str((await self._call("GET", f"{self._repository(project, repository)}/commits/{commit}"))["comment"])

    async def needs_pull_request(self, project: str, repository_id: str, branch: str) -> bool:
        """Whether a policy forbids to push to that branch."""
        answer = await self._call("GET", f"{self._at(project)}/policy/configurations")
        return any(_guards(policy, repository_id, branch) for policy in answer["value"])

    async def push(self, project: str, repository: str, branch: str, before: str, comment: str, changes: Sequence[Item]) -> str:
        """Make one commit on a branch; its id.

        :param before: the commit that the branch names, 40 zeros in an empty repository, and where a new branch begins.
        """
        body = {"refUpdates": [{"name": branch, "oldObjectId": before}], "commits": [{"comment": comment, "changes": list(changes)}]}
        answer = await self._call("POST", f"{self._repository(project, repository)}/pushes", body=body)
        return str(answer["refUpdates"][0]["newObjectId"])

    async def pull_request(self, project: str, repository: str, source: str, target: str, title: str, text: str) -> int:
        """The number of the open pull request from one branch to another, made when there is none."""
        place = f"{self._repository(project, repository)}/pullrequests"
        criteria = {"searchCriteria.sourceRefName": source, "searchCriteria.targetRefName": target, "searchCriteria.status": "active"}
        there = (await self._call("GET", place, criteria))["value"]
        body = {"sourceRefName": source, "targetRefName": target, "title": title, "description": text}
        return int((there[0] if there else await self._call("POST", place, body=body))["pullRequestId"])

    async def connection(self, project: str, name: str) -> Item | None:
        """A service connection by its name."""
        answer = await self._call("GET", f"{self._at(project)}/serviceendpoint/endpoints", {"endpointNames": name})
        return next((item for item in answer["value"] if item["name"].lower() == name.lower()), None)

    async def connection_by_id(self, project: str, identifier: str) -> Item | None:
        """A service connection as it stands now; `operationStatus` tells how far making it is."""
        answer = await self._call("GET", f"{self._at(project)}/serviceendpoint/endpoints/{identifier}")
        return answer or None

    async def add_connection(self, body: Item) -> Item:
        """Make a service connection (reference.md 6 has the body)."""
        return dict(await self._call("POST", f"{self._at()}/serviceendpoint/endpoints", body=body))

    async def remove_connection(self, identifier: str, project_id: str) -> None:
        """Delete a service connection from a project."""
        await self._call("DELETE", f"{self._at()}/serviceendpoint/endpoints/{identifier}", {"projectIds": project_id})

    async def pipelines_of(self, project: str, repository_id: str, file: str) -> list[Item]:
        """The pipelines that a file of a repository describes, with ``id``, ``name`` and ``path`` (their folder)."""
        query = {"repositoryId": repository_id, "repositoryType": "TfsGit", "yamlFilename": file, "includeAllProperties": "true"}
        return list((await self._call("GET", f"{self._at(project)}/build/definitions", query))["value"])

    async def add_pipeline(self, project: str, name: str, folder: str, file: str, repository: Item) -> Item:
        """Make a pipeline of a repository's file."""
        source = {"id": repository["id"], "name": repository["name"], "type": "azureReposGit"}
        body = {"name": name, "folder": folder, "configuration": {"type": "yaml", "path": f"/{file}", "repository": source}}
        return dict(await self._call("POST", f"{self._at(project)}/pipelines", body=body))

    async def remove_pipeline(self, project: str, pipeline: int) -> None:
        """Delete a pipeline together with its runs."""
        await self._call("DELETE", f"{self._at(project)}/build/definitions/{pipeline}")

    async def may_use(self, project: str, pipeline: int, connection: str) -> bool:
        """Whether a pipeline was permitted to use a service connection."""
        answer = await self._call("GET", self._permissions(project, connection), version=PREVIEW)
        everyone = (answer.get("allPipelines") or {}).get("authorized", False)
        return bool(everyone) or any(item["id"] == pipeline and item["authorized"] for item in answer.get("pipelines") or [])

    async def permit(self, project: str, pipeline: int, connection: str) -> None:
        """Let a pipeline use a service connection."""
        body = {"pipelines": [{"id": pipeline, "authorized": True}]}
        await self._call("PATCH", self._permissions(project, connection), body=body, version=PREVIEW)

    async def hosted_parallelism(self) -> int:
        """How many pipelines Microsoft's own machines run at once for private projects; 0 when none was granted.

        The resource usage that the organization's own settings page shows (``distributedtask/resourceusage``).
        """
        query = {"parallelismTag": "Private", "poolIsHosted": "true", "includeRunningRequests": "false"}
        answer = await self._call("GET", f"{self._at()}/distributedtask/resourceusage", query, version="7.1-preview.1")
        return int(((answer or {}).get("resourceLimit") or {}).get("totalCount") or 0)

    async def run(self, project: str, pipeline: int, branch: str) -> int:
        """Begin a run of a pipeline on a branch; the run's number, which is the build's too."""
        body = {"resources": {"repositories": {"self": {"refName": branch}}}}
        return int((await self._call("POST", f"{self._at(project)}/pipelines/{pipeline}/runs", body=body))["id"])

    async def builds(self, project: str, pipeline: int) -> list[Item]:
        """The last runs of a pipeline, the newest first, with ``id``, ``status``, ``result``, ``sourceVersion`` and ``sourceBranch``."""
        query = {"definitions": str(pipeline), "$top": "50", "queryOrder": "queueTimeDescending"}
        return list((await self._call("GET", f"{self._at(project)}/build/builds", query))["value"])

    async def build(self, project: str, run: int) -> Item:
        """The build that a run of a pipeline is."""
        return dict(await self._call("GET", f"{self._at(project)}/build/builds/{run}"))

    async def timeline(self, project: str, run: int) -> list[Item]:
        """The stages, jobs and tasks of a run: ``type``, ``name``, ``state``, ``result``, ``issues``, ``log``."""
        answer = await self._call("GET", f"{self._at(project)}/build/builds/{run}/timeline")
        return list((answer or {}).get("records") or [])

    async def log(self, project: str, run: int, log: int, start: int) -> list[str]:
        """The lines of a log from line `start` on, which counts from 1."""
        query = {"startLine": str(start)}
        return [str(line) for line in (await self._call("GET", f"{self._at(project)}/build/builds/{run}/logs/{log}", query))["value"]]

    def run_address(self, project: str, run: int) -> str:
        """Where a browser shows a run."""
        return f"{HOST}/{quote(self.organization)}/{quote(project)}/_build/results?buildId={run}"

    def _at(self, project: str = "") -> str:
        return f"{HOST}/{quote(self.organization)}{f'/{quote(project)}' if project else ''}/_apis"

    def _repository(self, project: str, repository: str) -> str:
        return f"{self._at(project)}/git/repositories/{quote(repository)}"

    def _permissions(self, project: str, connection: str) -> str:
        return f"{self._at(project)}/pipelines/pipelinepermissions/endpoint/{connection}"

    async def _call(
        self, method: str, url: str, params: Mapping[str, str] | None = None, *, body: Any = None, version: str = VERSION
    ) -> Any:
        response = await self._send(method, url, params or {}, body=body, version=version)
        text = response.text()
        return json.loads(text) if text else None

    async def _send(self, method: str, url: str, params: Mapping[str, str], *, body: Any = None, version: str = VERSION) -> Any:
        from azure.core.exceptions import AzureError
        from azure.core.rest import HttpRequest

        from wizard.cloud.errors.translation import translate

        headers = {"Authorization": await self._authorization(), "Accept": "application/json", "X-TFS-FedAuthRedirect": "Suppress"}
        request = HttpRequest(method, url, params={"api-version": version, **params}, headers=headers, json=body)
        try:
            response = (await self._pipeline.run(request, permit_redirects=False)).http_response
        except AzureError as error:
            raise translate(error) from error
        if response.status_code < 300 and (is_json(response) or not response.body()) and response.status_code != 203:
            return response
        raise refusal(response, self.organization, personal_token=bool(self._personal_token))

    async def _authorization(self) -> str:
        if self._personal_token:
            return "Basic " + base64.b64encode(f":{self._personal_token}".encode()).decode()
        return f"Bearer {(await self._credential.get_token_info(SCOPE)).token}"


def personal_token() -> str:
    """The personal access token that the environment holds, or ""."""
    return os.environ.get(TOKEN_VARIABLE, "")


def _guards(policy: Item, repository_id: str, branch: str) -> bool:
    """Whether a policy is in force for a branch: every policy that blocks makes pull requests necessary."""
    if not policy.get("isEnabled") or not policy.get("isBlocking") or policy.get("isDeleted"):
        return False
    for scope in (policy.get("settings") or {}).get("scope") or []:
        name = str(scope.get("refName") or "")
        fits = branch.startswith(name) if scope.get("matchKind") == "Prefix" else branch == name
        if fits and scope.get("repositoryId") in (None, repository_id):
            return True
    return False
