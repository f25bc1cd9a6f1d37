"""What a setup costs, by list prices and by Azure's own price list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wizard.engine.cost import PRICE_LIST, current_prices, estimate, idle_cost, list_prices, sentences
from wizard.setup.answers import Answers
from wizard.setup.loading import load, override, resolve

TODAY = date(2026, 11, 22)


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    path = tmp_path / "azwizard.toml"
    path.write_text('[project]\nname = "orders"\n[[storage.shares]]\ndesignation = "db"\nmount = "/db"\nquota = 10\n')
    return resolve(load(path))


def test_a_small_app_costs_what_azure_publishes(answers: Answers) -> None:
    """Reference section 5: 0.25 vCPU and 0.5 GiB for 30 days, 1.40 idle to 11.23 active for the vCPU, 2.81 for the memory."""
    app = estimate(answers)["app.revision"]
    assert (round(app.low, 2), round(app.high, 2)) == (4.21, 14.04)
    assert estimate(answers)["registry.registry"].high == pytest.approx(5.0, abs=0.01)
    assert estimate(answers)["storage.account"].high == pytest.approx(0.6)


def test_an_app_that_may_sleep_costs_nothing_while_nobody_calls(answers: Answers) -> None:
    sleeping = override(answers, ["app.min_replicas=0"])
    assert idle_cost(sleeping) == 0
    assert idle_cost(answers) == pytest.approx(4.21, abs=0.01)
    assert any("sleeps and costs nothing" in line for line in sentences(sleeping, list_prices()))
    assert any("4.21 USD is for running while nobody calls (min_replicas = 1)" in line for line in sentences(answers, list_prices()))


def test_what_belongs_to_others_costs_this_setup_nothing(answers: Answers) -> None:
    assert estimate(override(answers, ["registry.existing=true"]))["registry.registry"].high == 0


def test_every_price_has_a_date_and_a_source() -> None:
    assert all(price.date >= date(2026, 1, 1) and price.source for price in list_prices().values())


def item(meter: str, price: float, unit: str, service: str = "Azure Container Apps") -> dict[str, Any]:
    """An entry of Azure's price list."""
    return {
        "currencyCode": "USD",
        "retailPrice": price,
        "serviceName": service,
        "meterName": meter,
        "productName": service,
        "unitOfMeasure": unit,
    }


async def test_azures_own_prices_are_used_when_it_answers(answers: Answers) -> None:
    records: list[str] = []

    async def fetch(host: str, path: str) -> Any:
        records.append(host + path)
        free = item("Standard vCPU Active Usage", 0.0, "1 Second")
        return {"Items": [free, item("Standard vCPU Active Usage", 0.000034, "1 Second"), item("Standard vCPU Idle Usage", 5, "1 Hour")]}

    prices = await current_prices("westus2", fetch, TODAY)
    assert prices is not None
    assert prices["vcpu_active"].price == 0.000034
    assert prices["vcpu_idle"].price == list_prices()["vcpu_idle"].price
    assert records[0].startswith(f"{PRICE_LIST}/api/retail/prices?$filter=armRegionName%20eq%20%27westus2%27")
    assert sentences(answers, prices)[-1] == "Prices: Azure's price list for westeurope, read today."


@pytest.mark.parametrize("answer", [{}, [], {"Items": [{"currencyCode": "USD"}]}, {"Items": []}, "<html>"])
async def test_an_answer_that_is_no_price_list_is_not_used(answer: Any) -> None:
    async def fetch(_host: str, _path: str) -> Any:
        return answer

    assert await current_prices("westeurope", fetch, TODAY) is None


async def test_without_the_price_list_the_date_of_the_list_prices_is_said(answers: Answers) -> None:
    async def fetch(_host: str, _path: str) -> Any:
        raise OSError("no such host")

    assert await current_prices("westeurope", fetch, TODAY) is None
    assert "list prices of 2026-08-21" in sentences(answers, list_prices())[-1]
