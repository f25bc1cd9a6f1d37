"""The page docs/glossary.md, from the texts of the screens: ``python -m wizard.workspace.wording.glossary_page > docs/glossary.md``."""

from __future__ import annotations

from wizard.platform.language import _
from wizard.workspace.wording.lessons import LESSONS, TERMS

INTRODUCTION = """\
# Questions and words

The same texts as behind F1 (Why?) and in the palette (Ctrl+P, Glossary); `azwizard class handout` makes a page to print of them.

This page is written by `python -m wizard.workspace.wording.glossary_page`.
"""


def page() -> str:
    """The whole page, in Markdown."""
    entries = [f"**{_(lesson.question)}** {_(lesson.answer)}\n" for lesson in LESSONS]
    words = [f"| {term} | {_(meaning)} |" for term, meaning in TERMS]
    return "\n".join([INTRODUCTION, "## Questions\n", *entries, "## Words\n", "| Word | What it is |", "|---|---|", *words, ""])


if __name__ == "__main__":
    print(page(), end="")
