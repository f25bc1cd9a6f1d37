"""The commands that start, stop and disturb the practice cloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from wizard.engine.session import ExitCode


@click.group()
def practice() -> None:
    """The practice cloud: a local Azure to rehearse on, without an account and without cost."""


def _leave(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(int(ExitCode.NOT_READY))


def _or_leave(call: Callable[[], Any]) -> Any:
    from wizard.cloud.errors.cloud_error import PracticeError

    try:
        return call()
    except PracticeError as error:
        _leave(str(error))


@practice.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="The TLS port; 443 lets other Azure clients in unchanged.")
@click.option(
    "--speed", type=click.Choice(["real", "fast", "instant"]), default=None, help="How long things take (default fast: a tenth of Azure)."
)
@click.option("--har", type=click.Path(path_type=Path), default=None, help="Record the traffic into this file.")
@click.option("--fault", "faults", multiple=True, metavar="NAME[:VALUE]", help="Something that goes wrong.")
@click.option("--seed", "seeds", multiple=True, metavar="NAME:N", help="Fill a list, such as subscriptions:2000.")
def start(port: int | None, speed: str | None, har: Path | None, faults: tuple[str, ...], seeds: tuple[str, ...]) -> None:
    """Start it and print where it is, as JSON."""
    from wizard.cloud.transport import practice_process as cloud

    wanted = cloud.StartOptions(port=port, speed=speed, har=har.absolute() if har else None, faults=faults, seeds=seeds)
    click.echo(json.dumps(_or_leave(lambda: cloud.start(wanted)).public(), indent=2))


@practice.command()
def status() -> None:
    """Print where it is, as JSON; exit status 3 when none is running."""
    from wizard.cloud.transport import practice_process as cloud

    info = cloud.status()
    if info is None:
        _leave("No practice cloud is running: azwizard practice start starts one.")
    click.echo(json.dumps(info.public(), indent=2))


@practice.command()
def stop() -> None:
    """Stop it. What was made in it is there again after the next start."""
    from wizard.cloud.transport import practice_process as cloud

    _or_leave(cloud.stop)


@practice.command()
def reset() -> None:
    """Stop it and forget everything that was made in it."""
    from wizard.cloud.transport import practice_process as cloud

    _or_leave(cloud.reset)


@practice.command()
@click.argument("faults", nargs=-1, metavar="[NAME[:VALUE]]...")
@click.option("--clear", is_flag=True, help="Let everything work again.")
def fault(faults: tuple[str, ...], clear: bool) -> None:
    """Make something go wrong while it runs, or clear what was set."""
    from wizard.cloud.transport import practice_process as cloud

    click.echo(json.dumps(_or_leave(lambda: cloud.fault(faults, clear=clear))))


@practice.command()
@click.argument("code")
def approve(code: str) -> None:
    """Approve a sign-in with a device code, as the person at the other device would."""
    from wizard.cloud.transport import practice_process as cloud

    _or_leave(lambda: cloud.approve(code))
