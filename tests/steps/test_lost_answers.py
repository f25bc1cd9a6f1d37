"""A build whose scheduling got no answer: nobody knows whether it has begun, so it is looked for before it is asked for again."""

from typing import Any

import pytest
from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from tests.steps.conftest import StartSetup
from tests.steps.test_pipeline import ALL, runs, started


@pytest.mark.parametrize("error", [ServiceRequestError, ServiceResponseError])
@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_build_is_scheduled_once_whether_or_not_the_lost_request_arrived(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch, carried_out: bool, error: type[Exception]
):
    setup = await started(start_setup)
    registries = setup.cloud.tasks.registries
    schedule = registries.schedule_run
    asked = []

    async def lose_the_first_answer(*request: Any) -> Any:
        asked.append(request)
        if len(asked) > 1:
            return await schedule(*request)
        if carried_out:
            await schedule(*request)
        raise error("Server disconnected")

    monkeypatch.setattr(registries, "schedule_run", lose_the_first_answer)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert len(await runs(setup)) == 1
    assert len(asked) == (1 if carried_out else 2)
