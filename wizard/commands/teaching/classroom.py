"""The commands of a class: ``azwizard class ...``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wizard.commands.groups import DocumentedGroup
from wizard.commands.options import DEBUG, JSON, PRACTICE, WHEELS, confirmed, finish, with_options
from wizard.commands.practice import FaultText
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions

PAGE = "docs/class.md"
CLASS = click.argument("setup", metavar="[CLASS]", type=click.Path(path_type=Path, dir_okay=False), default=Path("class.toml"))
OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
EXITS = (0, 1, 2, 3, 130)


class FaultOrClass(FaultText):
    """A fault or, with ``--clear``, the class file that stands in its place."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value) if str(value).endswith(".toml") else super().convert(value, param, ctx)


@click.group(
    "class",
    cls=DocumentedGroup,
    examples=["azwizard class prepare", "azwizard class check examples/class.toml"],
    exits=EXITS,
    page=PAGE,
)
def classroom() -> None:
    """For trainers: what a class needs before, during and after."""


@classroom.command(
    examples=["azwizard class prepare", "azwizard class prepare monday.toml --script for-the-administrator.sh"],
    exits=(0, 1, 2, 3, 4, 130),
    page=PAGE,
)
@confirmed
@click.option(
    "--script",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For a class in Azure: write what is needed there as a shell script for the administrator, and make nothing.",
)
@partial(with_options, parameters=(CLASS, PRACTICE, JSON, DEBUG))
def prepare(options: CommandOptions, script: Path | None) -> None:
    """Write a folder for each learner; in Azure also make each a resource group, with rights and a budget."""
    from wizard.commands.teaching import class_actions

    finish(options, class_actions.with_class(options, partial(class_actions.prepare, script=script)))


@classroom.command(examples=["azwizard class check", "azwizard class check class.toml --wheels pack"], exits=EXITS, page=PAGE)
@OUTPUT
@partial(with_options, parameters=(CLASS, PRACTICE, JSON, DEBUG, WHEELS))
def check(options: CommandOptions, output: Path | None) -> None:
    """Check whether this computer, and your account, can take part. Exit status 3 when not; a result file says why."""
    from wizard.commands.teaching import class_actions

    finish(options, class_actions.with_class(options, partial(class_actions.check, output=output)))


@classroom.command(
    examples=["azwizard class board", "azwizard class board --listen 192.168.1.10 --port 8730"], exits=(0, 1, 2, 3, 130), page=PAGE
)
@click.option("--listen", default="", metavar="ADDRESS", help="The address of this computer to listen on; as class.toml says otherwise.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 takes one that is free.")
@partial(with_options, parameters=(CLASS, PRACTICE, JSON, DEBUG))
def board(options: CommandOptions, listen: str, port: int | None) -> None:
    """Serve a page for the projector: who is at which step, for how long, and with which error. It goes on until Ctrl+C."""
    from wizard.classroom.class_file import check_address
    from wizard.commands.teaching import class_actions, during_class

    if listen and (sentence := check_address(listen)):
        raise click.UsageError(sentence)
    finish(options, class_actions.with_class(options, partial(during_class.board, listen=listen, port=port)))


@classroom.command(
    "help", examples=["azwizard class help Anna", "azwizard class help Anna --step 6 monday.toml"], exits=(0, 1, 2, 3), page=PAGE
)
@click.argument("name")
@click.option(
    "--step", type=click.IntRange(1, 13), help="Where the learner comes to, 13 for the check of everything; the next step otherwise."
)
@partial(with_options, parameters=(CLASS, JSON, DEBUG))
def help_(options: CommandOptions, name: str, step: int | None) -> None:
    """Bring the learner NAME to a step, with prepared answers before it. What stood in the learner's setup is kept beside it."""
    from wizard.commands.teaching import class_actions, during_class

    finish(options, class_actions.with_class(options, partial(during_class.help_learner, name=name, step=step)))


@classroom.command(
    examples=["azwizard class fault role-denied", "azwizard class fault throttle:0.2 monday.toml", "azwizard class fault --clear"],
    exits=(0, 1, 2, 3),
    page=PAGE,
)
@click.argument("name", metavar="[NAME[:VALUE]]", type=FaultOrClass(), required=False)
@click.option("--clear", is_flag=True, help="Let everything work again.")
@partial(with_options, parameters=(CLASS, JSON, DEBUG))
def fault(options: CommandOptions, name: str | None, clear: bool) -> None:
    """Make the same trouble in everybody's practice cloud, or clear it. azwizard practice fault --help lists what there is."""
    from wizard.commands.teaching import class_actions, during_class

    if clear and name and name.endswith(".toml"):
        from dataclasses import replace

        options, name = replace(options, setup=Path(name)), None
    if clear is bool(name):
        raise click.UsageError(_("Name one trouble, or give --clear."))
    finish(options, class_actions.with_class(options, partial(during_class.fault, name=name or "")))


@classroom.command(examples=["azwizard class pack", "azwizard class pack --output /media/stick/pack"], exits=(0, 1, 2), page=PAGE)
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("pack"), help="The folder to fill; pack otherwise."
)
@click.option("--packages-only", is_flag=True, help="Only the starter's packages, without azwizard's own.")
def pack(output: Path, packages_only: bool) -> None:
    """Fill a folder with wheels of azwizard and of the starter's packages, for a room without a network."""
    from wizard.classroom.pack import PackError
    from wizard.classroom.pack import pack as fill
    from wizard.commands.exporting.output import unwritable

    try:
        wheels = fill(output, with_azwizard=not packages_only)
    except PackError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(unwritable(output, error)) from None
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
@partial(with_options, parameters=(CLASS, PRACTICE, JSON, DEBUG))
def destroy(options: CommandOptions, proof: Path | None) -> None:
    """Delete what every learner's setup made, and prove with one file that nothing is left."""
    from wizard.commands.teaching import class_actions, class_destroy

    finish(options, class_actions.with_class(options, partial(class_destroy.destroy, proof=proof)))


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
    from wizard.commands.exporting.output import unwritable
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
        return
    try:
        replace_file(output, text)
    except OSError as error:
        raise click.ClickException(unwritable(output, error)) from None
