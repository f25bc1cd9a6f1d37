"""What is pasted arrives whole, or is refused in words, whatever ends its lines."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from screens.widgets.basics import LineInput, SecretInput

KEY = ("-----BEGIN PRIVATE KEY-----", "MIIB", "AQAB", "-----END PRIVATE KEY-----")
ENDS = pytest.mark.parametrize("end", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])


class Fields(App[None]):
    """A hidden field and an open one."""

    def compose(self) -> ComposeResult:
        yield SecretInput(id="hidden")
        yield LineInput(id="open")


@ENDS
async def test_a_hidden_value_of_several_lines_is_taken_whole(end: str) -> None:
    app = Fields()
    async with app.run_test() as pilot:
        field = app.query_one("#hidden", SecretInput)
        field.post_message(events.Paste(end.join([*KEY, ""])))
        await pilot.pause()
        assert field.value == "\n".join(KEY)
        assert any("4 lines" in notice.message for notice in app._notifications)


@ENDS
async def test_an_answer_of_one_line_takes_the_first_and_says_so(end: str) -> None:
    app = Fields()
    async with app.run_test() as pilot:
        field = app.query_one("#open", LineInput)
        field.post_message(events.Paste(f"boo{end}ks"))
        await pilot.pause()
        assert field.value == "boo"
        assert any("Only the first line was taken" in notice.message for notice in app._notifications)
