"""Each refusal gets the advice that fits, keeps Azure's own words, and is never known by its status alone."""

from __future__ import annotations

import re

import pytest

from tests.cloud.errors.answers import refusal, rule_for
from tests.cloud.errors.refusals import REFUSALS, Quoted
from wizard.cloud.errors.advice import for_refusal
from wizard.cloud.errors.cloud_error import CloudError
from wizard.cloud.errors.translation import translate


@pytest.mark.parametrize("quoted", REFUSALS, ids=[f"{item.entry} {item.code}" for item in REFUSALS])
def test_a_refusal_gets_its_advice_and_keeps_azures_words(quoted: Quoted) -> None:
    problem = translate(refusal(quoted))
    assert isinstance(problem, CloudError)
    rule = rule_for(quoted)
    assert (quoted.entry in rule.entries) or not quoted.entry
    assert quoted.says in f"{problem.sentence} {problem.remedy}"
    assert problem.message == quoted.message
    assert (problem.code, problem.correlation_id) == (quoted.code, "c0ffee")
    assert problem.link.startswith("https://")
    assert not re.search(r"\{\w+\}", f"{problem.sentence} {problem.remedy}")


def test_a_code_that_no_rule_knows_shows_what_azures_support_asks_for() -> None:
    problem = translate(refusal(Quoted("", 400, "SomethingNew", "Azure invented a new reason.", "")))
    assert "Azure invented a new reason." in problem.sentence
    assert all(words in problem.remedy for words in ("SomethingNew", "c0ffee", "azwizard report"))


def test_a_conflict_of_another_kind_is_not_told_as_a_deleted_vault() -> None:
    words = "A conflict occurred that prevented the operation from completing: the vault is being changed."
    assert "c0ffee" in translate(refusal(Quoted("", 409, "ConflictError", words, ""))).remedy


def test_a_status_alone_gets_no_rule() -> None:
    assert for_refusal([("", "Forbidden"), ("Unheard", "Forbidden")], 403) is None
