"""Environments as Azure shows them (recorded: test_containerapp_env_storage)."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from typing import Any

from wizard.practice.kernel.store import Document

DOMAIN = ".azurecontainerapps.io"
PROFILES = (  # name, title, category, cores, GiB
    ("Consumption", "Consumption", "Consumption", 4, 8),
    ("D4", "Dedicated-D4", "GeneralPurpose", 4, 16),
    ("D8", "Dedicated-D8", "GeneralPurpose", 8, 32),
    ("D16", "Dedicated-D16", "GeneralPurpose", 16, 64),
    ("D32", "Dedicated-D32", "GeneralPurpose", 32, 128),
    ("E4", "Dedicated-E4", "MemoryOptimized", 4, 32),
    ("E8", "Dedicated-E8", "MemoryOptimized", 8, 64),
    ("E16", "Dedicated-E16", "MemoryOptimized", 16, 128),
    ("E32", "Dedicated-E32", "MemoryOptimized", 32, 256),
)
_ADJECTIVES = "agreeable ambitious blue calm delightful gentle gray green happy jolly kind lemon mango nice orange proud white witty"
_NOUNS = "beach bay bush cliff coast desert field flower forest glacier grass hill island meadow plant pond river rock sand sea"


def properties(sent: Mapping[str, Any], existing: Document | None, region: str, stream: str) -> dict[str, Any]:
    """``properties`` of an environment while it is being made; what Azure chose for an existing one stays.

    :param region: its name, a part of the domain.
    :param stream: the address of the event stream.
    """
    result = existing["properties"] if existing else _chosen(region)
    return {
        "provisioningState": "Waiting",
        "daprAIInstrumentationKey": None,
        "daprAIConnectionString": None,
        "vnetConfiguration": sent.get("vnetConfiguration"),
        "defaultDomain": result["defaultDomain"],
        "staticIp": result["staticIp"],
        "appLogsConfiguration": logs(sent),
        "zoneRedundant": bool(sent.get("zoneRedundant")),
        "kedaConfiguration": {"version": "2.15.1"},
        "daprConfiguration": {"version": "1.12.5"},
        "eventStreamEndpoint": stream,
        "customDomainConfiguration": result["customDomainConfiguration"],
        "workloadProfiles": profiles(sent),
        "infrastructureResourceGroup": sent.get("infrastructureResourceGroup"),
        "environmentMode": sent.get("environmentMode") or result.get("environmentMode") or _mode(sent),
        "publicNetworkAccess": sent.get("publicNetworkAccess") or result.get("publicNetworkAccess") or "Enabled",
        "ingressConfiguration": sent.get("ingressConfiguration"),
        "appInsightsConfiguration": None,  # its connection string is never shown
        "openTelemetryConfiguration": sent.get("openTelemetryConfiguration"),
        "privateEndpointConnections": None,
        "peerAuthentication": sent.get("peerAuthentication") or {"mtls": {"enabled": False}},
        "peerTrafficConfiguration": sent.get("peerTrafficConfiguration") or {"encryption": {"enabled": False}},
    }


def _mode(sent: Mapping[str, Any]) -> str:
    return "WorkloadProfiles" if sent.get("workloadProfiles") else "ConsumptionOnly"


def is_open(properties: Mapping[str, Any]) -> bool:
    """Whether the apps of an environment can be reached from the internet."""
    internal = (properties.get("vnetConfiguration") or {}).get("internal")
    return not internal and properties.get("publicNetworkAccess") != "Disabled"


def logs(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Where logs go; the workspace's key is never shown."""
    configuration = sent.get("appLogsConfiguration") or {}
    analytics = configuration.get("logAnalyticsConfiguration")
    return {
        "destination": configuration.get("destination"),
        "logAnalyticsConfiguration": {**analytics, "sharedKey": None} if analytics else None,
    }


def has_valid_logs(sent: Mapping[str, Any]) -> bool:
    """Whether logs that go to Log Analytics say to which workspace, with its key."""
    configuration = sent.get("appLogsConfiguration") or {}
    analytics = configuration.get("logAnalyticsConfiguration") or {}
    elsewhere = str(configuration.get("destination") or "").lower() != "log-analytics"
    return elsewhere or bool(analytics.get("customerId") and analytics.get("sharedKey"))


def profiles(sent: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Workload profiles; none makes the older kind of environment."""
    return [dict(profile) for profile in sent.get("workloadProfiles") or []] or None


def profile_type(path: str, name: str, title: str, category: str, cores: int, memory: int) -> dict[str, Any]:
    """A kind of workload profile as a region offers it."""
    region = path.rstrip("/").split("/")[-2]
    shown = {"category": category, "applicability": "LocationDefault", "cores": cores, "memoryGiB": memory, "displayName": title}
    kind = "Microsoft.App/managedEnvironments/availableManagedEnvironmentsWorkloadProfileTypes"
    return {"id": f"{path.rstrip('/')}/{name}", "name": name, "type": kind, "location": region, "properties": shown}


def _chosen(region: str) -> dict[str, Any]:
    """What Azure chooses for a new environment."""
    verification = {"customDomainVerificationId": secrets.token_hex(32).upper()}
    absent = dict.fromkeys(("dnsSuffix", "certificateValue", "certificatePassword", "thumbprint", "subjectName", "expirationDate"))
    word = random.choice(_ADJECTIVES.split()) + random.choice(_NOUNS.split())  # noqa: S311
    return {
        "defaultDomain": f"{word}-{secrets.token_hex(4)}.{region}{DOMAIN}",
        "staticIp": f"203.0.113.{random.randint(1, 254)}",  # noqa: S311
        "customDomainConfiguration": {**verification, **absent},
    }
