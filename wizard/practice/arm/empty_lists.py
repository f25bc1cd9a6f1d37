"""Lists of what the practice cloud never has, and which clients read all the same on their way to something that it has.

``az keyvault list-deleted`` reads managed HSMs beside vaults, ``az containerapp up`` connected environments.
"""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, SUBSCRIPTION
from wizard.practice.kernel.errors import AzureError, resource_not_found
from wizard.practice.kernel.fidelity import specified
from wizard.practice.kernel.requests import Answer, Handler, Request

_TYPES = ("Microsoft.App/connectedEnvironments", "Microsoft.KeyVault/managedHSMs")
_DELETED = "Microsoft.KeyVault/deletedManagedHSMs"


async def _none(request: Request) -> Answer:
    return Answer(200, {"value": []})


async def _not_deleted(request: Request) -> Answer:
    message = f"The specified deleted managed HSM '{request.names['name']}' does not exist."
    raise AzureError(404, "ManagedHSMDeletedNotFound", message)


def install(cloud: PracticeCloud) -> None:
    """Serve them, empty; one of them by name is not found."""
    add, empty = cloud.arm.add, specified("200 with an empty list")
    for kind in _TYPES:
        for place in (GROUP, SUBSCRIPTION):
            add("GET", place + kind, _none, action=f"{kind}/read", known=empty)
        add("GET", GROUP + kind + "/{name}", _absent(kind), action=f"{kind}/read", known=specified("404 ResourceNotFound"))
    add("GET", SUBSCRIPTION + _DELETED, _none, action=f"{_DELETED}/read", known=empty)
    one = SUBSCRIPTION + "Microsoft.KeyVault/locations/{location}/deletedManagedHSMs/{name}"
    add("GET", one, _not_deleted, action="Microsoft.KeyVault/locations/deletedManagedHSMs/read", known=specified("404"))


def _absent(kind: str) -> Handler:
    async def absent(request: Request) -> Answer:
        raise resource_not_found(kind, request.names["name"], request.names["group"])

    return absent
