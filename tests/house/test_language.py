"""Every text has its French, with the same holes, and the committed compiled catalogue is that French."""

from __future__ import annotations

import re

from tests.support.catalogue import FRENCH, compiled, french, lacking, texts
from wizard.platform import language
from wizard.sections import SECTIONS

HOLE = re.compile(r"\{[^}]*\}")


def test_every_text_has_its_french() -> None:
    assert lacking() == [], "python -m tests.support.catalogue lists them; write their French into the .po file"


def test_the_french_has_the_holes_of_the_english() -> None:
    for message in french():
        pairs = zip(*((item if isinstance(item, tuple) else (item,)) for item in (message.id, message.string)), strict=True)
        for english, translated in pairs:
            assert not translated or sorted(HOLE.findall(english)) == sorted(HOLE.findall(translated)), english


def test_the_french_is_set_as_french_is() -> None:
    wrong = re.compile(r"[\w»)\]}%][ ][:;?!»]|«[ \w]|’|[\w»)\]}][;?!](?:[ \n]|$)")
    for message in french():
        for translated in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not message.id or not wrong.search(translated), (
                f"a no-break space before : ; ? ! », one after «, and ' for an apostrophe: {translated}"
            )


def test_numbers_of_sections_come_from_their_declaration() -> None:
    written_out = re.compile(r"\b(step|section|screen)s? \d")
    assert [message.id for message in texts() if written_out.search(str(message.id))] == []


def test_the_compiled_catalogue_is_up_to_date() -> None:
    assert FRENCH.with_suffix(".mo").read_bytes() == compiled(french()), "python -m tests.support.catalogue compiles it"


def test_a_text_without_french_is_found() -> None:
    assert len(list(texts())) > 500


def test_the_locale_chooses_and_a_choice_is_kept() -> None:
    language.choose("fr")
    try:
        assert language.current() == "fr"
        assert language._(SECTIONS[0].title) == "Votre API"
    finally:
        language.choose("en")
    assert language.current() == "en"
