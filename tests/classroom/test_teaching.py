"""Eight questions are answered where they come up, in the glossary's page and on paper, in English and French."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from wizard.classroom.handout import handout
from wizard.platform import language
from wizard.sections import SECTIONS
from wizard.workspace.wording.explanations import EXPLANATIONS, parts
from wizard.workspace.wording.glossary_page import page
from wizard.workspace.wording.lessons import LESSONS, TERMS

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["en", "fr"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn."""
    language.choose(request.param)
    yield request.param
    language.choose("en")


class Reader(HTMLParser):
    """The text of a page, and its elements that are still open at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_each_question_is_answered_in_two_sentences_where_it_comes_up(lang: str) -> None:
    assert len(LESSONS) == 9
    for lesson in LESSONS:
        answer = language._(lesson.answer)
        assert lang == "en" or answer != lesson.answer
        ends = [end for end in answer.replace("azwizard.toml", "").split(". ") if end]
        assert len(ends) == 2, answer
        for place in lesson.places:
            assert place in EXPLANATIONS
            assert (language._(lesson.question), answer) in parts(place, [])


def test_the_glossarys_page_is_what_the_screens_say() -> None:
    language.choose("en")
    written = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert written == page(), "write it again: python -m wizard.workspace.wording.glossary_page > docs/glossary.md"


def test_the_handout_holds_every_text_and_obeys_none(lang: str) -> None:
    reader = Reader()
    reader.feed(text := handout('<script>alert("1")</script> & friends'))
    assert reader.open == []
    assert "<script" not in text
    assert '<script>alert("1")</script> & friends' in reader.text
    expected = [section.title for section in SECTIONS] + [lesson.answer for lesson in LESSONS] + [meaning for _term, meaning in TERMS]
    assert [one for one in expected if language._(one) not in reader.text] == []
    assert "@media print" in text
    assert f'<html lang="{lang}">' in text
