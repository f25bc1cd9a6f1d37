"""What a setup costs: list prices, Azure's own price list when it can be reached, and the month's cost of each step."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wizard.platform.language import _
from wizard.sections import step_ids

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.setup.answers import Answers

PRICE_LIST = "prices.azure.com"
PATIENCE = 3.0  # seconds to wait for the price list: a plan must not hang on it
DAYS = 30  # of the month that is estimated
MONTH = DAYS * 24 * 60 * 60  # seconds
FREE_VCPU_SECONDS = 180_000  # each month and subscription (reference section 5)
FREE_GIB_SECONDS = 360_000
VAULT_OPERATIONS = 10_000  # a generous month of one API
CENT = 0.005  # below half a cent nothing is said

Fetch = Callable[[str, str], Awaitable[Any]]
"""Gets JSON from a host and a path: ``await fetch("prices.azure.com", "/api/retail/prices?...")``. Raises OSError when nobody answers."""


@dataclass(frozen=True)
class Price:
    """One meter's price in USD for its unit, and where it was read."""

    price: float
    unit: str
    service: str
    meter: str
    date: date
    source: str
    product: str = ""


Prices = Mapping[str, Price]


@dataclass(frozen=True)
class Estimate:
    """The least and the most that something costs in a month of 30 days, in USD."""

    low: float
    high: float


def list_prices() -> Prices:
    """The prices that came with the program (prices.toml)."""
    content = tomllib.loads(files("wizard.engine").joinpath("prices.toml").read_text(encoding="utf-8"))
    return {name: Price(**values) for name, values in content.items()}


async def current_prices(region: str, fetch: Fetch, today: date) -> Prices | None:
    """Azure's own price list for a region, what it lacks filled from `list_prices`; None when it cannot be reached or read."""
    known = list_prices()
    meters = " or ".join(f"(serviceName eq '{price.service}' and meterName eq '{price.meter}')" for price in known.values())
    condition = f"armRegionName eq '{region}' and priceType eq 'Consumption' and ({meters})"
    try:
        answer = await fetch(PRICE_LIST, f"/api/retail/prices?$filter={quote(condition)}")
        items = [item for item in answer["Items"] if item["currencyCode"] == "USD"]
        newer_prices = {name: _newer(price, items, today) for name, price in known.items()}
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return newer_prices if any(price.source == PRICE_LIST for price in newer_prices.values()) else None


def _newer(known: Price, items: list[dict[str, Any]], today: date) -> Price:
    """The price in the list for the same meter and unit: the highest of its tiers, since the first ones are free."""
    fitting = [
        float(item["retailPrice"])
        for item in items
        if (item["serviceName"], item["meterName"], item["unitOfMeasure"]) == (known.service, known.meter, known.unit)
        and known.product in ("", item["productName"])
    ]
    return replace(known, price=max(fitting), date=today, source=PRICE_LIST) if fitting and max(fitting) > 0 else known


def estimate(answers: Answers, prices: Prices | None = None) -> dict[str, Estimate]:
    """The cost of each step that makes something billed, by step id; what is not named costs nothing.

    What belongs to others (``existing``) costs this setup nothing. Shares cost what is stored: from nothing to their quota full.

    :param answers: resolved.
    """
    prices = prices or list_prices()
    stored = sum(share.quota for share in answers.storage.shares) * prices["files_stored"].price
    registry = prices["registry_basic"].price * DAYS
    vault = prices["vault_operations"].price * VAULT_OPERATIONS / 10_000
    return {
        step_ids.VAULT: Estimate(0, 0 if answers.key_vault.existing else vault),
        step_ids.REGISTRY: Estimate(0, 0) if answers.registry.existing else Estimate(registry, registry),
        step_ids.STORAGE_ACCOUNT: Estimate(0, stored),
        step_ids.ENVIRONMENT: Estimate(0, 0),
        step_ids.REVISION: _app(answers, prices),
    }


def idle_cost(answers: Answers, prices: Prices | None = None) -> float:
    """What the copies that run in a month in which nobody calls cost; 0 with ``min_replicas = 0`` and no hours for copies."""
    return _running(answers, prices or list_prices(), _idle_copies(answers), "idle")


def _idle_copies(answers: Answers) -> float:
    """The copies that run while nobody calls, those of fixed hours spread over the week."""
    app = answers.app
    if app.scale_days == "never":
        return app.min_replicas
    begins, ends = (int(time[:2]) + int(time[3:]) / 60 for time in (app.scale_from, app.scale_until))
    share = ((ends - begins) % 24 or 24) / 24 * (5 / 7 if app.scale_days == "weekdays" else 1)
    return app.min_replicas + max(app.scale_copies - app.min_replicas, 0) * share


def _app(answers: Answers, prices: Prices) -> Estimate:
    """From nobody calling to every copy busy the whole month."""
    busy = _running(answers, prices, answers.app.max_replicas, "active")
    return Estimate(idle_cost(answers, prices), busy)


def _running(answers: Answers, prices: Prices, copies: float, how: str) -> float:
    """A month of that many copies, ``idle`` or ``active``, without what is free each month."""
    vcpu_seconds = max(answers.app.cpu * copies * MONTH - FREE_VCPU_SECONDS, 0)
    gib_seconds = max(float(answers.app.memory.removesuffix("Gi")) * copies * MONTH - FREE_GIB_SECONDS, 0)
    return vcpu_seconds * prices[f"vcpu_{how}"].price + gib_seconds * prices[f"memory_{how}"].price


async def cost_lines(answers: Answers, cloud: Cloud) -> list[str]:
    """What a month costs, what idling costs of it, and which prices that was reckoned with, in sentences."""

    from wizard.cloud.errors.cloud_error import CloudError

    async def fetch(host: str, path: str) -> Any:
        try:
            return json.loads((await cloud.call_app(host, path, seconds=PATIENCE)).body)
        except CloudError as error:
            raise OSError(error.sentence) from error

    prices = await current_prices(answers.project.region, fetch, date.today())
    return sentences(answers, prices or list_prices())


def sentences(answers: Answers, prices: Prices) -> list[str]:
    """`cost_lines` for these prices."""
    whole = estimate(answers, prices).values()
    low, high = sum(part.low for part in whole), sum(part.high for part in whole)
    lines = [_("Cost: {low:.2f} to {high:.2f} USD a month, from nobody calling to every copy always busy.").format(low=low, high=high)]
    idle = idle_cost(answers, prices)
    if answers.app.scale_days != "never" and idle >= CENT:
        lines.append(
            _("Of that, {idle:.2f} USD is for copies that run while nobody calls: always, or at the hours you set.").format(idle=idle)
        )
    elif answers.app.min_replicas and idle >= CENT:
        lines.append(
            _(
                "Of that, {idle:.2f} USD is for running while nobody calls (min_replicas = {count}). "
                "With min_replicas = 0 it would cost nothing then, but the first call after a pause waits some seconds."
            ).format(idle=idle, count=answers.app.min_replicas)
        )
    elif answers.app.min_replicas == 0 and answers.app.scale_days == "never":
        lines.append(_("While nobody calls, your app sleeps and costs nothing; the first call after a pause waits some seconds."))
    live = [price for price in prices.values() if price.source == PRICE_LIST]
    if live:
        lines.append(_("Prices: Azure's price list for {region}, read today.").format(region=answers.project.region))
    else:
        oldest = min(price.date for price in prices.values())
        lines.append(_("Prices: list prices of {date}, Azure's price list could not be reached; regions differ.").format(date=oldest))
    return lines
