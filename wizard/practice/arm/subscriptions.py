"""Tenants, subscriptions and locations."""

from __future__ import annotations

from typing import Any

from wizard.practice.access.directory import DOMAIN
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.front import SEEDED
from wizard.practice.arm.regions import Region, regions
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request

PAGE = 200

OFFERS = {
    "free-trial": "FreeTrial_2014-09-01",
    "student": "AzureForStudents_2018-01-01",
    "spending-limit": "MSDN_2014-09-01",
}
"""Fault -> the offer of the practice subscription, as ``quotaId`` names it."""


class Subscriptions:
    """The practice subscription, and as many more as were seeded (``--seed subscriptions:2000``)."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._tenant = {
            "id": f"/tenants/{cloud.tenant_id}",
            "tenantId": cloud.tenant_id,
            "countryCode": "CH",
            "displayName": "Practice",
            "domains": [DOMAIN],
            "defaultDomain": DOMAIN,
            "tenantCategory": "Home",
            "tenantType": "AAD",
        }

    async def tenants(self, request: Request) -> Answer:
        """GET of the tenants that the caller sees: one."""
        return Answer(200, {"value": [self._tenant], "nextLink": ""})

    async def list_all(self, request: Request) -> Answer:
        """All subscriptions that the account sees, in pages with a nextLink when there are many."""
        token = request.query.get("$skiptoken", "0")
        if not token.isdecimal() or len(token) > 9:
            raise AzureError(400, "InvalidSkipToken", f"The skip token '{token}' is not valid.", headers=GATEWAY)
        start = int(token)
        names = [] if self._cloud.faults.value("account") == "none" else self._names()
        body: dict[str, Any] = {"value": [self._subscription(*names[index]) for index in range(start, min(start + PAGE, len(names)))]}
        more = f"{ENDPOINT}/subscriptions?api-version={request.api_version}&$skiptoken={start + PAGE}"
        body["nextLink"] = more if start + PAGE < len(names) else ""  # its specification demands the key
        return Answer(200, body)

    async def get(self, request: Request) -> Answer:
        """GET of one subscription."""
        subscription_id = request.names["subscription"].lower()
        name = next(name for identifier, name in self._names() if identifier == subscription_id)
        return Answer(200, self._subscription(subscription_id, name))

    async def locations(self, request: Request) -> Answer:
        """GET of the regions that a subscription can use."""
        subscription = request.names["subscription"]
        return Answer(200, {"value": [_location(subscription, region) for region in regions()]})

    def _names(self) -> list[tuple[str, str]]:
        seeded = range(1, self._cloud.seeds.get("subscriptions", 0) + 1)
        return [
            (self._cloud.subscription_id, "Practice subscription"),
            *((SEEDED.format(number), f"Seeded subscription {number:04d}") for number in seeded),
        ]

    def _subscription(self, identifier: str, name: str) -> dict[str, Any]:
        practice = identifier == self._cloud.subscription_id
        faults = self._cloud.faults
        offer = next((quota for fault, quota in OFFERS.items() if practice and faults.active(fault)), "PayAsYouGo_2014-09-01")
        disabled = practice and (faults.active("subscription-disabled") or faults.active("spending-limit"))
        return {
            "id": f"/subscriptions/{identifier}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionId": identifier,
            "tenantId": self._cloud.tenant_id,
            "displayName": name,
            "state": "Disabled" if disabled else ((practice and faults.value("subscription-state")) or "Enabled"),
            "subscriptionPolicies": {
                "locationPlacementId": "Public_2014-09-01",
                "quotaId": offer,
                "spendingLimit": "Off" if offer.startswith("PayAsYouGo") else "On",
            },
        }


def _location(subscription: str, region: Region) -> dict[str, Any]:
    metadata = {
        "regionType": "Physical",
        "regionCategory": region.category,
        "geography": region.geography,
        "geographyGroup": region.geographyGroup,
        "longitude": region.longitude,
        "latitude": region.latitude,
        "physicalLocation": region.physicalLocation,
        "pairedRegion": [{"name": region.paired, "id": f"/subscriptions/{subscription}/locations/{region.paired}"}]
        if region.paired
        else [],
    }
    zones = [{"logicalZone": str(number), "physicalZone": f"{region.name}-az{number}"} for number in (1, 2, 3)]
    return {
        "id": f"/subscriptions/{subscription}/locations/{region.name}",
        "name": region.name,
        "type": "Region",
        "displayName": region.displayName,
        "regionalDisplayName": f"({region.geographyGroup}) {region.displayName}",
        "metadata": metadata,
        **({"availabilityZoneMappings": zones} if region.category == "Recommended" else {}),  # recorded: those and no others
    }


def install(cloud: PracticeCloud) -> None:
    """Serve tenants, subscriptions and locations."""
    subscriptions = Subscriptions(cloud)
    read = "Microsoft.Resources/subscriptions/read"
    cloud.arm.add("GET", "/tenants", subscriptions.tenants, known=specified("200 with a list"))
    cloud.arm.add("GET", "/subscriptions", subscriptions.list_all, known=specified("200 with pages"))
    cloud.arm.add("GET", "/subscriptions/{subscription}", subscriptions.get, action=read, known=specified("200, 404 SubscriptionNotFound"))
    cloud.arm.add(
        "GET",
        "/subscriptions/{subscription}/locations",
        subscriptions.locations,
        action="Microsoft.Resources/subscriptions/locations/read",
        known=recorded("200 with a list"),
    )
