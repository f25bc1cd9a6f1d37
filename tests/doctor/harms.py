"""What goes wrong with what an app needs (image, rights, secrets, files), and what a person does about it, through Azure's own calls."""

from __future__ import annotations

from tests.doctor.ward import APP, GROUP, STORAGE, VAULT, Patient
from tests.practice.apps import DOCKERFILE, RUN
from wizard.cloud.resource_ids import ROLES

ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-orders-dev"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crordersdev"
VAULT_URI = "https://kv-orders-dev.vault.azure.net/"
SHARE = f"{STORAGE}/fileServices/default/shares/fileshare-db-orders-dev"
CLOSED, OPEN = {"bypass": "AzureServices", "defaultAction": "Deny"}, {"bypass": "AzureServices", "defaultAction": "Allow"}


# Images


def starting(code: str) -> dict[str, str]:
    """An image whose run.py does something more at its start."""
    return {"run": RUN.replace("app = Flask(__name__)", f"{code}\napp = Flask(__name__)")}


def bound(address: str) -> dict[str, str]:
    """An image whose gunicorn listens elsewhere."""
    return {"dockerfile": DOCKERFILE.replace("0.0.0.0:5000", address)}


def command(*words: str) -> dict[str, str]:
    """An image that starts something else."""
    listed = ", ".join(f'"{word}"' for word in words)
    return {"dockerfile": DOCKERFILE.rpartition("CMD")[0] + f"CMD [{listed}]\n"}


def script(first: str, mode: str = "755") -> dict[str, str]:
    """An image that starts a script which begins so, as printf writes it."""
    begun = DOCKERFILE.rpartition("CMD")[0]
    created = f"RUN printf '{first}exec gunicorn --bind 0.0.0.0:5000 run:app\\n' > start.sh && chmod {mode} start.sh\n"
    return {"dockerfile": f'{begun}{created}ENTRYPOINT ["./start.sh"]\n'}


def installed_by(line: str, program: str) -> dict[str, str]:
    """An image that starts what a RUN line would have installed."""
    return {"dockerfile": DOCKERFILE.rpartition("CMD")[0] + f'RUN {line}\nCMD ["{program}"]\n'}


def based_on(base: str, *words: str) -> dict[str, str]:
    """An image that starts what another base image has."""
    return {"dockerfile": command(*words)["dockerfile"].replace("python:3.12-slim", base)}


async def repushed(patient: Patient) -> None:
    """The person mends the code, builds it and applies."""
    await patient.push()
    await patient.apply()


async def newer_pushed(patient: Patient) -> None:
    await patient.push(run=RUN + "\n# newer\n")


async def latest_pushed(patient: Patient) -> None:
    """Someone builds elsewhere and pushes under the tag that the setup's own builds move."""
    await patient.push(tag="latest", run=RUN + "\n# newer\n")


async def latest_taken(patient: Patient) -> None:
    await patient.deploy_with("pipeline", build="existing", tag="latest")


async def image_deleted(patient: Patient) -> None:
    await patient.delete_images()
    await patient.restart()


async def unreachable_version(patient: Patient) -> None:
    await patient.push(tag="2.0", **bound("127.0.0.1:5000"))
    await patient.deploy_with("pipeline", tag="2.0")


async def older_version(patient: Patient) -> None:
    await patient.deploy_with("pipeline", tag="1.0")


# Rights


async def without_pull_role(patient: Patient) -> None:
    await patient.take_role(REGISTRY, ROLES["AcrPull"])
    await patient.restart()


async def still_running_without_secrets_role(patient: Patient) -> None:
    await patient.take_role(VAULT, ROLES["Key Vault Secrets User"])


async def without_secrets_role(patient: Patient) -> None:
    await still_running_without_secrets_role(patient)
    await patient.restart()


async def secrets_role_given_anew(patient: Patient) -> None:
    """Taken away by mistake and given back at once, which takes effect later, while the app is started again."""
    await patient.take_role(VAULT, ROLES["Key Vault Secrets User"], later=6.0)
    await patient.restart()


async def pull_role_given_anew(patient: Patient) -> None:
    await patient.take_role(REGISTRY, ROLES["AcrPull"], later=6.0)
    await patient.restart()


async def rights_for_each_repository(patient: Patient) -> None:
    """The registry's owner switches it to ABAC, where AcrPull counts for nothing (errors.md 47)."""
    await patient.call("PATCH", REGISTRY, {"properties": {"roleAssignmentMode": "AbacRepositoryPermissions"}}, "2025-04-01")
    await patient.restart()


async def rights_for_the_registry(patient: Patient) -> None:
    await patient.call("PATCH", REGISTRY, {"properties": {"roleAssignmentMode": "LegacyRegistryPermissions"}}, "2025-04-01")
    await patient.restart()


async def identity_deleted(patient: Patient) -> None:
    """Someone tidies up what seems to belong to nothing."""
    for identity in (await patient.app())["identity"]["userAssignedIdentities"]:
        await patient.call("DELETE", identity.removeprefix(patient.setup.practice.scope), version="2023-01-31")
    await patient.restart()


# Secrets


async def secret_deleted(patient: Patient) -> None:
    await patient.setup.cloud.secrets(VAULT_URI).delete_secret("api-key")
    patient.setup.given = {}


async def secret_purged(patient: Patient) -> None:
    await secret_deleted(patient)
    await patient.setup.cloud.secrets(VAULT_URI).purge_deleted_secret("api-key")
    await patient.restart()


async def secret_written(patient: Patient) -> None:
    patient.setup.given = {"api-key": "canary-2"}
    await patient.apply()


async def secret_switched_off(patient: Patient) -> None:
    await patient.setup.cloud.secrets(VAULT_URI).update_secret_properties("api-key", enabled=False)


async def secret_switched_on(patient: Patient) -> None:
    await patient.setup.cloud.secrets(VAULT_URI).update_secret_properties("api-key", enabled=True)


async def vault_deleted(patient: Patient) -> None:
    await patient.call("DELETE", VAULT, version="2023-07-01")
    patient.setup.given = {}
    await patient.restart()


async def vault_brought_back(patient: Patient) -> None:
    await patient.deploy_with("key_vault", deleted="recover")


async def vault_closed(patient: Patient) -> None:
    await patient.call("PATCH", VAULT, {"properties": {"networkAcls": CLOSED}}, "2023-07-01")


async def vault_closed_and_restarted(patient: Patient) -> None:
    await vault_closed(patient)
    await patient.restart()


async def vault_not_public(patient: Patient) -> None:
    await patient.call("PATCH", VAULT, {"properties": {"publicNetworkAccess": "Disabled"}}, "2023-07-01")
    await patient.restart()


async def vault_opened(patient: Patient) -> None:
    await patient.call("PATCH", VAULT, {"properties": {"networkAcls": OPEN, "publicNetworkAccess": "Enabled"}}, "2023-07-01")
    await patient.apply()


async def vault_with_policies(patient: Patient) -> None:
    """The vault's owner goes back to access policies, which know nothing of roles."""
    await patient.call("PATCH", VAULT, {"properties": {"enableRbacAuthorization": False, "accessPolicies": []}}, "2023-07-01")
    await patient.restart()


# Files


async def key_rotated(patient: Patient) -> None:
    """Until the key is newer than the running copy, by Azure's clock of whole seconds."""
    name = (await patient.app())["properties"]["latestRevisionName"]
    began = (await patient.call("GET", f"{APP}/revisions/{name}/replicas"))["value"][0]["properties"]["createdTime"]
    newer = began
    while newer <= began:
        await patient.call("POST", f"{STORAGE}/regenerateKey", {"keyName": "key1"}, "2023-05-01")
        newer = (await patient.call("GET", STORAGE, version="2023-05-01"))["properties"]["keyCreationTime"]["key1"]


async def key_rotated_and_restarted(patient: Patient) -> None:
    await key_rotated(patient)
    await patient.restart()


async def key_forbidden(patient: Patient) -> None:
    await patient.call("PATCH", STORAGE, {"properties": {"allowSharedKeyAccess": False}}, "2023-05-01")
    await patient.restart()


async def wrong_key_connected(patient: Patient) -> None:
    """Someone pastes another account's key into the environment's storage."""
    there = (await patient.call("GET", f"{ENVIRONMENT}/storages/azure-files-db"))["properties"]["azureFile"]
    body = {"properties": {"azureFile": {**there, "accountKey": "bm90IHRoZSBrZXk="}}}
    await patient.call("PUT", f"{ENVIRONMENT}/storages/azure-files-db", body)
    await patient.restart()


async def share_deleted(patient: Patient) -> None:
    await patient.call("DELETE", SHARE, version="2023-05-01")
    await patient.restart()


async def account_deleted(patient: Patient) -> None:
    await patient.call("DELETE", STORAGE, version="2023-05-01")
    await patient.restart()


async def connection_deleted(patient: Patient) -> None:
    await patient.call("DELETE", f"{ENVIRONMENT}/storages/azure-files-db")


async def connection_deleted_and_restarted(patient: Patient) -> None:
    await connection_deleted(patient)
    await patient.restart()


async def storage_closed(patient: Patient) -> None:
    await patient.call("PATCH", STORAGE, {"properties": {"networkAcls": CLOSED}}, "2023-05-01")


async def storage_closed_and_restarted(patient: Patient) -> None:
    await storage_closed(patient)
    await patient.restart()


async def storage_opened(patient: Patient) -> None:
    await patient.call("PATCH", STORAGE, {"properties": {"networkAcls": OPEN}}, "2023-05-01")
    await patient.apply()


async def registry_deleted(patient: Patient) -> None:
    await patient.call("DELETE", REGISTRY, version="2023-07-01")
    await patient.restart()


async def registry_closed(patient: Patient) -> None:
    """Closed to the public network, which takes the tier Premium."""
    await patient.call("PATCH", REGISTRY, {"sku": {"name": "Premium"}}, "2023-07-01")
    await patient.call("PATCH", REGISTRY, {"properties": {"publicNetworkAccess": "Disabled"}}, "2023-07-01")
    await patient.restart()


async def registry_opened(patient: Patient) -> None:
    await patient.call("PATCH", REGISTRY, {"properties": {"publicNetworkAccess": "Enabled"}}, "2023-07-01")
    await patient.apply()


async def asked_for_much(patient: Patient) -> None:
    assert await patient.ask("/big") == 503


async def locked(patient: Patient) -> None:
    await patient.ask("/orders")
