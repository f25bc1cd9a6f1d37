"""One version of an app: its replicas, when it is ready, when it has failed, when it sleeps."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from wizard.practice.apps.replicas import Replica
from wizard.practice.apps.scaling import rules as scale_rules
from wizard.practice.apps.scaling.load import LoadMeter
from wizard.practice.kernel.store import Document
from wizard.practice.kernel.tasks import spawn

if TYPE_CHECKING:
    from wizard.practice.apps.logs import Events
    from wizard.practice.arm.context import PracticeCloud
    from wizard.practice.runtime.interface import ReplicaRunner

REVISIONS = "Microsoft.App/containerapps/revisions"  # recorded so, with the id of the app in the other spelling
LOOK_AGAIN = 1.0  # seconds, when nothing has changed
START_SECONDS = 20  # a revision takes in Azure until it is ready
SILENT_SECONDS, SILENT_AT_LEAST = 120, 15.0  # without being ready before activation fails: in Azure's time, and here at least
MISPLACED_SECONDS, MISPLACED_AT_LEAST = 60, 3.0  # with a listener in the wrong place
ENOUGH_ATTEMPTS = 2  # failed starts or crashes before activation fails
WAKE_SECONDS, SHORTEST_COOLDOWN = 60.0, 2.0
STABLE_SECONDS = 300  # fewer copies were enough for so long before some end (learn: Set scaling rules, Scale behavior)


class RevisionHost(Protocol):
    """What a revision asks of the fleet that it belongs to."""

    cloud: PracticeCloud
    runner: ReplicaRunner

    def app(self, app_id: str) -> Document:
        """The app's document."""

    def stopped(self, app_id: str) -> bool:
        """Whether the app was stopped as a whole."""

    def events(self, resource_id: str) -> Events:
        """The event stream of an app or an environment."""

    def fqdn(self, revision: DeployedRevision) -> str:
        """The host name of one revision, or an empty text without ingress."""

    def report(self, revision: DeployedRevision, reason: str, message: str, *, warning: bool = False) -> None:
        """Add an event of the platform about a revision."""

    async def became_ready(self, revision: DeployedRevision) -> None:
        """A revision serves."""


class DeployedRevision:
    """One revision: its document, and its replicas while it is active.

    The document is what a GET answers but for what changes by the moment; beside it ``number`` counts an app's revisions and ``was_ready``
    says whether it ever was.
    """

    def __init__(self, fleet: RevisionHost, app_id: str, document: Document) -> None:
        self.document = document
        self.app_id = app_id
        self.replicas: list[Replica] = []
        self.settled = asyncio.Event()  # ready, failed, or not meant to run
        self._fleet = fleet
        self._due = 0.0
        self._failed = False
        self._asleep = False
        self._last_request = time.monotonic()
        self._open_requests = 0
        self._load = LoadMeter(fleet.cloud.clock)
        self._scaled = time.monotonic()  # when the rules were last looked at
        self._needed = time.monotonic()  # when so many copies as there are were last wanted
        self._leaving: list[Replica] = []  # serving until those that replace them are ready
        self._ending: list[Replica] = []  # serving no more
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """The revision's name, such as ``ca-orders--0000001``."""
        return str(self.document["name"])

    @property
    def active(self) -> bool:
        """Whether the revision may have replicas."""
        return bool(self.document["properties"]["active"])

    @property
    def _limits(self) -> tuple[int, int]:
        scale = self.document["properties"]["template"]["scale"]
        return scale["minReplicas"] or 0, scale["maxReplicas"]

    def start(self, real_seconds: float = 0.0) -> None:
        """Start the replicas; the revision is ready when they are, and not before Azure's time has passed."""
        self._failed = self._asleep = False
        self.settled.clear()
        seconds = self._fleet.cloud.clock.lasts(real_seconds)
        self._due = time.monotonic() + seconds
        self._last_request = time.monotonic()
        self._run()

    def _run(self) -> None:
        self.replicas = [self._replica() for _ in range(max(1, self._limits[0]))]
        if not any(task.get_name() == "watch" for task in self._tasks):
            spawn(self._watch(), self._tasks, name="watch")

    async def stop(self) -> None:
        """End every replica."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        ending = [*self.replicas, *self._leaving, *self._ending]
        self.replicas, self._leaving, self._ending, self._asleep = [], [], [], False
        await asyncio.gather(*(replica.stop() for replica in ending))
        self.settled.set()

    async def restart(self) -> None:
        """Replace the replicas by new ones, which read secrets and shares anew; the old ones go when the new ones are ready."""
        self._leaving += self.replicas
        self._failed = self._asleep = False
        self.settled.clear()
        self._due = 0.0
        self._run()

        async def replace() -> None:
            await self.settled.wait()
            leaving, self._leaving = self._leaving, []
            await asyncio.gather(*(replica.stop() for replica in leaving))

        spawn(replace(), self._tasks)

    async def replica_for_request(self) -> Replica | None:
        """A replica to send a request to, ready if one is; a revision that was scaled to zero is woken for it."""
        self._last_request = time.monotonic()
        self._load.count()
        if self._asleep:
            self._fleet.report(self, "ScalingUp", "Scaled up from 0 to 1 replicas because of a request")
            self.start()
        if (
            not any(replica.ready for replica in (*self.replicas, *self._leaving))
            and not self.settled.is_set()
            and self.document["was_ready"]
        ):
            await self._woken()
        ready = [replica for replica in self.replicas if replica.ready] or [replica for replica in self._leaving if replica.ready]
        return random.choice(ready or self.replicas) if self.replicas else None  # noqa: S311

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """While a request is answered the revision is not idle, however long that takes."""
        self._open_requests += 1
        try:
            yield
        finally:
            self._open_requests -= 1
            self._last_request = time.monotonic()

    async def _woken(self) -> None:
        """Wait for the start as long as Azure's front does; what is installed before it takes none of that time."""
        began = time.monotonic()
        while not self.settled.is_set() and time.monotonic() - began < WAKE_SECONDS:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.settled.wait(), LOOK_AGAIN)
            if any(replica.installing for replica in self.replicas):
                began = time.monotonic()

    def shown(self, traffic_weight: int) -> Document:
        """What a GET answers now."""
        properties = self.document["properties"]
        state = self._state()
        detail = {"runningStateDetails": details} if (details := self._details()) else {}
        error = {"provisioningError": details} if self._failed and not any(r.ready for r in self.replicas) else {}
        return {
            "id": self.document["id"].replace("/containerapps/", "/containerApps/"),
            "name": self.name,
            "type": REVISIONS,
            "properties": {
                **properties,
                "fqdn": self._fleet.fqdn(self),
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
            return "RunningAtMaxScale" if ready >= self._limits[1] else "Running"
        if self._failed:
            return "Degraded" if self.document["was_ready"] else "ActivationFailed"
        return "Activating"

    def _details(self) -> str:
        if installing := next((replica.detail for replica in self.replicas if replica.installing), ""):
            return installing
        if not self._failed or any(replica.ready for replica in self.replicas):
            return ""
        desired = len(self.replicas)
        detail = next((replica.detail for replica in self.replicas if replica.detail), "")
        return f"Deployment Progress Deadline Exceeded. 0/{desired} replicas ready." + (f" {detail}" if detail else "")

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
                    self._last_request = time.monotonic()  # it is idle from now on, however long its start took
                    await self._fleet.became_ready(self)
                self.settled.set()
            elif not self._failed and any(self._hopeless(replica) for replica in self.replicas):
                self._failed = True
                self._fleet.report(self, "RevisionFailed", self._details(), warning=True)
                self.settled.set()
            await self._scale()
            left = self._due - time.monotonic()
            pause = left if 0 < left < LOOK_AGAIN else LOOK_AGAIN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._changed.wait()

    def _hopeless(self, replica: Replica) -> bool:
        lasts, now = self._fleet.cloud.clock.lasts, time.monotonic()
        if replica.attempts >= ENOUGH_ATTEMPTS:
            return True
        if replica.wrong_since is not None:
            return now - replica.wrong_since > max(lasts(MISPLACED_SECONDS), MISPLACED_AT_LEAST)
        if replica.ready or replica.begun is None:  # Azure's clock runs from the start of the API's own process
            return False
        return now - replica.begun > max(lasts(SILENT_SECONDS), SILENT_AT_LEAST)

    async def _scale(self) -> None:
        """As many copies as the rules want within the limits; none when none is wanted and nobody calls."""
        scale, (least, most), lasts = self.document["properties"]["template"]["scale"], self._limits, self._fleet.cloud.clock.lasts
        if not self.settled.is_set() or self._failed or time.monotonic() - self._scaled < lasts(scale["pollingInterval"]):
            return
        self._scaled = time.monotonic()
        count, target = len(self.replicas), min(max(await self._wanted(scale["rules"], most), least), most)
        if target >= count:
            self._needed = time.monotonic()
        if target > count:
            self._fleet.report(self, "ScalingUp", f"Scaled up from {count} to {target} replicas because of its scale rules")
            if self._asleep:
                self.start()
            self.replicas += [self._replica() for _ in range(target - len(self.replicas))]
        elif 1 <= target < count and time.monotonic() - self._needed > max(lasts(STABLE_SECONDS), SHORTEST_COOLDOWN):
            await self._end_copies(target)
        elif not target:
            await self._sleep_when_idle()

    async def _wanted(self, rules: list[Document] | None, most: int) -> int:
        if most == 1 and not rules:  # one that sleeps is woken by a request, and by nothing else
            return 0
        cores = float(self.document["properties"]["template"]["containers"][0]["resources"]["cpu"])
        measured = self.replicas if scale_rules.follow_cpu(rules) else []
        return scale_rules.wanted(rules, await self._load.look(measured, cores))

    async def _end_copies(self, target: int) -> None:
        self._fleet.report(self, "ScalingDown", f"Scaled down from {len(self.replicas)} to {target} replicas")
        ending, self.replicas = self.replicas[target:], self.replicas[:target]
        self._ending += ending  # so that `stop` ends them where it comes first
        await asyncio.gather(*(replica.stop() for replica in ending))
        self._ending = [replica for replica in self._ending if replica not in ending]

    async def _sleep_when_idle(self) -> None:
        cooldown = self._fleet.cloud.clock.lasts(self.document["properties"]["template"]["scale"]["cooldownPeriod"])
        idle = time.monotonic() - self._last_request > max(cooldown, SHORTEST_COOLDOWN)
        if idle and not self._open_requests and self.replicas and all(replica.ready for replica in self.replicas):
            self._asleep = True
            await self._end_copies(0)
