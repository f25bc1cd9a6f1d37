"""`Cloud`: a signed-in connection to Azure, with the SDK's clients made when first used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.cloud.services.apps import AppAnswer, call_app, follow_stream, read_stream
from wizard.cloud.services.arm import Subscription, arm_call, subscription_pages
from wizard.cloud.services.blobs import read_log, upload
from wizard.cloud.services.devops import DevOpsClient, personal_token
from wizard.cloud.services.github import GitHubClient
from wizard.cloud.services.github_sign_in import GitHubToken
from wizard.cloud.services.graph import graph_call
from wizard.cloud.services.registry import RegistryReader
from wizard.cloud.services.registry_push import RegistryPush
from wizard.cloud.services.registry_session import RegistrySession
from wizard.cloud.services.share_files import ShareFilesClient
from wizard.cloud.transport.counting import counted_here

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline
    from azure.keyvault.secrets.aio import SecretClient
    from azure.mgmt.appcontainers.aio import ContainerAppsAPIClient
    from azure.mgmt.authorization.aio import AuthorizationManagementClient
    from azure.mgmt.containerregistry.aio import ContainerRegistryManagementClient
    from azure.mgmt.containerregistrytasks.aio import ContainerRegistryTasksMgmtClient
    from azure.mgmt.keyvault.aio import KeyVaultManagementClient
    from azure.mgmt.msi.aio import ManagedServiceIdentityClient
    from azure.mgmt.resource.resources.aio import ResourceManagementClient
    from azure.mgmt.resource.subscriptions.aio import SubscriptionClient
    from azure.mgmt.storage.aio import StorageManagementClient

    from wizard.cloud.transport.credentials import Credential
    from wizard.cloud.transport.endpoints import Endpoints
    from wizard.cloud.transport.transport import Transport
    from wizard.platform.secret import Secret


@dataclass(frozen=True)
class Principal:
    """Who is signed in, as the token says. `kind` is ``User`` or ``ServicePrincipal``, as role assignments name it.

    `has_second_factor` tells how a person signed in (claim ``amr``); None where the token does not say, as for applications.
    """

    object_id: str
    kind: str
    name: str
    has_second_factor: bool | None = None


class Cloud:
    """Azure, or the practice cloud, signed in to one subscription. Made by `wizard.cloud.connect`; close it when done."""

    def __init__(
        self,
        endpoints: Endpoints,
        transport: Transport,
        credential: Credential,
        pipelines: tuple[AsyncPipeline[Any, Any], AsyncPipeline[Any, Any]],
        principal: Principal,
        subscription: Subscription,
        throttled: Callable[[float], None] | None = None,
    ) -> None:
        self.endpoints = endpoints
        self.kind = "practice" if endpoints.is_practice else "azure"
        self.principal = principal
        self.tenant_id = subscription.tenant_id
        self.subscription_id = subscription.id
        self.subscription_name = subscription.name
        self.quota_id = subscription.quota_id
        self.subscription_state = subscription.state
        self.polling_interval = endpoints.polling_seconds
        self._transport = transport
        self._credential = credential
        self._arm, self._plain = pipelines
        self._throttled = throttled
        self._vaults: dict[str, SecretClient] = {}
        self.github_token = GitHubToken(self._plain, is_practice=endpoints.is_practice, tempo=lambda: self.tempo)
        self.shared_reads: dict[tuple[Any, ...], asyncio.Task[Any]] | None = None
        """Where several setups keep what they read of the subscription; None where one has the connection for itself."""

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, sign-in included, calls of the deployed app excluded; by this command, where several share it."""
        here = counted_here()
        return self._transport.requests if here is None else here

    @cached_property
    def tempo(self) -> float:
        """How long operations take here, as a share of what they take in Azure: the practice cloud's speed."""
        if not self.endpoints.is_practice:
            return 1.0
        from wizard.cloud.transport.practice_process import read
        from wizard.practice.kernel.clock import SCALE

        info = read()
        return SCALE.get(info.speed, 1.0) if info else 1.0

    async def close(self) -> None:
        """Close the connection; the clients made from it are of no use afterwards."""
        await self._credential.close()
        await self._transport.close()

    async def __aenter__(self) -> Cloud:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    @cached_property
    def resources(self) -> ResourceManagementClient:
        """The SDK's client for resource groups, resources and providers."""
        from azure.mgmt.resource.resources.aio import ResourceManagementClient

        return ResourceManagementClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def subscriptions(self) -> SubscriptionClient:
        """The SDK's client for tenants, subscriptions and locations."""
        from azure.mgmt.resource.subscriptions.aio import SubscriptionClient

        return SubscriptionClient(self._credential, **self._options)

    @cached_property
    def vaults(self) -> KeyVaultManagementClient:
        """The SDK's client for key vaults as resources."""
        from azure.mgmt.keyvault.aio import KeyVaultManagementClient

        return KeyVaultManagementClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def registries(self) -> ContainerRegistryManagementClient:
        """The SDK's client for container registries as resources."""
        from azure.mgmt.containerregistry.aio import ContainerRegistryManagementClient

        return ContainerRegistryManagementClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def tasks(self) -> ContainerRegistryTasksMgmtClient:
        """The SDK's client for the registry's tasks: builds and their logs."""
        from azure.mgmt.containerregistrytasks.aio import ContainerRegistryTasksMgmtClient

        return ContainerRegistryTasksMgmtClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def storage(self) -> StorageManagementClient:
        """The SDK's client for storage accounts and file shares."""
        from azure.mgmt.storage.aio import StorageManagementClient

        return StorageManagementClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def apps(self) -> ContainerAppsAPIClient:
        """The SDK's client for container apps and their environments."""
        from azure.mgmt.appcontainers.aio import ContainerAppsAPIClient

        return ContainerAppsAPIClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def authorization(self) -> AuthorizationManagementClient:
        """The SDK's client for role assignments and permissions."""
        from azure.mgmt.authorization.aio import AuthorizationManagementClient

        return AuthorizationManagementClient(self._credential, self.subscription_id, **self._options)

    @cached_property
    def identities(self) -> ManagedServiceIdentityClient:
        """The SDK's client for managed identities."""
        from azure.mgmt.msi.aio import ManagedServiceIdentityClient

        return ManagedServiceIdentityClient(self._credential, self.subscription_id, **self._options)

    def secrets(self, vault_uri: str) -> SecretClient:
        """The client of one vault's secrets, such as ``https://kv-orders-dev.vault.azure.net/``; one per vault."""
        from azure.keyvault.secrets.aio import SecretClient

        from wizard.cloud.transport.policies import Retries, user_agent

        key = vault_uri.rstrip("/").lower()
        if key not in self._vaults:
            self._vaults[key] = SecretClient(
                key,
                self._credential,
                transport=self._transport.for_sdk(),
                retry_policy=Retries(self._throttled),
                user_agent=user_agent(),
                polling_interval=self.polling_interval,
            )
        return self._vaults[key]

    @cached_property
    def registry(self) -> RegistryReader:
        """What registries hold."""
        return RegistryReader(self._registry_session)

    @cached_property
    def registry_push(self) -> RegistryPush:
        """What registries take."""
        return RegistryPush(self._registry_session)

    @cached_property
    def _registry_session(self) -> RegistrySession:
        return RegistrySession(self._plain, self._credential, self.endpoints.registry_scope, self.tenant_id)

    def share_files(self, endpoint: str, key: Secret) -> ShareFilesClient:
        """The files of a storage account's shares, under its file endpoint, for who holds its key."""
        return ShareFilesClient(self._plain, endpoint, key)

    def devops(self, organization: str) -> DevOpsClient:
        """An Azure DevOps organization; a personal access token for the real one is no use, and not sent, in practice."""
        token = "" if self.endpoints.is_practice else personal_token()
        return DevOpsClient(self._plain, self._credential, organization, token)

    async def github(self, owner: str, repository: str) -> GitHubClient:
        """A repository on GitHub."""
        return GitHubClient(self._plain, owner, repository, await self.github_token.get())

    async def arm(self, method: str, path: str, api_version: str, body: Any = None, *, polls: int = 0) -> Any:
        """Call Azure Resource Manager where no SDK has a method; the parsed answer, or None for an empty one.

        :param path: an ARM path that starts with ``/``, or a whole ``nextLink``, which holds its own api-version.
        :param polls: how often the ``Location`` of a 202 is asked for the outcome; None where it is still not known then.
        :raises HttpResponseError: for every status from 400 on.
        """
        return await arm_call(self._arm, self.endpoints, method, path, api_version, body, polls=polls)

    def subscription_pages(self) -> AsyncIterator[list[Subscription]]:
        """All that the account sees, page by page. Without the SDK, whose models of some thousands take longer than Azure's answer."""
        return subscription_pages(self._arm, self.endpoints)

    async def graph(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Microsoft Graph: `path` such as ``/me``, the parsed answer. Raises HttpResponseError, ClientAuthenticationError."""
        return await graph_call(self._plain, self._credential, self.endpoints.graph, method, path, body)

    async def upload(self, url: str, file: Path) -> None:
        """Send `file` to a signed blob URL. Raises HttpResponseError or aiohttp.ClientError."""
        await upload(self._transport.session, url, file)

    async def read_log(self, url: str, offset: int) -> tuple[bytes, bool]:
        """What the log at a signed blob URL holds from `offset` on, and whether it is complete."""
        return await read_log(self._plain, url, offset)

    async def call_app(
        self,
        fqdn: str,
        path: str = "/",
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: Any = None,
        seconds: float = 30,
        digest: tuple[str, str] | None = None,
    ) -> AppAnswer:
        """One HTTPS request to the deployed API, not counted in `requests`; any status is an answer. Raises CloudError for none."""
        return await call_app(
            self._transport.session, fqdn, path, method=method, headers=headers, body=body, seconds=seconds, digest=digest
        )

    async def read_stream(self, url: str, token: str, *, seconds: float = 10) -> list[str]:
        """The lines that an app's log or event stream holds now; `token` is from its ``getAuthToken``. Raises CloudError."""
        return await read_stream(self._transport.session, url, token, seconds)

    def follow_stream(self, url: str, token: str) -> AsyncIterator[str]:
        """The lines of such a stream as they come, until it ends. Raises CloudError."""
        return follow_stream(self._transport.session, url, token)

    def local_url(self, fqdn: str) -> str | None:
        """A plain http address on loopback under which a browser finds a practice app; None in Azure."""
        if not self.endpoints.is_practice:
            return None
        from wizard.cloud.transport.practice_process import read

        info = read()
        return None if info is None else info.doors.get(fqdn.lower())

    @cached_property
    def _options(self) -> dict[str, Any]:
        return {
            "base_url": self.endpoints.arm,
            "credential_scopes": [self.endpoints.arm_scope],
            "pipeline": self._arm,
            "polling_interval": self.polling_interval,
        }
