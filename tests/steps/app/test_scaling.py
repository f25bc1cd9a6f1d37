"""When more copies run: the answers as Azure's rules, back again, and what differs in a person's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.steps.app.test_payload import FACTS, answers, as_azure_answers, changed
from wizard.sections.container_app import App
from wizard.sections.storage import Storage
from wizard.steps.app.differences import differences, revision_differences
from wizard.steps.app.payload import desired_app, merged
from wizard.steps.app.scaling import scale_answers, scale_rules

THEIRS = {"name": "queue", "azureQueue": {"queueName": "orders", "queueLength": 5}}
NIGHT = App(max_replicas=4, scale_days="weekdays", scale_from="22:00", scale_until="06:30", scale_timezone="Europe/Paris", scale_copies=2)


def app(**keys: Any) -> dict[str, Any]:
    return desired_app(answers(app=App(**keys), storage=Storage()), FACTS)


def in_azure(desired: dict[str, Any], *others: dict[str, Any]) -> dict[str, Any]:
    """That app as Azure gives it back, with rules that somebody else added."""
    actual = as_azure_answers(desired)
    rules = [*(desired["properties"]["template"]["scale"].get("rules") or []), *others]
    actual["properties"]["template"]["scale"]["rules"] = rules or None
    return actual


def rules_of(payload: dict[str, Any]) -> list[str]:
    return [rule["name"] for rule in payload["properties"]["template"]["scale"].get("rules") or []]


def test_without_an_answer_the_rules_are_left_to_azure() -> None:
    assert "rules" not in app(max_replicas=5)["properties"]["template"]["scale"]


def test_hours_are_written_as_cron_and_a_night_ends_on_the_day_after() -> None:
    requests, hours = scale_rules(answers(app=NIGHT, storage=Storage()))
    assert requests["http"]["metadata"] == {"concurrentRequests": "10"}  # or one that sleeps would wake for nobody
    assert hours["custom"] == {
        "type": "cron",
        "metadata": {"timezone": "Europe/Paris", "start": "0 22 * * 1-5", "end": "30 6 * * 2-6", "desiredReplicas": "2"},
    }


@pytest.mark.parametrize(
    "given",
    [
        {"scale_requests": 50},
        {"scale_requests": 50, "scale_cpu": 70},
        {"scale_requests": 5, "scale_days": "every-day", "scale_from": "00:00", "scale_until": "23:59", "scale_copies": 3},
        {"scale_requests": 1, "scale_days": "weekdays", "scale_from": "22:05", "scale_until": "06:30", "scale_copies": 2},
    ],
)
def test_another_computer_reads_the_same_answers_back(given: dict[str, Any]) -> None:
    rules = scale_rules(answers(app=App(max_replicas=4, **given), storage=Storage()))
    timezone = {"scale_timezone": "UTC"} if "scale_days" in given else {}
    assert scale_answers(rules) == given | timezone


def test_what_differs_is_told_in_words_and_not_in_cron() -> None:
    azure = in_azure(app(max_replicas=3, scale_requests=50))
    after = desired_app(answers(app=NIGHT, storage=Storage()), FACTS)
    told = [(change.what, change.before, change.after) for change in differences(azure, after)]
    assert told == [
        ("most copies at once", "3", "4"),
        ("another copy by calls", "above 50 at once for each", "above 10 at once for each"),
        ("copies at fixed hours", "nothing", "2, Monday to Friday, 22:00 to 06:30, Europe/Paris"),
    ]
    assert [change.what for change in revision_differences(azure, in_azure(after))] == [what for what, _before, _after in told]


def test_a_rule_that_was_changed_by_hand_is_told_as_it_is() -> None:
    azure = in_azure(desired_app(answers(app=NIGHT, storage=Storage()), FACTS))
    azure["properties"]["template"]["scale"]["rules"][1]["custom"]["metadata"]["start"] = "0 7 1 * *"
    (told,) = changed(azure, app=NIGHT, storage=Storage())
    assert "start 0 7 1 * *" in told[2]


def test_rules_of_others_stay_and_ours_go_when_the_answers_want_none() -> None:
    azure = in_azure(app(max_replicas=3, scale_requests=50, scale_cpu=60), THEIRS)
    assert rules_of(merged(azure, app(max_replicas=3, scale_requests=20), {})) == ["azwizard-requests", "queue"]
    assert rules_of(merged(azure, app(max_replicas=3), {})) == ["queue"]
    only_ours = in_azure(app(max_replicas=3, scale_requests=50))
    assert "rules" not in merged(only_ours, app(max_replicas=3), {})["properties"]["template"]["scale"]
