"""Whom a vault lets in by its network rules: the app by the address it calls from, this computer by any rule."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.practice.kernel.errors import AzureError
from wizard.practice.vault.permissions import check_network


def vault(**properties: Any) -> dict[str, Any]:
    return {"name": "kv-orders-dev", "location": "westeurope", "properties": properties}


def closed_but(*addresses: str) -> dict[str, Any]:
    return vault(networkAcls={"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [{"value": each} for each in addresses]})


@pytest.mark.parametrize("address", ["203.0.113.9", "203.0.113.77", ""])
def test_an_address_that_is_named_comes_in(address: str) -> None:
    check_network(closed_but("203.0.113.0/28", "203.0.113.77"), address)
    with pytest.raises(AzureError):
        check_network(closed_but(), address)


@pytest.mark.parametrize(("rules", "address"), [(["203.0.113.0/28"], "203.0.113.99"), ([], "203.0.113.9"), ([], "")])
def test_another_address_is_refused_and_named(rules: list[str], address: str) -> None:
    with pytest.raises(AzureError) as refused:
        check_network(closed_but(*rules), address)
    assert refused.value.inner == {"code": "ForbiddenByFirewall"}
    assert f"Client address: {address or '127.0.0.1'}" in refused.value.message


def test_a_vault_that_is_not_public_lets_nobody_in() -> None:
    with pytest.raises(AzureError) as refused:
        check_network(vault(publicNetworkAccess="Disabled", networkAcls={"ipRules": [{"value": "203.0.113.9"}]}), "203.0.113.9")
    assert refused.value.inner == {"code": "ForbiddenByConnection"}
