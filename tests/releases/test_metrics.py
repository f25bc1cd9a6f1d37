"""How an API fared lately, in columns and in words."""

from __future__ import annotations

import pytest

from wizard.cloud.services.metrics import ERRORS
from wizard.engine.events import MetricEvent
from wizard.platform.streams import spelled_out
from wizard.releases.metrics import MEBI, METRICS, MINUTES, _event, sparkline
from wizard.sections.project import Project
from wizard.setup.answers import Answers
from wizard.setup.loading import resolve
from wizard.workspace.wording.standing_words import metric_rows

ANSWERS = resolve(Answers(project=Project(name="orders")))


def told(source: str, *last: float | None) -> MetricEvent:
    metric = next(metric for metric in METRICS if metric.source == source)
    return _event(metric, [*[None] * (MINUTES - len(last)), *last], ANSWERS)


@pytest.mark.parametrize(
    ("values", "top", "line"),
    [
        ([0.0, 1.0, 4.0, 8.0], 8.0, "▁▂▅█"),  # the least that is something is seen
        ([None, 0.0], 0.0, "·▁"),
        ([9.0], 3.0, "█"),
    ],
)
def test_a_column_for_each_value(values: list[float | None], top: float, line: str) -> None:
    assert sparkline(values, top) == line


def test_words_say_what_the_columns_come_to_and_a_sign_whether_that_is_well() -> None:
    assert told("Requests", 1.0, 2.0).words == "3 calls"
    assert (told(ERRORS).words, told(ERRORS, 2.0).words) == ("none ✓", "2 failed ✗")
    assert told("UsageNanoCores", 125_000_000.0, 25_000_000.0).words == "10 % now, 50 % at most, of 0.25 cores"
    assert told("WorkingSetBytes", 500.0 * MEBI).words.endswith("of 512 ✗")
    assert told("RestartCount", 0.0, 1.0).words == "1 restart ✗"
    assert "not known yet" in told("Replicas").words


def test_on_narrow_screens_a_column_stands_for_two_minutes_and_the_sign_beside_the_name() -> None:
    (row,) = metric_rows([told(ERRORS, 0.0, 2.0)], is_narrow=True)
    assert (row.word, row.text) == ("failures ✗", "▁" * 14 + "█  2 failed")


def test_an_output_without_such_columns_has_others() -> None:
    error = UnicodeEncodeError("ascii", "▁▅█", 0, 3, "")
    assert spelled_out(error) == ("_=#", 3)
