"""Words and options of the command line: what is mistyped is met with the nearest, and help can be acted on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from wizard.cli import azwizard
from wizard.commands.completion import SHELLS
from wizard.commands.groups import DocumentedCommand, DocumentedGroup
from wizard.practice.kernel.faults import KINDS

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(azwizard, list(arguments), catch_exceptions=False)


def every_command(group: click.Group = azwizard, *path: str) -> Iterator[tuple[str, ...]]:
    """The words that name each command and each group."""
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)


COMMANDS = [(), *every_command()]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, and no home that is someone's."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["aply"], "No such command 'aply'. Did you mean 'apply'?"),
        (["plna", "--json"], "No such command 'plna'. Did you mean 'plan'?"),
        (["--practice", "stauts"], "No such command 'stauts'. Did you mean 'status'?"),
        (["--set", "app.cpu=0.5", "aply"], "No such command 'aply'. Did you mean 'apply'?"),
        (["export", "bicpe"], "No such command 'bicpe'. Did you mean 'bicep'?"),
        (["practice", "strat"], "No such command 'strat'. Did you mean 'start'?"),
        (["open"], "No such command 'open'."),
        (["zzzzzz"], "No such command 'zzzzzz'."),
        (["plan", "orders"], "'orders' is no setup file"),
        (["plan", "orders.tml", "--json"], "'orders.tml' is no setup file"),
        (["--foo"], "'--foo'"),
        (["--versoin"], "Did you mean '--version'?"),
        (["--practise", "--json"], "Did you mean '--practice'?"),
        (["help", "aply"], "Did you mean 'apply'?"),
        (["plan", "--jsn"], "'--jsn'"),
        (["completion", "tcsh"], "'tcsh'"),
        (["plan", "--set"], "'--set'"),
        (["relases", "--json"], "Did you mean 'releases'?"),
        (["class", "bord", "--json"], "Did you mean 'board'?"),
        (["secret", "sett", "jwt-key", "--json"], "Did you mean 'set'?"),
        (["exercise", "prot", "--json"], "Did you mean port?"),
        (["--lang=fr", "--plain", "serv", "--port", "9000"], "Did you mean 'serve'?"),
        (["practice", "fault", "throtle:0.1"], "Did you mean 'throttle'?"),
        (["practice", "start", "--fault", "rol-denied"], "Did you mean 'role-denied'?"),
        (["practice", "start", "--seed", "subscriptions:many"], "should be 'subscriptions:NUMBER'"),
        (["practice", "fault", "slow:inf"], "should be 'slow:FACTOR'"),
        (["practice", "fault", "slow:0"], "should be 'slow:FACTOR'"),
        (["practice", "fault", "rbac-delay:1e400"], "should be 'rbac-delay:SECONDS'"),
        (["class", "fault", "throtle:0.1", "--json"], "Did you mean 'throttle'?"),
        (["orders.toml", "plan", "--json"], "The command comes first: azwizard plan orders.toml"),
        (["--practice", "orders.toml", "plna", "--json"], "Did you mean 'plan'?"),
        (["destroy", "", "--yes", "--json"], "SETUP is empty"),
        (["apply", "orders.toml", " ", "--yes"], "SETUP is empty"),
        ([""], "No such command ''."),
        (["plan", "--set", "app.name=\udcff"], "no UTF-8"),
        (["\udcff.toml"], "no UTF-8"),
        (["--json", "\udcff"], "no UTF-8"),
    ],
)
def test_a_wrong_word_is_exit_2_on_the_error_stream(words: list[str], sentence: str) -> None:
    ended = run(*words)
    assert ended.exit_code == 2
    assert sentence in ended.stderr
    assert not re.search(r"azwizard open|^open\b", ended.stderr, re.MULTILINE)
    if "--json" in words:
        [line] = map(json.loads, ended.stdout.splitlines())
        assert (line["format"], line["event"], line["outcome"]) == (1, "result", "usage")
        assert sentence in line["detail"]
    else:
        assert ended.stdout == ""


@pytest.mark.parametrize("words", [[], ["apply"], ["export", "bicep"]])
def test_help_is_also_a_word_before_the_command(words: list[str]) -> None:
    asked, usual = run("help", *words), run(*words, "--help")
    assert (asked.exit_code, asked.stdout) == (0, usual.stdout)


def test_a_setup_is_a_file_that_is_there_or_ends_in_toml(elsewhere: Path) -> None:
    (elsewhere / "orders").write_text("format = 1\n")
    for words in (["orders"], ["none.toml"], ["plan", "orders"], ["plan", "none.toml"]):
        assert run(*words).exit_code == 3


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "azwizard")
def test_help_has_examples_statuses_and_a_page_and_cuts_nothing(path: tuple[str, ...]) -> None:
    ended = run(*path, "--help", COLUMNS="80")
    assert ended.exit_code == 0 and ended.stderr == ""
    text = ended.stdout
    assert text.isascii() and "..." not in text.replace("]...", "")
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith("  azwizard"))
    command = _command(path)
    assert isinstance(command, DocumentedCommand | DocumentedGroup)
    assert len(command.examples) >= 2
    assert all(example in text for example in command.examples)
    assert "Exit statuses:" in text and len(command.exits) >= 2
    assert (ROOT / command.page).is_file() and f"More: {command.page}" in text


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "azwizard")
def test_each_example_is_a_command_line_that_is_taken(path: tuple[str, ...]) -> None:
    command = _command(path)
    assert isinstance(command, DocumentedCommand | DocumentedGroup)
    Path("pack").mkdir()  # what an example names must be there
    for example in command.examples:
        for part in re.split(r"&&|\||>|\"\$\(|\)\"", example):
            if (words := part.split())[:1] == ["azwizard"]:
                _parse(words[1:])


def _command(path: tuple[str, ...]) -> click.Command:
    command: click.Command = azwizard
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    return command


def _parse(words: list[str]) -> None:
    """Parse a command line to its end, and run nothing. Raises click.UsageError."""
    with azwizard.make_context("azwizard", list(words)) as context:
        while isinstance(context.command, click.Group) and (rest := [*context._protected_args, *context.args]):
            name, command, rest = context.command.resolve_command(context, rest)
            assert command is not None
            context = command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "azwizard")
def test_yes_is_shown_where_something_is_confirmed(path: tuple[str, ...]) -> None:
    """Commands that confirm call `wizard.commands.commands.confirm`."""
    confirming = {"apply", "destroy", "doctor", "report", "deploy", "rollback", "promote", "pause", "class"}
    shown = "--yes " in run(*path, "--help").stdout.partition("Examples:")[0]
    assert not shown or path[0] in confirming
    assert shown or (path[:1] or ("",))[0] not in ("apply", "destroy", "doctor", "report")


def test_the_help_of_practice_fault_lists_every_fault() -> None:
    text = run("practice", "fault", "--help").stdout
    assert all(re.search(rf"^  {name}\b", text, re.MULTILINE) for name in KINDS)


def test_the_options_of_opening_the_wizard_are_listed() -> None:
    text = run("--help").stdout
    assert all(option in text for option in ("--practice", "--plain", "--lang", "--set", "--env-file", "--debug", "[SETUP]"))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["class", "handout", "--output", "{there}"], 2),
        (["class", "pack", "--packages-only", "--output", "{there}"], 2),
        (["class", "prepare", "--script", "{there}"], 2),
        (["export", "pipeline", "--output", "{there}"], 2),
        (["export", "pipeline", "--output", "{there}", "--json"], 2),
    ],
)
def test_what_cannot_be_written_is_named_as_it_was_typed(elsewhere: Path, words: list[str], status: int) -> None:
    (elsewhere / "azwizard.toml").write_text('format = 1\n[project]\nname = "orders"\n[pipeline]\nimage = "orders"\n')
    (elsewhere / "class.toml").write_text('[class]\ntitle = "Monday"\n')
    (elsewhere / "file").touch()
    there = str(elsewhere / "file" / "below")
    ended = run(*(word.format(there=there) for word in words))
    assert ended.exit_code == status
    assert f"{there} cannot be written: Not a directory" in ended.stdout + ended.stderr
    assert "--json" in words or ended.stdout == ""


@pytest.mark.parametrize("words", ["cost", "check monday.toml", "fault --clear", "destroy"])
def test_a_class_file_that_is_missing_is_no_setup_file(words: str) -> None:
    ended = run("class", *words.split())
    assert ended.exit_code == 3 and "There is no class file" in ended.stderr and "setup file" not in ended.stderr


def test_a_project_without_a_name_is_told_alone(elsewhere: Path) -> None:
    (elsewhere / "azwizard.toml").write_text('format = 1\n[project]\nname = "orders"\n')
    ended = run("export", "pipeline", "--set", "project.name=")
    assert ended.exit_code == 3
    assert "[project] name: it is empty" in ended.stderr and "kv-" not in ended.stderr


# Completion


def completed(words: str, at: int) -> list[str]:
    ended = run(COMP_WORDS=words, COMP_CWORD=str(at), _AZWIZARD_COMPLETE="bash_complete")
    return [line.partition(",")[2] for line in ended.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "at", "some"),
    [
        ("azwizard ex", 1, ["export"]),
        ("azwizard ", 1, ["apply", "plan", "practice", "orders.toml", "sub/"]),
        ("azwizard --practice ", 2, ["apply", "orders.toml"]),
        ("azwizard --pr", 1, ["--practice"]),
        ("azwizard plan --js", 2, ["--json"]),
        ("azwizard plan or", 2, ["orders.toml"]),
        ("azwizard export ", 2, ["arm", "az", "bicep", "pipeline", "rest"]),
        ("azwizard plan --set app.c", 3, ["app.cpu="]),
        ("azwizard --set project.na", 2, ["project.name="]),
        ("azwizard plan --set app.identity=", 3, ["app.identity=system", "app.identity=user"]),
        ("azwizard practice fault rol", 3, ["role-denied"]),
        ("azwizard practice fault account:", 3, ["account:owner", "account:reader"]),
        ("azwizard practice start --fault thr", 4, ["throttle:"]),
        ("azwizard plan --env-file ", 3, [".env", "sub/"]),
        ("azwizard completion f", 2, ["fish"]),
    ],
)
def test_the_tab_key_offers(elsewhere: Path, words: str, at: int, some: list[str]) -> None:
    for name in ("orders.toml", ".env", "notes.txt"):
        (elsewhere / name).touch()
    (elsewhere / "sub").mkdir()
    offered = completed(words, at)
    assert set(some) <= set(offered)
    assert "notes.txt" not in offered and "" not in offered


def test_every_command_is_offered_at_the_first_word() -> None:
    assert set(azwizard.commands) <= set(completed("azwizard ", 1))


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_for_each_shell_is_printed_and_asks_azwizard(shell: str) -> None:
    ended = run("completion", shell)
    assert ended.exit_code == 0 and f"_AZWIZARD_COMPLETE={shell}_complete" in ended.stdout
    assert f"azwizard completion {shell}" in (ROOT / "docs" / "command-line.md").read_text()


# Faces


def test_without_a_terminal_nothing_is_asked_and_what_is_missing_is_named(elsewhere: Path) -> None:
    ended = run("--practice")
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "no terminal" in ended.stderr and "There is no setup file azwizard.toml" in ended.stderr
    (elsewhere / "azwizard.toml").write_text('format = 1\n[project]\nregion = "westeurope"\n')
    assert "name" in run().stderr
    (elsewhere / "azwizard.toml").write_text('format = 1\n[project]\nname = "orders"\nregion = "westeurope"\n')
    assert "azwizard apply --yes" in run().stderr


def test_on_a_build_agent_no_question_is_asked_whatever_is_wanted() -> None:
    for words in (["--plain"], []):
        ended = run(*words, CI="true", TEXTUAL_DRIVER="textual.drivers.linux_driver:LinuxDriver")
        assert (ended.exit_code, ended.stdout) == (3, "")
        assert "CI" in ended.stderr


def test_a_driver_that_is_named_shows_screens_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from screens import app

    opened: list[object] = []
    monkeypatch.setattr(app, "open_wizard", lambda options: opened.append(options) or 0)
    assert run(TEXTUAL_DRIVER="textual.drivers.web_driver:WebDriver").exit_code == 0
    assert len(opened) == 1
    assert os.environ.get("TEXTUAL_DRIVER") is None
