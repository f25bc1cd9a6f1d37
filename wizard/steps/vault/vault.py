"""Brings about the vault, and the right to fill it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, is_made, list_or_empty
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import resource_id
from wizard.engine import ownership
from wizard.engine.ownership import UniquelyNamedStep
from wizard.engine.polling import made_already, until
from wizard.engine.step import Change, Observation, StepContext, conflict, different, missing, same
from wizard.platform.language import N_, _
from wizard.sections import name_rules, step_ids
from wizard.state.resources import VAULT

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


RETENTION_DAYS = 7  # the least there is: how long a deleted vault keeps its name (reference 1.3)
DELETED = "key_vault.deleted"
PURGE = "Microsoft.KeyVault/locations/deletedVaults/purge/action"


class VaultStep(UniquelyNamedStep):
    """The vault itself; who may do what in it is decided by roles alone."""

    id = step_ids.VAULT
    section = "key_vault"
    needs = (step_ids.RESOURCE_GROUP, "provider.Microsoft.KeyVault")
    expected_seconds = 15.0
    kind = VAULT
    noun = N_("key vault")
    name_rule = name_rules.KEY_VAULT

    def __init__(self, answers: Answers) -> None:
        self._answers = answers.key_vault
        super().__init__(answers.project, self._answers.name, self._answers.resource_group, existing=self._answers.existing)
        self.title = _("Key vault {name}").format(name=self._name)
        self._id = vault_id(answers)
        self.rights = [] if self._answers.existing else [PermissionRequirement(f"{VAULT}/write", self._id, "Key Vault Contributor")]
        if self._answers.deleted == "purge" and not self._answers.existing:
            self.rights.append(PermissionRequirement(PURGE, f"/subscriptions/{answers.sign_in.subscription}", "Key Vault Purge Operator"))

    @property
    def holds(self) -> str:
        """The values of the secrets; earlier versions too."""
        return _("with the values in it: {names}").format(names=", ".join(self._answers.secrets)) if self._answers.secrets else ""

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the vault exists and opens by roles; where it does not, whether its name is free or held by a deleted vault."""
        vault = await snapshot.vault()
        if vault is None:
            return await self.look_for_name(snapshot)
        if foreign := self.look_foreign(snapshot, vault):
            return foreign
        facts.vault_uri = vault.properties.vault_uri
        if not vault.properties.enable_rbac_authorization:
            return self._access_policies()
        if self._answers.existing:
            return ownership.look_existing(self._name)
        return same(str(vault.location)) if is_made(vault) else missing(_("not finished yet"), ours=True)

    def _access_policies(self) -> Observation:
        if self._answers.existing:
            return conflict(
                _(
                    "The key vault {name} lets people in by access policies; your app is let in by a role, which has no effect there."
                ).format(name=self._name),
                _("Ask its owner to switch it to Azure role-based access control (RBAC), or name another vault under [key_vault]."),
            )
        return different(Change(_("permission model"), _("access policies"), _("roles (RBAC)"), self.section))

    async def look_at_taken_name(self, snapshot: Snapshot) -> Observation:
        """Whether the name is taken by a vault of this setup that was deleted and can be brought back."""
        buried = await snapshot.deleted_vault()
        if buried is None:
            return await super().look_at_taken_name(snapshot)
        return self._look_at_buried(buried.properties, self.other_name, ours=snapshot.is_ours(buried))

    def _look_at_buried(self, buried: Any, other: str, *, ours: bool) -> Observation:
        """A deleted vault that still has the name: brought back or removed for good when the answers say so, otherwise asked for."""
        is_mine, is_protected = str(buried.vault_id).lower() == self._id.lower(), bool(buried.purge_protection_enabled)
        if self._answers.deleted == "recover" and is_mine:
            words = _("a deleted one is brought back, with the secrets that are in it")
            return missing(words, note=_("a deleted one comes back"), asks=DELETED, ours=ours)
        if self._answers.deleted == "purge" and not is_protected:
            note = _("a deleted one is removed first")
            words = _("a deleted one of that name is removed for good first, with its secrets")
            return missing(words, note=note, asks=DELETED, ours=ours)
        recover = _('Bring it back, with its secrets: deleted = "recover" under [key_vault]. ') if is_mine else ""
        purge = "" if is_protected else _('Remove it for good, with its secrets: deleted = "purge" under [key_vault]. ')
        rename = _('Or choose another name: name = "{other}" under [key_vault].').format(other=other)
        return conflict(
            _("A deleted key vault still has the name {name}: Azure keeps it until {date}, so that it can be brought back.").format(
                name=self._name, date=str(buried.scheduled_purge_date)[:10]
            ),
            f"{recover}{purge}{rename}",
            note=_("kept by a deleted one"),
            asks=DELETED if is_mine or not is_protected else "",
            instead=other,
            ours=ours,
        )

    async def make(self, making: StepContext) -> None:
        """Create the vault, bring a deleted one back, or switch one from access policies to roles; then tell its address."""
        vaults, group = making.cloud.vaults.vaults, self._project.resource_group
        if making.look.changes:
            vault = await self._switch_to_roles(making.cloud)
        elif (buried := await self._buried(making.cloud)) is not None and self._answers.deleted == "recover":
            vault = await self._bring_back(making, buried)
        else:
            if buried is not None:
                await self._purge(making, buried, "purge")
            body = self.body(making.cloud.tenant_id)
            vault = await made_already(making, lambda: vaults.get(group, self._name)) or await making.operation(
                lambda **how: vaults.begin_create_or_update(group, self._name, body, **how)
            )
        making.facts.vault_uri = vault.properties.vault_uri
        await self._reachable(making)

    async def _buried(self, cloud: Cloud) -> Any:
        """The deleted vault that still has the name, or None; not looked for where nothing is to be done about it."""
        if self._answers.deleted == "ask":
            return None
        return next(
            (vault for vault in await list_or_empty(cloud.vaults.vaults.list_deleted()) if str(vault.name).lower() == self._name.lower()),
            None,
        )

    async def _bring_back(self, making: StepContext, buried: Any) -> Any:
        """Recover it where it lay, then make it this setup's (reference 1.3)."""
        making.say(_("bringing it back"))
        vaults, group, tags = making.cloud.vaults.vaults, self._project.resource_group, self._project.resource_tags(self.section)
        how_it_was = {"tenantId": making.cloud.tenant_id, "sku": {"family": "A", "name": "standard"}, "createMode": "recover"}
        body: Any = {"location": buried.properties.location, "tags": tags, "properties": how_it_was}
        await making.operation(lambda **how: vaults.begin_create_or_update(group, self._name, body, **how), "recover")
        recovery_body: Any = {"tags": tags, "properties": {"enableRbacAuthorization": True}}
        return await vaults.update(group, self._name, recovery_body)

    async def _purge(self, making: StepContext, buried: Any, kind: str) -> None:
        making.say(_("removing it for good (purge)"))
        vaults, where = making.cloud.vaults.vaults, buried.properties.location
        await making.operation(lambda **how: vaults.begin_purge_deleted(self._name, where, **how), kind)

    async def _switch_to_roles(self, cloud: Cloud) -> Any:
        body: Any = {"properties": {"enableRbacAuthorization": True}}
        return await cloud.vaults.vaults.update(self._project.resource_group, self._name, body)

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The vault as policies and locks would judge it; None for one that is there already."""
        return None if self._answers.existing else {"type": VAULT, "name": self._name, **self.body(tenant_id)}

    def body(self, tenant_id: str) -> Any:
        """The vault as ARM takes it."""
        return {
            "location": self._project.region,
            "tags": self._project.resource_tags(self.section),
            "properties": {
                "tenantId": tenant_id,
                "sku": {"family": "A", "name": "standard"},
                "enableRbacAuthorization": True,
                "accessPolicies": [],
                "enableSoftDelete": True,
                "softDeleteRetentionInDays": RETENTION_DAYS,
                "publicNetworkAccess": "Enabled",
            },
        }

    async def _reachable(self, making: StepContext) -> None:
        """Wait for the vault's own host name, which the network learns some seconds after Azure says that the vault is there."""
        from azure.core.exceptions import HttpResponseError, ServiceRequestError

        from wizard.cloud import ErrorKind, translate

        async def answers() -> bool:
            try:
                await first_secret(making.cloud, str(making.facts.vault_uri))
            except HttpResponseError:
                return True  # a refusal is an answer
            except ServiceRequestError as error:
                if translate(error).kind is not ErrorKind.NAMES:
                    raise
                return False
            return True

        await until(answers, making.wait, _("The vault's address becomes known"), interval=making.cloud.polling_interval)

    async def undo(self, making: StepContext) -> str | None:
        """Delete and purge, so that the name is free again; also a vault that was deleted and not yet purged."""
        vaults = making.cloud.vaults.vaults
        vault = await get_or_none(vaults.get(self._answers.resource_group, self._name))
        if vault is not None:
            if reason := self.why_kept(vault):
                return reason
            await vaults.delete(self._project.resource_group, self._name)
        buried: Any
        for buried in [item async for item in vaults.list_deleted() if str(item.name).lower() == self._name.lower()]:
            if ownership.owner(buried.properties) != self._project.setup:
                return ownership.look_kept(self._name)
            if buried.properties.purge_protection_enabled:
                return _("{name} is deleted, and a protection keeps it from being purged before {date}.").format(
                    name=self._name, date=buried.properties.scheduled_purge_date
                )
            await self._purge(making, buried, "undo")
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the vault; none for one that is used as it is."""
        if self._answers.existing:
            return []
        tags = [f"{key}={value}" for key, value in self._project.resource_tags(self.section).items()]
        where = ["--resource-group", self._project.resource_group, "--location", self._project.region]
        how = ["--enable-rbac-authorization", "true", "--retention-days", str(RETENTION_DAYS)]
        return [["az", "keyvault", "create", "--name", self._name, *where, *how, "--tags", *tags]]


async def first_secret(cloud: Cloud, uri: str) -> None:
    """Ask the vault for the first of its secrets' names, the cheapest call that takes a role."""
    async for _secret in cloud.secrets(uri).list_properties_of_secrets(max_page_size=1):
        return


def vault_id(answers: Answers) -> str:
    """The vault's ARM id."""
    return resource_id(answers.sign_in.subscription, answers.key_vault.resource_group, VAULT, answers.key_vault.name)
