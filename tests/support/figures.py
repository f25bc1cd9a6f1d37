"""What a run of the tests has tried, counted: each test that tries many things says how many, and the end of the run prints the sums.

``make reliability`` is read by these figures; docs/reliability.md holds those of the last whole run.
"""

from __future__ import annotations

from collections import Counter

import pytest

_FIGURE = "figure: "
WRONG = ("lost", "doubled", "leaked", "broken")
"""Printed as 0 too: what was not there in the end, there twice, found where no value may be, ended by a fault of our own."""


class Figures:
    """Takes a test's counts: ``figures(inputs=24, broken=0)``."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties
        self._places: dict[str, int] = {}
        self._sums: Counter[str] = Counter()

    def __call__(self, **counts: int) -> None:
        """Add these counts to the test's."""
        for name, count in counts.items():
            self._sums[name] += count
            if name not in self._places:
                self._places[name] = len(self._properties)
                self._properties.append(("", 0))
            self._properties[self._places[name]] = (_FIGURE + name.replace("_", " "), self._sums[name])


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """What a test has tried, for the sums at the end of the run."""
    return Figures(request.node.user_properties)


def print_figures(terminalreporter: pytest.TerminalReporter) -> None:
    """The sums of all tests, which may have run in several processes."""
    sums: Counter[str] = Counter()
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    for report in reports:
        if getattr(report, "when", "") == "call":
            sums.update({name.removeprefix(_FIGURE): count for name, count in report.user_properties if name.startswith(_FIGURE)})
    if not sums:
        return
    terminalreporter.section("figures")
    for name in [*sorted(set(sums) - set(WRONG)), *WRONG]:
        terminalreporter.write_line(f"{sums[name]:>9,}  {name}")
