"""Whether a container is ready and alive: Azure's default TCP probes of the target port, or those that the template names.

A type that the template does not name keeps Azure's default (reference.md 5). Until the startup probe has passed no other counts; a
readiness probe that fails as often as its threshold says takes the requests away, a liveness probe that does has the container started
again (learn.microsoft.com, "Health probes in Azure Container Apps").
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.runtime.interface import RunningReplica
from wizard.practice.runtime.namespaces import ADDRESS

LOOK_AGAIN = 2.0
FAILURES = 3  # in a row, where a probe does not say how many
LISTENING_IN_VAIN = 1.0  # seconds after which a listener elsewhere is a mismatch, not a start


class _Tally:
    """How one probe went: whether it has passed, when it is due again, and how often in a row it has failed."""

    def __init__(self, probe: dict[str, Any], lasts: Callable[[float], float]) -> None:
        self.probe = probe
        self.passed = False
        self._failures = 0
        self._most = int(probe.get("failureThreshold") or FAILURES)
        self._pause = max(lasts(float(probe.get("periodSeconds") or 10)), LOOK_AGAIN)
        self._due = time.monotonic() + lasts(float(probe.get("initialDelaySeconds") or 0))

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self._due

    @property
    def has_failed(self) -> bool:
        return self._failures >= self._most

    def count(self, passes: bool) -> None:
        """Take the outcome; one failure after it has passed is none yet."""
        self._failures = 0 if passes else self._failures + 1
        self.passed = passes or (self.passed and not self.has_failed)
        self._due = time.monotonic() + self._pause


class Probes:
    """The probes of one started container.

    :param probes: the template's; without any, a TCP probe of the target port.
    :param target_port: ingress' port now: None without ingress, 0 for whichever listens.
    :param report: gets a sentence for the event stream whenever a probe fails.
    """

    def __init__(
        self,
        cloud: PracticeCloud,
        container: RunningReplica,
        probes: list[dict[str, Any]],
        target_port: Callable[[], int | None],
        report: Callable[[str], None],
    ) -> None:
        self._container, self._target_port, self._report = container, target_port, report
        self._started = False
        tallies = [_Tally(probe, cloud.clock.lasts) for probe in probes]
        self._startup, self._readiness, self._liveness = (
            [tally for tally in tallies if str(tally.probe.get("type")).lower() == kind] for kind in ("startup", "readiness", "liveness")
        )
        self.wrong_since: float | None = None  # since when something listens, but nothing where it should
        self._told = ""

    @property
    def is_alive(self) -> bool:
        """Whether no liveness probe has failed so often that the container is to be started again."""
        return not any(tally.has_failed for tally in self._liveness)

    async def watch(self) -> AsyncIterator[bool]:
        """Whether the container is ready, each time that was looked at; looks again whenever what listens has changed."""
        while True:
            self._container.changed.clear()
            ready = await self._ready()
            yield ready
            pause = 0.25 if not ready and self._container.listening else LOOK_AGAIN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._container.changed.wait()

    async def _ready(self) -> bool:
        port = self._target_port()
        tcp = port is None or (any(map(self._container.reachable, self._ports())) if port == 0 else self._container.reachable(port))
        self._note_mismatch(tcp, port)
        if not self._started:
            self._started = all([await self._passes(tally.probe) for tally in self._startup]) if self._startup else tcp
        if not self._started:
            return False
        for tally in (*self._liveness, *self._readiness):
            if tally.is_due or (tally in self._readiness and not tally.passed):
                tally.count(await self._passes(tally.probe))
        return all(tally.passed for tally in self._readiness) if self._readiness else tcp

    def _ports(self) -> list[int]:
        return [number for _, number in self._container.listening]

    def _note_mismatch(self, tcp: bool, port: int | None) -> None:
        """Tell of a wrong port or a loopback address (errors.md 52)."""
        if tcp or not self._container.listening:
            self.wrong_since = None
            return
        self.wrong_since = self.wrong_since or time.monotonic()
        if time.monotonic() - self.wrong_since < LISTENING_IN_VAIN:
            return
        ports = sorted({number for number in self._ports() if self._container.reachable(number)})
        if len(ports) == 1:
            self._tell(f"The TargetPort {port} does not match the listening port {ports[0]}.")
        elif ports:
            self._tell(f"The TargetPort {port} does not match any of the listening ports: [{' '.join(map(str, ports))}].")
        else:
            self._tell(
                f"Probe of StartUp failed with status code: 1: dial tcp port {port}: connect: connection refused; "
                "the container listens on 127.0.0.1 only"
            )

    def _tell(self, message: str) -> None:
        if message != self._told:
            self._told = message
            self._report(message)

    async def _passes(self, probe: dict[str, Any]) -> bool:
        get = probe.get("httpGet")
        target = get or probe.get("tcpSocket")
        if not target:
            return True
        port = int(target["port"])
        if not self._container.reachable(port):
            if self._container.listening and port != self._target_port():
                self._tell(f"Probe of {probe.get('type')} failed with status code: 1: dial tcp port {port}: connect: connection refused")
            return False  # otherwise still starting, or told of as a mismatch
        if not get:
            return True
        problem = await self._http_problem(get, float(probe.get("timeoutSeconds") or 1))
        if problem:
            self._tell(f"Probe of {probe.get('type')} failed with {problem}")
        return not problem

    async def _http_problem(self, get: dict[str, Any], seconds: float) -> str:
        at = await self._container.bridge(int(get["port"]))
        connector, base = (
            (aiohttp.UnixConnector(path=at), "http://replica")
            if isinstance(at, str)
            else (aiohttp.TCPConnector(), f"http://127.0.0.1:{at}")
        )
        named = {header["name"]: header["value"] for header in get.get("httpHeaders") or []}
        headers = {"Host": f"{ADDRESS}:{get['port']}", **named}  # the specification: "defaults to the pod IP"
        try:
            async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(seconds)) as session:
                async with session.get(base + (get.get("path") or "/"), headers=headers, allow_redirects=False) as answer:
                    return "" if 200 <= answer.status < 400 else f"status code: {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError):
            return f"timeout in {seconds:g} seconds"
