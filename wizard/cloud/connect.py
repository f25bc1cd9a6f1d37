"""Opening a `Cloud`: sign in, find the subscription, and say clearly what is wrong when that does not work."""

from __future__ import annotations

import asyncio
import difflib
import logging
import os
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, clear_overloads

from wizard.cloud.client import Cloud, Principal
from wizard.cloud.errors.cloud_error import SUBSCRIPTION_DISABLED, CloudError, ErrorKind, SignInError
from wizard.cloud.errors.translation import translate
from wizard.cloud.services.arm import SUBSCRIPTIONS_VERSION, Subscription, arm_call, arm_list, list_subscriptions, subscription_of
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.control_host import PracticeInfo
from wizard.cloud.transport.credentials import ChosenSignIn, Credential, Prompt, SignInChoice, make_credential
from wizard.cloud.transport.endpoints import PRACTICE, Endpoints, chosen_azure
from wizard.cloud.transport.practice_start import StartOptions
from wizard.platform.daemon_thread import in_daemon_thread
from wizard.platform.language import _

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

    from wizard.cloud.transport.transport import Transport

SDKS = (
    "azure.identity.aio",
    "azure.core.pipeline.transport",
    "wizard.cloud.transport.policies",
    "azure.mgmt.resource.resources.aio",
    "azure.mgmt.authorization.aio",
    "azure.mgmt.authorization.v2022_04_01.aio.operations",
    "azure.mgmt.keyvault.aio",
    "azure.keyvault.secrets.aio",
    "azure.mgmt.containerregistry.aio",
    "azure.mgmt.storage.aio",
    "azure.mgmt.appcontainers.aio",
    "azure.mgmt.containerregistrytasks.aio",
    "azure.mgmt.msi.aio",
)
FREE_ACCOUNT = "https://azure.microsoft.com/free"
_loading: threading.Thread | None = None


class NoSubscriptionError(SignInError):
    """Signing in worked, and the account sees no subscription in any organization.

    :param account: who is signed in.
    :param organizations: those that the account belongs to, by name and id.
    """

    def __init__(self, account: str, organizations: Sequence[str]) -> None:
        super().__init__(
            _("Your account sees no subscription."),
            _("Sign in to the organization that has one (tenant under [sign_in]), or make one at {link}.").format(link=FREE_ACCOUNT),
        )
        self.account = account
        self.organizations = organizations


class SeveralSubscriptions(SignInError):
    """Signing in worked, and which of the account's subscriptions is meant was not said."""

    def __init__(self, subscriptions: Sequence[Subscription], name: str) -> None:
        listed = ", ".join(f"{one.name} ({one.id})" for one in subscriptions[:5])
        if name:
            sentence = _("Several subscriptions are called “{name}”: {listed}.").format(name=name, listed=listed)
            remedy = _("Put the id of the right one into subscription under [sign_in].")
        else:
            sentence = _("Your account sees {count} subscriptions, such as {listed}.").format(count=len(subscriptions), listed=listed)
            remedy = _("Put the name or id of the right one into subscription under [sign_in].")
        super().__init__(sentence, remedy)
        self.found = subscriptions


def load_sdks() -> threading.Thread:
    """Start to load Azure's SDKs in a thread, once; it takes about a second that is better spent while a person reads."""
    global _loading
    if _loading is None:
        for library in ("azure", "msal"):  # their warnings would go to the terminal, under a screen; errors are raised all the same
            logging.getLogger(library).addHandler(logging.NullHandler())
        _loading = threading.Thread(target=_load, name="azwizard-load-sdks", daemon=True)
        _loading.start()
    return _loading


def _load() -> None:
    for name in SDKS:
        import_module(name)
        clear_overloads()  # Python keeps every overload of the SDKs' methods for `typing.get_overloads`, which nobody asks: 3 MB


async def connect(choice: SignInChoice, *, prompt: Prompt | None = None, throttled: Callable[[float], None] | None = None) -> Cloud:
    """Sign in to Azure and open the subscription that `choice` names.

    :param prompt: shows a device code; called from another thread.
    :param throttled: told the seconds for which Azure asks to wait.
    :raises SignInError: signing in failed; no, several or a disabled subscription; a wrong tenant.
    :raises CloudError: Azure cannot be reached.
    """
    from wizard.cloud.transport.transport import Transport

    await in_daemon_thread(load_sdks().join)
    transport = Transport.to_azure()
    return await _open_or_close(chosen_azure(os.environ), transport, choice, None, prompt, throttled)


async def connect_practice(
    subscription: str = "",
    *,
    credential: str = "practice",
    prompt: Prompt | None = None,
    throttled: Callable[[float], None] | None = None,
    wheels: Path | None = None,
) -> Cloud:
    """Start the practice cloud when none runs, and sign in to it; otherwise as `connect`.

    :param subscription: name or id; "" for the practice account's own.
    :param wheels: a folder of wheels from which it takes packages.
    :param credential: ``practice``, or one of the ways to sign in to Azure, to rehearse that too.
    :raises PracticeError: it could not be started.
    """
    from wizard.cloud.transport.transport import Transport

    starting = in_daemon_thread(partial(practice.start, StartOptions(wheels=wheels)))
    info, _loaded = await asyncio.gather(starting, in_daemon_thread(load_sdks().join))
    transport = Transport.to_practice(practice.info_file())
    choice = ChosenSignIn(credential, subscription or info.subscription_id)
    cloud = await _open_or_close(PRACTICE, transport, choice, info, prompt, throttled)
    if credential == "practice":  # an application: its token holds no name, only an id that tells a person nothing
        cloud.principal = replace(cloud.principal, name=_("practice account"))
    return cloud


async def _open_or_close(
    endpoints: Endpoints,
    transport: Transport,
    choice: SignInChoice,
    info: PracticeInfo | None,
    prompt: Prompt | None,
    throttled: Callable[[float], None] | None,
) -> Cloud:
    credential: Credential | None = None
    try:
        credential = make_credential(choice, endpoints, transport, info, prompt)
        return await _open(endpoints, transport, credential, choice, throttled)
    except BaseException as error:
        if credential is not None:
            await credential.close()
        await transport.close()
        if isinstance(error, Exception) and not isinstance(error, CloudError):
            raise translate(error) from error
        raise


async def _open(
    endpoints: Endpoints,
    transport: Transport,
    credential: Credential,
    choice: SignInChoice,
    throttled: Callable[[float], None] | None,
) -> Cloud:
    from azure.core.exceptions import ClientAuthenticationError

    from wizard.cloud.transport.policies import arm_pipeline, plain_pipeline

    def pipeline_of(account: Credential) -> AsyncPipeline[Any, Any]:
        return arm_pipeline(transport.for_sdk(), account, endpoints.arm_scope, endpoints.polling_seconds, throttled)

    chosen = choice.subscription
    claims = _claims((await credential.get_token_info(endpoints.arm_scope)).token)
    arm = pipeline_of(credential)
    try:
        subscription = await _find_subscription(arm, endpoints, chosen)
    except ClientAuthenticationError as error:
        if choice.tenant or error.error is None or error.error.code != "InvalidAuthenticationTokenTenant":
            raise
        subscription = None
    if subscription is None and not choice.tenant:
        for other in await _other_tenants(arm, endpoints, str(claims.get("tid", ""))):
            account = credential.in_tenant(other)
            subscription = await _find_elsewhere(pipeline_of(account), endpoints, chosen)
            if subscription is not None:
                credential, arm = account, pipeline_of(account)
                claims = _claims((await credential.get_token_info(endpoints.arm_scope)).token)
                break
    if subscription is None:
        raise await _not_found(arm, endpoints, chosen, principal_of(claims))
    _require_usable(subscription)
    plain = plain_pipeline(transport.for_sdk(), throttled)
    return Cloud(endpoints, transport, credential, (arm, plain), principal_of(claims), subscription, throttled)


def _claims(token: str) -> dict[str, Any]:
    """What the ARM token says of its holder. It was just received over TLS from who signed it, and only Azure acts on it."""
    import jwt

    try:
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise SignInError(_("The sign-in service answered with a token that cannot be read."), _("Sign in again.")) from None
    return claims


def principal_of(claims: dict[str, Any]) -> Principal:
    """Who a token's claims speak of: a person has a name of its own, an application only an id and perhaps a display name."""
    methods = claims.get("amr")
    second = None if not methods else bool({"mfa", "ngcmfa", "rsa", "wia"} & set(methods))
    person = claims.get("upn") or claims.get("unique_name") or claims.get("preferred_username") or claims.get("email")
    if claims.get("idtyp") == "app" or (claims.get("idtyp") is None and not person):
        return Principal(
            str(claims.get("oid", "")), "ServicePrincipal", str(claims.get("app_displayname") or claims.get("appid", "")), second
        )
    return Principal(str(claims.get("oid", "")), "User", str(person or claims.get("name", "")), second)


async def _find_subscription(arm: AsyncPipeline[Any, Any], endpoints: Endpoints, name: str) -> Subscription | None:
    """The subscription of that id or name, or the only one when none is named; None when the account sees no such one.

    :raises SignInError: several bear that name, or none is named and there are several.
    """
    from azure.core.exceptions import HttpResponseError

    if _is_id(name):
        try:
            return subscription_of(await arm_call(arm, endpoints, "GET", f"/subscriptions/{name}", SUBSCRIPTIONS_VERSION))
        except HttpResponseError as error:
            if error.error is not None and error.error.code in ("SubscriptionNotFound", "AuthorizationFailed"):
                return None
            raise
    matches = [one for one in await list_subscriptions(arm, endpoints) if not name or one.name.casefold() == name.casefold()]
    if len(matches) > 1:
        raise SeveralSubscriptions(matches, name)
    return matches[0] if matches else None


async def _find_elsewhere(arm: AsyncPipeline[Any, Any], endpoints: Endpoints, name: str) -> Subscription | None:
    """As `_find_subscription`, in an organization that may want more than this sign-in gives: then it is passed over."""
    from azure.core.exceptions import ClientAuthenticationError

    try:
        return await _find_subscription(arm, endpoints, name)
    except (SignInError, ClientAuthenticationError):
        return None


async def _other_tenants(arm: AsyncPipeline[Any, Any], endpoints: Endpoints, own: str) -> list[str]:
    return [item["tenantId"] for item in await arm_list(arm, endpoints, "/tenants", SUBSCRIPTIONS_VERSION) if item["tenantId"] != own]


def _is_id(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


def _require_usable(subscription: Subscription) -> None:
    """Raises SignInError for a subscription that is switched off; a spending limit, the most frequent cause, has a remedy of its own."""
    if subscription.state in ("Enabled", "Warned", "PastDue"):
        return
    sentence = _("The subscription “{name}” is {state}, so nothing can be made in it.").format(
        name=subscription.name, state=subscription.state
    )
    remedy = _("Re-enable it in the Azure portal under Subscriptions, or name another under [sign_in].")
    if subscription.spending_limit == "On":
        limit = _("It has a spending limit, with which Azure switches it off once its credit is used up.")
        sentence = f"{sentence} {limit}"
        remedy = _(
            "Remove the spending limit in the Azure portal under Subscriptions, wait for the next credit, or name another subscription "
            "under [sign_in]."
        )
    raise SignInError(sentence, remedy, code=SUBSCRIPTION_DISABLED)


async def _not_found(arm: AsyncPipeline[Any, Any], endpoints: Endpoints, name: str, who: Principal) -> CloudError:
    """The account sees no such subscription: name the nearest that it does see."""
    known = await list_subscriptions(arm, endpoints)
    if not known:
        organizations = await arm_list(arm, endpoints, "/tenants", SUBSCRIPTIONS_VERSION)
        return NoSubscriptionError(
            who.name, [f"{organization.get('displayName') or ''} {organization['tenantId']}".strip() for organization in organizations]
        )
    names = [one.name for one in known]
    nearest = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
    return CloudError(
        ErrorKind.SUBSCRIPTION,
        _("Your account sees no subscription “{name}”. It sees: {names}.").format(name=name, names=", ".join(nearest)),
        _("Correct subscription under [sign_in], or sign in to the organization (tenant) that has it."),
        code="SubscriptionNotFound",
    )
