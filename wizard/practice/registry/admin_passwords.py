"""The admin user of a registry: a name and two passwords, while it is enabled."""

from __future__ import annotations

import secrets

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, body_of, read
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.registry.images import REGISTRIES
from wizard.practice.registry.shapes import PASSWORD


def install(cloud: PracticeCloud) -> None:
    """Serve both passwords, and a new one in place of either."""
    service, registry, known = AdminPasswords(cloud), GROUP + REGISTRIES + "/{name}", recorded("200 with both passwords")
    to_list, to_regenerate = f"{REGISTRIES}/listCredentials/action", f"{REGISTRIES}/regenerateCredential/action"
    cloud.arm.add("POST", f"{registry}/listCredentials", service.credentials, action=to_list, known=known)
    cloud.arm.add("POST", f"{registry}/regenerateCredential", service.regenerate, action=to_regenerate, takes=PASSWORD, known=known)


def new() -> dict[str, str]:
    """Both passwords of a new registry."""
    return {"password": _password(), "password2": _password()}


class AdminPasswords:
    """The passwords of every registry of one practice cloud."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def credentials(self, request: Request) -> Answer:
        """POST listCredentials: the name and passwords of the admin user."""
        registry = read(self._cloud, request, REGISTRIES)
        return Answer(200, self._credentials(registry))

    async def regenerate(self, request: Request) -> Answer:
        """POST regenerateCredential: one of the admin user's passwords is made anew."""
        registry = read(self._cloud, request, REGISTRIES)
        self._credentials(registry)
        private = self._cloud.store.private[registry["id"]]
        name = body_of(request).get("name")
        if name not in private["passwords"]:
            raise AzureError(400, "InvalidParameter", "The password name must be 'password' or 'password2'.", target="name")
        private["passwords"][name] = _password()
        self._cloud.store.private[registry["id"]] = private
        return Answer(200, self._credentials(registry))

    def _credentials(self, registry: Document) -> Document:
        if not registry["properties"]["adminUserEnabled"]:
            message = (
                f"Cannot perform credential operations for {registry['id']} as admin user is disabled. "
                "Kindly enable admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account"
            )
            raise AzureError(400, "UnAuthorizedForCredentialOperations", message)
        passwords = self._cloud.store.private[registry["id"]]["passwords"]
        return {"username": registry["name"], "passwords": [{"name": name, "value": value} for name, value in passwords.items()]}


def _password() -> str:
    return secrets.token_urlsafe(39)
