"""Faults: named, refused when wrong, and each one felt by a client."""

import pytest
from aiohttp import ServerDisconnectedError
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Practice, StartPractice
from wizard.practice.kernel.faults import KINDS, Faults, UnknownFault, parse
from wizard.practice.kernel.seeds import UnknownSeed
from wizard.practice.kernel.seeds import parse as parse_seeds


def faults() -> tuple[Faults, list[str], list[float]]:
    doomed: list[str] = []
    factors: list[float] = []
    return Faults(doomed.append, factors.append), doomed, factors


def test_faults_are_set_replaced_and_cleared():
    chosen, doomed, factors = faults()
    chosen.add(["account:reader", "fail:Microsoft.App/containerApps", "slow:3", "provider-denied:Microsoft.App"])
    chosen.add(["account:owner", "provider-denied:Microsoft.Storage"])
    assert (chosen.value("account"), chosen.active("free-trial"), chosen.value("free-trial")) == ("owner", False, None)
    assert chosen.values("provider-denied") == ["Microsoft.App", "Microsoft.Storage"]
    assert (doomed, factors) == (["Microsoft.App/containerApps"], [3.0])
    chosen.clear()
    assert (chosen.texts(), factors) == ([], [3.0, 1.0])


def test_a_fault_that_works_once_is_gone_after_it_was_taken():
    chosen, _, _ = faults()
    chosen.add(["build-failure"])
    assert [chosen.take("build-failure"), chosen.take("build-failure"), chosen.texts()] == [True, False, []]


def test_all_faults_of_one_command_are_set_or_none():
    chosen, _, _ = faults()
    with pytest.raises(UnknownFault):
        chosen.add(["free-trial", "no-such-thing"])
    assert chosen.texts() == []


@pytest.mark.parametrize(
    "text",
    ["no-such-thing", "account:king", "throttle:2", "throttle", "slow:-1", "environment-quota:x", "fail:", "free-trial:yes", "slow:nan"],
)
def test_a_fault_that_cannot_be_is_refused_with_a_sentence(text):
    with pytest.raises(UnknownFault, match=r"^(There is no practice fault|The practice fault) .*\.$"):
        parse(text)


@given(st.text())
def test_whatever_is_typed_is_a_fault_or_a_sentence(text):
    try:
        name, _ = parse(text)
        assert name in KINDS
    except UnknownFault as refusal:
        assert str(refusal).endswith(".")


def test_seeds_are_counted_and_unknown_ones_refused():
    assert parse_seeds(["subscriptions:2000", "tags:5"]) == {"subscriptions": 2000, "tags": 5}
    for text in ("cats:3", "tags", "tags:many"):
        with pytest.raises(UnknownSeed):
            parse_seeds([text])


@given(st.floats(0, 1))
def test_a_share_hits_about_that_many_requests(share):
    chosen, _, _ = faults()
    chosen.add([f"throttle:{share}"])
    hits = sum(chosen.strikes("throttle") for _ in range(1000))
    assert abs(hits / 1000 - share) < 0.08


async def test_a_throttled_request_is_told_when_to_come_back(practice: Practice):
    practice.cloud.faults.add(["throttle:1"])
    refused = await practice.call("GET", "/resourceGroups")
    assert (refused.status, refused.headers["Retry-After"], refused.body["error"]["code"]) == (429, "1", "SubscriptionRequestsThrottled")


async def test_a_server_error_is_a_500_or_a_503(practice: Practice):
    practice.cloud.faults.add(["server-error:1"])
    answers = [await practice.call("PUT", "/resourceGroups/rg", {"location": "westeurope"}) for _ in range(12)]
    assert {(a.status, a.body["error"]["code"]) for a in answers} == {(500, "InternalServerError"), (503, "ServiceUnavailable")}
    practice.cloud.faults.clear()
    assert (await practice.call("GET", "/resourceGroups/rg")).status == 404


async def test_a_cut_connection_may_have_been_carried_out_all_the_same(practice: Practice):
    practice.cloud.faults.add(["disconnect:1"])
    for number in range(12):
        with pytest.raises(ServerDisconnectedError):
            await practice.call("PUT", f"/resourceGroups/rg-{number}", {"location": "westeurope"})
    practice.cloud.faults.clear()
    assert 0 < len((await practice.call("GET", "/resourceGroups")).body["value"]) < 12


async def test_sign_in_is_never_throttled(practice: Practice):
    practice.cloud.faults.add(["throttle:1", "server-error:1", "disconnect:1"])
    assert await practice.token()


async def test_a_doomed_operation_fails_once_and_the_next_one_does_not(start_practice: StartPractice):
    practice = await start_practice(faults=("fail:microsoft.test/things",))

    async def finish(operation):
        records.append(operation["status"])

    async def failed(operation):
        records.append(operation["error"]["code"])

    records: list[str] = []
    operations = practice.cloud.operations
    operations.when_done("test", finish, failed=failed)
    target = f"{practice.scope}/resourceGroups/g/providers/Microsoft.Test/things/x"
    ended = [await operations.finished(operations.begin("test", target, 5)["id"]) for _ in range(2)]
    assert [operation["status"] for operation in ended] == ["Failed", "Succeeded"]
    assert records == ["InternalServerError", "InProgress"]


@pytest.mark.breaks_practice
async def test_an_operation_that_breaks_ends_failed_without_its_reason(practice: Practice):
    async def broken(operation):
        raise RuntimeError("secret detail")

    operations = practice.cloud.operations
    operations.when_done("test", broken)
    ended = await operations.finished(operations.begin("test", "/x", 1)["id"])
    assert (ended["status"], ended["error"]) == (
        "Failed",
        {"code": "InternalServerError", "message": "An internal server error occurred."},
    )


async def test_slow_stretches_the_clock(start_practice: StartPractice):
    practice = await start_practice(speed="fast", faults=("slow:4",))
    assert practice.cloud.clock.lasts(10) == pytest.approx(4.0)
    practice.cloud.faults.clear()
    assert practice.cloud.clock.lasts(10) == pytest.approx(1.0)
