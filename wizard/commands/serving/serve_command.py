"""The command `serve`: the wizard in a browser."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from wizard.commands.groups import DocumentedCommand
from wizard.commands.options import DEBUG, ENV_FILE, PRACTICE, SETTINGS, SETUP, finish, with_options
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard serve --practice", "azwizard serve --projector", "azwizard serve --seats 12 --listen 192.168.1.10"],
    exits=(0, 2, 3, 130),
    page="docs/keys.md",
)
@partial(with_options, parameters=(SETUP, PRACTICE, SETTINGS, ENV_FILE, DEBUG))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on this computer; any that is free when you name none.")
@click.option(
    "--seats", type=click.IntRange(1, 30), help="Serve so many learners, each with an address, a project and a home of their own."
)
@click.option(
    "--listen", default="", metavar="ADDRESS", help="With --seats: the address of this computer that the learners reach; with TLS."
)
@click.option("--projector", is_flag=True, help="Large letters on a light ground.")
def serve(options: CommandOptions, port: int, seats: int | None, listen: str, projector: bool) -> None:
    """Show the wizard in a browser: on this computer, at an address that only you know, or at seats for learners."""
    from wizard.classroom.class_file import check_address
    from wizard.commands.serving.serve import LOOPBACK
    from wizard.commands.serving.serve import serve as serve_screens

    if listen and not seats:
        raise click.UsageError(_("--listen is for --seats: the wizard itself is served on this computer only."))
    if listen and (sentence := check_address(listen)):
        raise click.UsageError(sentence)
    finish(options, serve_screens(options, port, seats=seats or 0, listen=listen or LOOPBACK, projector=projector))
