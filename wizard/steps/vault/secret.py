"""Brings about each secret in the vault."""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none, list_or_empty
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine import ownership
from wizard.engine.events import StepReason
from wizard.engine.step import Change, Observation, Step, StepContext, blocked, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.vault.administrator import DATA_ACTIONS, OFFICER, AdministratorStep
from wizard.steps.vault.vault import vault_id

if TYPE_CHECKING:
    from azure.core.exceptions import AzureError
    from azure.keyvault.secrets import SecretProperties
    from azure.keyvault.secrets.aio import SecretClient

    from wizard.engine.step import Outputs
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


MOST_BYTES = 25_600
"""The largest value that a vault takes: 25 KB (learn.microsoft.com, "About Azure Key Vault secrets")."""


INTERNAL_ERROR = 500
MOST_WRITES = 6  # tries, where the answers are lost
LONGEST_PAUSE = 8.0  # seconds between two of them


class SecretStep(Step):
    """One secret's value in the vault. A value that is there is asked for only to compare it with one given in this run."""

    section = "key_vault"
    needs = (step_ids.VAULT, step_ids.VAULT_ADMINISTRATOR)
    expected_seconds = 1.0

    def __init__(self, answers: Answers, name: str) -> None:
        self.id = step_ids.secret(name)
        self.title = _("Secret {name}").format(name=name)
        self._name = name
        self._vault = answers.key_vault
        self._setup = answers.project.setup
        self._tags = answers.project.resource_tags(self.section)
        self.rights = [
            PermissionRequirement(action, vault_id(answers), OFFICER, data=True, comes_with=AdministratorStep.id) for action in DATA_ACTIONS
        ]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the secret exists, enabled, and holds the given value where one was given."""
        from azure.core.exceptions import HttpResponseError

        value = snapshot.given(self._name)
        if value is not None and (size := len(value.reveal().encode("utf-8", "replace"))) > MOST_BYTES:
            return blocked(
                _("The value given for the secret {name} has {size} bytes; Key Vault takes {most}.").format(
                    name=self._name, size=size, most=MOST_BYTES
                ),
                _("Give the value itself rather than a file, or put what is so large onto a share."),
            )
        try:
            stored = (await snapshot.secret_properties()).get(self._name)
            if stored is None:
                if value or await self._comes_back(snapshot):
                    return missing()
                return self.needs_value()
            if stored.enabled is False:  # not even compared: reading it is refused (SecretDisabled)
                return (
                    self._switched_off()
                    if value is None
                    else different(Change(_("state"), _("switched off"), _("a new value"), self.section))
                )
            if value is None or await snapshot.secret(self._name) == value:
                return same(_("is in the vault"))
        except HttpResponseError as error:
            if error.status_code != 403:
                raise
            return missing(_("is looked for when you may read the vault"))
        return different(Change(_("value"), "***", "***", self.section))

    async def _comes_back(self, snapshot: Snapshot) -> bool:
        """Whether the deleted vault is brought back, perhaps with this secret; where it is not in it, making it asks for the value."""
        return self._vault.deleted == "recover" and await snapshot.vault() is None and await snapshot.deleted_vault() is not None

    def needs_value(self) -> Observation:
        """What is said while nobody gave its value."""
        variable = self._name.upper().replace("-", "_")
        return blocked(
            _("The secret {name} needs a value.").format(name=self._name),
            _(
                "Put {variable}=... into a file and name it with --env-file, or set the environment variable AZWIZARD_SECRET_{variable}."
            ).format(variable=variable),
            reason=StepReason.NEEDS_VALUE,
        )

    def _switched_off(self) -> Observation:
        enable = ["az", "keyvault", "secret", "set-attributes", "--vault-name", self._vault.name, "--name", self._name, "--enabled", "true"]
        return blocked(
            _("The secret {name} in the key vault is switched off, so your app cannot read it.").format(name=self._name),
            _("Switch it on, or give it a new value as you gave the first: {command}").format(command=shlex.join(enable)),
        )

    async def make(self, making: StepContext) -> None:
        """Write the value as the newest version unless it is there already; a deleted secret is recovered first. Raises without a value."""
        client = making.cloud.secrets(str(making.facts.vault_uri))
        value = making.secret(self._name)
        kept_by_name = await making.once("key_vault.secrets", lambda: _kept(client))
        properties = kept_by_name.get(self._name)
        if properties is not None and properties.enabled is not False:
            stored = await client.get_secret(self._name)
            if value is None or stored.value == value.reveal():
                return
        if value is None:
            from wizard.cloud import CloudError, ErrorKind

            look = self.needs_value()
            raise CloudError(ErrorKind.INVALID, look.detail, look.remedy, code=StepReason.NEEDS_VALUE)
        await self._write(making, value)

    async def _write(self, making: StepContext, value: Secret) -> None:
        """Write the value once: where the answer was lost, whether it arrived is looked up before it is sent again.

        Every PUT makes another version, also of the same value (learn.microsoft.com, "Set Secret").
        """
        from azure.core.exceptions import AzureError, ResourceExistsError

        client = making.cloud.secrets(str(making.facts.vault_uri))
        for attempt in range(1, MOST_WRITES + 1):
            try:
                await client.set_secret(self._name, value.reveal(), tags=self._tags)
                return
            except ResourceExistsError:  # deleted, and its name is kept (errors.md 36)
                await client.recover_deleted_secret(self._name)
            except AzureError as error:
                if not _may_have_arrived(error):
                    raise
                if await self._has_arrived(client, value):
                    return
                if attempt == MOST_WRITES:
                    raise
                await asyncio.sleep(min(making.cloud.polling_interval * attempt, LONGEST_PAUSE))

    async def _has_arrived(self, client: SecretClient, value: Secret) -> bool:
        """Whether the vault holds the value by now."""
        stored = await get_or_none(client.get_secret(self._name))
        return stored is not None and stored.value == value.reveal()

    @property
    def removes(self) -> bool:
        """A secret in a vault of our own goes with it."""
        return self._vault.existing

    async def undo(self, making: StepContext) -> str | None:
        """Delete the secret where this setup made it, and purge it where the vault allows that; otherwise it is kept for some days."""
        from azure.core.exceptions import HttpResponseError

        client = making.cloud.secrets(str(making.facts.vault_uri))
        stored = (await making.once("key_vault.secrets", lambda: _kept(client))).get(self._name)
        if stored is not None:
            if ownership.owner(stored) != self._setup:
                return ownership.look_kept(self._name)
            await client.delete_secret(self._name)
        try:
            await client.purge_deleted_secret(self._name)
        except HttpResponseError as error:
            if error.status_code == 403:
                return _("{name} is deleted, and the vault keeps it for some days before it is gone.").format(name=self._name)
            if error.status_code != 404:
                raise
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that sets the secret from a file, so that its value is in no list of processes."""
        value = ["--file", f"<{self._name}>", "--tags", *(f"{key}={text}" for key, text in self._tags.items())]
        return [["az", "keyvault", "secret", "set", "--vault-name", self._vault.name, "--name", self._name, *value]]


async def _kept(client: SecretClient) -> dict[str, SecretProperties]:
    """Name -> what is known of each secret without its value, which one that is switched off does not give away."""
    return {str(item.name): item for item in await list_or_empty(client.list_properties_of_secrets())}


def _may_have_arrived(error: AzureError) -> bool:
    """Whether Azure can have carried a call out although it failed: no answer came, or a gateway answered in its place."""
    from azure.core.exceptions import HttpResponseError

    return not isinstance(error, HttpResponseError) or error.status_code is None or error.status_code >= INTERNAL_ERROR
