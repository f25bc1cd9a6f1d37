"""Every revision of every app: which there are, which serve, and the switch from one to the next."""

from __future__ import annotations

import asyncio
import random
import string

from wizard.practice.apps.documents import same_template
from wizard.practice.apps.logs import Events
from wizard.practice.apps.metrics.store import MetricStore
from wizard.practice.apps.revisions import START_SECONDS, DeployedRevision
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.kernel.tasks import spawn
from wizard.practice.runtime.interface import ReplicaRunner


class Fleet:
    """Every revision of every app of one practice cloud, with what runs of it."""

    def __init__(self, cloud: PracticeCloud, runner: ReplicaRunner) -> None:
        self.cloud = cloud
        self.runner = runner
        self.metrics = MetricStore(cloud.clock)
        self._documents = cloud.store.collection("revisions")
        self._revisions: dict[str, DeployedRevision] = {}
        self._events: dict[str, Events] = {}
        self._ending: set[asyncio.Task[None]] = set()
        for key, document in self._documents.items():
            self._revisions[key.lower()] = DeployedRevision(self, key.rpartition("/revisions/")[0], document)

    def resume(self) -> None:
        """Start again what ran when the practice cloud stopped."""
        for revision in self._revisions.values():
            if revision.app_id in self.cloud.store.resources and revision.active and not self.stopped(revision.app_id):
                revision.start()

    def app(self, app_id: str) -> Document:
        """The document of an app; KeyError where it is gone."""
        return self.cloud.store.resources[app_id]

    def stopped(self, app_id: str) -> bool:
        """Whether the app was stopped as a whole."""
        return bool(self.app(app_id)["properties"]["runningStatus"] == "Stopped")

    def events(self, resource_id: str) -> Events:
        """The event stream of an app or an environment."""
        return self._events.setdefault(resource_id.lower(), Events())

    def report(self, revision: DeployedRevision, reason: str, message: str, *, warning: bool = False) -> None:
        """Put an event about a revision among the platform's events of its app."""
        name = self.app(revision.app_id)["name"]
        self.events(revision.app_id).report(name, revision.name, "", reason, message, warning=warning)

    def of(self, app_id: str) -> list[DeployedRevision]:
        """The revisions of an app, oldest first."""
        return [revision for revision in self._revisions.values() if revision.app_id.lower() == app_id.lower()]

    def every(self) -> list[DeployedRevision]:
        """Every revision of every app."""
        return list(self._revisions.values())

    def get(self, app_id: str, name: str) -> DeployedRevision | None:
        """One revision of an app, None where there is none of that name."""
        return self._revisions.get(f"{app_id}/revisions/{name}".lower())

    def latest(self, app_id: str) -> DeployedRevision | None:
        """The revision with the highest number, None where the app has none."""
        revisions = self.of(app_id)
        return max(revisions, key=lambda revision: int(revision.document["number"])) if revisions else None

    def serving(self, app_id: str) -> list[tuple[DeployedRevision, int]]:
        """The revisions that traffic goes to, with their weights."""
        properties = self.app(app_id)["properties"]
        ready = self.get(app_id, properties["latestReadyRevisionName"] or "") or self.latest(app_id)
        ingress = properties["configuration"]["ingress"]
        if ready is None or ingress is None:
            return []
        if properties["configuration"]["activeRevisionsMode"] == "Single":
            return [(ready, 100)]
        named = [
            (ready if rule.get("latestRevision") else self.get(app_id, rule.get("revisionName") or ""), rule.get("weight") or 0)
            for rule in ingress["traffic"]
        ]
        return [(revision, weight) for revision, weight in named if revision is not None and weight]

    def fqdn(self, revision: DeployedRevision) -> str:
        """The host name of one revision, or an empty text without ingress."""
        ingress = self.app(revision.app_id)["properties"]["configuration"]["ingress"]
        return f"{revision.name}.{ingress['fqdn'].partition('.')[2]}" if ingress else ""

    def weight(self, revision: DeployedRevision) -> int:
        """The share of an app's requests in per cent that a revision gets."""
        return sum(weight for one, weight in self.serving(revision.app_id) if one is revision)

    def deploy(self, app: Document) -> None:
        """Make and start a revision when the app's template is a new one; in single mode, revisions that never got ready end."""
        template = app["properties"]["template"]
        latest = self.latest(app["id"])
        suffix = template["revisionSuffix"]
        unchanged = latest is not None and same_template(latest.document["properties"]["template"], template)
        if unchanged and latest is not None and suffix in ("", latest.document["properties"]["template"]["revisionSuffix"]):
            return
        name = f"{app['name']}--{suffix or ''.join(random.choices(string.ascii_lowercase + string.digits, k=7))}"  # noqa: S311
        revision_id = f"{app['id']}/revisions/{name}"
        document = {
            "id": revision_id,
            "name": name,
            "number": 1 + (int(latest.document["number"]) if latest else 0),
            "was_ready": False,
            "properties": {
                "createdTime": self.cloud.clock.timestamp(),
                "template": template,
                "active": True,
            },
        }
        revision = DeployedRevision(self, app["id"], document)
        self._revisions[revision_id.lower()] = revision
        self._documents[revision_id] = document
        self.report(revision, "RevisionCreation", f"Creating a new revision: {name}")
        if self._single(app["id"]):
            for other in self.of(app["id"]):
                if other is not revision and other.active and other.name != app["properties"]["latestReadyRevisionName"]:
                    spawn(self.deactivate(other), self._ending)
        revision.start(START_SECONDS)

    async def became_ready(self, revision: DeployedRevision) -> None:
        """Note that a revision serves; in single mode it takes over from those before it."""
        self._documents[revision.document["id"]] = revision.document
        app = self.app(revision.app_id)
        ready = self.get(app["id"], app["properties"]["latestReadyRevisionName"] or "")
        if ready is None or int(ready.document["number"]) <= int(revision.document["number"]):
            app["properties"]["latestReadyRevisionName"] = revision.name
            self.cloud.store.resources[app["id"]] = app
        self.report(revision, "RevisionReady", f"Successfully provisioned revision '{revision.name}'")
        if self._single(revision.app_id):
            for other in self.of(revision.app_id):
                if other.active and int(other.document["number"]) < int(revision.document["number"]):
                    spawn(self.deactivate(other), self._ending)

    async def activate(self, revision: DeployedRevision) -> None:
        """Make a revision active and start its replicas."""
        if not revision.active:
            self._set_active(revision, True)
            revision.start(START_SECONDS)

    async def deactivate(self, revision: DeployedRevision) -> None:
        """End a revision's replicas; it can be activated again."""
        if revision.active:
            self._set_active(revision, False)
            self.report(revision, "RevisionDeactivating", f"Deactivating old revision '{revision.name}'")
            await revision.stop()

    async def stop_app(self, app_id: str) -> None:
        """End everything that runs of an app."""
        await asyncio.gather(*(revision.stop() for revision in self.of(app_id)))

    def start_app(self, app_id: str) -> None:
        """Start the active revisions of an app that was stopped."""
        for revision in self.of(app_id):
            if revision.active:
                revision.start(START_SECONDS)

    async def remove(self, app_id: str) -> None:
        """Forget an app's revisions, and end what runs of them."""
        await self.stop_app(app_id)
        self.metrics.forget(app_id)
        for revision in self.of(app_id):
            del self._documents[revision.document["id"]]
            del self._revisions[revision.document["id"].lower()]
        if events := self._events.pop(app_id.lower(), None):
            events.close()

    async def close(self) -> None:
        """End every process; what is active starts again with the next practice cloud."""
        await asyncio.gather(*self._ending, return_exceptions=True)
        await asyncio.gather(*(revision.stop() for revision in self._revisions.values()))
        for events in self._events.values():
            events.close()
        self.runner.close()

    def _single(self, app_id: str) -> bool:
        return bool(self.app(app_id)["properties"]["configuration"]["activeRevisionsMode"] == "Single")

    def _set_active(self, revision: DeployedRevision, active: bool) -> None:
        revision.document["properties"]["active"] = active
        self._documents[revision.document["id"]] = revision.document
