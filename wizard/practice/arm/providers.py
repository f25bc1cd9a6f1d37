"""Resource providers: what they offer where, and their registration, which takes its time."""

from __future__ import annotations

from typing import Any

from wizard.practice.access.rbac import authorization_failed
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import PROVIDERS, regions_of_type
from wizard.practice.arm.versions import versions_of
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

REGISTRATION_SECONDS = 20.0
# The applications of Microsoft's that act for a provider, and their roles (recorded for Microsoft.App).
AUTHORIZATIONS = {
    "Microsoft.App": [
        {"applicationId": "7e3bc4fd-85a3-4192-b177-5b8bfc87f42c", "roleDefinitionId": "39a74f72-b40f-4bdc-b639-562fe2260bf0"},
        {"applicationId": "3734c1a4-2bed-4998-a37a-ff1a9e7bf019", "roleDefinitionId": "5c779a4f-5cb2-4547-8c41-478d9be8ba90"},
        {
            "applicationId": "55ebbb62-3b9c-49fd-9b87-9595226dd4ac",
            "roleDefinitionId": "e49ca620-7992-4561-a7df-4ed67dad77b5",
            "managedByRoleDefinitionId": "9e3af657-a8ff-583c-a75c-2fe7c4bcb635",
        },
    ],
}
_ALWAYS = ("Microsoft.Authorization", "Microsoft.Resources")  # part of ARM itself (RegistrationFree)


class Providers:
    """A provider's state is a document ``{"namespace", "state"}`` in the collection ``providers``; all start NotRegistered."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._states = cloud.store.collection("providers")
        for namespace in PROVIDERS:
            if namespace not in self._states:
                self._states[namespace] = {"namespace": namespace, "state": "NotRegistered"}

    async def list_all(self, request: Request) -> Answer:
        """GET of every resource provider."""
        return Answer(200, {"value": [self._described(namespace) for namespace in (*PROVIDERS, *_ALWAYS)]})

    async def get(self, request: Request) -> Answer:
        """GET of one provider: its resource types, where they are offered, and its registration."""
        return Answer(200, self._described(self._namespace(request)))

    async def register(self, request: Request) -> Answer:
        """Begin the registration and answer at once, ``Registering``; repeating it changes nothing."""
        namespace = self._namespace(request)
        denied = {value.lower() for value in self._cloud.faults.values("provider-denied")}
        if namespace.lower() in denied:
            raise authorization_failed(request.caller, f"{namespace}/register/action", f"/subscriptions/{request.names['subscription']}")
        if namespace in self._states and self._states[namespace]["state"] == "NotRegistered":
            self._set(namespace, "Registering")
            self._cloud.operations.begin("provider.register", self._target(namespace), REGISTRATION_SECONDS, data={"namespace": namespace})
        return Answer(200, self._described(namespace))

    async def unregister(self, request: Request) -> Answer:
        """POST unregister of a provider."""
        namespace = self._namespace(request)
        if namespace in self._states and self._states[namespace]["state"] == "Registered":
            self._set(namespace, "Unregistering")
            self._cloud.operations.begin(
                "provider.unregister", self._target(namespace), REGISTRATION_SECONDS, data={"namespace": namespace}
            )
        return Answer(200, self._described(namespace))

    async def registered(self, operation: Document) -> None:
        """End a registration."""
        self._set(operation["data"]["namespace"], "Registered")

    async def unregistered(self, operation: Document) -> None:
        """End the opposite of a registration."""
        self._set(operation["data"]["namespace"], "NotRegistered")

    def _set(self, namespace: str, state: str) -> None:
        self._states[namespace] = {"namespace": namespace, "state": state}

    def _target(self, namespace: str) -> str:
        return f"/subscriptions/{self._cloud.subscription_id}/providers/{namespace}"

    def _namespace(self, request: Request) -> str:
        wanted = request.names["namespace"].lower()
        for namespace in (*PROVIDERS, *_ALWAYS):
            if namespace.lower() == wanted:
                return namespace
        message = f"The resource namespace '{request.names['namespace']}' is invalid."
        raise AzureError(404, "InvalidResourceNamespace", message, headers=GATEWAY)

    def _described(self, namespace: str) -> dict[str, Any]:
        free = namespace in _ALWAYS
        return {
            "id": self._target(namespace),
            "namespace": namespace,
            "authorizations": AUTHORIZATIONS.get(namespace, []),
            "resourceTypes": [_type(namespace, kind, located) for kind, located in PROVIDERS.get(namespace, {}).items()],
            "registrationState": "Registered" if free else self._states[namespace]["state"],
            "registrationPolicy": "RegistrationFree" if free else "RegistrationRequired",
        }


def _type(namespace: str, kind: str, located: bool) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "locations": [region.displayName for region in regions_of_type(f"{namespace}/{kind}")],
        "apiVersions": list(versions_of(namespace)),
        "defaultApiVersion": next(version for version in versions_of(namespace) if "preview" not in version),
        "capabilities": _CAPABILITIES if located else "None",
    }


_CAPABILITIES = (
    "CrossResourceGroupResourceMove, CrossSubscriptionResourceMove, SystemAssignedResourceIdentity, SupportsTags, SupportsLocation"
)


def install(cloud: PracticeCloud) -> None:
    """Serve the providers and their registration."""
    providers = Providers(cloud)
    base = "/subscriptions/{subscription}/providers"
    read = "Microsoft.Resources/subscriptions/providers/read"
    cloud.arm.add("GET", base, providers.list_all, action=read, known=specified("200 with a list"))
    cloud.arm.add("GET", f"{base}/{{namespace}}", providers.get, action=read, known=recorded("200 with types, regions and api-versions"))
    for verb, handler in (("register", providers.register), ("unregister", providers.unregister)):
        cloud.arm.add(
            "POST",
            f"{base}/{{namespace}}/{verb}",
            handler,
            action=f"{{namespace}}/{verb}/action",
            known=recorded("200 Registering at once"),
        )
    cloud.operations.when_done("provider.register", providers.registered)
    cloud.operations.when_done("provider.unregister", providers.unregistered)
