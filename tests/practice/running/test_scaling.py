"""Scale rules on the practice cloud: copies come and go as the rules say, and rules that no Azure takes are refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.apps import QUICKSTART, Deployment, write_api
from wizard.practice.apps.scaling.rules import Load, is_within, scheduled_seconds, wanted

REQUESTS = {"name": "requests", "http": {"metadata": {"concurrentRequests": "2"}}}
FEW = {"name": "few", "http": {"metadata": {"concurrentRequests": "1"}}}  # however slow this machine is, more than one a second come
CPU = {"name": "cpu", "custom": {"type": "cpu", "metadata": {"type": "Utilization", "value": "50"}}}
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # a Monday


def hours(start: str, end: str, timezone: str = "UTC", copies: str = "3") -> dict[str, Any]:
    metadata = {"timezone": timezone, "start": start, "end": end, "desiredReplicas": copies}
    return {"name": "hours", "custom": {"type": "cron", "metadata": metadata}}


async def test_more_requests_at_once_than_a_copy_is_meant_for_start_another(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    app = await deployment.deploy(await deployment.body(scale={"minReplicas": 1, "maxReplicas": 2, "rules": [FEW]}))
    assert (await deployment.revision()).properties.template.scale.rules[0].http.metadata == {"concurrentRequests": "1"}
    async with deployment.watching() as happened:
        scaled_up = asyncio.ensure_future(happened("ScalingUp"))
        for _ in range(1000):
            if scaled_up.done():
                break
            assert [status for status, _body in await asyncio.gather(*(deployment.fetch(app, "/health") for _ in range(4)))] == [200] * 4
        await scaled_up
        await happened("ScalingDown")
    assert (await deployment.revision()).properties.replicas == 1
    told = [event["Msg"] for event in await deployment.events() if event["Reason"].startswith("Scaling")]
    assert [message.partition(" replicas")[0] for message in told] == ["Scaled up from 1 to 2", "Scaled down from 2 to 1"]


async def test_at_fixed_hours_copies_run_though_nobody_calls(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    always = [hours("0 0 * * *", "0 23 * * *", copies="2"), {**hours("0 12 * * *", "0 11 * * *", copies="2"), "name": "others"}]
    await deployment.deploy(await deployment.body(scale={"minReplicas": 0, "maxReplicas": 3, "rules": always}))
    async with deployment.watching(tail=300) as happened:
        await happened("ScalingUp")
    assert (await deployment.revision()).properties.replicas == 2


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": "nothing"}, "must have either Azure Queue or HTTP or Custom Rule specified"),
    ({"name": "both", "http": REQUESTS["http"], "custom": CPU["custom"]}, "must have either Azure Queue or HTTP or Custom Rule"),
    ({"name": "none", "http": {"metadata": {"concurrentRequests": "0"}}}, "concurrentRequests must be at least 1"),
    ({"name": "untyped", "custom": {"metadata": {"value": "1"}}}, "must have a type"),
    ({"name": "cpu", "custom": {"type": "cpu", "metadata": {"type": "Utilization"}}}, "error parsing cpu metadata"),
    (hours("0 8 * *", "0 18 * * *"), "error parsing cron metadata"),
    (hours("0 8 * * *", "0 18 * * *", timezone="Nowhere/None"), "error parsing cron metadata"),
    (hours("0 8 * * *", "0 8 * * *"), "can not have exactly same time"),
]


async def test_rules_that_no_azure_takes_are_refused(deployment: Deployment) -> None:
    for rule, words in REFUSED:
        body = await deployment.body(image=QUICKSTART, scale={"maxReplicas": 2, "rules": [rule]})
        with pytest.raises(HttpResponseError, match=words) as refused:
            await deployment.deploy(body)
        assert refused.value.status_code == 400
        assert refused.value.error is not None and refused.value.error.code == "ContainerAppInvalidScaleSpec"


@pytest.mark.parametrize(
    ("rules", "load", "copies"),
    [
        (None, Load(9.0, 0, 1, NOW), 1),  # Azure's own: 10 at once
        (None, Load(10.5, 0, 1, NOW), 2),
        ([REQUESTS], Load(5.0, 0, 1, NOW), 3),
        ([CPU], Load(0, 0.9, 2, NOW), 4),
        ([CPU], Load(0, 0.0, 2, NOW), 1),  # none sleeps that follows its processor
        ([hours("0 8 * * 1-5", "0 18 * * 1-5")], Load(0, 0, 1, NOW), 3),
        ([hours("0 11 * * 1-5", "0 18 * * 1-5")], Load(0, 0, 1, NOW), 0),
        ([REQUESTS, hours("0 8 * * 1-5", "0 18 * * 1-5")], Load(9.0, 0, 1, NOW), 5),  # the one that wants most
    ],
)
def test_as_many_copies_as_the_rule_that_wants_most(rules: list[dict[str, Any]] | None, load: Load, copies: int) -> None:
    assert wanted(rules, load) == copies


@pytest.mark.parametrize(
    ("start", "end", "timezone", "holds"),
    [
        ("0 10 * * *", "0 11 * * *", "UTC", True),
        ("1 10 * * *", "0 11 * * *", "UTC", False),
        ("0 11 * * *", "0 12 * * *", "Europe/Paris", True),  # an hour ahead in winter
        ("0 22 * * 0-4", "30 12 * * 1-5", "UTC", True),  # since yesterday
    ],
)
def test_hours_hold_in_their_own_time_zone(start: str, end: str, timezone: str, holds: bool) -> None:
    assert is_within(hours(start, end, timezone)["custom"]["metadata"], NOW) is holds


@pytest.mark.parametrize(
    ("rules", "copies", "hours_of_copies"),
    [
        (None, 1, 0),
        ([REQUESTS], 1, 0),
        ([hours("0 8 * * *", "0 18 * * *")], 1, 2 * 10 * 2),  # three wanted, one runs anyhow
        ([hours("0 22 * * *", "0 2 * * *")], 0, 2 * 4 * 3),
        ([hours("0 8 * * *", "0 18 * * *")], 3, 0),
    ],
)
def test_what_a_schedule_adds_in_two_days(rules: list[dict[str, Any]] | None, copies: int, hours_of_copies: int) -> None:
    since = NOW.replace(hour=12)
    assert scheduled_seconds(rules, copies, since, since + timedelta(days=2)) == hours_of_copies * 3600
