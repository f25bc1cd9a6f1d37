"""The options that commands share, and how each ends."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wizard import __version__
from wizard.commands.completion import env_files, setting_keys
from wizard.commands.setup_argument import SetupFile
from wizard.platform import log

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions, ExitCode, Session


def _debug(_ctx: click.Context, _param: click.Parameter, is_asked: bool) -> None:
    """Begin to write the log."""
    if is_asked:
        log.start()


SETUP = click.argument("setup", type=SetupFile(), default=Path("azwizard.toml"))
OTHERS = click.argument("others", metavar="[SETUP]...", type=SetupFile(), nargs=-1)
"""Further setups or folders; `wizard.commands.several` runs the command on all of them."""
PRACTICE = click.option("--practice", is_flag=True, help="Use the practice cloud on this computer.")
SETTINGS = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.KEY=VALUE",
    shell_complete=setting_keys,
    help="Another answer, for this run only.",
)
ENV_FILE = click.option(
    "--env-file", type=click.Path(path_type=Path), shell_complete=env_files, help="A .env file with the values of the setup's secrets."
)
STAGE = click.option("--stage", default="", metavar="NAME", help="A stage of the setup file ([stages.NAME]) instead of its top.")
JSON = click.option("--json", "json", is_flag=True, help="One JSON object a line on standard output.")
DEBUG = click.option(
    "--debug", is_flag=True, expose_value=False, callback=_debug, help="Write a log of every request and wait (docs/command-line.md)."
)
PLAIN = click.option("--plain", is_flag=True, help="Questions in lines instead of screens, also from a pipe.")
WHEELS = click.option(
    "--wheels",
    type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True),
    metavar="DIR",
    help="Take packages from the wheels in this folder, without a network (practice, Try here).",
)
UNUSED_PLAIN = click.option("--plain", is_flag=True, hidden=True)
UNUSED_YES = click.option("--yes", is_flag=True, hidden=True)
confirmed = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
"""For a command that asks before it begins. Every command takes ``--yes`` and ``--plain``, and shows them where they have an effect."""


def with_options(command: Callable[..., None], parameters: Sequence[Callable[[Any], Any]]) -> Callable[..., None]:
    """The command with these parameters, which it gets as one CommandOptions."""

    @wraps(command)
    def collected(**parameters: Any) -> None:
        from wizard.engine.session import CommandOptions

        names = ("setup", "practice", "overrides", "env_file", "yes", "json", "plain", "wheels", "stage")
        command(CommandOptions(**{name: parameters.pop(name) for name in names if name in parameters}), **parameters)

    for parameter in reversed(parameters):
        parameter(collected)
    return collected


def finish_several(options: CommandOptions, others: Sequence[Path], command: Callable[[Session], Awaitable[ExitCode]]) -> None:
    """Run a command on several setups to its end, and leave with the worst exit status."""
    from wizard.commands.several import run_on_several

    finish(options, run_on_several(options, [options.setup, *others], command))


def run_on_setup(options: CommandOptions, command: Callable[[Session], Awaitable[ExitCode]]) -> None:
    """Run a command on the setup, and leave with its exit status."""
    from wizard.commands.commands import run_command

    finish(options, run_command(options, command))


def common_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command on a setup has; the command gets them as one CommandOptions."""
    declared = {parameter.name for parameter in getattr(command, "__click_params__", [])}
    unused = [] if "yes" in declared else [UNUSED_YES]
    return with_options(command, (SETUP, PRACTICE, STAGE, SETTINGS, ENV_FILE, JSON, DEBUG, UNUSED_PLAIN, *unused))


def finish(options: CommandOptions, work: Coroutine[Any, Any, ExitCode]) -> None:
    """Run a command to its end and leave with its exit status; SIGINT, SIGTERM and SIGHUP stop it resumably.

    Whatever happens, ``--json`` ends with a ``result``.
    """
    import asyncio

    from wizard.commands import stops
    from wizard.commands.crash import tell_crash, tell_stopped

    log.decision("azwizard %s begins on %s", __version__, "practice" if options.practice else "Azure")
    try:
        status = int(asyncio.run(stops.until_stopped(work)))
    except asyncio.CancelledError:  # stopped once more, while it was ending
        status = tell_stopped(json=options.json)
    except Exception as error:
        status = tell_crash(error, json=options.json)
    log.decision("exit status %s", int(status))
    sys.exit(status)
