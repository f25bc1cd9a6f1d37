"""Azure DevOps: the builds that runs are, and what they tell while they go: their timeline and their logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops.front import DevOpsError, DevOpsFront, DevOpsRequest, in_project, listed
from wizard.practice.kernel.store import Document


class PipelineBuilds:
    """The builds of every project, by their number."""

    def __init__(self, cloud: PracticeCloud, end: Callable[[Document, str], None]) -> None:
        """`end` brings a build to its end with a result."""
        self._builds = cloud.store.collection("devops_builds")
        self._logs = cloud.store.collection("devops_logs")
        self._end = end

    async def list_builds(self, request: DevOpsRequest) -> web.Response:
        """GET of a project's builds, the newest first, by pipeline and branch where asked."""
        numbers = [int(number) for number in request.query.get("definitions", "").split(",") if number.isdigit()]
        project = in_project(request)
        builds = self.of(numbers) if numbers else [item for item in self.of(None) if item["project"]["id"] == project["id"]]
        if branch := request.query.get("branchName"):
            builds = [build for build in builds if build["sourceBranch"] == branch]
        return listed([shown(build) for build in builds[: int(request.query.get("$top") or 1000)]])

    async def get_build(self, request: DevOpsRequest) -> web.Response:
        """GET of one build."""
        return web.json_response(shown(self.find(request)))

    async def change_build(self, request: DevOpsRequest) -> web.Response:
        """PATCH of a build, which can only be cancelled."""
        build = self.find(request)
        if str(request.body.get("status", "")).lower() == "cancelling" and build["status"] != "completed":
            self._end(build, "canceled")
        return web.json_response(shown(build))

    async def timeline(self, request: DevOpsRequest) -> web.Response:
        """GET of a build's timeline: a record for each stage, job and step."""
        build = self.find(request)
        return web.json_response({"records": build["records"], "id": f"{build['id']:08d}-0000-4000-8000-000000000000", "changeId": 1})

    async def logs(self, request: DevOpsRequest) -> web.Response:
        """GET of which logs a build has."""
        prefix = f"{self.find(request)['id']}/"
        of_build = [(int(key.removeprefix(prefix)), log) for key, log in self._logs.items() if key.startswith(prefix)]
        return listed([{"id": number, "lineCount": len(log["lines"]), "type": "Container"} for number, log in of_build])

    async def log(self, request: DevOpsRequest) -> web.Response:
        """Lines of a log, each with its time; ``startLine`` counts from 1."""
        log = self._logs.get(f"{self.find(request)['id']}/{request.names['log']}")
        if log is None:
            raise DevOpsError(
                404, "BuildLogNotFoundException", f"The log {request.names['log']} does not exist or you do not have permission to view it."
            )
        start = max(1, int(request.query.get("startLine") or 1)) - 1
        if "application/json" in request.accept:
            return listed(log["lines"][start:])
        return web.Response(text="".join(f"{line}\r\n" for line in log["lines"][start:]), content_type="text/plain")

    def of(self, pipelines: list[int] | None) -> list[Document]:
        """The builds of these pipelines, or of every one, the newest first."""
        builds = [build for build in self._builds.values() if pipelines is None or build["definition"]["id"] in pipelines]
        return sorted(builds, key=lambda build: -int(build["id"]))

    def find(self, request: DevOpsRequest) -> Document:
        """The build that a request names. Raises DevOpsError."""
        build = self._builds.get(request.names["build"])
        if build is None or build["project"]["id"] != in_project(request)["id"]:
            raise DevOpsError(404, "BuildNotFoundException", f"The requested build {request.names['build']} could not be found.")
        return build


def shown(build: Document) -> dict[str, Any]:
    """What a GET answers."""
    return {name: value for name, value in build.items() if name not in ("records", "waits", "file")}


def install(front: DevOpsFront, service: PipelineBuilds) -> None:
    """Serve builds."""
    front.add("GET", "build/builds", service.list_builds)
    front.add("GET", "build/builds/{build}", service.get_build)
    front.add("PATCH", "build/builds/{build}", service.change_build)
    front.add("GET", "build/builds/{build}/timeline", service.timeline)
    front.add("GET", "build/builds/{build}/logs", service.logs)
    front.add("GET", "build/builds/{build}/logs/{log}", service.log)
