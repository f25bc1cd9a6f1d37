"""The command line: words and options; what a command does is imported inside it."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard import __version__
from wizard.commands import printing
from wizard.commands.exporting.export_group import export
from wizard.commands.groups import CHANGING, EXITS, HELP_OPTIONS, Azwizard, Opening
from wizard.commands.operating import day_two
from wizard.commands.options import (
    DEBUG,
    ENV_FILE,
    JSON,
    OTHERS,
    PLAIN,
    PRACTICE,
    SETTINGS,
    SETUP,
    STAGE,
    WHEELS,
    common_options,
    confirmed,
    finish,
    finish_several,
    run_on_setup,
    with_options,
)
from wizard.commands.practice import practice
from wizard.commands.serving.serve_command import serve
from wizard.commands.teaching.classroom import classroom
from wizard.commands.teaching.exercise_command import exercise
from wizard.platform import language, log
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions

HELP = {"help_option_names": list(HELP_OPTIONS)}


@click.group(
    cls=Azwizard,
    context_settings=HELP,
    examples=["azwizard --practice", "azwizard apply orders.toml --practice"],
    exits=tuple(EXITS),
    page="README.md",
)
@click.version_option(__version__)
def azwizard() -> None:
    """From a Flask project on your laptop to an HTTPS API on Azure Container Apps.

    SETUP is your setup file, azwizard.toml in this folder when you name none. Without a command the wizard opens on it. With
    --practice everything happens on the practice cloud on this computer: no account, no cost.
    """
    from wizard.platform.preferences import Preferences

    language.choose(Preferences.read().language or None)
    log.start_when_asked(os.environ)


def _open(options: CommandOptions, lang: str | None) -> None:
    """Open the wizard on a setup: screens, or questions in lines."""
    from wizard.commands import faces

    if lang:
        language.choose(lang)
    match faces.chosen(options):
        case faces.Face.LINES:
            from wizard.plain import speak

            sys.exit(speak(options))
        case faces.Face.SCREENS:
            from screens.app import open_wizard

            sys.exit(open_wizard(options))
        case faces.Face.NONE:
            sys.exit(faces.tell_missing(options))


LANG = click.option("--lang", type=click.Choice(["en", "fr"]), help="The language of every text.")
Azwizard.opening = click.command("open", cls=Opening, context_settings=HELP)(
    with_options(_open, (SETUP, PRACTICE, STAGE, SETTINGS, ENV_FILE, PLAIN, LANG, WHEELS, DEBUG))
)


@azwizard.command(
    examples=["azwizard check", "azwizard check orders.toml --practice", "azwizard check --machine"], page="docs/your-first-deployment.md"
)
@common_options
@click.option("--machine", is_flag=True, help="Check this computer instead: no setup and no Azure is needed for that.")
def check(options: CommandOptions, machine: bool) -> None:
    """Check what your setup needs: rights, names, quotas, values."""
    if machine:
        from wizard.commands.machine import check_machine

        finish(options, check_machine(options))
    from wizard.commands import commands

    run_on_setup(options, commands.check)


@azwizard.command(
    examples=["azwizard plan", "azwizard plan --set app.cpu=0.5 --json", "azwizard plan orders.toml shop.toml"],
    exits=(0, 1, 2, 3, 5, 130),
    page="docs/your-first-deployment.md",
)
@common_options
@click.option("--no-preflight", is_flag=True, help="Do not ask what Azure would refuse: quotas, rules, locks.")
@OTHERS
def plan(options: CommandOptions, others: tuple[Path, ...], no_preflight: bool) -> None:
    """Show what apply would do and cost. Exit status 5 when there are changes. Of several setups each has one line."""
    from dataclasses import replace

    from wizard.commands import commands

    options = replace(options, has_preflight=not no_preflight)
    if others:
        finish_several(options, others, commands.plan)
    run_on_setup(options, commands.plan)


@azwizard.command(
    examples=[
        "azwizard apply",
        "azwizard apply --practice --yes --env-file .env",
        "azwizard apply --yes orders.toml shop.toml",
        "azwizard apply --timeline run.svg",
    ],
    exits=CHANGING,
    page="docs/your-first-deployment.md",
)
@common_options
@confirmed
@WHEELS
@click.option("--partial", is_flag=True, help="Make what is ready although something else is blocked.")
@click.option("--timeline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Draw when each step was made (SVG).")
@OTHERS
def apply(options: CommandOptions, others: tuple[Path, ...], partial: bool, timeline: Path | None) -> None:
    """Create and change what your setup says, after a confirmation. Several setups take --yes, and each has one line."""
    from dataclasses import replace

    from wizard.commands import commands

    if others:
        if timeline is not None:
            raise click.UsageError(_("A picture shows one run: --timeline is for one setup."))
        if not options.yes:
            raise click.UsageError(
                _("Several setups are not asked about one by one: look at azwizard plan for all of them, then add --yes.")
            )
        finish_several(replace(options, partial=partial), others, commands.apply)
    run_on_setup(replace(options, partial=partial, timeline=timeline), commands.apply)


@azwizard.command(
    examples=["azwizard status", "azwizard status --brief", "azwizard status --steps", "azwizard status --json | jq .url"],
    exits=(0, 1, 2, 3, 5, 130),
    page="docs/your-first-deployment.md",
)
@common_options
@click.option("--steps", is_flag=True, help="How far each step is, in place of the one screen.")
@click.option("--brief", is_flag=True, help="Address, health and version only, as quickly as can be.")
@OTHERS
def status(options: CommandOptions, others: tuple[Path, ...], steps: bool, brief: bool) -> None:
    """Show how your API stands and which version runs. Exit status 5 when there are changes to make."""
    if others:
        from wizard.commands import commands

        finish_several(options, others, commands.status)
    if brief and not steps:
        from wizard.commands.operating import brief as command

        if (known := command.brief(options)) is not None:
            sys.exit(known)
    from wizard.commands import commands

    if brief and not steps:
        finish(options, commands.run_command(options, command.session_brief))
    finish(options, commands.run_command(options, partial(commands.status, steps=steps)))


@azwizard.command(examples=["azwizard handoff", "azwizard handoff --output for-the-admin --wait"], page="docs/your-first-deployment.md")
@common_options
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="The folder to write; handoff-SETUP beside it otherwise.")
@click.option("--wait", is_flag=True, help="Then wait until everything was given.")
def handoff(options: CommandOptions, output: Path | None, wait: bool) -> None:
    """Write what to send to an administrator: a message, a script that gives the missing rights, what to answer."""
    from wizard.commands.commands import run_command
    from wizard.commands.handoff import handoff as hand_over

    finish(options, run_command(options, partial(hand_over, output=output, wait=wait)))


@azwizard.command(
    examples=["azwizard destroy", "azwizard destroy --copy-shares kept", "azwizard destroy orders.toml --practice --yes"],
    exits=CHANGING,
    page="docs/resuming.md",
)
@common_options
@confirmed
@click.option(
    "--copy-shares",
    "copies",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Copy the files on your shares there first.",
)
def destroy(options: CommandOptions, copies: Path | None) -> None:
    """Delete what this setup made, with the data in it, after a confirmation."""
    from wizard.commands import commands

    finish(options, commands.run_command(options, partial(commands.destroy, copies=copies)))


@azwizard.command(examples=["azwizard doctor", "azwizard doctor --fix"], exits=CHANGING, page="docs/doctor.md")
@common_options
@confirmed
@click.option("--fix", is_flag=True, help="Show the fix, and carry it out after a confirmation.")
def doctor(options: CommandOptions, fix: bool) -> None:
    """Find out why your API does not answer. Exit status 0 when it is healthy, 1 otherwise."""
    from wizard.commands import doctor as command
    from wizard.commands.commands import run_command

    finish(options, run_command(options, command.doctor_and_fix if fix else command.doctor, command.on_subscription_disabled))


@azwizard.command("test", examples=["azwizard test", "azwizard test --file orders.rest --restart"], page="docs/testing.md")
@common_options
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="The .rest or .http file; otherwise those below the folder with your code."
)
@click.option("--restart", is_flag=True, help="Restart the API too, and prove that what was written is still there.")
@click.option("--send-changes", is_flag=True, help="Without a file: send the guessed requests that change data too.")
@click.option(
    "--var", "variables", multiple=True, metavar="NAME=VALUE", help="The value of {{NAME}} in the file; may be given several times."
)
def test_(options: CommandOptions, file: Path | None, restart: bool, send_changes: bool, variables: tuple[str, ...]) -> None:
    """Send the requests of your .rest files to the deployed API. Exit status 1 when one was not sent or its answer is not as expected."""
    from wizard.commands import commands
    from wizard.commands.test import RequestOptions, run_requests

    wrong = next((text for text in variables if not text.partition("=")[1] or not text.partition("=")[0]), None)
    if wrong is not None:
        raise click.UsageError(_("--var wants NAME=VALUE, not {text}").format(text=wrong))
    given = {text.partition("=")[0].strip(): text.partition("=")[2] for text in variables}
    finish(
        options, commands.run_command(options, lambda session: run_requests(session, RequestOptions(file, restart, send_changes, given)))
    )


@azwizard.command(examples=["azwizard report", "azwizard report --output question.txt --yes"], page="docs/doctor.md")
@common_options
@confirmed
@click.option("--output", type=click.Path(path_type=Path), default=Path("azwizard-report.txt"), help="The file to write.")
def report(options: CommandOptions, output: Path) -> None:
    """Write one file to attach to a question, without anything secret; it is shown first."""
    from wizard.commands.commands import run_command
    from wizard.commands.report import report as write_report

    finish(options, run_command(options, lambda session: write_report(session, output)))


@azwizard.command(
    examples=[
        "azwizard resume --subscription orders --resource-group rg-orders-dev",
        "azwizard resume --subscription practice --resource-group rg-notes-dev --practice",
    ],
    page="docs/resuming.md",
)
@click.option("--subscription", required=True, help="Name or id of the subscription.")
@click.option("--resource-group", required=True, help="The resource group the setup lies in.")
@click.option("--tenant", default="", help="The tenant to sign in to.")
@partial(with_options, parameters=(PRACTICE, JSON, DEBUG))
def resume(options: CommandOptions, subscription: str, resource_group: str, tenant: str) -> None:
    """Write ./azwizard.toml from what Azure holds, to go on from another computer."""
    from wizard.commands import commands

    finish(options, commands.resume(options, subscription, resource_group, tenant))


for one in (*day_two.COMMANDS, *printing.COMMANDS, serve, export, practice, exercise, classroom):
    azwizard.add_command(one)
