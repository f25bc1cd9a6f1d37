"""What is typed at a question: the keys that are announced work at every one, also where nothing is shown."""

from __future__ import annotations

import io

import pytest

from wizard.plain.lines import GoTo, Leave, Lines


def lines(*answers: str) -> tuple[Lines, io.StringIO]:
    text = io.StringIO()
    return Lines(io.StringIO("".join(f"{answer}\n" for answer in answers)), text), text


@pytest.mark.parametrize(("key", "place"), [("<", "back"), ("!", "review"), ("#", "steps")])
async def test_the_announced_keys_work_where_nothing_is_shown(key: str, place: str) -> None:
    with pytest.raises(GoTo) as wanted:
        await lines(key)[0].ask_hidden("Value:")
    assert wanted.value.place == place


async def test_q_leaves_and_is_no_value() -> None:
    with pytest.raises(Leave) as left:
        await lines("q")[0].ask_hidden("Value:")
    assert left.value.by_choice


@pytest.mark.parametrize(
    ("answers", "value"),
    [(["x", "x"], "x"), (["x", "", "longer"], "longer"), (["longer"], "longer"), ([""], ""), (["quit"], "quit"), ([" a b "], " a b ")],
)
async def test_a_single_character_is_asked_about(answers: list[str], value: str) -> None:
    conversation, said = lines(*answers)
    assert await conversation.ask_hidden("Value:") == value
    assert ("single character" in said.getvalue()) is (len(answers[0]) == 1)


async def test_help_is_told_and_the_question_asked_again() -> None:
    conversation, said = lines("?", "@", "value")

    async def explain() -> None:
        conversation.say("what it is about")

    conversation.helps = {"??": explain, "@": explain}
    assert await conversation.ask_hidden("Value:") == "value"
    assert said.getvalue().count("what it is about") == 2
