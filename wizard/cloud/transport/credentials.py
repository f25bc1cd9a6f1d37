"""Signing in: which credential stands for the choice made, in one shape, with every token asked for once."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from wizard.cloud.errors.cloud_error import SignInError
from wizard.cloud.errors.translation import translate
from wizard.platform.daemon_thread import in_daemon_thread
from wizard.platform.device_code import DeviceCode
from wizard.platform.language import _

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions

    from wizard.cloud.transport.control_host import PracticeInfo
    from wizard.cloud.transport.endpoints import Endpoints
    from wizard.cloud.transport.transport import Transport

T = TypeVar("T")
SIGN_IN_SECONDS = 900
AZURE_CLI_SECONDS = 60
REFRESH_BEFORE = 300
TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")


class SignInChoice(Protocol):
    """How to sign in, and to what: the answers of ``[sign_in]``.

    `credential` is ``azure-cli``, ``browser``, ``device-code`` or ``environment`` (``practice`` is the practice account); `subscription` a
    name or id, "" when the account has only one; `tenant` the organization's id or domain, "" for the account's own.
    """

    @property
    def credential(self) -> str:
        """Which kind of credential stands for the account."""

    @property
    def subscription(self) -> str:
        """The subscription's name or id, "" for the only one."""

    @property
    def tenant(self) -> str:
        """The tenant's id, "" for the account's own."""


@dataclass(frozen=True)
class ChosenSignIn:
    """A `SignInChoice` that does not come from a setup file."""

    credential: str = "azure-cli"
    subscription: str = ""
    tenant: str = ""


Prompt = Callable[[DeviceCode], None]


class _Held:
    """A token, and when it is time for the next: five minutes before its end, later for one that lives only minutes."""

    def __init__(self, token: AccessTokenInfo) -> None:
        self.token = token
        life = token.expires_on - time.time()
        self.renew_at = token.expires_on - min(REFRESH_BEFORE, life / 4)


class Credential:
    """Any of the sign-in library's credentials, blocking or not, bound to a tenant.

    Tokens are kept until shortly before they expire. One for each purpose is asked for at a time, so that clients which start together
    sign in once; a credential that asks a person is asked for everything one after the other.
    """

    def __init__(self, source: Any, tenant: str = "", *, blocking: bool = False) -> None:
        self._source = source
        self._tenant = tenant
        self._blocking = blocking
        self._locks: defaultdict[Any, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tokens: dict[tuple[tuple[str, ...], str], _Held] = {}

    def in_tenant(self, tenant: str) -> Credential:
        """The same account in another organization."""
        return Credential(self._source, tenant, blocking=self._blocking)

    async def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token for `scopes`. Raises SignInError."""
        token_options: dict[str, Any] = {**(options or {})}
        if self._tenant:
            token_options.setdefault("tenant_id", self._tenant)
        key = (scopes, str(token_options.get("tenant_id", "")))
        async with self._locks[None if self._blocking else key]:
            held = self._tokens.get(key)
            if held is None or token_options.get("claims") or time.time() > held.renew_at:
                held = self._tokens[key] = _Held(await self._ask(scopes, token_options))
            return held.token

    async def get_token(
        self, *scopes: str, claims: str | None = None, tenant_id: str | None = None, enable_cae: bool = False, **_options: Any
    ) -> AccessToken:
        """The older shape of the same, for clients that know no other."""
        from azure.core.credentials import AccessToken

        token_options = {"claims": claims, "tenant_id": tenant_id, "enable_cae": enable_cae}
        options: Any = {name: value for name, value in token_options.items() if value}
        info = await self.get_token_info(*scopes, options=options)
        return AccessToken(info.token, info.expires_on)

    async def close(self) -> None:
        """Close what the credential holds; the transport is the `Cloud`'s."""
        closing = self._source.close()
        if closing is not None:
            await closing

    async def __aenter__(self) -> Credential:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def _ask(self, scopes: tuple[str, ...], options: dict[str, Any]) -> AccessTokenInfo:
        try:
            if self._blocking:
                token: AccessTokenInfo = await in_daemon_thread(lambda: self._source.get_token_info(*scopes, options=options))
            else:
                token = await self._source.get_token_info(*scopes, options=options)
        except Exception as error:
            problem = translate(error)
            raise problem from error
        return token


def make_credential(
    choice: SignInChoice, endpoints: Endpoints, transport: Transport, practice: PracticeInfo | None, prompt: Prompt | None
) -> Credential:
    """The credential for `choice`; nobody is signed in yet. Raises SignInError when the choice cannot work here."""
    makers: dict[str, Callable[[], Credential]] = {
        "azure-cli": lambda: _azure_cli(choice),
        "environment": lambda: _environment(choice, endpoints, transport),
        "browser": lambda: _browser(choice, endpoints, transport, practice),
        "device-code": lambda: _device_code(choice, endpoints, transport, practice, prompt),
        "practice": lambda: _practice_account(practice, transport),
    }
    if choice.credential not in makers:
        raise SignInError(
            _("There is no way to sign in called “{name}”.").format(name=choice.credential),
            _("Choose one of azure-cli, browser, device-code, environment."),
        )
    return makers[choice.credential]()


def _azure_cli(choice: SignInChoice) -> Credential:
    from azure.identity.aio import AzureCliCredential

    return Credential(
        AzureCliCredential(process_timeout=AZURE_CLI_SECONDS, additionally_allowed_tenants=["*"]), _tenant_id_or_domain(choice.tenant)
    )


def _environment(choice: SignInChoice, endpoints: Endpoints, transport: Transport) -> Credential:
    from azure.identity.aio import EnvironmentCredential

    from wizard.cloud.transport.policies import HopefulRetries

    source = EnvironmentCredential(
        authority=endpoints.sign_in,
        transport=transport.for_sdk(),
        retry_policy_class=HopefulRetries,
        additionally_allowed_tenants=["*"],
    )
    return Credential(source, _tenant_id_or_domain(choice.tenant))


def _browser(choice: SignInChoice, endpoints: Endpoints, transport: Transport, practice: PracticeInfo | None) -> Credential:
    from azure.identity import InteractiveBrowserCredential

    from wizard.cloud.transport.practice_process import sign_in_word

    if _opens_in_this_terminal():
        raise SignInError(
            _("The only browser of this computer would open in this very terminal."),
            _("Choose device-code under Sign in: it uses the browser of another device."),
        )
    options = _blocking_options(choice, endpoints, transport, practice)
    if practice is not None:
        options["login_hint"] = sign_in_word(practice)  # stands in the address that the browser opens
    return Credential(InteractiveBrowserCredential(timeout=300, **options), blocking=True)


def _opens_in_this_terminal() -> bool:
    """Whether Python would open a page with a browser of text, which writes over the screens and waits for keys."""
    import webbrowser

    try:
        return Path(webbrowser.get().name).name in TEXT_BROWSERS
    except webbrowser.Error:
        return False


def _device_code(
    choice: SignInChoice, endpoints: Endpoints, transport: Transport, practice: PracticeInfo | None, prompt: Prompt | None
) -> Credential:
    if prompt is None:
        raise SignInError(
            _("Signing in with a device code needs someone to type the code."),
            _("Run this where a person can answer, or choose azure-cli or environment under [sign_in]."),
        )
    from azure.identity import DeviceCodeCredential

    options = _blocking_options(choice, endpoints, transport, practice)
    show = prompt

    def shown(url: str, code: str, expires: datetime) -> None:
        show(DeviceCode(url, code, expires))

    return Credential(DeviceCodeCredential(prompt_callback=shown, timeout=SIGN_IN_SECONDS, **options), blocking=True)


def _practice_account(practice: PracticeInfo | None, transport: Transport) -> Credential:
    if practice is None:
        raise SignInError(
            _("The practice account is for the practice cloud only."), _("Add --practice, or choose another way under [sign_in].")
        )
    from azure.identity.aio import ClientSecretCredential

    source = ClientSecretCredential(practice.tenant_id, practice.client_id, practice.client_secret, transport=transport.for_sdk())
    return Credential(source)


def _blocking_options(choice: SignInChoice, endpoints: Endpoints, transport: Transport, practice: PracticeInfo | None) -> dict[str, Any]:
    tenant = practice.tenant_id if practice is not None else _tenant_id_or_domain(choice.tenant)
    return {
        "authority": endpoints.sign_in,
        "transport": transport.for_blocking_sdk(),
        "additionally_allowed_tenants": ["*"],
        "disable_instance_discovery": practice is not None,
        **({"tenant_id": tenant} if tenant else {}),
    }


def _tenant_id_or_domain(tenant: str) -> str:
    if tenant and not re.fullmatch(r"[A-Za-z0-9.-]+", tenant):
        raise SignInError(
            _("“{tenant}” is neither the id nor the domain of an organization (tenant).").format(tenant=tenant),
            _("Use something like contoso.onmicrosoft.com under [sign_in]."),
        )
    return tenant
