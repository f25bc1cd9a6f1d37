"""Asking Azure for something once, and taking “there is none” for an answer."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable
from typing import Any, TypeVar

T = TypeVar("T")

BEING_MADE = ("Creating", "RegisteringDns", "ResolvingDNS")  # provisioning states of a registry, a vault and a storage account
GIVEN_UP = ("Failed", "Canceled")


async def get_or_none(reading: Awaitable[T]) -> T | None:
    """What was read, or None when Azure has no such thing (404)."""
    from azure.core.exceptions import ResourceNotFoundError

    try:
        return await reading
    except ResourceNotFoundError:
        return None


async def list_or_empty(pages: AsyncIterable[T]) -> list[T]:
    """Every item of every page; none when what holds them does not exist (404)."""
    from azure.core.exceptions import ResourceNotFoundError

    try:
        return [item async for item in pages]
    except ResourceNotFoundError:
        return []


def is_made(resource: Any) -> bool:
    """Whether Azure has made a vault, registry or storage account, so that what is in it can be read."""
    return resource is not None and provisioning_state(resource) not in (*BEING_MADE, *GIVEN_UP)


def provisioning_state(resource: Any) -> str:
    """How far Azure is with a vault, registry or storage account: ``Succeeded``, ``Failed``, or one of `BEING_MADE`."""
    state = getattr(getattr(resource, "properties", None), "provisioning_state", None)
    return str(getattr(state, "value", state))
