"""One running copy of a revision: its container is started, watched, probed, and started again when it ends."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from wizard.practice.apps import not_rehearsed
from wizard.practice.apps.documents import image_of
from wizard.practice.apps.logs import Console, Events
from wizard.practice.apps.probes import Probes
from wizard.practice.apps.recipes import StartFailure, recipe_of
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.kernel.tasks import spawn
from wizard.practice.runtime.containers import CannotBeConfined
from wizard.practice.runtime.interface import ReplicaRunner, RunningReplica
from wizard.practice.runtime.launch import StartFailed
from wizard.practice.runtime.launch_recipes import Recipe
from wizard.practice.runtime.packages.installing import STATE, InstallFailed, InstallProgress
from wizard.practice.runtime.usage import ContainerUsage

BACK_OFF = (10.0, 20.0, 40.0, 80.0, 160.0, 300.0)  # seconds in Azure between a failure and the next attempt
SHORTEST_BACK_OFF = 0.5
TOLD_EVERY = 1.0  # seconds, while packages are installed
LAST_WORDS = 60  # lines of the console that are looked at when it ends
FORGIVEN_AFTER = 600.0  # seconds of running after which a crash counts as the first again
GRACE, SHORTEST_GRACE = 30.0, 1.0  # seconds between SIGTERM and SIGKILL: Azure's, and at least


class Replica:
    """A replica of `revision` (its document) of `app` (its document now, asked for anew at each start, since secrets are the app's).

    `changed` is called whenever the state did. `attempts` counts failed starts and crashes; `wrong` says what listens in the wrong place.
    """

    def __init__(
        self,
        cloud: PracticeCloud,
        runner: ReplicaRunner,
        revision: Document,
        app: Callable[[], Document],
        events: Events,
        changed: Callable[[], None],
    ) -> None:
        self.name = f"{revision['name']}-{secrets.token_hex(5)}-{secrets.token_hex(3)[:5]}"
        self.created = cloud.clock.timestamp()
        self.begun: float | None = None  # since when its process runs
        self.console = Console()
        self.container: RunningReplica | None = None
        self.state = "Waiting"  # Waiting | Running | Terminated
        self._detail = "ContainerCreating"
        self._progress = InstallProgress()
        self.ready = False
        self.attempts = 0
        self.restarts = 0
        self.wrong_since: float | None = None
        self._noted = False
        self._passed_over: list[str] = []
        self._base = ""
        self._last_words: deque[str] = deque(maxlen=LAST_WORDS)
        self._cloud, self._runner, self._revision, self._app, self._events, self._changed = cloud, runner, revision, app, events, changed
        self._task = spawn(self._live())

    @property
    def container_name(self) -> str:
        """The name of the one container that the revision's template declares."""
        return str(self._revision["properties"]["template"]["containers"][0]["name"])

    @property
    def installing(self) -> bool:
        """Whether the practice cloud still gets its packages, which says nothing of the API and takes none of Azure's time."""
        return self._progress.busy

    @property
    def detail(self) -> str:
        """The detail of the state, its word first."""
        return f"{STATE}: {self._progress.words}" if self.installing else self._detail

    @detail.setter
    def detail(self, detail: str) -> None:
        """Set what Azure's runningStateDetails say of the replica."""
        self._detail = detail

    async def usage(self) -> ContainerUsage | None:
        """What its container uses; None where there is none, or where that cannot be known."""
        return None if self.container is None else await self.container.usage()

    async def stop(self) -> None:
        """End the container for good."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self.container is not None:
            await self.container.stop(max(SHORTEST_GRACE, self._cloud.clock.lasts(GRACE)))
            self.container = None
        self.ready, self.state, self.detail = False, "Terminated", ""
        self.console.close()

    async def _live(self) -> None:
        while True:
            try:
                recipe = self._recipe()
                self._report("PullingImage", f'Pulling image "{self._image}"')
                self.container = await self._start(recipe)
            except StartFailure as hindrance:
                self._hindered(hindrance)
            except InstallFailed as failed:
                self._note_once(self._runner.note)
                for line in failed.output.splitlines():
                    self.console.say(line)
                self._hindered(StartFailure(failed.state, failed.line, failed.state))
            except CannotBeConfined as refused:
                self._hindered(StartFailure("CannotBeConfined", str(refused), "CannotBeConfined"))
            except (StartFailed, OSError) as failed:
                if line := not_rehearsed.missing_program(str(failed), self._passed_over):
                    self._hindered(StartFailure(not_rehearsed.STATE, f"{not_rehearsed.told(line)} ({failed})", not_rehearsed.STATE))
                    await self._back_off()
                    continue
                detail = f'failed to create containerd task: failed to start container "{self.container_name}": {failed}: unknown'
                self._hindered(StartFailure("RunContainerError", detail, "ContainerStartFailure"))
            else:
                await self._run(self.container)
            await self._back_off()

    async def _start(self, recipe: Recipe) -> RunningReplica:
        """Start the container, telling meanwhile what is installed for it."""
        self._passed_over = recipe.passed_over
        self._base = "" if recipe.image is not None else recipe.base.name
        self._last_words.clear()
        starting = asyncio.ensure_future(self._runner.start(recipe, self._said, self._progress))
        reason = ""
        try:
            while not starting.done():
                await asyncio.wait([starting], timeout=TOLD_EVERY)
                if self.installing and reason != self._progress.package:
                    reason = self._progress.package
                    self._report(STATE, f"practice cloud: {self._progress.words}")
                    self._changed()
            return starting.result()
        except asyncio.CancelledError:
            starting.cancel()
            (begun,) = await asyncio.gather(starting, return_exceptions=True)
            if not isinstance(begun, BaseException):
                await begun.stop()
            raise

    def _said(self, line: str) -> None:
        """What the container printed."""
        self._last_words.append(line)
        self.console.say(line)

    def _note_once(self, note: str) -> None:
        """What practice does not rehearse, as the first line of the console."""
        if not self._noted:
            self._noted = True
            self.console.say(note)

    async def _run(self, container: RunningReplica) -> None:
        """Watch a started container until it has ended."""
        self.state, self.detail, self.begun = "Running", "", time.monotonic()
        self._report("ContainerCreated", f"Created container '{self.container_name}'")
        self._report("ContainerStarted", f"Started container '{self.container_name}'")
        self._note_once(container.note)
        probes = Probes(self._cloud, container, self._probed, self._target_port, self._report_probe)
        watching, began = spawn(self._watch(probes)), time.monotonic()
        try:
            status = await asyncio.shield(container.exited)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        self.container = None
        await container.stop()
        self.attempts = 1 if time.monotonic() - began > FORGIVEN_AFTER else self.attempts + 1
        self.restarts += 1
        self.ready, self.wrong_since = False, None
        code = status if status >= 0 else 128 - status
        word = "Completed" if code == 0 else "OOMKilled" if container.out_of_memory else "Error"
        self.state, self.detail = (
            "Terminated",
            f"Container '{self.container_name}' was terminated with exit code '{code}' and reason '{word}'",
        )
        self._report("ContainerTerminated", self.detail, warning=True)
        if code and (reason := not_rehearsed.reason_to_end(code, self._last_words, self._passed_over, self._base)):
            self.detail = f"{not_rehearsed.STATE}: {reason}. {self.detail}"
        self._changed()

    async def _watch(self, probes: Probes) -> None:
        async for ready in probes.watch():
            self.wrong_since = probes.wrong_since
            if ready != self.ready:
                self.ready = ready
                self._report(
                    "ContainerReady" if ready else "ReplicaUnhealthy",
                    f"Replica '{self.name}' is {'ready' if ready else 'not ready'}",
                    warning=not ready,
                )
            self._changed()
            if not probes.is_alive and self.container is not None:
                self._report(
                    "ContainerTerminated", f"Container {self.container_name} failed liveness probe, will be restarted", warning=True
                )
                await self.container.stop(max(SHORTEST_GRACE, self._cloud.clock.lasts(GRACE)))
                return

    def _hindered(self, hindrance: StartFailure) -> None:
        self.attempts += 1
        self.state, self.detail = "Waiting", f"{hindrance.state}: {hindrance.detail}"
        self._report(hindrance.reason, hindrance.detail, warning=True)
        self._changed()

    async def _back_off(self) -> None:
        real = BACK_OFF[min(self.attempts, len(BACK_OFF)) - 1]
        if self.state == "Terminated":
            seconds = f"{real:g}s"
            self._report("ContainerBackOff", f"Back-off {seconds} restarting failed container '{self.container_name}'", warning=True)
            self.state = "Waiting"
            self.detail = f"CrashLoopBackOff: back-off {seconds} restarting failed container={self.container_name}. {self.detail}"
            self._changed()
        await asyncio.sleep(max(SHORTEST_BACK_OFF, self._cloud.clock.lasts(real)))

    def _recipe(self) -> Recipe:
        """The container to run, with the image, the secrets and the shares that can be had now; raises StartFailure."""
        app = self._app()
        own = {
            "CONTAINER_APP_NAME": app["name"],
            "CONTAINER_APP_REVISION": self._revision["name"],
            "CONTAINER_APP_REPLICA_NAME": self.name,
        }
        if (ingress := app["properties"]["configuration"]["ingress"]) is not None:
            domain = ingress["fqdn"].partition(".")[2]
            own |= {"CONTAINER_APP_HOSTNAME": f"{self._revision['name']}.{domain}", "CONTAINER_APP_ENV_DNS_SUFFIX": domain}
            own["CONTAINER_APP_PORT"] = str(ingress["targetPort"] or "")
        return recipe_of(self._cloud, app, self._revision["properties"]["template"], self.name, own)

    @property
    def _image(self) -> str:
        return image_of(self._revision)

    @property
    def _probed(self) -> list[dict[str, Any]]:
        return list(self._revision["properties"]["template"]["containers"][0].get("probes") or [])

    def _target_port(self) -> int | None:
        """The port that ingress wants now; 0 when there is ingress without a port, which means the one that listens."""
        ingress = self._app()["properties"]["configuration"]["ingress"]
        return None if ingress is None else ingress["targetPort"] or 0

    def _report_probe(self, message: str) -> None:
        self._report("ProbeFailed" if "robe" in message else "TargetPortMismatch", message, warning=True)

    def _report(self, reason: str, message: str, *, warning: bool = False) -> None:
        self._events.report(self._app()["name"], self._revision["name"], self.name, reason, message, warning=warning)
