"""The argument SETUP: which words can mean a setup file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from wizard.platform.language import _


class SetupFile(click.ParamType[Path]):
    """The argument SETUP: a file that is there, the name of one, which ends in ``.toml``, or the folder of an ``azwizard.toml``."""

    name = "setup"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if isinstance(value, Path):
            return value
        if not str(value).strip():
            self.fail(_("SETUP is empty: leave it out for azwizard.toml in this folder, or name your setup file."), param, ctx)
        if is_folder(str(value)):
            return Path(str(value)) / "azwizard.toml"
        if not may_be_setup(str(value)):
            sentence = _("'{word}' is no setup file: there is none of that name, and it does not end in .toml.")
            self.fail(sentence.format(word=value), param, ctx)
        return Path(str(value))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from wizard.commands.completion import setup_files

        return setup_files(incomplete)


def is_folder(word: str) -> bool:
    """Whether a word names a folder; one that no file can be called, such as a very long one, does not."""
    try:
        return Path(word).is_dir()
    except (OSError, ValueError):
        return False


def may_be_setup(word: str) -> bool:
    """Whether a word can be meant as a setup file."""
    try:
        return word.endswith(".toml") or (bool(word.strip()) and Path(word).exists())
    except (OSError, ValueError):
        return False
