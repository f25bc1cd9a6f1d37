"""Whether a container is ready: Azure's default TCP probes of the target port, or those that the template names (reference.md 5)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.runtime.interface import RunningReplica

LOOK_AGAIN = 2.0
LISTENING_IN_VAIN = 1.0  # seconds after which a listener elsewhere is a mismatch, not a start


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
        self._cloud, self._container, self._probes, self._target_port, self._report = cloud, container, probes, target_port, report
        self.wrong_since: float | None = None  # since when something listens, but nothing where it should
        self._told = ""

    async def watch(self) -> AsyncIterator[bool]:
        """Whether the container is ready, each time that was looked at; looks again whenever what listens has changed."""
        while True:
            self._container.changed.clear()
            ready = await self._ready()
            yield ready
            pause = LOOK_AGAIN if ready and not self._probes else 0.25 if not ready and self._container.listening else LOOK_AGAIN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._container.changed.wait()

    async def _ready(self) -> bool:
        port = self._target_port()
        tcp = port is None or (any(map(self._container.reachable, self._ports())) if port == 0 else self._container.reachable(port))
        self._note_mismatch(tcp, port)
        wanted = [probe for probe in self._probes if str(probe.get("type", "")).lower() != "liveness"]
        if not wanted:
            return tcp
        return all([await self._passes(probe) for probe in wanted])

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
        asked = get or probe.get("tcpSocket")
        if not asked:
            return True
        port = int(asked["port"])
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
        headers = {header["name"]: header["value"] for header in get.get("httpHeaders") or []}
        try:
            async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(seconds)) as session:
                async with session.get(base + (get.get("path") or "/"), headers=headers, allow_redirects=False) as answer:
                    return "" if 200 <= answer.status < 400 else f"status code: {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError):
            return f"timeout in {seconds:g} seconds"
