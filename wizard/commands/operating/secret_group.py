"""The commands on one secret of a deployed API."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.commands.groups import DocumentedGroup
from wizard.commands.options import common_options, finish

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions

PAGE = "docs/releases.md"


@click.group(cls=DocumentedGroup, examples=["azwizard secret set jwt-key", "azwizard secret set jwt-key --practice"], page=PAGE)
def secret() -> None:
    """Give one secret of a deployed API another value."""


@secret.command(
    "set",
    examples=[
        "azwizard secret set jwt-key",
        "azwizard secret set tls-key --from-file key.pem",
        "pass show jwt | azwizard secret set jwt-key",
    ],
    exits=(0, 1, 2, 3, 4, 130),
    page=PAGE,
)
@click.argument("name")
@common_options
@click.option(
    "--from-file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="A file with the value, or - for standard input. Otherwise it is typed, unseen.",
)
def set_command(options: CommandOptions, name: str, file: Path | None) -> None:
    """Put a new value into the vault, start the API again, and see that it answers."""
    from wizard.commands.commands import run_command
    from wizard.commands.operating.secret import set_secret

    finish(options, run_command(options, partial(set_secret, typed_name=name, file=file)))
