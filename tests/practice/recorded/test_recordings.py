"""Every recorded exchange of a route we serve agrees in status, code, headers and keys, or is listed with a reason."""

from __future__ import annotations

import pytest

from tests.conftest import Practice
from tests.practice.recorded.differences import Differences
from tests.practice.recorded.exchanges import RECORDINGS, keys, outermost, recordings, same_items
from tests.practice.recorded.player import Player

RECORDED = recordings() if RECORDINGS.is_file() else {}


@pytest.mark.skipif(not RECORDED, reason="the recordings are not beside this checkout")
@pytest.mark.parametrize("test", RECORDED, ids=lambda file: file.rpartition("/")[2].removesuffix(".yaml"))
async def test_the_practice_cloud_answers_as_azure_was_recorded_to(practice: Practice, test: str) -> None:
    player, listed = Player(practice, RECORDED[test]), Differences()
    results = [await player.play(exchange) for exchange in RECORDED[test]]
    assert {each.exchange.name: listed.without_reason(each) for each in results if listed.without_reason(each)} == {}


def test_of_two_lists_only_what_both_have_is_compared() -> None:
    azures = {"value": [{"name": "ours", "tags": {"a": "1"}}, {"name": "theirs", "sku": {}}], "nextLink": "https://x"}
    known, made = same_items(azures, {"value": [{"name": "Ours", "kind": "x"}]})
    assert keys(known) - keys(made) == {"value[].tags", "value[].tags.*"}
    assert outermost(keys(made) - keys(known)) == ["value[].kind"]
