"""No rule of advice.toml is without a test, and no entry of errors.md without a rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cloud.errors.answers import rule_for
from tests.cloud.errors.refusals import REFUSALS
from tests.cloud.errors.words import SAID, SIGN_INS
from wizard.cloud.errors.advice import advice, for_said, for_sign_in

ENTRIES = {*map(str, range(1, 57)), "7a", "7b", "7c", "7d"}
"""The numbers of errors.md, the list of what Azure was recorded or quoted to answer."""
ERRORS = Path(__file__).parents[4] / "shared" / "azure" / "errors.md"


def test_no_rule_is_without_a_test() -> None:
    met = {id(rule_for(quoted)) for quoted in REFUSALS}
    met |= {id(for_sign_in(words)) for _entry, words, _says in SIGN_INS} | {id(for_said([words])) for _entry, words, _verdict in SAID}
    every = advice()
    assert [rule.what for rule in (*every.refusals, *every.sign_in, *every.said) if id(rule) not in met] == []


def test_every_rule_says_what_to_try_and_where_to_read_more() -> None:
    every = advice()
    for rule in (*every.refusals, *every.sign_in, *every.said):
        assert rule.what and rule.remedy and rule.link.startswith("https://")
        assert rule.codes or rule.words, "a status alone says nothing"


def test_no_entry_of_the_list_of_errors_is_left_out() -> None:
    every = advice()
    covered = {entry for rule in (*every.refusals, *every.sign_in, *every.said) for entry in rule.entries}
    assert len(ENTRIES) == 60
    assert covered == ENTRIES


def test_the_list_of_errors_has_no_other_entries() -> None:
    if not ERRORS.is_file():
        pytest.skip("the list of errors is not beside the checkout")
    assert set(re.findall(r"(?m)^\s*(?:- )?(\d+[a-d]?)\. ", ERRORS.read_text(encoding="utf-8"))) == ENTRIES
