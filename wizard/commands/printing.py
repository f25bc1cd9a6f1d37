"""Commands that print what other programs read: the JSON Schema of a setup file, completion for a shell."""

from __future__ import annotations

import click

from wizard.commands.completion import SHELLS, script
from wizard.commands.groups import DocumentedCommand


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard schema > azwizard.schema.json", "azwizard schema | jq '.properties | keys'"],
    exits=(0, 1, 2),
    page="docs/setup-file.md",
)
def schema() -> None:
    """Print the JSON Schema of azwizard.toml."""
    import json

    from wizard.setup.json_schema import schema as setup_schema

    print(json.dumps(setup_schema(), indent=2, ensure_ascii=False))


@click.command(
    cls=DocumentedCommand,
    examples=['eval "$(azwizard completion bash)"', "azwizard completion fish > ~/.config/fish/completions/azwizard.fish"],
    exits=(0, 1, 2),
    page="docs/command-line.md",
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes the Tab key complete commands, options, keys and files in your shell."""
    print(script(context.find_root().command, shell))


COMMANDS = (schema, completion)
