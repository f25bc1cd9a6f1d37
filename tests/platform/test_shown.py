"""What others say is shown and not obeyed, and never shows a secret that was given in this run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from azure.core.exceptions import HttpResponseError

from wizard.cloud.errors.refusals import explain
from wizard.cloud.errors.translation import translate
from wizard.engine.events import CheckEvent, LogEvent, PlanEvent, ResultEvent, StepEvent, StepState, VerdictEvent
from wizard.engine.journal import Journal
from wizard.engine.reporting.reporter import JsonReporter, TextReporter
from wizard.engine.step import blocked
from wizard.lint.finding import Finding, Severity
from wizard.platform.redaction import as_written, hidden, redaction
from wizard.platform.terminal_text import plain
from wizard.setup.secret_sources import SecretValues
from wizard.state.choices import Choice

CANARY = "canary-0c77-välue/&"
HOSTILE = {
    "title": "\x1b]0;owned\x07",
    "title, 8-bit end": "\x1b]2;owned\x9c",
    "link": "\x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\",
    "clear screen": "\x1b[2J\x1b[H",
    "colour": "\x1b[31;1mred\x1b[0m",
    "device string": "\x1bPq#0\x1b\\",
    "reset": "\x1bc",
    "character set": "\x1b(0",
    "C1": "\x9b2J\x90q\x9d0;x\x9c\x85",
    "bell, backspace, delete": "\x07\x08\x7f",
    "return": "a\rb",
    "right to left": "\u202eabc\u202c\u2066x\u2069\u200f\u061c",
    "no width": "a\u200bb\u2060c\ufeff",
    "line separators": "a\u2028b\u2029c",
    "tags": "\U000e0041\U000e007f",
    "half a character": "\ud83d",
    "unfinished": "\x1b[12",
    "unfinished title": "\x1b]0;to the end",
}
FORBIDDEN = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff"} - {
    "\n",
    "\t",
}


def harmless(text: str) -> bool:
    return not FORBIDDEN & set(text) and text.encode("utf-8") is not None


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert harmless(plain(f"before{text}after"))
    assert plain(f"before{text}").startswith("before")


def refusal(message: str, code: str = "BadRequest") -> HttpResponseError:
    """What the SDK raises for a refusal of Azure's."""

    class FakeWebResponse:
        status_code, reason, headers, request = 400, "Bad Request", {}, None

        def text(self) -> str:
            return json.dumps({"error": {"code": code, "message": message, "details": [{"code": code, "message": message}]}})

    error = HttpResponseError(message)
    error.response, error.status_code, error.reason = FakeWebResponse(), 400, "Bad Request"  # type: ignore[assignment]
    return error


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_gone_wherever_it_enters(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    problem = explain(refusal(f"refused {text} end", f"Code{text}"))
    assert all(map(harmless, (problem.sentence, problem.remedy, problem.message.replace("\r\n", ""), str(problem))))
    assert harmless(translate(OSError(f"no {text}")).sentence)
    assert harmless(Choice("value", f"A subscription {text}").words)
    assert harmless(blocked(f"a name {text}", "").detail)
    assert harmless(Finding("id", Severity.ERROR, Path("x"), "x", 1, f"line {text}").sentence)
    events = [
        StepEvent("s", text, StepState.RUNNING, text),
        CheckEvent("c", "missing", text, remedy=text),
        PlanEvent("s", "change", text, text),
        VerdictEvent("v", text, (text, "x"), text),
        LogEvent(text, text, text),
        ResultEvent("failed", detail=text, extra={"stays": [text], "more": {"a": text}}),
    ]
    for reporter in (JsonReporter(), TextReporter()):
        for event in events:
            reporter.event(event)
            reporter.answer(event)
        reporter.say(text)
        reporter.show(text)
    result = capsys.readouterr()
    assert harmless(result.out) and harmless(result.err)
    values = [value for line in result.out.splitlines() if line.startswith("{") for value in json.loads(line).values()]
    assert harmless(json.dumps(values, ensure_ascii=False))


def test_a_value_that_azure_quotes_is_told_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = SecretValues(["api-key"], environment={"AZWIZARD_SECRET_API_KEY": CANARY})
    assert secrets("api-key") is not None
    forms = as_written([CANARY])
    problem = explain(refusal(" ".join(["The value", *forms, "is not accepted"])))
    with Journal.open(tmp_path, "practice", "t", "s", "orders-dev") as journal:
        journal.begin(1)
        journal.failed("key_vault.secret.api-key", "BadParameter", f"{CANARY} is no value")
        assert journal.failures()[0][3] == "*** is no value"
    for reporter in (JsonReporter(), TextReporter()):
        reporter.event(StepEvent("s", "t", StepState.FAILED, problem.sentence))
        reporter.event(ResultEvent("failed", detail=f"it was {CANARY}", extra={"x": CANARY}))
        reporter.say(f"{CANARY}!")
    outcome = "".join(capsys.readouterr()) + str(problem) + problem.message
    assert "***" in outcome
    assert not [form for form in forms if form in outcome]
    assert not any(CANARY.encode() in file.read_bytes() for file in tmp_path.rglob("*.db*"))


def test_each_line_of_a_value_of_several_is_hidden_and_what_frames_them_is_not() -> None:
    value = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nabcdefgh12345678\n-----END KEY-----"
    assert (
        hidden("line 2 is MIIEvQIBADANBgkq, line 1 -----BEGIN KEY-----", as_written([value])) == "line 2 is ***, line 1 -----BEGIN KEY-----"
    )


@pytest.mark.parametrize("value", ["x", "E", "abc", ""])
def test_a_short_value_is_warned_of_and_not_starred(value: str) -> None:
    secrets = SecretValues(["api-key"], environment={"AZWIZARD_SECRET_API_KEY": value})
    assert secrets.short == (["api-key"] if value else [])
    assert redaction("Exceeded: abcde x E abc") == "Exceeded: abcde x E abc"


def test_a_value_of_four_letters_is_hidden_where_it_stands_alone() -> None:
    redaction.add("tea5")
    assert redaction("tea5, steam tea55 'tea5'") == "***, steam tea55 '***'"


def test_an_ordinary_word_is_hidden_in_what_others_say_and_not_in_our_own_sentences() -> None:
    redaction.add("practice")
    assert redaction("azwizard plan --practice") == "azwizard plan --practice"
    assert redaction.of_others("the key practice is refused") == "the key *** is refused"
