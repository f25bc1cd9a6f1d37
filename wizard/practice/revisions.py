"""Revisions: the versions of an app, each with replicas that run, and the switch from one to the next."""

from __future__ import annotations

import asyncio
import random
import string
import time
from collections.abc import Coroutine
from typing import Any

from .app_documents import same_template
from .app_logs import Events
from .cloud import PracticeCloud
from .replicas import Replica
from .runner import Runner
from .store import Document

REVISIONS = "Microsoft.App/containerApps/revisions"
START_SECONDS = 20  # a revision takes in Azure until it is ready
SILENT_SECONDS, SILENT_AT_LEAST = 120, 30.0  # without any listener before activation fails: in Azure's time, and here at least
MISPLACED_SECONDS, MISPLACED_AT_LEAST = 60, 3.0  # with a listener in the wrong place
ENOUGH_ATTEMPTS = 2  # failed starts or crashes before activation fails
WAKE_SECONDS = 60.0


class Revision:
    """One revision: its document, and its replicas while it is active.

    The document is what a GET answers but for what changes by the moment; beside it ``number`` counts an app's revisions and ``was_ready``
    says whether it ever was.
    """

    def __init__(self, fleet: Fleet, app_id: str, document: Document) -> None:
        self.document = document
        self.app_id = app_id
        self.replicas: list[Replica] = []
        self.settled = asyncio.Event()  # ready, failed, or not meant to run
        self._fleet = fleet
        self._due = 0.0
        self._failed = False
        self._asleep = False
        self._last_request = time.monotonic()
        self._leaving: list[Replica] = []
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def active(self) -> bool:
        return bool(self.document["properties"]["active"])

    @property
    def ready(self) -> bool:
        """Whether requests can be served, if need be after waking up."""
        return self.active and (self._asleep or any(replica.ready for replica in self.replicas)) and time.monotonic() >= self._due

    @property
    def _scale(self) -> tuple[int, int]:
        scale = self.document["properties"]["template"]["scale"]
        return scale["minReplicas"] or 0, scale["maxReplicas"]

    def start(self, real_seconds: float = 0.0) -> None:
        """Start the replicas; the revision is ready when they are, and not before Azure's time has passed."""
        self._failed = self._asleep = False
        self.settled.clear()
        seconds = self._fleet.cloud.clock.lasts(real_seconds)
        self._due = time.monotonic() + seconds
        self._last_request = time.monotonic()
        self.replicas = [self._replica() for _ in range(max(1, self._scale[0]))]
        self._spawn(self._watch(), name="watch")

    async def stop(self) -> None:
        """End every replica."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        ending, self.replicas, self._leaving, self._asleep = [*self.replicas, *self._leaving], [], [], False
        await asyncio.gather(*(replica.stop() for replica in ending))
        self.settled.set()

    async def restart(self) -> None:
        """Replace the replicas by new ones, which read secrets and shares anew; the old ones go when the new ones are ready."""
        self._leaving += self.replicas
        self._failed = self._asleep = False
        self.settled.clear()
        self._due = 0.0
        self.replicas = [self._replica() for _ in range(max(1, self._scale[0]))]
        if not any(task.get_name() == "watch" for task in self._tasks):
            self._spawn(self._watch(), name="watch")

        async def replace() -> None:
            await self.settled.wait()
            leaving, self._leaving = self._leaving, []
            await asyncio.gather(*(replica.stop() for replica in leaving))

        self._spawn(replace())

    async def replica_for_request(self) -> Replica | None:
        """A replica to send a request to, ready if one is; a revision that was scaled to zero is woken for it."""
        self._last_request = time.monotonic()
        if self._asleep:
            self._fleet.report(self, "ScalingUp", "Scaled up from 0 to 1 replicas because of a request")
            self.start()
        if (
            not any(replica.ready for replica in (*self.replicas, *self._leaving))
            and not self.settled.is_set()
            and self.document["was_ready"]
        ):
            await asyncio.wait_for(self.settled.wait(), WAKE_SECONDS)
        ready = [replica for replica in self.replicas if replica.ready] or [replica for replica in self._leaving if replica.ready]
        return random.choice(ready or self.replicas) if self.replicas else None  # noqa: S311

    def shown(self, traffic_weight: int) -> Document:
        """What a GET answers now."""
        properties = self.document["properties"]
        state = self._state()
        detail = {"runningStateDetails": details} if (details := self._details()) else {}
        error = {"provisioningError": details} if self._failed and not any(r.ready for r in self.replicas) else {}
        return {
            "id": self.document["id"],
            "name": self.name,
            "type": REVISIONS,
            "properties": {
                **properties,
                "replicas": len(self.replicas),
                "trafficWeight": traffic_weight,
                **error,
                "healthState": {"ActivationFailed": "Unhealthy", "Degraded": "Unhealthy", "Activating": "None", "Stopped": "None"}.get(
                    state, "Healthy"
                ),
                "provisioningState": {"ActivationFailed": "Failed", "Activating": "Provisioning"}.get(state, "Provisioned"),
                "runningState": state,
                **detail,
            },
        }

    def _state(self) -> str:
        if not self.active or self._fleet.stopped(self.app_id):
            return "Stopped"
        if self._asleep:
            return "ScaledToZero"
        ready = sum(replica.ready for replica in self.replicas)
        if ready and time.monotonic() >= self._due:
            return "RunningAtMaxScale" if ready >= self._scale[1] else "Running"
        if self._failed:
            return "Degraded" if self.document["was_ready"] else "ActivationFailed"
        return "Activating"

    def _details(self) -> str:
        if not self._failed or any(replica.ready for replica in self.replicas):
            return ""
        wanted = len(self.replicas)
        detail = next((replica.detail for replica in self.replicas if replica.detail), "")
        return f"Deployment Progress Deadline Exceeded. 0/{wanted} replicas ready." + (f" {detail}" if detail else "")

    def _replica(self) -> Replica:
        fleet = self._fleet
        return Replica(
            fleet.cloud, fleet.runner, self.document, lambda: fleet.app(self.app_id), fleet.events(self.app_id), self._changed.set
        )

    async def _watch(self) -> None:
        """Settle as ready or failed, again and again as replicas come and go, and fall asleep when nobody calls."""
        while True:
            self._changed.clear()
            if self.replicas and all(replica.ready for replica in self.replicas) and time.monotonic() >= self._due:
                self._failed = False
                if not self.settled.is_set() or not self.document["was_ready"]:
                    self.document["was_ready"] = True
                    await self._fleet.became_ready(self)
                self.settled.set()
            elif not self._failed and any(self._hopeless(replica) for replica in self.replicas):
                self._failed = True
                self._fleet.report(self, "RevisionFailed", self._details(), warning=True)
                self.settled.set()
            await self._sleep_when_idle()
            pause = min(1.0, max(0.05, self._due - time.monotonic()))
            await asyncio.gather(asyncio.wait_for(self._changed.wait(), pause), return_exceptions=True)

    def _hopeless(self, replica: Replica) -> bool:
        lasts, now = self._fleet.cloud.clock.lasts, time.monotonic()
        if replica.attempts >= ENOUGH_ATTEMPTS:
            return True
        if replica.wrong_since is not None:
            return now - replica.wrong_since > max(lasts(MISPLACED_SECONDS), MISPLACED_AT_LEAST)
        return not replica.ready and now - replica.begun > max(lasts(SILENT_SECONDS), SILENT_AT_LEAST)

    async def _sleep_when_idle(self) -> None:
        cooldown = self._fleet.cloud.clock.lasts(self.document["properties"]["template"]["scale"]["cooldownPeriod"])
        idle = time.monotonic() - self._last_request > max(cooldown, 5.0)
        if self._scale[0] == 0 and idle and self.replicas and all(replica.ready for replica in self.replicas):
            self._fleet.report(self, "ScalingDown", "Scaled down from 1 to 0 replicas")
            self._asleep = True
            ending, self.replicas = self.replicas, []
            await asyncio.gather(*(replica.stop() for replica in ending))

    def _spawn(self, work: Coroutine[Any, Any, None], name: str | None = None) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Fleet:
    """Every revision of every app of one practice cloud, with what runs of it."""

    def __init__(self, cloud: PracticeCloud, runner: Runner) -> None:
        self.cloud = cloud
        self.runner = runner
        self._documents = cloud.store.collection("revisions")
        self._revisions: dict[str, Revision] = {}
        self._events: dict[str, Events] = {}
        for key, document in self._documents.items():
            self._revisions[key.lower()] = Revision(self, key.rpartition("/revisions/")[0], document)

    def resume(self) -> None:
        """Start again what ran when the practice cloud stopped."""
        for revision in self._revisions.values():
            if revision.app_id in self.cloud.store.resources and revision.active and not self.stopped(revision.app_id):
                revision.start()

    def app(self, app_id: str) -> Document:
        return self.cloud.store.resources[app_id]

    def stopped(self, app_id: str) -> bool:
        return bool(self.app(app_id)["properties"]["runningStatus"] == "Stopped")

    def events(self, resource_id: str) -> Events:
        """The event stream of an app or an environment."""
        return self._events.setdefault(resource_id.lower(), Events())

    def report(self, revision: Revision, reason: str, message: str, *, warning: bool = False) -> None:
        name = self.app(revision.app_id)["name"]
        self.events(revision.app_id).report(name, revision.name, "", reason, message, warning=warning)

    def of(self, app_id: str) -> list[Revision]:
        """The revisions of an app, oldest first."""
        return [revision for revision in self._revisions.values() if revision.app_id.lower() == app_id.lower()]

    def get(self, app_id: str, name: str) -> Revision | None:
        return self._revisions.get(f"{app_id}/revisions/{name}".lower())

    def latest(self, app_id: str) -> Revision | None:
        revisions = self.of(app_id)
        return max(revisions, key=lambda revision: int(revision.document["number"])) if revisions else None

    def serving(self, app_id: str) -> list[tuple[Revision, int]]:
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

    def weight(self, revision: Revision) -> int:
        return sum(weight for one, weight in self.serving(revision.app_id) if one is revision)

    def deploy(self, app: Document) -> Revision | None:
        """Make and start a revision when the app's template is a new one, else None."""
        template = app["properties"]["template"]
        latest = self.latest(app["id"])
        suffix = template["revisionSuffix"]
        unchanged = latest is not None and same_template(latest.document["properties"]["template"], template)
        if unchanged and latest is not None and suffix in ("", latest.document["properties"]["template"]["revisionSuffix"]):
            return None
        name = f"{app['name']}--{suffix or ''.join(random.choices(string.ascii_lowercase + string.digits, k=7))}"  # noqa: S311
        revision_id = f"{app['id']}/revisions/{name}"
        document = {
            "id": revision_id,
            "name": name,
            "number": 1 + (int(latest.document["number"]) if latest else 0),
            "was_ready": False,
            "properties": {
                "createdTime": self.cloud.clock.timestamp(),
                "fqdn": self._fqdn(app, name),
                "template": template,
                "active": True,
            },
        }
        revision = Revision(self, app["id"], document)
        self._revisions[revision_id.lower()] = revision
        self._documents[revision_id] = document
        self.report(revision, "RevisionCreation", f"Creating a new revision: {name}")
        return revision

    async def begin(self, revision: Revision) -> None:
        """Start a new revision; in single mode, revisions that never got ready end now."""
        if self._single(revision.app_id):
            ready = self.app(revision.app_id)["properties"]["latestReadyRevisionName"]
            for other in self.of(revision.app_id):
                if other is not revision and other.active and other.name != ready:
                    await self.deactivate(other)
        revision.start(START_SECONDS)

    async def became_ready(self, revision: Revision) -> None:
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
                    await self.deactivate(other)

    async def activate(self, revision: Revision) -> None:
        if not revision.active:
            self._set_active(revision, True)
            revision.start(START_SECONDS)

    async def deactivate(self, revision: Revision) -> None:
        if revision.active:
            self._set_active(revision, False)
            self.report(revision, "RevisionDeactivating", f"Deactivating old revision '{revision.name}'")
            await revision.stop()

    async def stop_app(self, app_id: str) -> None:
        """End everything that runs of an app."""
        await asyncio.gather(*(revision.stop() for revision in self.of(app_id)))

    def start_app(self, app_id: str) -> None:
        for revision in self.of(app_id):
            if revision.active:
                revision.start(START_SECONDS)

    async def remove(self, app_id: str) -> None:
        """Forget an app's revisions, and end what runs of them."""
        await self.stop_app(app_id)
        for revision in self.of(app_id):
            del self._documents[revision.document["id"]]
            del self._revisions[revision.document["id"].lower()]
        if events := self._events.pop(app_id.lower(), None):
            events.close()

    async def close(self) -> None:
        """End every process; what is active starts again with the next practice cloud."""
        await asyncio.gather(*(revision.stop() for revision in self._revisions.values()))
        for events in self._events.values():
            events.close()
        self.runner.close()

    def _single(self, app_id: str) -> bool:
        return bool(self.app(app_id)["properties"]["configuration"]["activeRevisionsMode"] == "Single")

    def _set_active(self, revision: Revision, active: bool) -> None:
        revision.document["properties"]["active"] = active
        self._documents[revision.document["id"]] = revision.document

    def _fqdn(self, app: Document, name: str) -> str:
        ingress = app["properties"]["configuration"]["ingress"]
        return f"{name}.{ingress['fqdn'].partition('.')[2]}" if ingress else ""
