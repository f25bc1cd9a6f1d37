"""The commands of a class: ``azwizard class ...``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.commands.groups import DocumentedGroup
from wizard.commands.options import DEBUG, JSON, WHEELS, confirmed, finish, with_options

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions

PAGE = "docs/class.md"
CLASS = click.argument("setup", metavar="[CLASS]", type=click.Path(path_type=Path, dir_okay=False), default=Path("class.toml"))
OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
EXITS = (0, 1, 2, 3, 130)


@click.group(
    "class",
    cls=DocumentedGroup,
    examples=["azwizard class prepare", "azwizard class check examples/class.toml"],
    exits=EXITS,
    page=PAGE,
)
def classroom() -> None:
    """For trainers: what a class needs before, during and after."""


@classroom.command(examples=["azwizard class prepare", "azwizard class prepare monday.toml --json"], exits=EXITS, page=PAGE)
@partial(with_options, parameters=(CLASS, JSON, DEBUG))
def prepare(options: CommandOptions) -> None:
    """Write a folder for each learner: the starter project, and a setup whose names are nobody else's."""
    from wizard.commands.teaching import class_actions

    finish(options, class_actions.with_class(options, class_actions.prepare))


@classroom.command(examples=["azwizard class check", "azwizard class check class.toml --wheels pack"], exits=EXITS, page=PAGE)
@OUTPUT
@partial(with_options, parameters=(CLASS, JSON, DEBUG, WHEELS))
def check(options: CommandOptions, output: Path | None) -> None:
    """Check whether this computer, and your account, can take part. Exit status 3 when not; a result file says why."""
    from wizard.commands.teaching import class_actions

    finish(options, class_actions.with_class(options, partial(class_actions.check, output=output)))


@classroom.command(examples=["azwizard class pack", "azwizard class pack --output /media/stick/pack"], exits=(0, 1, 2), page=PAGE)
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("pack"), help="The folder to fill; pack otherwise."
)
@click.option("--packages-only", is_flag=True, help="Only the starter's packages, without azwizard's own.")
def pack(output: Path, packages_only: bool) -> None:
    """Fill a folder with wheels of azwizard and of the starter's packages, for a room without a network."""
    from wizard.classroom.pack import PackError
    from wizard.classroom.pack import pack as fill
    from wizard.platform.language import _

    try:
        wheels = fill(output, with_azwizard=not packages_only)
    except (PackError, OSError) as error:
        raise click.ClickException(str(error)) from None
    print(_("{count} wheels in {folder}").format(count=len(wheels), folder=output))


@classroom.command(examples=["azwizard class cost", "azwizard class cost --json | jq .high"], exits=EXITS, page=PAGE)
@partial(with_options, parameters=(CLASS, JSON, DEBUG))
def cost(options: CommandOptions) -> None:
    """Tell what the class costs in a month and in a day, each learner and together."""
    from wizard.commands.teaching import class_actions

    finish(options, class_actions.with_class(options, class_actions.cost))


@classroom.command(
    examples=["azwizard class destroy", "azwizard class destroy --yes --proof proof.jsonl"], exits=(0, 1, 2, 3, 4, 130), page=PAGE
)
@confirmed
@click.option(
    "--proof", type=click.Path(path_type=Path, dir_okay=False), help="The file for the proof; class-proof.jsonl beside CLASS otherwise."
)
@partial(with_options, parameters=(CLASS, JSON, DEBUG))
def destroy(options: CommandOptions, proof: Path | None) -> None:
    """Delete what every learner's setup made, and prove with one file that nothing is left."""
    from wizard.commands.teaching import class_actions

    finish(options, class_actions.with_class(options, partial(class_actions.destroy, proof=proof)))


@classroom.command(
    examples=["azwizard class handout --output handout.html", "azwizard class handout class.toml > polycopie.html"],
    exits=(0, 1, 2, 3),
    page=PAGE,
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; otherwise it is printed.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="The language of every text.")
@click.argument("file", metavar="[CLASS]", type=click.Path(path_type=Path, dir_okay=False), required=False)
def handout(output: Path | None, lang: str | None, file: Path | None) -> None:
    """Print a page for learners: steps, questions, exercises, glossary. HTML that prints well; CLASS gives title and language."""
    from wizard.classroom.class_file import read_class
    from wizard.classroom.handout import handout as page
    from wizard.platform import language
    from wizard.platform.files import replace_file
    from wizard.setup.problems import AnswersError

    try:
        course = read_class(file).course if file else None
    except AnswersError as error:
        raise click.ClickException(str(error)) from None
    if chosen := lang or (course.language if course else None):
        language.choose(chosen)
    text = page(course.title, course.exercises) if course else page()
    if output is None:
        print(text, end="")
    else:
        replace_file(output, text)
