"""The commands that start, stop and disturb the practice cloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from wizard.commands.completion import fault_names
from wizard.commands.groups import DocumentedCommand, DocumentedGroup
from wizard.platform.language import _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

PAGE = "docs/practice-cloud.md"
EXITS = (0, 1, 2, 3)
WHEELS = click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True)


class FaultText(click.ParamType[str]):
    """``NAME[:VALUE]``, a fault that there is with a value that it can have."""

    name = "fault"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from wizard.practice.kernel.faults import UnknownFault, parse

        try:
            parse(value)
        except UnknownFault as error:
            self.fail(str(error), param, ctx)
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return fault_names(incomplete)


class SeedText(click.ParamType[str]):
    """``NAME:N``, a list of the practice cloud and how long it shall be."""

    name = "seed"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from wizard.practice.kernel.seeds import UnknownSeed, parse

        try:
            parse([value])
        except UnknownSeed as error:
            self.fail(str(error), param, ctx)
        return str(value)


class FaultCommand(DocumentedCommand):
    """The command that sets faults: its help lists them."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wizard.practice.kernel.faults import KINDS

        with formatter.section("Faults"):
            formatter.write_dl([(f"{name}:{kind.value}" if kind.value else name, kind.says) for name, kind in KINDS.items()], col_max=24)
        super().format_epilog(ctx, formatter)


@click.group(cls=DocumentedGroup, examples=["azwizard practice start --port 443", "azwizard practice reset"], exits=EXITS, page=PAGE)
def practice() -> None:
    """The practice cloud: a local Azure to rehearse on, without an account and without cost."""


def _leave(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    from wizard.engine.session import ExitCode

    sys.exit(int(ExitCode.NOT_READY))


def _or_leave(call: Callable[[], Any]) -> Any:
    from wizard.cloud.errors.cloud_error import PracticeError

    try:
        return call()
    except PracticeError as error:
        _leave(str(error))


@practice.command(
    examples=[
        "azwizard practice start --speed instant",
        "azwizard practice start --fault throttle:0.2 --har traffic.har",
        "azwizard practice start --engine docker",
    ],
    exits=EXITS,
    page=PAGE,
)
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="The TLS port; 443 lets other Azure clients in unchanged.")
@click.option(
    "--speed", type=click.Choice(["real", "fast", "instant"]), default=None, help="How long things take (default fast: a tenth of Azure)."
)
@click.option("--har", type=click.Path(path_type=Path), default=None, help="Record the traffic into this file.")
@click.option("--fault", "faults", multiple=True, metavar="NAME[:VALUE]", type=FaultText(), help="Something that goes wrong.")
@click.option("--seed", "seeds", multiple=True, metavar="NAME:N", type=SeedText(), help="Fill a list, such as subscriptions:2000.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "docker", "podman", "process"]),
    default=None,
    help="What builds and runs images: an engine that answers, else processes of this computer (auto, the default); or the one named.",
)
@click.option(
    "--wheels", type=WHEELS, default=None, metavar="DIR", help="Install requirements from the wheels in this folder, without a network."
)
@click.option("--unconfined", is_flag=True, help="Run code also where this computer cannot keep it apart from your files.")
def start(har: Path | None, **settings: Any) -> None:
    """Start it and print where it is, as JSON."""
    from wizard.cloud.transport import practice_process as cloud
    from wizard.cloud.transport.practice_start import StartOptions

    options = StartOptions(har=har.absolute() if har else None, **settings)
    print(json.dumps(_or_leave(lambda: cloud.start(options)).public(), indent=2))


@practice.command(examples=["azwizard practice status", "azwizard practice status | jq .hosts"], exits=EXITS, page=PAGE)
def status() -> None:
    """Print where it is, as JSON; exit status 3 when none is running."""
    from wizard.cloud.transport import practice_process as cloud

    info = cloud.status()
    if info is None:
        _leave(_("No practice cloud is running: azwizard practice start starts one."))
    print(json.dumps(info.public(), indent=2))


@practice.command(
    examples=["azwizard practice stop", "azwizard practice stop && azwizard practice start --speed real"], exits=EXITS, page=PAGE
)
def stop() -> None:
    """Stop it. What was made in it is there again after the next start."""
    from wizard.cloud.transport import practice_process as cloud

    _or_leave(cloud.stop)


@practice.command(examples=["azwizard practice reset", "azwizard practice reset && azwizard apply --practice"], exits=EXITS, page=PAGE)
def reset() -> None:
    """Stop it and forget everything that was made in it."""
    from wizard.cloud.transport import practice_process as cloud

    _or_leave(cloud.reset)


@practice.command(
    cls=FaultCommand,
    examples=["azwizard practice fault role-denied throttle:0.2", "azwizard practice fault --clear"],
    exits=EXITS,
    page=PAGE,
)
@click.argument("faults", nargs=-1, metavar="[NAME[:VALUE]]...", type=FaultText())
@click.option("--clear", is_flag=True, help="Let everything work again.")
def fault(faults: tuple[str, ...], clear: bool) -> None:
    """Make something go wrong while it runs, or clear what was set."""
    from wizard.cloud.transport import practice_process as cloud

    print(json.dumps(_or_leave(lambda: cloud.fault(faults, clear=clear))))


@practice.command(examples=["azwizard practice approve ABCD-EFGH", "azwizard practice approve CODE"], exits=EXITS, page=PAGE)
@click.argument("code")
def approve(code: str) -> None:
    """Approve a sign-in with a device code, as the person at the other device would."""
    from wizard.cloud.transport import practice_process as cloud

    _or_leave(lambda: cloud.approve(code))
