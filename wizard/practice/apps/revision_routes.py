"""Revisions and replicas on management.azure.com."""

from __future__ import annotations

from wizard.practice.apps.fleet import Fleet
from wizard.practice.apps.replicas import Replica
from wizard.practice.apps.revisions import DeployedRevision
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, read
from wizard.practice.environments.stream_tokens import stream_base
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, reported
from wizard.practice.kernel.requests import Answer, Request, Router
from wizard.practice.kernel.store import Document

APPS = "Microsoft.App/containerApps"


class RevisionRoutes:
    """Looking at revisions and replicas; activating, deactivating and restarting revisions."""

    def __init__(self, cloud: PracticeCloud, fleet: Fleet) -> None:
        self._cloud, self._fleet = cloud, fleet

    def add_to(self, router: Router) -> None:
        """Add the routes of revisions and replicas to a router."""
        revisions = GROUP + APPS + "/{name}/revisions"
        one = revisions + "/{revision}"
        router.add("GET", revisions, self.list, action=f"{APPS}/revisions/read", known=recorded("200 with a list"))
        router.add("GET", one, self.get, action=f"{APPS}/revisions/read", known=recorded("200"))
        for verb in ("activate", "deactivate", "restart"):
            router.add(
                "POST",
                f"{one}/{verb}",
                getattr(self, verb),
                action=f"{APPS}/revisions/{verb}/action",
                known=reported("200 with a sentence as JSON text", "azure-cli-extensions#5802"),
            )
        router.add(
            "GET", one + "/replicas", self.list_replicas, action=f"{APPS}/revisions/replicas/read", known=recorded("200 with a list")
        )
        router.add("GET", one + "/replicas/{replica}", self.get_replica, action=f"{APPS}/revisions/replicas/read", known=recorded("200"))

    async def list(self, request: Request) -> Answer:
        """GET of an app's revisions, with the weight of each in the traffic."""
        app = read(self._cloud, request, APPS)
        return Answer(200, {"value": [r.shown(self._fleet.weight(r)) for r in self._fleet.of(app["id"])]})

    async def get(self, request: Request) -> Answer:
        """GET of one revision."""
        revision = self._revision(request)
        return Answer(200, revision.shown(self._fleet.weight(revision)))

    async def activate(self, request: Request) -> Answer:
        """POST activate of a revision."""
        await self._fleet.activate(self._revision(request))
        return Answer(200, "Activate succeeded")

    async def deactivate(self, request: Request) -> Answer:
        """POST deactivate of a revision."""
        await self._fleet.deactivate(self._revision(request))
        return Answer(200, "Deactivate succeeded")

    async def restart(self, request: Request) -> Answer:
        """POST restart of a revision; refused where it is not active."""
        revision = self._revision(request)
        if not revision.active or self._fleet.stopped(revision.app_id):
            raise AzureError(400, "RevisionNotActive", f"The revision '{revision.name}' is not active and cannot be restarted.")
        await revision.restart()
        return Answer(200, "Restart succeeded")

    async def list_replicas(self, request: Request) -> Answer:
        """GET of the replicas of a revision."""
        revision = self._revision(request)
        return Answer(200, {"value": [self._shown(revision, replica) for replica in revision.replicas]})

    async def get_replica(self, request: Request) -> Answer:
        """GET of one replica."""
        revision = self._revision(request)
        name = request.names["replica"]
        replica = next((replica for replica in revision.replicas if replica.name == name), None)
        if replica is None:
            raise AzureError(404, "ReplicaNotFound", f"Replica '{name}' of revision '{revision.name}' was not found.")
        return Answer(200, self._shown(revision, replica))

    def _revision(self, request: Request) -> DeployedRevision:
        app = read(self._cloud, request, APPS)
        revision = self._fleet.get(app["id"], request.names["revision"])
        if revision is None:
            message = f"Revision '{request.names['revision']}' was not found for the container app '{app['name']}'."
            raise AzureError(404, "RevisionNotFound", message)
        return revision

    def _shown(self, revision: DeployedRevision, replica: Replica) -> Document:
        app = self._fleet.app(revision.app_id)
        place = f"{stream_base(app['id'], app['location'])}/revisions/{revision.name}/replicas/{replica.name}"
        stream = f"{place}/containers/{replica.container_name}"
        container = {
            "name": replica.container_name,
            "containerId": f"containerd://{replica.name}",
            "ready": replica.ready,
            "started": replica.state == "Running",
            "restartCount": replica.restarts,
            "runningState": replica.state,
            "runningStateDetails": replica.detail,
            "logStreamEndpoint": f"{stream}/logstream",
            "execEndpoint": f"{stream}/exec".replace("https://", "wss://"),
        }
        return {
            "id": f"{revision.document['id']}/replicas/{replica.name}",
            "name": replica.name,
            "type": f"{APPS}/revisions/replicas",
            "properties": {
                "createdTime": replica.created,
                "runningState": "Running" if replica.ready else "NotRunning",
                "runningStateDetails": replica.detail,
                "containers": [container],
                "initContainers": [],
            },
        }
