"""Where the streams of an environment, an app or a job are, and the tokens that open them (reference.md 1.12)."""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.store import Document

STREAM_HOST = ".azurecontainerapps.dev"


def stream_base(resource_id: str, location: str) -> str:
    """``https://REGION.azurecontainerapps.dev/subscriptions/S/resourceGroups/G/containerApps/NAME``, as Azure writes it; so for jobs."""
    region = region_of(location)
    parts = resource_id.split("/")
    kind = next((kind for kind in ("containerApps", "jobs") if parts[-2].lower() == kind.lower()), "managedEnvironments")
    return f"https://{region.name if region else ''}{STREAM_HOST}{'/'.join(parts[:5])}/{kind}/{parts[-1]}"


def stream_token(cloud: PracticeCloud, resource: Document, caller: Caller) -> Document:
    """What ``getAuthToken`` answers for an environment, an app or a job: a token for its streams alone, good for an hour."""
    claims = {
        "iss": cloud.tokens.issuer,
        "aud": stream_audience(resource["id"]),
        "oid": caller.object_id,
        "appid": caller.app_id,
        "idtyp": "user" if caller.kind == "User" else "app",
        "tid": caller.tenant_id,
    }
    return {
        "id": f"{resource['id']}/accesstokens/stream",
        "name": "stream",
        "type": f"{resource['type']}/accesstokens",
        "location": resource["location"],
        "properties": {"token": cloud.tokens.sign(claims, 3600), "expires": cloud.clock.timestamp(after=3600)},
    }


def stream_audience(resource_id: str) -> str:
    """Whom a stream token is for: one environment, app or job."""
    return f"https://azurecontainerapps.dev{resource_id.lower()}"
