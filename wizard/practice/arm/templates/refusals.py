"""What the validation of a deployment finds, in the words that Azure wraps around it.

Forms: azure-cli#6075 (policies), azure-xplat-cli#2791 (storage's own check), errors.md 20 and 24 (other providers), deployment-stacks#212
(rights).
"""

from __future__ import annotations

import uuid
from typing import Any

from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.requests import resource_type_of, segments

INVALID = "InvalidTemplateDeployment"
_POLICY = ("RequestDisallowedByPolicy", "RequestDisallowedByAzure")
_OWN_CHECK = ("PreflightValidationCheckFailed", "Preflight validation failed. Please refer to the details for the specific errors.")
_CHECK = ("ValidationForResourceFailed", "Validation failed for a resource. Check 'Error.Details[0]' for more information.")


class Refusals:
    """What policies, rights and providers refuse of one deployment, all of it told together."""

    def __init__(self, deployment: str) -> None:
        self._deployment = deployment
        self._policies: list[dict[str, Any]] = []
        self._providers: list[dict[str, Any]] = []
        self._rights: list[str] = []

    def add(self, path: str, refusal: AzureError) -> None:
        """Keep a refusal of the resource at `path`. What Resource Manager itself finds is raised at once."""
        kind, name = resource_type_of(path), segments(path)[-1]
        if refusal.code in _POLICY:
            self._policies.append(refusal.error())
        elif refusal.code == "AuthorizationFailed":
            words = refusal.message.replace("have authorization to perform", "have permission to perform").partition(" or the scope is")[0]
            self._rights.append(f"Authorization failed for template resource '{name}' of type '{kind}'. {words}.")
        elif refusal.headers.get("x-ms-failure-cause") or refusal.code == "InvalidRequestContent":
            raise refusal
        else:
            code, message = _OWN_CHECK if kind.lower().startswith("microsoft.storage/") else _CHECK
            self._providers.append({"code": code, "message": message, "details": [{"target": name, **refusal.error()}]})

    def raise_if_any(self) -> None:
        """Raise what was kept as one refusal of the deployment."""
        if self._rights:
            raise AzureError(403, INVALID, f"Deployment failed with multiple errors: '{':'.join(self._rights)}'", headers=GATEWAY)
        details = [*self._policies, *self._providers]
        if not details:
            return
        if self._policies:
            trouble = "with multiple errors" if self._providers else "because of policy violation"
            message = f"The template deployment failed {trouble}. Please see details for more information."
        else:
            message = (
                f"The template deployment '{self._deployment}' is not valid according to the validation procedure. The tracking id is "
                f"'{uuid.uuid4()}'. See inner errors for details."
            )
        raise AzureError(400, INVALID, message, details=details)
