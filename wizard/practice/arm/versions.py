"""The api-versions that Azure knows, by provider, and what each of them does not say yet.

The lists are those of Azure's published specifications (the folders of Azure/bicep-types-az, 2026-11); they name what azure-cli 2.91,
the Python SDKs of today, azure.azcollection and the JavaScript SDKs send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wizard.practice.arm.regions import regions_of_type
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.requests import resource_type_of

_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(-preview|-privatepreview|-alpha|-beta)?", re.IGNORECASE)


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Azure Resource Manager's own: subscriptions, resource groups, deployments, providers, lists of resources.
RESOURCE_MANAGER = _list(
    "2025-04-01 2025-03-01 2024-11-01 2024-08-01 2024-07-01 2024-06-01-preview 2024-03-01 2023-07-01 2023-07-01-preview 2023-03-01-preview "
    "2022-12-01 2022-11-01-preview 2022-09-01 2022-06-01 2022-05-01 2022-03-01-preview 2022-01-01 2021-04-01 2021-01-01 2020-10-01 "
    "2020-09-01 2020-08-01 2020-07-01 2020-06-01 2020-05-01 2020-01-01 2019-11-01 2019-10-01 2019-09-01 2019-08-01 2019-07-01 2019-06-01 "
    "2019-05-10 2019-05-01 2019-03-01 2018-11-01 2018-09-01 2018-08-01 2018-07-01 2018-06-01 2018-05-01 2018-02-01 2018-01-01 2017-12-01 "
    "2017-08-01 2017-06-01 2017-05-10 2017-05-01 2017-03-01 2016-09-01 2016-07-01 2016-06-01 2016-02-01 2015-11-01 2015-01-01 "
    "2014-04-01-preview 2014-04-01 2014-01-01 2013-03-01"
)
PROVIDERS = {
    "Microsoft.App": _list(
        "2026-07-01 2025-10-02-preview 2025-07-01 2025-02-02-preview 2025-01-01 2024-10-02-preview 2024-08-02-preview 2024-03-01 "
        "2024-02-02-preview 2023-11-02-preview 2023-08-01-preview 2023-05-02-preview 2023-05-01 2023-04-01-preview 2023-02-01 "
        "2022-11-01-preview 2022-10-01 2022-09-01 2022-06-01-preview 2022-03-01"
    ),
    "Microsoft.KeyVault": _list(
        "2026-06-01-preview 2026-05-15 2026-03-01-preview 2026-02-01 2025-05-01 2024-12-01-preview 2024-11-01 2024-04-01-preview "
        "2023-07-01 2023-02-01 2022-11-01 2022-07-01 2022-02-01-preview 2021-11-01-preview 2021-10-01 2021-06-01-preview "
        "2021-04-01-preview 2020-04-01-preview 2019-09-01 2018-02-14-preview 2018-02-14 2016-10-01 2015-06-01"
    ),
    "Microsoft.Storage": _list(
        "2026-09-01 2026-04-01 2025-08-01 2025-06-01 2025-01-01 2024-01-01 2023-05-01 2023-04-01 2023-01-01 2022-09-01 2022-05-01 "
        "2021-09-01 2021-08-01 2021-06-01 2021-05-01 2021-04-01 2021-02-01 2021-01-01 2020-08-01-preview 2019-06-01 2019-04-01 2018-11-01 "
        "2018-07-01 2018-03-01-preview 2018-02-01 2017-10-01 2017-06-01 2016-12-01 2016-05-01 2016-01-01 2015-06-15 2015-05-01-preview"
    ),
    "Microsoft.ContainerRegistry": _list(
        "2026-09-01-preview 2026-03-01-preview 2026-01-01-preview 2025-11-01 2025-06-01-preview 2025-05-01-preview 2025-04-01 "
        "2025-03-01-preview 2024-11-01-preview 2024-01-01-preview 2023-11-01-preview 2023-08-01-preview 2023-07-01 2023-06-01-preview "
        "2023-01-01-preview 2022-12-01 2022-02-01-preview 2021-12-01-preview 2021-09-01 2021-08-01-preview 2021-06-01-preview "
        "2020-11-01-preview 2019-12-01-preview 2019-06-01-preview 2019-05-01-preview 2019-05-01 2019-04-01 2018-09-01 2018-02-01-preview "
        "2017-10-01 2017-06-01-preview 2017-03-01"
    ),
    "Microsoft.Insights": _list("2024-02-01 2023-10-01 2021-05-01 2019-07-01 2018-01-01"),  # of metrics
    "Microsoft.ManagedIdentity": _list(
        "2025-05-31-preview 2025-01-31-preview 2024-11-30 2023-07-31-preview 2023-01-31 2022-01-31-preview 2021-09-30-preview 2018-11-30 "
        "2015-08-31-preview"
    ),
    "Microsoft.Authorization": _list(
        "2025-11-01 2025-03-01 2025-01-01 2024-09-01-preview 2024-02-01-preview 2022-08-01-preview 2022-06-01 2022-05-01-preview "
        "2022-04-01 2022-01-01-preview 2021-12-01-preview 2021-06-01 2021-04-01-preview 2020-10-01-preview 2020-10-01 2020-09-01 "
        "2020-08-01-preview 2020-05-01 2020-04-01-preview 2020-03-01-preview 2020-03-01 2019-09-01 2019-06-01 2019-04-01-preview "
        "2019-01-01 2018-12-01-preview 2018-09-01-preview 2018-07-01-preview 2018-07-01 2018-05-01-preview 2018-05-01 2018-03-01 "
        "2018-01-01-preview 2017-10-01-preview 2017-09-01 2017-05-01 2017-04-01 2016-12-01 2016-09-01 2016-07-01 2016-04-01 2015-11-01 "
        "2015-07-01 2015-06-01 2015-05-01-preview 2015-01-01 2014-10-01-preview 2014-07-01-preview"
    ),
    "Microsoft.Consumption": _list(
        "2024-08-01 2023-11-01 2023-05-01 2023-03-01 2022-09-01 2021-10-01 2021-05-01 2019-11-01 2019-10-01 2019-06-01 2019-05-01 "
        "2019-04-01-preview 2019-01-01 2018-10-01 2018-08-31 2018-06-30 2018-05-31 2018-03-31 2018-01-31"
    ),
    "Microsoft.OperationalInsights": _list(
        "2025-07-01 2025-02-01 2023-09-01 2022-10-01 2021-06-01 2020-10-01 2020-08-01 2015-11-01-preview"
    ),
}
_BY_NAME = {namespace.lower(): versions for namespace, versions in PROVIDERS.items()}

# Members of `properties` that answers of older versions do not have (the specifications of 2023 to 2026 side by side, and recorded).
_SINCE = {
    "microsoft.app/containerapps": {
        "configuration.identitySettings": "2024-08-02-preview",
        "template.scale.cooldownPeriod": "2024-08-02-preview",
        "template.scale.pollingInterval": "2024-08-02-preview",
    },
    "microsoft.keyvault/vaults": {"publicNetworkAccess": "2021-06-01-preview"},
    "microsoft.app/managedenvironments": {
        "publicNetworkAccess": "2024-10-02-preview",
        "privateEndpointConnections": "2024-10-02-preview",
        "ingressConfiguration": "2024-10-02-preview",
        "appInsightsConfiguration": "2025-10-02-preview",
        "openTelemetryConfiguration": "2025-10-02-preview",
        "environmentMode": "2025-10-02-preview",
    },
    "microsoft.storage/storageaccounts": {"allowSharedKeyAccessForServices": "2025-08-01", "networkAcls.ipv6Rules": "2023-01-01"},
    "microsoft.containerregistry/registries": {
        "networkRuleBypassAllowedForTasks": "2025-04-01",
        "roleAssignmentMode": "2024-11-01-preview",
        "anonymousPullEnabled": "2022-12-01",
        "policies.azureADAuthenticationAsArmPolicy": "2022-12-01",
        "policies.softDeletePolicy": "2022-12-01",
    },
}
_WITHOUT_SYSTEM_DATA = ("microsoft.storage/storageaccounts", "microsoft.managedidentity/userassignedidentities")  # recorded


def versions_of(namespace: str) -> tuple[str, ...]:
    """The versions of a provider, newest first; Resource Manager's own for ``Microsoft.Resources``; none for one that is not listed."""
    return RESOURCE_MANAGER if namespace.lower() in ("microsoft.resources", "") else _BY_NAME.get(namespace.lower(), ())


def versions_for(path: str) -> tuple[str, ...]:
    """The versions that a request to that path may have; none where every one is taken."""
    namespace, _, name = resource_type_of(path).partition("/")
    return RESOURCE_MANAGER if name in ("", "register", "unregister") else versions_of(namespace)


def check_written(version: str | None) -> None:
    """Refuse a request without an api-version, or with one that is no date: 400 in Resource Manager's words."""
    if not version:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise AzureError(400, "MissingApiVersionParameter", message, headers=GATEWAY)
    if not _WRITTEN.fullmatch(version):
        raise _invalid(version)


def check_served(path: str, version: str) -> None:
    """Refuse a version that the provider of that path does not have (quoted: terraform-provider-azurerm#22804, azure-cli#28038)."""
    kind = resource_type_of(path)
    name = kind.partition("/")[2]
    versions = versions_for(path)
    if not versions or version.lower() in versions:
        return
    if versions is RESOURCE_MANAGER:
        raise _invalid(version)
    regions = [region.name for region in regions_of_type(kind)]
    message = (
        f"No registered resource provider found for location '{regions[0]}' and API version '{version}' for type '{name}'. "
        f"The supported api-versions are '{', '.join(versions)}'. The supported locations are '{', '.join(regions)}'."
    )
    raise AzureError(400, "NoRegisteredProviderFound", message, headers=GATEWAY)


def in_version(version: str, body: Any) -> Any:
    """An answer as that api-version has it: a resource, or a list of them, without the members that came later."""
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("value"), list):
        return {**body, "value": [in_version(version, member) for member in body["value"]]}
    if str(body.get("type", "")).lower() in _WITHOUT_SYSTEM_DATA:
        body = _without(body, ["systemData"])
    for member in _later(str(body.get("type", "")), version):
        body = _without(body, ["properties", *member.split(".")])
    return body


def _without(body: Any, path: list[str]) -> Any:
    """A copy of `body` without the member at `path`; itself where it has none."""
    name, *below = path
    if not isinstance(body, dict) or name not in body:
        return body
    if below:
        return {**body, name: _without(body[name], below)}
    return {other: value for other, value in body.items() if other != name}


def _later(kind: str, version: str) -> Iterator[str]:
    for member, since in _SINCE.get(kind.lower(), {}).items():
        if version[:10] < since[:10]:
            yield member


def _invalid(version: str) -> AzureError:
    supported = ",".join(RESOURCE_MANAGER)
    message = f"The api-version '{version}' is invalid. The supported versions are '{supported}'."
    return AzureError(400, "InvalidApiVersionParameter", message, headers=GATEWAY)
