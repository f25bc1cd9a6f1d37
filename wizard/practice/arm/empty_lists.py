"""Lists of what the practice cloud never has, and which clients read all the same on their way to something that it has.

``az keyvault list-deleted`` reads managed HSMs beside vaults, ``az containerapp up`` connected environments, ``az acr task`` the
tasks of a registry. One of them by name is not found; a name for one is free.
"""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, SUBSCRIPTION, arm_id, parent_not_found
from wizard.practice.arm.shapes import NAME_CHECK
from wizard.practice.kernel.errors import AzureError, resource_not_found
from wizard.practice.kernel.fidelity import specified
from wizard.practice.kernel.requests import Answer, Handler, Request

_TYPES = ("Microsoft.App/connectedEnvironments", "Microsoft.KeyVault/managedHSMs")
_PARTS = (
    "Microsoft.App/managedEnvironments/certificates",
    "Microsoft.App/managedEnvironments/managedCertificates",
    "Microsoft.App/managedEnvironments/daprComponents",
    "Microsoft.ContainerRegistry/registries/tasks",
    "Microsoft.ContainerRegistry/registries/taskRuns",
    "Microsoft.ContainerRegistry/registries/webhooks",
    "Microsoft.ContainerRegistry/registries/replications",
    "Microsoft.ContainerRegistry/registries/tokens",
    "Microsoft.ContainerRegistry/registries/scopeMaps",
    "Microsoft.ContainerRegistry/registries/cacheRules",
)
_DELETED = "Microsoft.KeyVault/deletedManagedHSMs"


async def _none(request: Request) -> Answer:
    return Answer(200, {"value": []})


async def _free(request: Request) -> Answer:
    return Answer(200, {"nameAvailable": True})


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
    for kind in _PARTS:
        whole, _, part = kind.rpartition("/")
        place = f"{GROUP}{whole}/{{whole}}/{part}"
        add("GET", place, _none_of(cloud, whole), action=f"{kind}/read", known=empty)
        add("GET", place + "/{name}", _absent(kind), action=f"{kind}/read", known=specified("404 ResourceNotFound"))
    check = SUBSCRIPTION + "Microsoft.KeyVault/checkMhsmNameAvailability"
    free = specified("200: the name is free")
    add("POST", check, _free, action="Microsoft.KeyVault/checkMhsmNameAvailability/read", takes=NAME_CHECK, known=free)
    add("GET", SUBSCRIPTION + _DELETED, _none, action=f"{_DELETED}/read", known=empty)
    one = SUBSCRIPTION + "Microsoft.KeyVault/locations/{location}/deletedManagedHSMs/{name}"
    add("GET", one, _not_deleted, action="Microsoft.KeyVault/locations/deletedManagedHSMs/read", known=specified("404"))


def _none_of(cloud: PracticeCloud, whole: str) -> Handler:
    async def none(request: Request) -> Answer:
        whole_id = arm_id(request.names, whole, request.names["whole"])
        if whole_id not in cloud.store.resources:
            raise parent_not_found(whole_id)
        return Answer(200, {"value": []})

    return none


def _absent(kind: str) -> Handler:
    async def absent(request: Request) -> Answer:
        name = "/".join(request.names[hole] for hole in ("whole", "name") if hole in request.names)
        raise resource_not_found(kind, name, request.names["group"])

    return absent
