"""The commands on an API that runs: its versions, its pauses and what it prints."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from wizard.commands.groups import CHANGING, DiffCommand, DocumentedCommand, NumberedCommand, OptionalNumber
from wizard.commands.operating.secret_group import secret
from wizard.commands.options import WHEELS, common_options, confirmed, finish, run_on_setup

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard releases", "azwizard releases --json | jq 'select(.running)'"],
    exits=(0, 1, 2, 3, 130),
    page="docs/releases.md",
)
@common_options
def releases(options: CommandOptions) -> None:
    """List the versions that were deployed: when, by whom, from which commit, and which one runs."""
    from wizard.commands.operating import releases

    run_on_setup(options, releases.releases)


@click.command(
    cls=DiffCommand,
    examples=["azwizard diff 3 4", "azwizard diff 3 4 orders.toml --json", "azwizard diff --stages dev prod"],
    exits=(0, 1, 2, 3, 130),
    page="docs/releases.md",
)
@click.argument("before", type=OptionalNumber(min=1), metavar="N")
@click.argument("after", type=OptionalNumber(min=1), metavar="M")
@click.option("--stages", nargs=2, metavar="FROM TO", help="Two stages of the setup file instead of two releases.")
@common_options
def diff(options: CommandOptions, before: int, after: int, stages: tuple[str, str] | None) -> None:
    """Show what differs between two releases, or two stages: image, commit and settings."""
    from wizard.commands.commands import run_command

    if stages:
        from wizard.commands.operating.stages import diff_stages

        options = replace(options, stage=stages[1])
        finish(options, run_command(options, partial(diff_stages, source=stages[0])))
    else:
        from wizard.commands.operating import releases

        finish(options, run_command(options, partial(releases.diff, before=before, after=after)))


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard promote dev prod", "azwizard promote dev prod orders.toml --yes"],
    exits=CHANGING,
    page="docs/stages.md",
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@common_options
@confirmed
def promote(options: CommandOptions, source: str, target: str) -> None:
    """Run in one stage the very image that runs in another, after a confirmation: nothing is built again."""
    from wizard.commands.commands import run_command
    from wizard.commands.operating.stages import promote_stage

    options = replace(options, stage=target)
    finish(options, run_command(options, partial(promote_stage, source=source)))


@click.command(
    cls=NumberedCommand, examples=["azwizard rollback", "azwizard rollback 3 orders.toml --yes"], exits=CHANGING, page="docs/releases.md"
)
@click.argument("number", type=OptionalNumber(min=1), metavar="[N]", required=False)
@common_options
@confirmed
def rollback(options: CommandOptions, number: int | None) -> None:
    """Run an earlier release again, after a confirmation. Without N the last one before the one that runs."""
    from wizard.commands.commands import run_command
    from wizard.commands.operating import releases as command

    finish(options, run_command(options, partial(command.rollback, number=number)))


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard deploy", "azwizard deploy orders.toml --practice --yes"],
    exits=CHANGING,
    page="docs/releases.md",
)
@common_options
@confirmed
@WHEELS
def deploy(options: CommandOptions) -> None:
    """Build your code as it is now and run it, after a confirmation. Exit status 3 when other answers have changed too."""
    from wizard.commands.operating import releases

    run_on_setup(options, releases.deploy)


@click.command(
    cls=DocumentedCommand, examples=["azwizard pause", "azwizard pause orders.toml --json"], exits=CHANGING, page="docs/resuming.md"
)
@common_options
def pause(options: CommandOptions) -> None:
    """Stop your API without deleting anything; its copies cost nothing until it is started."""
    from wizard.commands.operating import pause

    run_on_setup(options, pause.pause)


@click.command(
    cls=DocumentedCommand, examples=["azwizard start", "azwizard start orders.toml --json"], exits=CHANGING, page="docs/resuming.md"
)
@common_options
def start(options: CommandOptions) -> None:
    """Start your API again after a pause, and see that it runs."""
    from wizard.commands.operating import pause

    run_on_setup(options, pause.start)


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard logs", "azwizard logs --follow", "azwizard logs --since 30m --level error", "azwizard logs --grep 'orders/\\d+'"],
    page="docs/testing.md",
)
@common_options
@click.option("--follow", is_flag=True, help="Go on with each new line, until Ctrl+C.")
@click.option("--since", metavar="TIME", help="Nothing older: 30m, 2h, 1d, or a time such as 2026-11-30T09:00.")
@click.option("--grep", metavar="WORDS", help="Only lines that hold this regular expression; case does not matter.")
@click.option("--level", type=click.Choice(["debug", "info", "warning", "error", "critical"]), help="The lightest lines to show.")
def logs(options: CommandOptions, follow: bool, since: str | None, grep: str | None, level: str | None) -> None:
    """Show what your API prints and what Azure reports about it."""
    from wizard.commands import commands
    from wizard.commands.operating.log_words import log_filter
    from wizard.testing import log_streams as streams

    wanted = log_filter(since, grep, level)
    finish(options, commands.run_command(options, lambda session: streams.logs(session, follow=follow, wanted=wanted)))


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard cost", "azwizard cost --json | jq 'select(.event == \"cost\")'"],
    exits=(0, 1, 2, 3, 130),
    page="docs/releases.md",
)
@common_options
def cost(options: CommandOptions) -> None:
    """Tell what your API has cost so far this month, thing by thing."""
    from wizard.commands.operating import cost

    run_on_setup(options, cost.cost)


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard metrics", "azwizard metrics --json | jq -r 'select(.metric == \"requests\").words'"],
    exits=(0, 1, 2, 3, 130),
    page="docs/releases.md",
)
@common_options
def metrics(options: CommandOptions) -> None:
    """Show how your API fared in the last half hour: calls, failures, processor, memory, restarts, copies."""
    from wizard.commands.operating import metrics

    run_on_setup(options, metrics.metrics)


COMMANDS: tuple[click.Command, ...] = (releases, diff, rollback, promote, deploy, pause, start, logs, metrics, cost, secret)
