"""Read the gallery and print the count: ``python -m tests.gallery [COUNT]``, 360 shapes unless told otherwise.

``--deploy`` deploys them on a practice cloud of its own instead and asks each API: some seconds each, and minutes for the first that asks
for a package. ``--first 27 --last 40`` takes a slice of them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.end_to_end.conftest import WizardProcess
from tests.gallery.deploying import SILENT, deploy_shape
from tests.gallery.reading import WRONG, planted, read_shape
from tests.gallery.shapes import ProjectShape, shapes

MISSED = "planted and missed"


def main() -> int:
    """Status 1 when any shape was read wrong or did not answer, or a planted problem was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=360)
    parser.add_argument("--deploy", action="store_true")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int)
    options = parser.parse_args()
    chosen = dict(enumerate(shapes(options.count)[: options.last], 1))
    for number in range(1, options.first):
        chosen.pop(number, None)
    with tempfile.TemporaryDirectory(prefix="gallery-") as name:
        results = _deployed(chosen, Path(name)) if options.deploy else _read(chosen, Path(name))
    total = sum(number for result, number in results.items() if result != MISSED)
    print(f"{total} shapes: " + ", ".join(f"{number} {result}" for result, number in sorted(results.items())))
    return 1 if results[WRONG] or results[MISSED] or results[SILENT] else 0


def _read(chosen: Mapping[int, ProjectShape], place: Path) -> Counter[str]:
    """How many were read how; what is wrong is printed."""
    results: Counter[str] = Counter()
    for number, shape in chosen.items():
        folder = place / str(number) / "shop"
        result, why = read_shape(shape, folder)
        results[result] += 1
        if result == WRONG:
            print(f"{shape.name}: {why}")
        elif missed := planted(shape, folder):
            results[MISSED] += len(missed)
            print(f"{shape.name}: not found: {', '.join(missed)}")
    return results


def _deployed(chosen: Mapping[int, ProjectShape], place: Path) -> Counter[str]:
    """How many answered; what does not is printed."""
    results: Counter[str] = Counter()
    home = place / "home"
    home.mkdir()
    wizard = WizardProcess(home, place)
    started = wizard("practice", "start", "--speed", "instant", "--engine", "process")
    assert started.exit == 0, started.stderr
    try:
        for number, shape in chosen.items():
            result, why = deploy_shape(shape, place / str(number) / "shop", home)
            results[result] += 1
            print(f"{number}: {shape.name}: {result} {why}", flush=True)
    finally:
        wizard("practice", "stop")
    return results


if __name__ == "__main__":
    raise SystemExit(main())
