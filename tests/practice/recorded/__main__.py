"""How many recorded answers of real Azure the practice cloud gives: ``python -m tests.practice.recorded``."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from pathlib import Path

from tests.conftest import practice_cloud, register_all
from tests.practice.recorded.differences import Differences
from tests.practice.recorded.exchanges import RECORDINGS, RecordedExchange, recordings
from tests.practice.recorded.player import Played, Player


async def played(exchanges: list[RecordedExchange]) -> list[Played]:
    """One recorded test, played to a practice cloud of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with practice_cloud(home=Path(home) / "practice") as practice:
            register_all(practice.cloud)
            player = Player(practice, exchanges)
            return [await player.play(exchange) for exchange in exchanges]


async def _all() -> list[Played]:
    return [each for exchanges in recordings().values() for each in await played(exchanges)]


def main() -> int:
    """Print the count, what is listed and what is not; 0 where nothing differs without a reason."""
    if not RECORDINGS.is_file():
        print(f"{RECORDINGS.name} is not beside this checkout.")
        return 3
    results, listed = asyncio.run(_all()), Differences()
    compared = [each for each in results if not each.unserved]
    unlisted = Counter((each.route, told) for each in compared for told in listed.without_reason(each))
    agree, reasons = sum(not each.differences for each in compared), sum(bool(each.differences) for each in compared)
    print(f"{len(results)} exchanges, {len(compared)} of routes we serve: {agree} agree, {reasons} differ, {len(unlisted)} of it unlisted")
    for (route, told), times in sorted(unlisted.items()):
        print(f"  {times} x {route}: {told}")
    for reason in listed.unused():
        print(f"  listed, and seen no more: {reason}")
    return 1 if unlisted else 0


if __name__ == "__main__":
    os.environ["AZWIZARD_ENGINE"] = "process"
    raise SystemExit(main())
