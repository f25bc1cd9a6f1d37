"""The commands that print a setup in another form."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.commands.groups import ON_A_SETUP, DocumentedGroup
from wizard.commands.options import common_options, finish

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions


@click.group(
    cls=DocumentedGroup,
    examples=["azwizard export az --output deploy.sh", "azwizard export pipeline --output azure-pipelines.yml"],
    exits=ON_A_SETUP,
    page="docs/command-line.md",
)
def export() -> None:
    """Print your setup in another form, or write it into a file."""


OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; otherwise it is printed.")


@export.command(
    "az", examples=["azwizard export az --output deploy.sh", "azwizard export az --practice | less"], page="docs/command-line.md"
)
@common_options
@OUTPUT
def export_az(options: CommandOptions, output: Path | None) -> None:
    """A shell script of az commands that makes the same."""
    from wizard.commands.commands import run_command
    from wizard.commands.exporting import export as commands

    finish(options, run_command(options, partial(commands.az, output=output)))


@export.command(
    "arm", examples=["azwizard export arm --output azuredeploy.json", "azwizard export arm --practice | less"], page="docs/command-line.md"
)
@common_options
@OUTPUT
def export_arm(options: CommandOptions, output: Path | None) -> None:
    """An ARM template (JSON) that makes the same when it is deployed."""
    from wizard.commands.commands import run_command
    from wizard.commands.exporting import export as commands

    finish(options, run_command(options, partial(commands.arm, output=output)))


@export.command(
    "bicep", examples=["azwizard export bicep --output infra", "azwizard export bicep --output main.bicep"], page="docs/command-line.md"
)
@common_options
@click.option("--output", type=click.Path(path_type=Path), help="A .bicep file, or a folder for it and its parameters and modules.")
def export_bicep(options: CommandOptions, output: Path | None) -> None:
    """A Bicep file that makes the same when it is deployed."""
    from wizard.commands.commands import run_command
    from wizard.commands.exporting import export as commands

    finish(options, run_command(options, partial(commands.bicep, output=output)))


@export.command(
    "rest", examples=["azwizard export rest --output orders.rest", "azwizard export rest orders.toml --practice"], page="docs/testing.md"
)
@common_options
@OUTPUT
def export_rest(options: CommandOptions, output: Path | None) -> None:
    """A .rest file with the requests that your API answers."""
    from wizard.commands.exporting import export as commands

    finish(options, commands.rest(options, output))


@export.command(
    "pipeline",
    examples=[
        "azwizard export pipeline --output azure-pipelines.yml",
        "azwizard export pipeline --github --output .github/workflows/image.yml",
    ],
    page="docs/pipelines.md",
)
@common_options
@click.option("--github", is_flag=True, help="A workflow of GitHub Actions in place of azure-pipelines.yml.")
@OUTPUT
def export_pipeline(options: CommandOptions, github: bool, output: Path | None) -> None:
    """The file of a pipeline that builds your image, with your own changes in it kept."""
    from wizard.commands.exporting import export as commands

    finish(options, commands.pipeline(options, github=github, output=output))
