"""Each answer of the sign-in service, and each thing said while an app runs, gets the advice that fits."""

from __future__ import annotations

import pytest
from azure.core.exceptions import ClientAuthenticationError

from tests.cloud.errors.words import SAID, SIGN_INS
from wizard.cloud.errors.advice import for_said, for_sign_in
from wizard.cloud.errors.translation import translate


@pytest.mark.parametrize(("entry", "words", "says"), SIGN_INS, ids=[words[:20] for _entry, words, _says in SIGN_INS])
def test_a_failed_sign_in_gets_its_advice(entry: str, words: str, says: str) -> None:
    rule, problem = for_sign_in(words), translate(ClientAuthenticationError(words))
    assert rule is not None
    assert (entry in rule.entries) or not entry
    assert says in f"{problem.sentence} {problem.remedy}"
    assert problem.link == rule.link


@pytest.mark.parametrize(("entry", "words", "verdict"), SAID, ids=[f"{verdict} {entry}" for entry, _words, verdict in SAID])
def test_what_is_said_while_an_app_runs_gets_its_advice(entry: str, words: str, verdict: str) -> None:
    rule = for_said(["something before", *words.splitlines(), "something after"])
    assert rule is not None
    assert (rule.verdict, entry in rule.entries or not entry) == (verdict, True)
