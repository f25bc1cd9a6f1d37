"""The table of docs/performance.md: ``python -m tests.benchmarks.ratios --baseline CHECKOUT --az PROGRAM`` prints and stores it.

Each ratio alternates both sides in one run, so that it holds on any machine, quiet or not. What needs a program that is not named is left
out and said. `--real` deploys at the speed of the real Azure too, some four minutes a deployment. Exits 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.command_ratios import against_azure_cli, against_baseline, against_plain_script, larger_setup, many_setups
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.screen_ratios import first_screen, many_screens

STORED = Path("build/ratios.json")
Group = Callable[[Path], Iterator[Ratio]]


def groups(baseline: Path | None, az: Path | None, *, real: bool) -> dict[str, Group]:
    """What is measured, by name; each takes a folder of its own."""
    speeds = ("fast", "real") if real else ("fast",)
    return {
        **{f"baseline-{speed}": partial(_baseline, baseline, speed=speed) for speed in speeds if baseline},
        **{f"script-{speed}": partial(against_plain_script, speed=speed) for speed in speeds},
        **({"az": partial(against_azure_cli, az)} if az else {}),
        "larger": larger_setup,
        "many": many_setups,
        "first-screen": first_screen,
        "screens": many_screens,
    }


def _baseline(baseline: Path, folder: Path, speed: str) -> Iterator[Ratio]:
    return against_baseline(baseline, folder, speed)


def main() -> int:
    """Measure, print a line for each ratio as it is known, and store all as build/ratios.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--baseline", type=Path, help="a checkout of commit 052ccab with an environment of its own in .venv")
    parser.add_argument("--az", type=Path, help="the program az of azure-cli")
    parser.add_argument("--real", action="store_true", help="also at the real Azure's speed")
    parser.add_argument("--only", nargs="*", default=[], metavar="GROUP")
    given = parser.parse_args()
    wanted = groups(given.baseline, given.az, real=given.real)
    ratios: list[Ratio] = []
    for name in given.only or wanted:
        with tempfile.TemporaryDirectory(prefix=f"azwizard-ratios-{name}-") as folder:
            for ratio in wanted[name](Path(folder)):
                ratios.append(ratio)
                print(ratio, flush=True)
    for absent in ("baseline" * (not given.baseline), "az" * (not given.az)):
        if absent and not given.only:
            print(f"left out: what needs --{absent}")
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(json.dumps([dataclasses.asdict(ratio) for ratio in ratios], indent=1) + "\n")
    return 0 if all(ratio.holds for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
