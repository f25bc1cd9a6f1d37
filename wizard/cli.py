"""The command line: words and options; what a command does is imported inside it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wizard import __version__
from wizard.commands.practice import practice
from wizard.platform import language

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions, ExitCode

HELP = {"help_option_names": ["-h", "--help"]}


class Commands(click.Group):
    """The commands; without one the wizard opens, so that ``azwizard`` and ``azwizard --practice orders.toml`` need no word for it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command first: ``open`` when none is named, and the one that follows flags such as ``--practice``."""
        if not args or args[0] not in {*self.commands, "--version", *HELP["help_option_names"]}:
            flags = next((count for count, word in enumerate(args) if not word.startswith("-")), len(args))
            named = args[flags : flags + 1] if args[flags : flags + 1] and args[flags] in self.commands else []
            args = [*(named or ["open"]), *args[:flags], *args[flags + len(named) :]]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; one that is stopped before it listens to signals itself ends as one that does.

        A folder of azwizard's that cannot be written to is told, whatever was about to be done in it.
        """
        try:
            return super().invoke(ctx)
        except OSError as error:
            from wizard.commands.crash import tell_files

            sys.exit(tell_files(error, json="--json" in sys.argv))
        except KeyboardInterrupt:
            from wizard.commands.crash import tell_stopped

            sys.exit(tell_stopped(json="--json" in sys.argv))


@click.group(cls=Commands, context_settings=HELP)
@click.version_option(__version__)
def azwizard() -> None:
    """From a Flask project on your laptop to an HTTPS API on Azure Container Apps.

    SETUP is your setup file, azwizard.toml in this folder when you name none. With --practice everything happens on the practice
    cloud on this computer: no account, no cost.
    """
    from wizard.platform.preferences import Preferences

    language.choose(Preferences.read().language or None)


def common_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command on a setup has; the command gets them as one Options."""

    @click.argument("setup", type=click.Path(path_type=Path), default=Path("azwizard.toml"))
    @click.option("--practice", is_flag=True, help="Use the practice cloud on this computer.")
    @click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE", help="Another answer, for this run only.")
    @click.option("--env-file", type=click.Path(path_type=Path), help="A .env file with the values of the setup's secrets.")
    @click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
    @click.option("--json", "json_lines", is_flag=True, help="One JSON object a line on stdout.")
    @click.option("--plain", is_flag=True, help="Line prompts instead of screens.")
    @wraps(command)
    def with_options(json_lines: bool, **given: Any) -> None:
        from wizard.engine.session import CommandOptions

        names = ("setup", "practice", "overrides", "env_file", "yes", "plain")
        options = CommandOptions(json=json_lines, **{name: given.pop(name) for name in names})
        command(options, **given)

    return with_options


def finish(options: CommandOptions, work: Coroutine[Any, Any, ExitCode]) -> None:
    """Run a command to its end and leave with its exit status; SIGINT and SIGTERM stop it resumably.

    Whatever happens, ``--json`` ends with a ``result``.
    """

    async def until_stopped() -> ExitCode:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, task.cancel)
        return await task

    try:
        status = int(asyncio.run(until_stopped()))
    except asyncio.CancelledError:  # stopped once more, while it was ending
        from wizard.commands.crash import tell_stopped

        status = tell_stopped(json=options.json)
    except Exception as error:
        from wizard.commands.crash import tell_crash

        status = tell_crash(error, json=options.json)
    sys.exit(status)


def run_on_setup(options: CommandOptions, name: str, module: str = "wizard.commands.commands") -> None:
    """Run the function of that name on the setup; the module is imported only now."""
    from wizard.commands.commands import run_command

    finish(options, run_command(options, getattr(import_module(module), name)))


@azwizard.command("open", hidden=True)
@common_options
@click.option("--lang", type=click.Choice(["en", "fr"]), help="The language of every text.")
def open_(options: CommandOptions, lang: str | None) -> None:
    """Open the wizard on a setup: screens, or numbered prompts where there is no terminal for screens."""
    if lang:
        language.choose(lang)
    if options.plain:
        from wizard.plain import speak

        sys.exit(speak(options))
    from screens.app import open_wizard

    sys.exit(open_wizard(options))


@azwizard.command()
@common_options
def check(options: CommandOptions) -> None:
    """Check what your setup needs: rights, names, quotas, values."""
    run_on_setup(options, "check")


@azwizard.command()
@common_options
def plan(options: CommandOptions) -> None:
    """Show what apply would do and cost. Exit status 5 when there are changes."""
    run_on_setup(options, "plan")


@azwizard.command()
@common_options
@click.option("--partial", is_flag=True, help="Make what is ready although something else is blocked.")
def apply(options: CommandOptions, partial: bool) -> None:
    """Create and change what your setup says, after a confirmation."""
    from dataclasses import replace

    run_on_setup(replace(options, partial=partial), "apply")


@azwizard.command()
@common_options
def status(options: CommandOptions) -> None:
    """Show how far your setup is. Exit status 5 when there are changes to make."""
    run_on_setup(options, "status")


@azwizard.command()
@common_options
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="The folder to write; handoff-SETUP beside it otherwise.")
@click.option("--wait", is_flag=True, help="Then wait until everything was given.")
def handoff(options: CommandOptions, output: Path | None, wait: bool) -> None:
    """Write what to send to an administrator: a message, a script that gives the missing rights, what to answer."""
    from functools import partial

    from wizard.commands.commands import run_command
    from wizard.commands.handoff import handoff as hand_over

    finish(options, run_command(options, partial(hand_over, output=output, wait=wait)))


@azwizard.command()
@common_options
def destroy(options: CommandOptions) -> None:
    """Delete what this setup made, with the data in it, after a confirmation."""
    run_on_setup(options, "destroy")


@azwizard.command()
@common_options
@click.option("--fix", is_flag=True, help="Show the fix, and carry it out after a confirmation.")
def doctor(options: CommandOptions, fix: bool) -> None:
    """Find out why your API does not answer. Exit status 0 when it is healthy, 1 otherwise."""
    from wizard.commands import doctor as command
    from wizard.commands.commands import run_command

    finish(options, run_command(options, command.doctor_and_fix if fix else command.doctor, command.on_subscription_disabled))


@azwizard.command("test")
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
    from wizard.platform.language import _

    wrong = next((text for text in variables if not text.partition("=")[1] or not text.partition("=")[0]), None)
    if wrong is not None:
        raise click.UsageError(_("--var wants NAME=VALUE, not {text}").format(text=wrong))
    given = {text.partition("=")[0].strip(): text.partition("=")[2] for text in variables}
    finish(
        options, commands.run_command(options, lambda session: run_requests(session, RequestOptions(file, restart, send_changes, given)))
    )


@azwizard.command()
@common_options
@click.option("--follow", is_flag=True, help="Go on with each new line, until Ctrl+C.")
def logs(options: CommandOptions, follow: bool) -> None:
    """Show what your API prints and what Azure reports about it."""
    from wizard.commands import commands
    from wizard.testing import log_streams as streams

    finish(options, commands.run_command(options, lambda session: streams.logs(session, follow=follow)))


@azwizard.command()
@common_options
@click.option("--output", type=click.Path(path_type=Path), default=Path("azwizard-report.txt"), help="The file to write.")
def report(options: CommandOptions, output: Path) -> None:
    """Write one file to attach to a question, without anything secret; it is shown first."""
    from wizard.commands.commands import run_command
    from wizard.commands.report import report as write_report

    finish(options, run_command(options, lambda session: write_report(session, output)))


@azwizard.command()
@click.option("--subscription", required=True, help="Name or id of the subscription.")
@click.option("--resource-group", required=True, help="The resource group the setup lies in.")
@click.option("--tenant", default="", help="The tenant to sign in to.")
@click.option("--practice", is_flag=True, help="Use the practice cloud on this computer.")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line on stdout.")
def resume(subscription: str, resource_group: str, tenant: str, practice: bool, json_lines: bool) -> None:
    """Write ./azwizard.toml from what Azure holds, to go on from another computer."""
    from wizard.commands import commands
    from wizard.engine.session import CommandOptions

    options = CommandOptions(practice=practice, json=json_lines)
    finish(options, commands.resume(options, subscription, resource_group, tenant))


@azwizard.command()
def schema() -> None:
    """Print the JSON Schema of azwizard.toml."""
    import json

    from wizard.setup.json_schema import schema as setup_schema

    click.echo(json.dumps(setup_schema(), indent=2, ensure_ascii=False))


@azwizard.group()
def export() -> None:
    """Write your setup in another form."""


@export.command("az")
@common_options
def export_az(options: CommandOptions) -> None:
    """A shell script of az commands that makes the same."""
    run_on_setup(options, "az", "wizard.commands.export")


@export.command("bicep")
@common_options
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="The folder to write; otherwise main.bicep is printed.")
def export_bicep(options: CommandOptions, output: Path | None) -> None:
    """A Bicep file that makes the same when it is deployed."""
    from wizard.commands import export as commands
    from wizard.commands.commands import run_command

    finish(options, run_command(options, lambda session: commands.bicep(session, output)))


@export.command("rest")
@common_options
def export_rest(options: CommandOptions) -> None:
    """A .rest file with the requests that your API answers."""
    run_on_setup(options, "rest", "wizard.commands.export")


@export.command("pipeline")
@common_options
@click.option("--github", is_flag=True, help="A workflow of GitHub Actions in place of azure-pipelines.yml.")
def export_pipeline(options: CommandOptions, github: bool) -> None:
    """The file of a pipeline that builds your image."""
    from wizard.commands import export as commands

    finish(options, commands.pipeline(options, github=github))


azwizard.add_command(practice)
