"""The clouds there are, and the host names under which each answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoints:
    """The fixed addresses of one Azure cloud (reference.md 8). Names under which single resources answer come from Azure itself.

    :param arm: base URL of Azure Resource Manager, without a slash at the end.
    :param arm_scope: what a token for it is asked with.
    :param sign_in: host of the sign-in service.
    :param graph: base URL of Microsoft Graph.
    :param polling_seconds: how often to ask how far an operation is.
    """

    name: str
    arm: str
    arm_scope: str
    sign_in: str
    graph: str = "https://graph.microsoft.com"
    registry_scope: str = "https://containerregistry.azure.net/.default"
    polling_seconds: float = 3.0

    @property
    def is_practice(self) -> bool:
        """Whether this is the practice cloud: the same names as public Azure, reached on loopback."""
        return self.name == "practice"


def _public(name: str, polling_seconds: float) -> Endpoints:
    return Endpoints(
        name=name,
        polling_seconds=polling_seconds,
        arm="https://management.azure.com",
        arm_scope="https://management.azure.com/.default",
        sign_in="login.microsoftonline.com",
    )


PUBLIC = _public("public", polling_seconds=3.0)
PRACTICE = _public("practice", polling_seconds=0.2)
GOVERNMENT = Endpoints(
    name="government",
    arm="https://management.usgovcloudapi.net",
    arm_scope="https://management.core.usgovcloudapi.net/.default",
    sign_in="login.microsoftonline.us",
    graph="https://graph.microsoft.us",
    registry_scope="https://management.usgovcloudapi.net/.default",
)
CHINA = Endpoints(
    name="china",
    arm="https://management.chinacloudapi.cn",
    arm_scope="https://management.core.chinacloudapi.cn/.default",
    sign_in="login.chinacloudapi.cn",
    graph="https://microsoftgraph.chinacloudapi.cn",
    registry_scope="https://management.chinacloudapi.cn/.default",
)

_BY_SETTING = {"AZURE_US_GOVERNMENT": GOVERNMENT, "AZURE_CHINA_CLOUD": CHINA}


def chosen_azure(environment: Mapping[str, str]) -> Endpoints:
    """The Azure cloud that ``AZURE_SDK_CLOUD_CONF`` or ``AZURE_AUTHORITY_HOST`` names, as the SDKs read them; else public Azure."""
    authority = environment.get("AZURE_AUTHORITY_HOST", "").removeprefix("https://").rstrip("/")
    by_authority = next((cloud for cloud in (GOVERNMENT, CHINA) if cloud.sign_in == authority), PUBLIC)
    return _BY_SETTING.get(environment.get("AZURE_SDK_CLOUD_CONF", ""), by_authority)
