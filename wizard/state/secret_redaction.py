"""What nothing that comes from an API may show: the values of its setup's secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.platform.redaction import as_written

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers


async def values_to_hide(cloud: Cloud, answers: Answers, typed_value: Callable[[str], Secret | None]) -> list[str]:
    """The values of the setup's secrets, which an API may print: those given in this run, and those that may be read in the vault."""
    from azure.core.exceptions import AzureError

    values = [value.reveal() for name in answers.key_vault.secrets if (value := typed_value(name)) is not None]
    client = cloud.secrets(f"https://{answers.key_vault.name}.vault.azure.net")
    for name in answers.key_vault.secrets:
        try:
            stored = await get_or_none(client.get_secret(name))
        except AzureError:
            continue
        values.append((stored.value if stored else "") or "")
    return as_written(values)
