"""docs/doctor.md lists exactly the verdicts that the doctor can give, and each has a deployment that it is shown on."""

from __future__ import annotations

import re
from pathlib import Path

from tests.doctor.table import ILLNESSES
from wizard.doctor import HEALTHY
from wizard.doctor.runtime_causes import OF_PRACTICE

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    HEALTHY: "the ten healthy deployments",
    "not-deployed": "nothing is deployed, so nothing is broken: a test of its own in test_doctor.py",
    "paused": "tests/steps/app/test_pause.py",
    "installing": "tests/doctor/test_installing.py",
    "requirement-not-installable": "tests/doctor/test_installing.py",
    "subscription-disabled": "told before anything is looked at: tests/end_to_end/test_article_failure.py",
}
"""Documented verdicts without a row in the table, and why."""


def documented() -> set[str]:
    text = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([\w-]+)`", cell)}


def given() -> set[str]:
    """The ids in the code that gives verdicts."""
    files = (ROOT / "wizard" / "doctor").glob("*.py")
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(r'Verdict(?:Event)?\(\s*"([\w-]+)"', code)) | {HEALTHY, *OF_PRACTICE}


def test_the_documentation_lists_every_verdict_and_no_other() -> None:
    assert documented() == given()


def test_every_verdict_has_a_deployment_that_it_is_shown_on() -> None:
    shown = {illness.verdict for illness in ILLNESSES}
    assert given() - shown == set(ELSEWHERE)
    assert shown - given() == set()


def test_at_least_eighteen_deployments_are_broken() -> None:
    assert len({illness.verdict for illness in ILLNESSES}) >= 18
