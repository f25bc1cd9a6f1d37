"""Rules for more copies that cannot be are refused with a sentence that says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.setup.test_answers import SMALL, problems, small
from wizard.engine.cost import idle_cost, list_prices, sentences
from wizard.setup.loading import load, write

SHARE = '\n[[storage.shares]]\ndesignation = "db"\nmount = "/data"\nnobrl = true\n'


@pytest.mark.parametrize(
    ("app", "where", "words"),
    [
        ("max_replicas = 3\nscale_requests = 50" + SHARE, "app.scale_requests", "the share “db” holds a SQLite database"),
        ("max_replicas = 3\nscale_cpu = 50" + SHARE, "app.scale_cpu", "write 0, or use a database server"),
        ('max_replicas = 3\nscale_days = "weekdays"\nscale_copies = 2' + SHARE, "app.scale_copies", "write 1"),
        ("scale_requests = 50", "app.scale_requests", "max_replicas is 1"),
        ("min_replicas = 0\nmax_replicas = 3\nscale_cpu = 50", "app.scale_cpu", "min_replicas = 1"),
        ('max_replicas = 3\nscale_days = "weekdays"\nscale_copies = 4', "app.scale_copies", "more than max_replicas, which is 3"),
        ('max_replicas = 3\nscale_days = "weekdays"', "app.scale_copies", "as many run always"),
        ('min_replicas = 0\nscale_days = "every-day"\nscale_until = "08:00"', "app.scale_until", "a later one"),
        ('min_replicas = 0\nscale_days = "every-day"\nscale_until = "8 o\'clock"', "app.scale_until", "08:00"),
        ('min_replicas = 0\nscale_days = "every-day"\nscale_timezone = "Europe"', "app.scale_timezone", "Europe/Paris"),
        ('scale_days = "sundays"', "app.scale_days", "weekdays"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_where_it_stands(tmp_path: Path, app: str, where: str, words: str) -> None:
    assert [(problem.where, words in problem.sentence) for problem in problems(tmp_path, f"{SMALL}[app]\n{app}\n")] == [(where, True)]


def test_one_copy_may_run_at_fixed_hours_beside_a_database_on_a_share(tmp_path: Path) -> None:
    answers = small(tmp_path, '[app]\nmin_replicas = 0\nscale_days = "weekdays"\n' + SHARE)
    assert answers.app.scale_copies == 1


def test_a_setup_with_a_rule_says_format_2(tmp_path: Path) -> None:
    answers = small(tmp_path, "[app]\nmax_replicas = 3\nscale_requests = 50\n")
    write(tmp_path / "azwizard.toml", answers)
    assert "format = 2" in (tmp_path / "azwizard.toml").read_text()
    assert load(tmp_path / "azwizard.toml").app.scale_requests == 50


def test_copies_at_fixed_hours_are_in_the_estimate(tmp_path: Path) -> None:
    asleep = small(tmp_path, "[app]\nmin_replicas = 0\n")
    by_hours = small(tmp_path, '[app]\nmin_replicas = 0\ncpu = 2\nscale_days = "every-day"\nscale_until = "20:00"\n')
    always = small(tmp_path, "[app]\nmin_replicas = 1\ncpu = 2\n")
    assert idle_cost(asleep) == 0 < idle_cost(by_hours) < idle_cost(always)
    assert any("at the hours you set" in line for line in sentences(by_hours, list_prices()))
