"""Which resources a setup consists of: named by its answers, or found in Azure by their tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wizard.cloud.resource_ids import resource_id
from wizard.sections import naming

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

GROUP = "Microsoft.Resources/resourceGroups"
VAULT = "Microsoft.KeyVault/vaults"
REGISTRY = "Microsoft.ContainerRegistry/registries"
STORAGE = "Microsoft.Storage/storageAccounts"
ENVIRONMENT = "Microsoft.App/managedEnvironments"
APP = "Microsoft.App/containerApps"
JOB = "Microsoft.App/jobs"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
KINDS = {kind.lower(): kind for kind in (VAULT, REGISTRY, STORAGE, ENVIRONMENT, APP, JOB, IDENTITY)}


@dataclass(frozen=True)
class ResourceRef:
    """One resource by where it lies: `kind` such as ``Microsoft.KeyVault/vaults``. `existing` belongs to others and is never changed."""

    kind: str
    subscription_id: str
    group: str
    name: str
    existing: bool = False

    @property
    def id(self) -> str:
        """Its ARM id."""
        return resource_id(self.subscription_id, self.group, self.kind, self.name)

    @classmethod
    def of(cls, resource_id: str, *, existing: bool) -> ResourceRef:
        """The resource with that ARM id, which must not be a child of another resource."""
        _, _, subscription_id, _, group, _, namespace, word, name = resource_id.split("/")
        kind = KINDS[f"{namespace}/{word}".lower()]  # Azure does not always write it as it stands in its own documentation
        return cls(kind, subscription_id, group, name, existing)


@dataclass(frozen=True)
class ResourceRefs:
    """The resources of one setup; None is one that a setup found in Azure does not have."""

    setup: str
    group: str
    vault: ResourceRef | None = None
    registry: ResourceRef | None = None
    storage: ResourceRef | None = None
    environment: ResourceRef | None = None
    app: ResourceRef | None = None
    job: ResourceRef | None = None
    identity: ResourceRef | None = None

    @property
    def all(self) -> list[ResourceRef]:
        """Every resource there is or should be."""
        refs = (self.vault, self.registry, self.storage, self.environment, self.app, self.job, self.identity)
        return [target for target in refs if target is not None]

    @classmethod
    def named(cls, answers: Answers, subscription_id: str) -> ResourceRefs:
        """What resolved answers name."""
        group = answers.project.resource_group

        def shareable(kind: str, table: Any, name: str) -> ResourceRef:
            return ResourceRef(kind, subscription_id, table.resource_group if table.existing else group, name, table.existing)

        identity = naming.identity(answers.project.name, answers.project.environment)
        job = naming.job(answers.project.name, answers.project.environment)
        return cls(
            setup=answers.project.setup,
            group=group,
            vault=shareable(VAULT, answers.key_vault, answers.key_vault.name),
            registry=shareable(REGISTRY, answers.registry, answers.registry.name),
            storage=shareable(STORAGE, answers.storage, answers.storage.account),
            environment=shareable(ENVIRONMENT, answers.environment, answers.environment.name),
            app=ResourceRef(APP, subscription_id, group, answers.app.name),
            job=ResourceRef(JOB, subscription_id, group, job) if answers.app.before_deploy else None,
            identity=ResourceRef(IDENTITY, subscription_id, group, identity) if answers.app.identity == "user" else None,
        )

    @classmethod
    def tagged(cls, setup: str, group: str, resources: Mapping[str, Any]) -> ResourceRefs:
        """What carries the setup's tag in its group.

        :param resources: ARM id -> resource with ``type`` and ``tags``.
        """
        fields = {
            VAULT: "vault",
            REGISTRY: "registry",
            STORAGE: "storage",
            ENVIRONMENT: "environment",
            APP: "app",
            JOB: "job",
            IDENTITY: "identity",
        }
        by_kind = {kind.lower(): field for kind, field in fields.items()}
        refs: dict[str, ResourceRef] = {}
        for resource in resources.values():
            field = by_kind.get(str(resource.type).lower())
            tags = resource.tags or {}
            of_pipeline = field == "identity" and tags.get(naming.SECTION_TAG) == "pipeline"  # not the app's own
            if field is not None and tags.get(naming.SETUP_TAG) == setup and not of_pipeline:
                refs[field] = ResourceRef.of(resource.id, existing=False)
        return replace(cls(setup, group), **refs)  # type: ignore[arg-type]
