"""What the tests of the doctor share: a deployed API, ways to break it, an examination, and the offered fix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.practice.apps import write_api
from tests.steps.conftest import Setup
from tests.steps.deployed import APP, GROUP, TABLES, VERSION
from wizard.doctor import Verdict, apply_fix, diagnose, gather
from wizard.engine.events import ResultEvent
from wizard.engine.plan import make_plan
from wizard.engine.reporting.reporter import TextReporter
from wizard.engine.run import Run
from wizard.engine.session import CommandOptions, Session
from wizard.practice.registry import images
from wizard.practice.registry.building import preload
from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve
from wizard.setup.secret_sources import SecretValues
from wizard.steps.registry_of_steps import contributions

STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stordersdev"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
SERVER = "crordersdev.azurecr.io"
Break = Callable[["Patient"], Awaitable[None]]
Admit = Callable[..., Awaitable["Patient"]]


@dataclass
class Patient:
    """A deployed setup whose code lies beside its setup file."""

    setup: Setup
    file: Path

    @classmethod
    def admitted(cls, setup: Setup) -> Patient:
        """With its setup file written once: a fix may change it."""
        return cls(setup, setup.answers.file)

    @property
    def folder(self) -> Path:
        return self.setup.folder

    @property
    def answers(self) -> Answers:
        """What the setup file says now."""
        read = resolve(load(self.file))
        return replace(read, sign_in=replace(read.sign_in, subscription=self.setup.cloud.subscription_id))

    async def examine(self) -> Verdict:
        evidence = await gather(self.setup.cloud, self.answers, self.setup.secret, lambda _sentence: None)
        return await diagnose(evidence)

    async def mend(self, verdict: Verdict) -> ResultEvent:
        """Carry the offered fix out."""
        assert verdict.cure is not None and verdict.cure.applies, verdict
        answers = self.answers
        secrets = SecretValues(answers.key_vault.secrets)
        session = Session(CommandOptions(setup=answers.file, yes=True), TextReporter(), answers, secrets, self.setup.cloud, contributions)
        return await apply_fix(session, verdict.cure)

    async def push(self, *, tag: str = "1.0", **files: str) -> None:
        """Put another image into the registry."""
        await preload.preload(self.setup.practice.cloud, SERVER, "orders-api", [tag], write_api(self.folder / f"image-{tag}", **files))

    async def delete_images(self) -> None:
        """Someone clears the registry out."""
        cloud = self.setup.practice.cloud
        for image in list(images.of(cloud, SERVER, "orders-api")):
            images.delete(cloud, image)

    async def apply(self) -> None:
        """The person runs ``azwizard apply``."""
        result = await self.deploy()
        assert result.outcome in ("succeeded", "unchanged"), self.setup.events[-6:]

    async def deploy(self) -> ResultEvent:
        plan = await make_plan(self.setup.cloud, self.answers, self.setup.secret, contributions())
        return await Run(plan, self.setup.cloud, self.setup.journal, self.setup.secret, self.setup.events.append).make()

    async def deploy_with(self, table: str, **values: Any) -> ResultEvent:
        """Apply with other answers."""
        self.setup.tables = {**self.setup.tables, table: {**self.setup.tables.get(table, {}), **values}}
        self.file = self.setup.answers.file
        return await self.deploy()

    async def call(self, method: str, path: str, body: Any = None, version: str = VERSION) -> Any:
        called = await self.setup.practice.call(method, path, body, version=version)
        assert called.status < 300, called.body
        return called.body

    async def app(self) -> Any:
        return await self.call("GET", APP)

    async def edit(self, properties: dict[str, Any], **more: Any) -> None:
        """Someone else changes the app, and Azure carries it out."""
        await self.call("PATCH", APP, {"properties": properties, **more})
        while (await self.app())["properties"]["provisioningState"] == "InProgress":
            pass

    async def restart(self) -> None:
        """Start the newest revision's copies anew."""
        name = (await self.app())["properties"]["latestRevisionName"]
        await self.call("POST", f"{APP}/revisions/{name}/restart")

    async def ask(self, path: str = "/health") -> int:
        fqdn = (await self.app())["properties"]["configuration"]["ingress"]["fqdn"]
        return (await self.setup.cloud.call_app(fqdn, path)).status

    def faults(self, *texts: str) -> None:
        """Put faults of the practice cloud in force."""
        self.setup.practice.cloud.faults.add(texts)

    async def take_role(self, scope: str, role: str, *, of: str = "", later: float | None = None) -> None:
        """Take a role away from the app's identity, or from `of`; with `later`, give it again, to take effect after so many seconds."""
        principal = of or (await self.app())["identity"]["principalId"]
        listed = await self.call("GET", f"{scope}/providers/Microsoft.Authorization/roleAssignments", version="2022-04-01")
        for item in listed["value"]:
            properties = item["properties"]
            if properties["principalId"] == principal and properties["roleDefinitionId"].endswith(role):
                place = item["id"].removeprefix(self.setup.practice.scope)
                await self.call("DELETE", place, version="2022-04-01")
                if later is not None:
                    self.faults(f"rbac-delay:{later}")
                    await self._give_role(place, properties)

    async def _give_role(self, place: str, properties: dict[str, Any]) -> None:
        """Until it is newer than the running version, by Azure's clock of whole seconds."""
        version = (await self.app())["properties"]["latestRevisionName"]
        created = (await self.call("GET", f"{APP}/revisions/{version}"))["properties"]["createdTime"]
        expected = {name: properties[name] for name in ("principalId", "roleDefinitionId", "principalType")}
        while (await self.call("PUT", place, {"properties": expected}, "2022-04-01"))["properties"]["createdOn"][:19] <= created[:19]:
            await self.call("DELETE", place, version="2022-04-01")


__all__ = ["APP", "GROUP", "STORAGE", "TABLES", "VAULT", "Admit", "Break", "Patient"]
