"""The practice tenant's directory (Microsoft Entra ID): who exists."""

from __future__ import annotations

import uuid

from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.store import Document, Store

DOMAIN = "practice.onmicrosoft.com"
CLIENT_ID = "c0ffee00-0000-4000-8000-000000000001"
SERVICE_PRINCIPAL = "c0ffee00-0000-4000-8000-000000000002"
USER = "c0ffee00-0000-4000-8000-000000000003"
OWNER = "c0ffee00-0000-4000-8000-000000000004"  # who owns the subscription besides the account
REPLICATION_SECONDS = 10.0


class Directory:
    """Users, service principals and managed identities.

    A principal is a document ``{"object_id", "client_id", "name", "kind", "resource_id", "created", "replicated"}``; `kind` is ``User``,
    ``ServicePrincipal`` or ``ManagedIdentity``, `replicated` the time from which role assignments can find it.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._principals = store.collection("principals")
        self._clock = clock
        if SERVICE_PRINCIPAL not in self._principals:
            self._keep(SERVICE_PRINCIPAL, CLIENT_ID, "Practice account", "ServicePrincipal", "", 0.0)
            self._keep(USER, "", f"you@{DOMAIN}", "User", "", 0.0)
        if OWNER not in self._principals:
            self._keep(OWNER, "", f"owner@{DOMAIN}", "User", "", 0.0)

    def add_managed_identity(self, name: str, resource_id: str) -> Document:
        """Make the identity of a resource; role assignments without a principal type find it only after its replication time."""
        return self._keep(str(uuid.uuid4()), str(uuid.uuid4()), name, "ManagedIdentity", resource_id, REPLICATION_SECONDS)

    def add_application(self, name: str) -> Document:
        """Register an application, with its service principal."""
        return self._keep(str(uuid.uuid4()), str(uuid.uuid4()), name, "ServicePrincipal", "", REPLICATION_SECONDS)

    def get(self, object_id: str) -> Document | None:
        """The user, group or service principal with an object id, None where there is none."""
        return self._principals.get(object_id)

    def by_client_id(self, client_id: str) -> Document | None:
        """The principal that signs in with a client id, in capitals or not; None where there is none."""
        return next((p for p in self._principals.values() if p["client_id"] and p["client_id"].lower() == client_id.lower()), None)

    def user(self, wanted: str) -> Document | None:
        """A person by object id or user principal name, whatever its case."""
        people = (one for one in self._principals.values() if one["kind"] == "User")
        return next((one for one in people if wanted.lower() in (one["object_id"], one["name"].lower())), None)

    def remove(self, object_id: str) -> None:
        """Delete a principal; its role assignments stay, as in Azure, for a principal that nobody knows."""
        self._principals.pop(object_id, None)

    def replicated(self, object_id: str) -> bool:
        """Whether that principal exists and is old enough to be found."""
        principal = self.get(object_id)
        return principal is not None and principal["replicated"] <= self._clock.now()

    def _keep(self, object_id: str, client_id: str, name: str, kind: str, resource_id: str, replication: float) -> Document:
        now = self._clock.now()
        self._principals[object_id] = {
            "object_id": object_id,
            "client_id": client_id,
            "name": name,
            "kind": kind,
            "resource_id": resource_id,
            "created": now,
            "replicated": now + self._clock.lasts(replication),
        }
        return self._principals[object_id]


def assignment_type(kind: str) -> str:
    """The principal type that a role assignment shows for a principal of that kind."""
    return "User" if kind == "User" else "ServicePrincipal"
