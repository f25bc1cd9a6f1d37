"""What is said once a .env file was read."""

from __future__ import annotations

from wizard.setup.env_table import Place
from wizard.workspace.suggestions import merge_file, row
from wizard.workspace.wording.env_file_words import entries_read


def test_an_entry_that_stays_left_out_although_the_file_says_something_else_is_named() -> None:
    table = [row("SHOP_NAME", Place.OUT, "Corner"), row("LOG_LEVEL", Place.OUT, "INFO"), row("MAIL_FROM", Place.OPEN)]
    content = {"SHOP_NAME": "Corner shop", "LOG_LEVEL": "INFO", "MAIL_FROM": "me@example.org", "EMPTY": ""}
    words = entries_read(table, content)
    assert words.startswith("4 entries read. ")
    assert "SHOP_NAME" in words
    assert not {"LOG_LEVEL", "MAIL_FROM", "EMPTY"} & set(words.replace(".", "").split())
    assert {line["name"]: line["place"] for line in merge_file(table, content)[0]}["SHOP_NAME"] == Place.OUT


def test_of_a_file_that_says_what_the_code_says_only_the_number_is_told() -> None:
    assert entries_read([row("LOG_LEVEL", Place.OUT, "INFO")], {"LOG_LEVEL": "INFO"}) == "1 entry read."
