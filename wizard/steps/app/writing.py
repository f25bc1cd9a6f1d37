"""Writing the container app: after whatever Azure still does with it, and again until its identity's roles have come into effect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.engine import ownership
from wizard.engine.polling import until
from wizard.engine.step import StepContext
from wizard.engine.step_execution import STILL_WORKING
from wizard.platform.language import _
from wizard.platform.secret import Secret
from wizard.steps.app.differences import differences
from wizard.steps.app.payload import merged, other_secrets

if TYPE_CHECKING:
    from azure.core.exceptions import HttpResponseError
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.state.resources import ResourceRef

SETTLED = ("Succeeded", "Failed", "Canceled")
INVALID = ("InvalidParameterValueInContainerTemplate", "WebhookInvalidParameterValue")
SECRET_UNREADABLE = re.compile(r"Unable to get value using Managed identity .*? for secret (?P<name>[\w-]+)", re.DOTALL)


async def wait_for_app(making: StepContext, target: ResourceRef) -> ContainerApp | None:
    """The app once Azure works on it no more, or None when there is none: what an earlier, killed run began is waited for."""
    app: ContainerApp | None = None

    async def settled() -> bool:
        nonlocal app
        app = await get_or_none(making.cloud.apps.container_apps.get(target.group, target.name))
        return app is None or app.as_dict()["properties"].get("provisioningState") in SETTLED

    await until(settled, making.wait, _("Azure still works on your app"), interval=making.cloud.polling_interval)
    return app


async def write_app(making: StepContext, target: ResourceRef, desired: dict[str, Any], app: ContainerApp | None) -> ContainerApp:
    """Bring the app to `desired` with one PUT, repeated while Azure says that its identity may not yet do what the roles allow.

    :param app: as it was read just now, with nothing of Azure's work on it left; None where there is none.
    Raises CloudError with what really hinders (a secret that is not there, a firewall), HttpResponseError for any other refusal.
    """
    from azure.core.exceptions import HttpResponseError

    written: ContainerApp | None = None
    payload = await _payload(making, target, desired, app)

    async def accepted() -> bool:
        nonlocal written, payload
        try:
            written, fresh = await _put(making, target, payload)
        except HttpResponseError as error:
            if await is_busy(making, error):
                payload = await _payload(making, target, desired, await wait_for_app(making, target))
            return False
        return fresh or not differences(written.as_dict(), desired)

    await until(accepted, making.wait, _("Azure lets your app in (its roles come into effect)"), interval=making.cloud.polling_interval)
    assert written is not None
    return written


async def delete_app(making: StepContext, target: ResourceRef, setup: str) -> str | None:
    """Delete the app when it is the setup's; why it stays, otherwise."""
    app = await wait_for_app(making, target)
    if app is None:
        return None
    if ownership.owner(app) != setup:
        return ownership.look_kept(target.name)
    apps = making.cloud.apps.container_apps
    await making.operation(lambda **options: apps.begin_delete(target.group, target.name, **options), "undo")

    async def gone() -> bool:
        return await get_or_none(apps.get(target.group, target.name)) is None

    await until(gone, making.wait, _("Azure removes it"), interval=making.cloud.polling_interval)
    return None


async def _put(making: StepContext, target: ResourceRef, payload: Any) -> tuple[ContainerApp, bool]:
    """The app as written, and whether it was written now; an operation that a killed run began may have written something older."""
    apps = making.cloud.apps.container_apps
    fresh = False

    async def begin(**options: Any) -> Any:
        nonlocal fresh
        fresh = "continuation_token" not in options
        return await apps.begin_create_or_update(target.group, target.name, payload, **options)

    written: ContainerApp = await making.operation(begin)
    return written, fresh


async def _payload(making: StepContext, target: ResourceRef, desired: dict[str, Any], app: ContainerApp | None) -> Any:
    """`desired`, with what others set beside it; the values of their own secrets are asked for, since a PUT without them is refused."""
    actual: dict[str, Any] = writable(app) if app else {}
    values: dict[str, Secret] = {}
    if other_secrets(actual, desired):
        app_secrets = await making.cloud.apps.container_apps.list_secrets(target.group, target.name)
        values = {str(secret.name): Secret(str(secret.value or "")) for secret in app_secrets.value or []}
    return merged(actual, desired, values)


def writable(value: Any) -> Any:
    """An SDK model as ARM's JSON, without what Azure only tells and without members that the model's class does not declare.

    Azure answers with members of other api-versions, such as `delegatedIdentities`; sent back, they break the specification of the
    version in the request. `as_dict(exclude_readonly=True)` keeps them.
    """
    if isinstance(value, list):
        return [writable(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    declared = getattr(value, "_attr_to_rest_field", None)  # as azure.core.serialization itself reads a generated model
    if declared is None:
        return {key: writable(item) for key, item in value.items()}
    taken = {field._rest_name for field in declared.values() if field._visibility != ["read"]}
    return {key: writable(item) for key, item in value.items() if key in taken}


async def is_busy(making: StepContext, error: HttpResponseError) -> bool:
    """Whether another operation on the app or job is what hinders; otherwise a role that is not yet effective (errors.md 38 and 39).

    Raises where no waiting helps.
    """
    code, message = (str(error.error.code), str(error.error.message)) if error.error else ("", "")
    if code.endswith(STILL_WORKING):
        return True
    if code not in INVALID:
        raise error
    if unreadable := SECRET_UNREADABLE.search(message):
        await _look_into_vault(making, unreadable["name"], message)
    elif "MANIFEST_UNKNOWN" in message:
        raise _no_image(message) from error
    elif "UNAUTHORIZED" not in message:
        raise error
    return False


async def _look_into_vault(making: StepContext, secret: str, message: str) -> None:
    """Azure says the same of a missing role, a missing secret and a firewall: find out which, as far as the person may see it."""
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    try:
        client = making.cloud.secrets(str(making.facts.vault_uri))
        stored = await client.get_secret(secret)
    except ResourceNotFoundError:
        raise CloudError(
            ErrorKind.NOT_FOUND,
            _("The key vault has no secret {name}, which a variable of your app holds.").format(name=secret),
            _("Give it a value (AZWIZARD_SECRET_{variable}, or --env-file) and do the same again.").format(
                variable=secret.upper().replace("-", "_")
            ),
            message=message,
        ) from None
    except HttpResponseError as error:
        if "ForbiddenByFirewall" in str(error) or "ForbiddenByConnection" in str(error):
            raise CloudError(
                ErrorKind.POLICY,
                _("The key vault's firewall lets nobody in from outside, and so not your app either."),
                _("Ask the vault's owner to allow the network of your place to run, or all networks."),
                message=message,
            ) from None
        if "SecretDisabled" in str(error) or "disabled secret" in str(error):
            raise CloudError(
                ErrorKind.INVALID,
                _("The secret {name} is switched off in the key vault, so that your app may not read it.").format(name=secret),
                _("Switch it on (az keyvault secret set-attributes --enabled true) or give it a new value, and do the same again."),
                message=message,
            ) from None
        return  # the person may not look; the app's own role may still be on its way
    if not stored.value:
        raise CloudError(
            ErrorKind.INVALID,
            _("The secret {name} in the key vault is empty, and Azure gives your app no empty secret.").format(name=secret),
            _("Give it a value and do the same again."),
            message=message,
        )


def _no_image(message: str) -> Exception:
    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    return CloudError(
        ErrorKind.NOT_FOUND,
        _("The registry does not have the image that your app should run."),
        _("Make a new plan: it says whether it must be built, or which tags there are."),
        message=message,
    )
