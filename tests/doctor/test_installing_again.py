"""A revision whose packages could not be installed is told so, also while the practice cloud tries them once more."""

from __future__ import annotations

from wizard.doctor.runtime_causes import _rule
from wizard.steps.app.revision_status import RevisionState
from wizard.steps.installing import STATE

AGAIN = f"{STATE}: installing your requirements, 13 s"


def test_a_revision_that_has_failed_is_not_installing_any_more() -> None:
    assert RevisionState("orders--1", "Activating", AGAIN, True).installing
    assert not RevisionState("orders--1", "Failed", AGAIN, True).installing


def test_what_could_not_be_installed_counts_before_the_next_try() -> None:
    rule = _rule([AGAIN], ["RequirementNotInstallableHere: ERROR: Package 'shop' requires a different Python"], [])
    assert rule is not None
    assert rule.verdict == "requirement-not-installable"
