"""What every command of the command line has in common: help that can be acted on, and a word for who mistypes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from wizard.commands.setup_argument import may_be_setup
from wizard.platform.language import _
from wizard.platform.streams import OutputLost

EXITS = {
    0: "done, or nothing to do",
    1: "refused or failed during the run; what was made is kept",
    2: "wrong command line",
    3: "known before anything was made; the message says what and what would help",
    4: "another run holds this setup",
    5: "there are changes to make",
    130: "stopped (Ctrl+C, SIGTERM, SIGHUP); the same command goes on from there",
}
"""Exit status -> what it means, in the words of every help page."""
ON_A_SETUP = (0, 1, 2, 3, 130)
CHANGING = (0, 1, 2, 3, 4, 130)
HELP_OPTIONS = ("-h", "--help")


class DocumentedCommand(click.Command):
    """A command whose help ends with examples, its exit statuses and the page that says more.

    :param examples: whole command lines, at least two.
    :param exits: its exit statuses, keys of `EXITS`.
    :param page: a file of the documentation.
    """

    def __init__(
        self, *arguments: Any, examples: Sequence[str] = (), exits: Sequence[int] = ON_A_SETUP, page: str = "", **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.examples, self.exits, self.page = tuple(examples), tuple(exits), page

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_epilog(formatter, self.examples, self.exits, self.page)


class OptionalNumber(click.IntRange):
    """A whole number from 1 on, or nothing: None for an empty word."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return None if value == "" else super().convert(value, param, ctx)


class NumberedCommand(DocumentedCommand):
    """A command with a number before the setup file that may be left out: ``rollback``, ``rollback 3``, ``rollback orders.toml``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put an empty number before a first word that is none."""
        words = [place for place, word in enumerate(args) if not word.startswith("-") and not self._is_value(args, place)]
        if words and not args[words[0]].isdigit() and may_be_setup(args[words[0]]):
            args = [*args[: words[0]], "", *args[words[0] :]]
        return super().parse_args(ctx, args)

    def _is_value(self, args: list[str], place: int) -> bool:
        """Whether a word is the value of the option before it."""
        options = [parameter for parameter in self.params if isinstance(parameter, click.Option) and not parameter.is_flag]
        return place > 0 and any(args[place - 1] in option.opts for option in options)


class DiffCommand(DocumentedCommand):
    """A command on two numbers, for which ``--stages FROM TO`` may stand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put two empty numbers before the rest where stages are named."""
        return super().parse_args(ctx, ["", "", *args] if "--stages" in args else args)


class DocumentedGroup(click.Group):
    """A group of such commands. A word that names none of them is met with the nearest that does."""

    command_class = DocumentedCommand

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), exits: Sequence[int] = (0, 2), page: str = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.examples, self.exits, self.page = tuple(examples), tuple(exits), page

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise self.no_such_command(args[0], ctx)
        return super().resolve_command(ctx, args)

    def no_such_command(self, word: str, ctx: click.Context) -> click.UsageError:
        """What is said of a word that names no command."""
        return click.UsageError(no_such_command(word, self.list_commands(ctx)), ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with its whole first sentence, wrapped rather than cut."""
        commands = [command for name in self.list_commands(ctx) if (command := self.get_command(ctx, name)) and not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl([(str(command.name), _first_sentence(command)) for command in commands])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_epilog(formatter, self.examples, self.exits, self.page)


DocumentedGroup.group_class = DocumentedGroup


class OpeningContext(click.Context):
    """The context of the command without a name, which messages call as the person did: ``azwizard``."""

    @property
    def command_path(self) -> str:
        return self.parent.command_path if self.parent else ""


class Opening(DocumentedCommand):
    """The command that opens the wizard, for which there is no word."""

    context_class = OpeningContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """An option that nothing takes is met with the nearest of those that stand in the help: the group's own too, such as --version."""
        import difflib

        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            group = [*ctx.parent.command.get_params(ctx.parent)] if ctx.parent else []
            known = [name for parameter in (*self.get_params(ctx), *group) for name in parameter.opts if name.startswith("--")]
            nearest = difflib.get_close_matches(error.option_name, known)
            raise click.NoSuchOption(error.option_name, possibilities=nearest, ctx=ctx) from None


class Azwizard(DocumentedGroup):
    """The whole command line. Without a command the wizard opens: ``azwizard``, ``azwizard --practice orders.toml``.

    Set `opening` to the command that does it.
    """

    opening: click.Command
    OPEN = ""
    """Stands for the command without a name between `parse_args` and `resolve_command`."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *others: Any, **named: Any) -> Any:
        """Run the command line and leave with an exit status, whatever happens."""
        from wizard.commands import crash

        words = sys.argv[1:] if args is None else list(args)
        is_json = "--json" in words
        try:
            if (unreadable := next((word for word in words if not _is_text(word)), None)) is not None:
                raise click.UsageError(_("{word} holds bytes that are no UTF-8 text.").format(word=ascii(unreadable)))
            status = super().main(args, prog_name or "azwizard", *others, **{**named, "standalone_mode": False})
        except click.ClickException as error:
            status = crash.tell_usage(error, json=is_json)
        except (click.Abort, KeyboardInterrupt):
            status = crash.tell_stopped(json=is_json)
        except OutputLost as error:
            status = crash.tell_lost_output(error)
        except Exception as error:
            status = crash.tell_crash(error, json=is_json)
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A stop is an Abort at once, for which click prints no empty line."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command first, also one that follows options such as ``--practice``."""
        places = self._words(args)
        place = places[0] if places else None
        before = args if place is None else args[:place]
        if option := next((word for word in before if word in ("--version", *HELP_OPTIONS)), None):
            return super().parse_args(ctx, [option])
        if place is not None and args[place] == "help":
            return super().parse_args(ctx, [*args[place + 1 :], "--help"])  # as many command lines take it: azwizard help apply
        if place is not None and args[place] in self.commands:
            return super().parse_args(ctx, [args[place], *before, *args[place + 1 :]])
        if place is not None and not ctx.resilient_parsing and not may_be_setup(args[place]):
            raise self.no_such_command(args[place], ctx)
        if len(places) > 1 and not ctx.resilient_parsing:
            raise self._command_behind(args[places[0]], args[places[1]], ctx)
        if ctx.resilient_parsing and place is None and not self._wants_value(args):
            return super().parse_args(ctx, [])
        return super().parse_args(ctx, [self.OPEN, *args])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] == self.OPEN:
            return self.OPEN, self.opening, args[1:]
        return super().resolve_command(ctx, args)

    def _words(self, args: list[str]) -> list[int]:
        """Where words stand that are neither an option nor the value of one, to tell the first and whether there are more."""
        places, place = list[int](), 0
        while place < len(args):
            if args[place] == "--":
                return [*places, *range(place + 1, len(args))]
            if not args[place].startswith("-") or args[place] == "-":
                places.append(place)
            place += 2 if self._wants_value(args[: place + 1]) else 1
        return places

    def _command_behind(self, setup: str, word: str, ctx: click.Context) -> click.UsageError:
        """What is said of a word behind the setup file, where only options stand."""
        if word not in self.commands:
            return self.no_such_command(word, ctx)
        sentence = _("The command comes first: azwizard {command} {setup}").format(command=word, setup=setup)
        return click.UsageError(sentence, ctx)

    def _wants_value(self, args: list[str]) -> bool:
        """Whether the last of some words is an option that the next word is the value of."""
        options = (parameter for parameter in self.opening.params if isinstance(parameter, click.Option) and not parameter.is_flag)
        return bool(args) and any(args[-1] in option.opts for option in options)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] [SETUP]")
        formatter.write_usage(ctx.command_path, "COMMAND [OPTIONS] [SETUP]", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of opening the wizard, since they are taken here; then the commands."""
        own = [record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx))]
        options = [parameter for parameter in self.opening.params if isinstance(parameter, click.Option)]
        opening = [record for option in options if (record := option.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl([*opening, *own])
        self.format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, the setup files here, and the options of opening the wizard."""
        from wizard.commands.completion import setup_files

        completions = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            context = click.Context(self.opening, parent=ctx, resilient_parsing=True)
            known = {item.value for item in completions}
            return [*completions, *(item for item in self.opening.shell_complete(context, incomplete) if item.value not in known)]
        return [*completions, *setup_files(incomplete)]


def no_such_command(word: str, known: Sequence[str]) -> str:
    """``No such command 'aply'. Did you mean 'apply'?``"""
    import difflib

    sentence = _("No such command '{word}'.").format(word=word)
    nearest = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return sentence + (" " + _("Did you mean '{word}'?").format(word=nearest[0]) if nearest else "")


def write_epilog(formatter: click.HelpFormatter, examples: Sequence[str], exits: Sequence[int], page: str) -> None:
    """The end of every help page."""
    if examples:
        with formatter.section("Examples"):
            for example in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
    with formatter.section("Exit statuses"):
        formatter.write_dl([(str(status), EXITS[status]) for status in exits])
    if page:
        formatter.write_paragraph()
        formatter.write(f"More: {page}\n")


def _first_sentence(command: click.Command) -> str:
    text = " ".join((command.help or "").partition("\n\n")[0].split())
    first, dot, _rest = text.partition(". ")
    return first + "." if dot else text


def _is_text(word: str) -> bool:
    """Whether a word of the command line is text, rather than bytes that the system could not read as such."""
    return not any("\ud800" <= character <= "\udfff" for character in word)
