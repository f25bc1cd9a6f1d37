"""The right to fill the vault, for who runs this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.polling import until
from wizard.engine.step import Observation, Step, StepContext, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.vault.vault import VaultStep, first_secret, vault_id

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

ADMINISTRATOR = "Key Vault Administrator"
OFFICER = "Key Vault Secrets Officer"  # the least that lets someone fill it
GRANTING = "Role Based Access Control Administrator"
DATA_ACTIONS = tuple(f"Microsoft.KeyVault/vaults/secrets/{verb}/action" for verb in ("getSecret", "setSecret", "readMetadata"))


class AdministratorStep(Step):
    """The signed-in person's right to fill the vault: even its owner may not without it."""

    id = step_ids.VAULT_ADMINISTRATOR
    section = "key_vault"
    needs = (VaultStep.id,)
    expected_seconds = 14.0

    def __init__(self, answers: Answers) -> None:
        self._scope = vault_id(answers)
        self._existing = answers.key_vault.existing
        self.title = _("You may fill the key vault {name}").format(name=answers.key_vault.name)
        self.rights = [
            PermissionRequirement("Microsoft.Authorization/roleAssignments/write", self._scope, GRANTING, assigns=ADMINISTRATOR, to="you")
        ]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the signed-in account may write secrets into the vault, whichever role gives it."""
        from wizard.cloud.permissions.checker import Permitted

        rights = [PermissionRequirement(action, self._scope, ADMINISTRATOR, data=True) for action in DATA_ACTIONS]
        verdicts = [await snapshot.may(right) for right in rights]
        if all(verdict is Permitted.ALLOWED for verdict in verdicts):
            return same(_("your roles allow it"))
        return missing(_("role {role}").format(role=ADMINISTRATOR))

    async def make(self, making: StepContext) -> None:
        """Give the signed-in account the role, and wait until the vault lets it in."""
        from wizard.cloud.permissions.role_assignments import grant

        cloud, uri = making.cloud, str(making.facts.vault_uri)
        await grant(cloud, self._scope, ADMINISTRATOR, cloud.principal.object_id, cloud.principal.kind)
        await until(lambda: _may_read(cloud, uri), making.wait, _("Azure applies your role"), interval=cloud.polling_interval)

    @property
    def removes(self) -> bool:
        """A right to a vault of our own goes with it."""
        return self._existing

    async def undo(self, making: StepContext) -> str | None:
        """Take the role away that this setup gave."""
        from wizard.cloud.permissions.role_assignments import revoke

        if await revoke(making.cloud, self._scope, ADMINISTRATOR, making.cloud.principal.object_id):
            return None
        return _("This setup did not give you that right: it stays.")

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that assigns the role to the signed-in account."""
        from wizard.cloud.permissions.role_assignments import az_grant

        return az_grant(ADMINISTRATOR, self._scope)


async def _may_read(cloud: Cloud, uri: str) -> bool:
    """Whether the vault lets the person in by now. A firewall's refusal (errors.md 37) is raised: no waiting helps."""
    from azure.core.exceptions import HttpResponseError

    from wizard.cloud import ErrorKind, translate

    try:
        await first_secret(cloud, uri)
    except HttpResponseError as error:
        if translate(error).kind is not ErrorKind.AUTHORIZATION:
            raise
        return False
    return True
