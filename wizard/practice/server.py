"""The practice cloud as a server: TLS on loopback, every host name on one port."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import secrets
import time
from pathlib import Path
from typing import Any

from aiohttp import web
from filelock import FileLock

from wizard.containers.discovery import find_engine, sweep, wanted_engine
from wizard.containers.engine_error import EngineError
from wizard.containers.ledger import LEDGER, Ledger, practice_label
from wizard.practice import control
from wizard.practice.access.directory import CLIENT_ID, Directory
from wizard.practice.access.rbac import AccessControl
from wizard.practice.access.tokens import Tokens
from wizard.practice.arm.context import SUBSCRIPTION_ID, TENANT_ID, PracticeCloud
from wizard.practice.front_door import FrontDoor
from wizard.practice.kernel.certificates import Certificates, private_file
from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.faults import Faults
from wizard.practice.kernel.har_recorder import Recorder
from wizard.practice.kernel.host_table import Hosts
from wizard.practice.kernel.operations import Operations
from wizard.practice.kernel.requests import Router
from wizard.practice.kernel.store import Store
from wizard.practice.registry.building import preload
from wizard.practice.runtime.packages.python_environments import PythonEnvironments
from wizard.practice.runtime.running_container import can_confine
from wizard.practice.server_options import ServerOptions
from wizard.practice.sign_in.host import SignInHost
from wizard.practice.sign_in.refusal import HOST as SIGN_IN_HOST

log = logging.getLogger(__name__)

# Each has install(cloud). Deleting a resource group takes them from the last to the first.
SERVICES = (
    "arm.front",
    "graph_host",
    "arm.subscriptions",
    "arm.providers",
    "arm.resource_groups",
    "arm.tags",
    "arm.templates.deployments",
    "arm.templates.group_export",
    "arm.role_assignments",
    "arm.roles",
    "arm.governance.policies",
    "arm.governance.locks",
    "arm.eligible_roles",
    "arm.empty_lists",
    "arm.governance.budgets",
    "apps.costs",
    "vault.vaults",
    "vault.data_plane",
    "storage.storage_accounts",
    "storage.file_shares",
    "storage.file_data_plane",
    "storage.other_services",
    "registry.blobs",
    "arm.managed_identities",
    "registry.registries",
    "registry.image_imports",
    "registry.data_plane",
    "registry.tasks",
    "environments.environments",
    "environments.storages",
    "apps.service",
    "devops.service",
    "github.service",
)


class NoEngine(Exception):
    """The container engine that was asked for does not answer; the text is its name."""


class Server:
    """One running practice cloud: `start`, then `stopped` waits until someone or idleness asks for its end, then `close`."""

    def __init__(self, options: ServerOptions) -> None:
        """Open the state in `options.home`.

        :raises faults.UnknownFault: for a fault that does not exist.
        :raises filelock.Timeout: when another practice cloud runs in that home.
        """
        options.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        options.home.chmod(0o700)
        self._lock = FileLock(options.home / "running.lock", timeout=0, mode=0o600)
        self._lock.acquire()
        self.options = options
        self.cloud = _cloud(options)
        self.port = 0
        self._client_secret = _client_secret(self.cloud.store)
        self._control_token = secrets.token_urlsafe(32)
        self._sign_in = SignInHost(self.cloud, self._client_secret)
        self._certificates = Certificates(options.home, lambda name: self.cloud.hosts.find(name) is not None)
        self._recorder = Recorder(options.har) if options.har else None
        self._door = FrontDoor(self.cloud, self._recorder, changed=self._publish)
        self._runner: web.AppRunner | None = None
        self._stop = asyncio.Event()
        self._closed = False
        self._published: dict[str, Any] = {}

    async def start(self) -> None:
        """Listen, take up unfinished operations, and write practice.json."""
        await self._find_engine()
        self.cloud.hosts_changed = self._publish
        self.cloud.touch = self._door.touch
        self.cloud.operations.before_success = self._publish
        self.cloud.hosts.add(SIGN_IN_HOST, self._sign_in.handle)
        self.cloud.hosts.add(control.HOST, self._control().handle, records_traffic=False)
        for name in SERVICES:
            importlib.import_module(f"{__package__}.{name}").install(self.cloud)
        self.cloud.operations.resume()
        application = web.Application()
        application.router.add_route("*", r"/{path:[\s\S]*}", self._door.handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0, auto_decompress=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.options.port, ssl_context=self._certificates.server_context())
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._publish()

    async def stopped(self) -> None:
        """Wait until the end is asked for, or nobody has sent a request for as long as `idle_minutes`."""
        while not self._stop.is_set():
            idle = self._door.last_request + self.options.idle_minutes * 60 - time.monotonic()
            if idle <= 0:
                return
            try:
                await asyncio.wait_for(self._stop.wait(), idle)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Ask for the end."""
        self._stop.set()

    async def close(self) -> None:
        """Stop listening, complete the HAR file, remove practice.json; what was made stays in the state."""
        if self._closed:
            return
        self._closed = True
        self.file.unlink(missing_ok=True)
        if self._runner is not None:
            await self._runner.cleanup()
        await self.cloud.operations.close()
        for close in reversed(self.cloud.on_close):
            try:
                await close()
            except Exception:
                log.exception("A service did not close")
        await self._sweep_engines()
        if self.cloud.engine is not None:
            await self.cloud.engine.close()
        self.cloud.store.close()
        if self._recorder:
            self._recorder.close()
        self._lock.release()

    async def _find_engine(self) -> None:
        """Choose what builds and runs images, once what a killed practice cloud left in an engine is removed."""
        await self._sweep_engines()
        self.cloud.engine = await find_engine(self.options.engine)
        if self.cloud.engine is None and wanted_engine(self.options.engine) in ("docker", "podman"):
            raise NoEngine(wanted_engine(self.options.engine))

    async def _sweep_engines(self) -> None:
        """Remove what was made in container engines for this practice cloud, also by one that was killed."""
        try:
            await sweep(practice_label(self.options.home), Ledger(self.options.home / LEDGER))
        except EngineError:
            log.exception("What was made in the container engine could not be removed")

    @property
    def file(self) -> Path:
        """Where clients find the address, the authority's certificate and the token of this practice cloud."""
        return self.options.home / "practice.json"

    def description(self) -> dict[str, Any]:
        """What practice.json holds (design.md section 5)."""
        return {
            "port": self.port,
            "ca_file": str(self._certificates.ca_file),
            "pid": os.getpid(),
            "speed": self.options.speed,
            "engine": "process" if (engine := self.cloud.engine) is None else f"{engine.kind} {engine.version}",
            "faults": self.cloud.faults.texts(),
            "hosts": [name for name in self.cloud.hosts.names() if name != control.HOST],
            "tenant_id": self.cloud.tenant_id,
            "subscription_id": self.cloud.subscription_id,
            "client_id": CLIENT_ID,
            "client_secret": self._client_secret,
            "control_token": self._control_token,
            "har": str(self.options.har) if self.options.har else None,
            "doors": dict(self.cloud.doors),
        }

    def _control(self) -> control.Control:
        return control.Control(
            self._control_token,
            self.cloud.faults,
            status=self._status,
            stop=self.stop,
            faults_changed=self._publish,
            approve=self._sign_in.approve,
            one_time_word=self._sign_in.one_time_word,
            running=self._running,
            preload=lambda body: preload.preload_asked(self.cloud, body),
        )

    async def _running(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take over how containers run, and say it, with whether this machine confines them."""
        environments = self.cloud.environments
        if "wheels" in body:
            environments.wheels = Path(body["wheels"])
        environments.unconfined = environments.unconfined or bool(body.get("unconfined"))
        confines = await asyncio.to_thread(can_confine)
        wheels = str(environments.wheels) if environments.wheels else None
        return {"confines": confines, "unconfined": environments.unconfined, "wheels": wheels}

    def _status(self) -> dict[str, Any]:
        hidden = ("client_secret", "control_token")
        shown = {name: value for name, value in self.description().items() if name not in hidden}
        return {**shown, "seeds": self.cloud.seeds, "idle_minutes": self.options.idle_minutes, "requests": self._door.requests}

    def _publish(self) -> None:
        description = self.description()
        if self.port and description != self._published:
            private_file(self.file, json.dumps(description, indent=1).encode())
            self._published = description


def _cloud(options: ServerOptions) -> PracticeCloud:
    clock, hosts = Clock(options.speed), Hosts()
    store = Store(options.home / "state.db")
    operations = Operations(store, clock)
    faults = Faults(doom=operations.doom, slow=clock.slow_down)
    faults.add(options.faults)
    directory = Directory(store, clock)
    return PracticeCloud(
        home=options.home,
        tenant_id=TENANT_ID,
        subscription_id=SUBSCRIPTION_ID,
        store=store,
        clock=clock,
        operations=operations,
        arm=Router(),
        hosts=hosts,
        access=AccessControl(store, clock, faults, directory, SUBSCRIPTION_ID),
        directory=directory,
        faults=faults,
        tokens=Tokens(options.home, TENANT_ID, faults),
        environments=PythonEnvironments(
            options.environments or options.home / "python", wheels=options.wheels, unconfined=options.unconfined
        ),
        seeds=dict(options.seeds),
    )


def _client_secret(store: Store) -> str:
    accounts = store.collection("accounts")
    if CLIENT_ID not in accounts:
        accounts[CLIENT_ID] = {"client_secret": secrets.token_hex(30)}  # never begins with "-", which az would take for an option
    return str(accounts[CLIENT_ID]["client_secret"])
