"""Refusals in Azure's words."""

from __future__ import annotations

from typing import Any

GATEWAY = {"x-ms-failure-cause": "gateway"}  # on ARM's own refusals (errors.md)
OWN_FAULT = {"x-azwizard-practice-fault": "true"}  # on a 500 that a bug of the practice cloud is, which no retry mends


class AzureError(Exception):
    """A refusal, answered as ``{"error": {"code", "message", ...}}`` with its HTTP status.

    :param status: HTTP status of a direct answer; a failed operation carries the same error in a 200.
    :param headers: further response headers, such as ``x-ms-failure-cause: gateway`` for ARM's own refusals.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: list[dict[str, Any]] | None = None,
        inner: dict[str, Any] | None = None,
        additional_info: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.inner = inner
        self.additional_info = additional_info
        self.headers = headers or {}

    def error(self) -> dict[str, Any]:
        """The content of the ``error`` member, without absent parts."""
        parts = {
            "code": self.code,
            "message": self.message,
            "target": self.target,
            "details": self.details,
            "additionalInfo": self.additional_info,
            "innererror": self.inner,
        }
        return {name: value for name, value in parts.items() if value is not None}

    def body(self) -> dict[str, Any]:
        """The whole response body."""
        return {"error": self.error()}


def resource_not_found(resource_type: str, name: str, group: str) -> AzureError:
    """404 ResourceNotFound for a resource that is not there (errors.md 26)."""
    message = f"The Resource '{resource_type}/{name}' under resource group '{group}' was not found. "
    return AzureError(
        404, "ResourceNotFound", message + "For more details please go to https://aka.ms/ARMResourceNotFoundFix", headers=GATEWAY
    )


def group_not_found(group: str) -> AzureError:
    """404 ResourceGroupNotFound (recorded)."""
    return AzureError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.", headers=GATEWAY)
