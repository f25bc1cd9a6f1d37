"""A call that got no answer: nobody knows whether it was carried out, so that is looked up before it is sent again."""

from typing import Any

import pytest
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.keyvault.secrets.aio import SecretClient

from tests.steps.conftest import StartSetup
from tests.steps.test_pipeline import ALL, runs, started
from wizard.steps import key_vault, project


@pytest.mark.parametrize("error", [ServiceRequestError, ServiceResponseError])
@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_build_is_scheduled_once_whether_or_not_the_lost_request_arrived(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch, carried_out: bool, error: type[Exception]
):
    setup = await started(start_setup)
    registries = setup.cloud.tasks.registries
    schedule = registries.schedule_run
    records = []

    async def lose_the_first_answer(*request: Any) -> Any:
        records.append(request)
        if len(records) > 1:
            return await schedule(*request)
        if carried_out:
            await schedule(*request)
        raise error("Server disconnected")

    monkeypatch.setattr(registries, "schedule_run", lose_the_first_answer)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert len(await runs(setup)) == 1
    assert len(records) == (1 if carried_out else 2)


@pytest.mark.parametrize("error", [ServiceRequestError, ServiceResponseError])
@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_secret_gets_one_version_whether_or_not_the_lost_request_arrived(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch, carried_out: bool, error: type[Exception]
):
    setup = await start_setup(key_vault={"secrets": ["api-key"]})
    setup.given["api-key"] = "canary-5ec22-value"
    sent = []
    set_secret = SecretClient.set_secret

    async def lose_the_first_answer(client: SecretClient, *given: Any, **options: Any) -> Any:
        sent.append(given)
        if len(sent) > 1 or carried_out:
            await set_secret(client, *given, **options)
        if len(sent) == 1:
            raise error("Server disconnected")

    monkeypatch.setattr(SecretClient, "set_secret", lose_the_first_answer)
    assert (await setup.apply(project.CONTRIBUTION, key_vault.CONTRIBUTION)).outcome == "succeeded", setup.events
    client = setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/")
    assert len([version async for version in client.list_properties_of_secret_versions("api-key")]) == 1
    assert len(sent) == (1 if carried_out else 2)


async def test_the_line_itself_repeats_no_write_of_a_secret(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch):
    setup = await start_setup(key_vault={"secrets": ["api-key"]})
    setup.given["api-key"] = "canary-5ec22-value"
    assert (await setup.apply(project.CONTRIBUTION, key_vault.CONTRIBUTION)).outcome == "succeeded", setup.events
    client = setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/")
    setup.practice.cloud.faults.add(["disconnect:1"])
    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        await client.set_secret("api-key", "another")
    setup.practice.cloud.faults.clear()
    assert len([version async for version in client.list_properties_of_secret_versions("api-key")]) <= 2
