"""The commands of a class: ``azwizard class ...``."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.commands.groups import DocumentedGroup

PAGE = "docs/class.md"


@click.group(
    "class",
    cls=DocumentedGroup,
    examples=["azwizard class handout --output handout.html", "azwizard class handout --lang fr > polycopie.html"],
    exits=(0, 1, 2, 3),
    page=PAGE,
)
def classroom() -> None:
    """For trainers: what a class needs before, during and after."""


@classroom.command(
    examples=["azwizard class handout --output handout.html", "azwizard class handout --lang fr > polycopie.html"],
    exits=(0, 1, 2),
    page=PAGE,
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; otherwise it is printed.")
@click.option("--title", default="", help="Its heading, such as the name of the class.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="The language of every text.")
def handout(output: Path | None, title: str, lang: str | None) -> None:
    """Print a page for learners: steps, questions, exercises, glossary. HTML that prints well."""
    from wizard.classroom.handout import handout as page
    from wizard.platform import language
    from wizard.platform.files import replace_file

    if lang:
        language.choose(lang)
    text = page(title)
    if output is None:
        print(text, end="")
    else:
        replace_file(output, text)
