"""Signing in to GitHub by a code, where no token is at hand."""

from __future__ import annotations

import pytest

from tests.steps.conftest import StartSetup
from tests.steps.github.test_github import ALL, started
from wizard.cloud.errors.cloud_error import CloudError
from wizard.platform.device_code import DeviceCode


async def test_without_a_token_a_code_signs_in_and_everything_is_made(start_setup: StartSetup):
    setup = await started(start_setup, faults=("github-token:none",))
    codes: list[DeviceCode] = []
    setup.cloud.github_token.show_code = codes.append
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert [code.url for code in codes] == ["https://github.com/login/device"], "asked for once"


@pytest.mark.parametrize(("answer", "words"), [("denied", "declined"), ("expired", "not typed in time"), ("off", "device flow")])
async def test_a_sign_in_that_comes_to_nothing_is_said(start_setup: StartSetup, answer: str, words: str):
    setup = await started(start_setup, faults=("github-token:none", f"github-sign-in:{answer}"))
    setup.cloud.github_token.show_code = lambda _code: None
    with pytest.raises(CloudError) as refusal:
        await setup.cloud.github("contoso", "orders-api")
    assert words in refusal.value.sentence
    assert "AZWIZARD_GITHUB_TOKEN" in refusal.value.remedy
