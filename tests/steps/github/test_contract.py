"""A whole apply, a change and a destroy: nothing is asked of GitHub, and nothing answered, that its own description does not know."""

from __future__ import annotations

import pytest

from tests.practice.github.test_contract import Witness
from tests.steps.conftest import StartSetup
from tests.steps.github.test_github import ALL, started


async def test_every_exchange_is_as_github_describes_it(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch):
    witness = Witness(monkeypatch)
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    (setup.folder / "logo.png").write_bytes(b"\x89PNG\x00")
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert (await setup.destroy(*ALL)).failed == 0, setup.events
    assert witness.count > 50
    assert sorted(set(witness.problems)) == []
