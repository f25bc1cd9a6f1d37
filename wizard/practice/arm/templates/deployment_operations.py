"""What a deployment did, resource by resource (``deployments/NAME/operations``): also what was refused, and why.

Documents: ``deployment_operations``, the deployment's ARM id -> its operations in the order in which they ended, as a GET answers them.
"""

from __future__ import annotations

import hashlib

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.templates.template import Planned
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Answer
from wizard.practice.kernel.store import Document


class DeploymentOperations:
    """The operations of every deployment of one practice cloud."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._operations = cloud.store.collection("deployment_operations")

    def begin(self, deployment: str) -> None:
        """A deployment of that id begins anew."""
        self._operations[deployment] = {"value": []}

    def forget(self, deployment: str) -> None:
        """A deployment's record is gone."""
        self._operations.pop(deployment, None)

    def record(self, deployment: str, planned: Planned, refusal: AzureError | None = None) -> None:
        """One resource was made, or refused."""
        name = hashlib.sha256(planned.path.encode()).hexdigest()[:16].upper()
        outcome: Document = {"provisioningState": "Succeeded", "statusCode": "OK"}
        if refusal is not None:
            outcome = {"provisioningState": "Failed", "statusCode": str(refusal.status), "statusMessage": {"error": refusal.error()}}
        target = {"id": planned.path, "resourceType": planned.kind, "resourceName": planned.path.rpartition("/")[2]}
        properties = {"provisioningOperation": "Create", **outcome, "timestamp": self._cloud.clock.timestamp(), "duration": "PT0S"}
        operation = {
            "id": f"{deployment}/operations/{name}",
            "operationId": name,
            "properties": {**properties, "targetResource": target},
        }
        self._operations[deployment] = {"value": [*self._operations[deployment]["value"], operation]}

    def all_of(self, deployment: str) -> Answer:
        """GET of them all."""
        return Answer(200, self._operations.get(deployment) or {"value": []})

    def one_of(self, deployment: str, name: str) -> Answer:
        """GET of one; 404 DeploymentOperationNotFound."""
        operations: list[Document] = (self._operations.get(deployment) or {"value": []})["value"]
        match = next((each for each in operations if each["operationId"].lower() == name.lower()), None)
        if match is None:
            raise AzureError(404, "DeploymentOperationNotFound", f"Deployment operation '{name}' could not be found.")
        return Answer(200, match)
