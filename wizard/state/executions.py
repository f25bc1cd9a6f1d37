"""Executions of a job, as Azure tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")
GOES_ON = ("running", "processing")
SUCCEEDED = "succeeded"


def newest(executions: Sequence[T]) -> T | None:
    """The one that began last; Azure does not say in which order it lists them."""
    return max(executions, key=lambda execution: str(_properties(execution).get("startTime") or ""), default=None)


def status_of(execution: Any) -> str:
    """Its running state in small letters, such as ``running``, ``succeeded``, ``failed`` or ``stopped``."""
    return str(_properties(execution).get("status") or "unknown").lower()


def container_of(execution: Any) -> dict[str, Any]:
    """The container that it runs or ran, in ARM's names."""
    return dict(((_properties(execution).get("template") or {}).get("containers") or [{}])[0])


def _properties(execution: Any) -> dict[str, Any]:
    return dict(execution.as_dict().get("properties") or {})
