"""The files on a setup's shares, opened with the storage account's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.platform.secret import Secret
from wizard.state.resources import ResourceRefs

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.cloud.services.share_files import ShareFilesClient
    from wizard.setup.answers import Answers


async def open_share_files(cloud: Cloud, answers: Answers) -> ShareFilesClient:
    """The account's files, with its present key. Raises HttpResponseError."""
    target = ResourceRefs.named(answers, cloud.subscription_id).storage
    assert target is not None
    accounts = cloud.storage.storage_accounts
    account = (await accounts.get_properties(target.group, target.name)).as_dict()
    keys = await accounts.list_keys(target.group, target.name)
    key = Secret(str((keys.keys_property or [])[0].value))
    return cloud.share_files(str(account["properties"]["primaryEndpoints"]["file"]), key)
