"""What a shell offers at the Tab key: beside commands and options, setup files, keys of ``--set``, faults and files of values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")
NO_SPACE = "    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:/] ]]; then compopt -o nospace; fi\n\n"
"""For bash: what ends so is to be typed on."""


def script(command: click.Command, shell: str) -> str:
    """What a shell reads once, to ask azwizard from then on."""
    kind = get_completion_class(shell)
    assert kind is not None
    source = ShellComplete.source(kind(command, {}, "azwizard", "_AZWIZARD_COMPLETE"))  # bash's own would start a bash to ask its version
    return source.replace("    return 0\n", NO_SPACE + "    return 0\n", 1) if shell == "bash" else source


def setup_files(incomplete: str) -> list[CompletionItem]:
    """The setup files and folders that begin so."""
    return _paths(incomplete, lambda file: file.suffix == ".toml")


def env_files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files of values, such as ``.env`` and ``prod.env``, and folders; every file where there is none."""
    return _paths(incomplete, lambda file: file.name.startswith(".env") or file.suffix == ".env") or _paths(incomplete, lambda _file: True)


def setting_keys(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The keys of azwizard.toml that take one value, such as ``app.cpu=``; after ``=`` the values there are."""
    from wizard.setup.answers import TABLES
    from wizard.setup.introspection import questions

    known = {
        f"{table}.{question.key}": question
        for table, table_type in TABLES.items()
        if table != "variables"
        for question in questions(table_type)
        if question.kind is not tuple
    }
    key, equals, value = incomplete.partition("=")
    if not equals:
        return [CompletionItem(f"{name}=", help=question.ask.label) for name, question in known.items() if name.startswith(key)]
    question = known.get(key)
    values = () if question is None else ("true", "false") if question.kind is bool else question.choices
    return [CompletionItem(f"{key}={choice}") for choice in values if choice.startswith(value)]


def fault_names(incomplete: str) -> list[CompletionItem]:
    """The faults of the practice cloud, with the values that are words."""
    from wizard.practice.kernel.faults import KINDS

    name, colon, value = incomplete.partition(":")
    if not colon:
        return [
            CompletionItem(fault + (":" if kind.value else ""), help=kind.says) for fault, kind in KINDS.items() if fault.startswith(name)
        ]
    words = KINDS[name].value.split("|") if name in KINDS and "|" in KINDS[name].value else []
    return [CompletionItem(f"{name}:{word}") for word in words if word.startswith(value)]


def _paths(incomplete: str, is_wanted: Callable[[Path], bool]) -> list[CompletionItem]:
    """The folders and the wanted files that begin so, as they are typed."""
    folder, slash, beginning = incomplete.rpartition("/")
    try:
        entries = sorted(Path(folder + slash or ".").iterdir())
    except OSError:
        return []
    shown = [
        entry for entry in entries if entry.name.startswith(beginning) and (beginning or not entry.name.startswith(".") or is_wanted(entry))
    ]
    files, folders = [item for item in shown if item.is_file() and is_wanted(item)], [item for item in shown if item.is_dir()]
    return [CompletionItem(f"{folder}{slash}{item.name}{'/' if item.is_dir() else ''}") for item in [*files, *folders]]
