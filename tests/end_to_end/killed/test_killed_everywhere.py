"""Killed before every request's answer is looked at, and before every note in the journal, of a whole apply:
enumerated, not sampled. Each test takes every fourth moment of one kind, so that they can run beside each other.

``AZWIZARD_KILL_EVERY=10`` takes every tenth moment of those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from tests.end_to_end.support.killed_runs import Applied, PracticeSide, faults_of, kinds_of
from tests.support.figures import Figures

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]

AT_ONCE = 10  # runs wait for the practice cloud most of the time
EACH_CLOUD = 24  # runs; the record of a cloud's traffic is read anew for each
PARTS = 4
EVERY = PARTS * int(os.environ.get("AZWIZARD_KILL_EVERY", "1"))
MOST = 1000  # moments; an apply of the small project has some 150 requests and 100 notes


@pytest.mark.parametrize("part", range(1, PARTS + 1))
@pytest.mark.parametrize("kind", ["answered", "journal"])
def test_an_apply_killed_at_every_moment_of_a_kind_ends_as_if_it_had_not_been(
    tmp_path: Path, kind: str, part: int, figures: Figures
) -> None:
    undisturbed: Applied | None = None
    faults: list[str] = []
    points = 0
    for batch in _batches(range(part, MOST, EVERY)):
        cloud = PracticeSide(tmp_path / str(batch[0]))
        cloud.folder.mkdir()
        with cloud.started("slow:0.3"):  # operations are in flight all the same, and one waits less for them
            undisturbed = undisturbed or cloud.undisturbed(f"{kind[0]}000")
            assert undisturbed.done.exit == 0, undisturbed.done.stdout
            killed = _killed_at(cloud, kind, batch)
        points += len(killed)
        faults += [f"{kind} {number}: {fault}" for number, run in killed for fault in faults_of(run, undisturbed)]
        if len(killed) < len(batch):
            break
    figures(kill_points=points, **kinds_of(faults))
    assert faults == []
    assert points > 0


def _killed_at(cloud: PracticeSide, kind: str, numbers: range) -> list[tuple[int, Applied]]:
    """The runs that were killed at the moments of those numbers; those that ended before theirs came are left out."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {number: pool.submit(cloud.killed, f"{kind[0]}{number:03}", f"{kind} {number} .") for number in numbers}
    ended = [(number, run.result()) for number, run in runs.items()]
    return [(number, run) for number, run in ended if run.killed and run.killed.exit != 0]


def _batches(moments: range) -> Iterator[range]:
    """So many at a time as one practice cloud takes."""
    for first in count(0, EACH_CLOUD):
        if not (batch := moments[first : first + EACH_CLOUD]):
            return
        yield batch
