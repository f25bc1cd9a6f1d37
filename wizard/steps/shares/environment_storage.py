"""Brings about each share as the environment knows it (reference 1.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import resource_id
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import naming, step_ids
from wizard.state.resources import STORAGE, ResourceRefs
from wizard.steps.app.revision_status import RevisionState

if TYPE_CHECKING:
    from wizard.sections.storage import Share
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


class EnvironmentStorageStep(Step):
    """A share as the environment knows it. Azure never tells the key, and lets nothing but the key be changed (reference 1.9)."""

    section = "environment"
    expected_seconds = 3.0

    def __init__(self, answers: Answers, share: Share) -> None:
        project, storage = answers.project, answers.storage
        environment = ResourceRefs.named(answers, answers.sign_in.subscription).environment
        assert environment is not None
        self._environment = environment
        self._account = storage.account
        self._account_group = storage.resource_group if storage.existing else project.resource_group
        self._share = naming.file_share(share.designation, project.name, project.environment)
        self._access = share.access
        self.name = naming.environment_storage(share.designation, project.name, shared=answers.environment.existing)
        self.id = f"environment.storage.{share.designation}"
        self.title = _("Folder {name} for your app").format(name=self.name)
        self.needs = (step_ids.ENVIRONMENT, step_ids.STORAGE_ACCOUNT, f"storage.share.{share.designation}")
        account_id = resource_id(answers.sign_in.subscription, self._account_group, STORAGE, self._account)
        self.rights = (
            PermissionRequirement(
                "Microsoft.App/managedEnvironments/storages/write",
                self._environment.id,
                "Container Apps ManagedEnvironments Contributor",
            ),
            PermissionRequirement("Microsoft.Storage/storageAccounts/listKeys/action", account_id, "Storage Account Contributor"),
        )

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the environment knows the share, under the name, the account and the access that the answers want."""
        storage = (await snapshot.environment_storages()).get(self.name)
        if storage is None:
            return missing()
        changes = self._differences(storage.as_dict())
        if not changes:
            return await self._look_at_key(snapshot)
        if self._environment.existing:
            return conflict(
                _("{environment} knows another share as {name}: {what}.").format(
                    environment=self._environment.name,
                    name=self.name,
                    what="; ".join(f"{change.what} {change.before}" for change in changes),
                ),
                _("Give your share another designation, or have its owner remove that one."),
            )
        return different(*changes)

    async def make(self, making: StepContext) -> None:
        """Give the share to the environment with the account's key; one that differs is replaced."""
        storages = making.cloud.apps.managed_environments_storages
        place = (self._environment.group, self._environment.name, self.name)
        there = await get_or_none(storages.get(*place)) if making.look.changes else None
        if there is not None and self._differences(there.as_dict()):
            making.say(_("removing it first, because Azure changes nothing but its key"))
            await storages.delete(*place)
        accounts = making.cloud.storage.storage_accounts
        keys = await making.once("storage.account.keys", lambda: accounts.list_keys(self._account_group, self._account))
        await storages.create_or_update(*place, self.body(str((keys.keys_property or [])[0].value)))

    def body(self, account_key: str) -> Any:
        """The storage as ARM takes it."""
        file = {"accountName": self._account, "shareName": self._share, "accessMode": self._access}
        return {"properties": {"azureFile": {**file, "accountKey": account_key}}}

    async def _look_at_key(self, snapshot: Snapshot) -> Observation:
        """The key cannot be compared; where the app does not run, it may be an old one, and setting it again does no harm."""
        newest = [state for state in map(RevisionState.of, (await snapshot.revisions()).values()) if state.active]
        if any(state.failed for state in newest):
            words = _("key of the storage account"), _("perhaps an old one, since your app does not run"), _("the present one")
            return different(Change(*words, self.section, is_answer=False))
        return same(_("the account's key cannot be compared, because Azure never tells it"))

    async def undo(self, making: StepContext) -> str | None:
        """Take the share away from the environment; its files stay."""
        storages = making.cloud.apps.managed_environments_storages
        place = (self._environment.group, self._environment.name, self.name)
        there = await get_or_none(storages.get(*place))
        if there is None:
            return None
        if self._environment.existing and self._differences(there.as_dict()):
            return _("it is another share than this setup's, so it stays")
        await get_or_none(storages.delete(*place))
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The commands that read the account's key and give the share to the environment."""
        key = ["az", "storage", "account", "keys", "list", "--account-name", self._account, "--resource-group", self._account_group]
        place = ["--name", self._environment.name, "--resource-group", self._environment.group, "--storage-name", self.name]
        file = ["--azure-file-account-name", self._account, "--azure-file-account-key", "<storage-key>"]
        share = ["--azure-file-share-name", self._share, "--access-mode", self._access]
        return [[*key, "--query", "[0].value"], ["az", "containerapp", "env", "storage", "set", *place, *file, *share]]

    def _differences(self, actual: dict[str, Any]) -> list[Change]:
        file = actual["properties"].get("azureFile") or {}
        compared = (
            (_("storage account"), "accountName", self._account),
            (_("share"), "shareName", self._share),
            (_("access"), "accessMode", self._access),
        )
        return [Change(what, str(file.get(key)), desired, self.section) for what, key, desired in compared if file.get(key) != desired]
