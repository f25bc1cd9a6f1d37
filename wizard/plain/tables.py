"""The two tables, in lines: variables, and shares."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.plain.lines import numbered
from wizard.plain.questions import answer_to, yes
from wizard.platform.language import _
from wizard.platform.phrases import choice, with_detail
from wizard.platform.secret import Secret
from wizard.sections.storage import Share
from wizard.setup.env_table import Place, laptop_only, suggested_place
from wizard.setup.env_values import filled_in, remarks
from wizard.setup.introspection import questions
from wizard.workspace.missing_values import is_in_vault, secrets_without_value, unfilled_variables
from wizard.workspace.spared_secrets import is_spared, leave_out
from wizard.workspace.suggestions import merge_file, row
from wizard.workspace.typed_reader import SHARES, VARIABLES
from wizard.workspace.wording.env_file_words import entries_read

if TYPE_CHECKING:
    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace


async def ask_variables(lines: Lines, workspace: Workspace) -> None:
    """Show the table, change it line by line, and ask for values. Raises GoTo, Leave."""
    while True:
        table = workspace.draft.lines(VARIABLES)
        lines.say(_("What your API finds in its environment:") if table else _("Your API finds no variables yet."))
        lines.say(*(f"{number}. {variable_words(workspace, line)}" for number, line in enumerate(table, 1)))
        lines.say(*workspace.reading.problems_in(VARIABLES))
        answer = await lines.ask(_("A number changes a line, + adds one, f reads a .env file, Enter goes on:"))
        if answer == "+":
            await _add(lines, workspace)
        elif answer == "f":
            await _read_file(lines, workspace)
        elif (number := numbered(answer, table)) is not None:
            await _change(lines, workspace, number)
        elif not answer and not workspace.reading.problems_in(VARIABLES):
            break
    await ask_values(lines, workspace)


async def ask_values(lines: Lines, workspace: Workspace) -> None:
    """Ask for the values that are needed and not there yet, secrets and others. Raises Leave."""
    for name in unfilled_variables(workspace):
        if text := await lines.ask(_("Value of {name}, for everyone to read (Enter: later):").format(name=name)):
            table = [{**line, "value": text} if line["name"] == name else line for line in workspace.draft.lines(VARIABLES)]
            workspace.put(VARIABLES, table)
    for name in secrets_without_value(workspace):
        value = await lines.ask_hidden(_("Value of the secret {name} (not shown; Enter: later):").format(name=name))
        workspace.give(name, Secret(value) if value else None)
        if not value and is_spared(workspace, name):
            question = _("Your code starts without {name} too. Leave it out").format(name=name)
            if await yes(lines, question, usual=False):
                leave_out(workspace, name)


def variable_words(workspace: Workspace, line: dict[str, Any]) -> str:
    """A line of the table, in words."""
    match Place(line["place"]):
        case Place.LOCKED:
            state = (
                _("has a value, kept hidden")
                if workspace.secret(line["secret"])
                else _("in the vault")
                if is_in_vault(workspace, line["secret"])
                else _("needs a value")
            )
            return _("{name}: locked away as {secret}, {state}").format(name=line["name"] or "-", secret=line["secret"], state=state)
        case Place.OPEN:
            empty = _("needs a value") if line.get("required") else _("left out until it has a value")
            words = _("{name}: open, {value}").format(name=line["name"], value=line["value"] or empty)
            return f"{words}. {laptop_only(line['value']) or ''}".rstrip(". ")
    return _("{name}: left out").format(name=line["name"])


async def _add(lines: Lines, workspace: Workspace) -> None:
    name = await lines.ask(_("Name of the variable:"))
    if name:
        table = workspace.draft.lines(VARIABLES)
        workspace.put(VARIABLES, [*table, row(name, suggested_place(name))])
        await _change(lines, workspace, len(table), named=True)


async def _change(lines: Lines, workspace: Workspace, number: int, *, named: bool = False) -> None:
    table = workspace.draft.lines(VARIABLES)
    line = table[number]
    name = line["name"] if named else await lines.ask(_("Name [{name}]:").format(name=line["name"])) or line["name"]
    places = list(Place)
    words = [choice("variables.place", str(item)) for item in places]
    place = places[await lines.choose(_("Where its value goes, a number"), words, usual=places.index(Place(line["place"])))]
    value = ""
    if place is Place.OPEN:
        value = await lines.ask(_("Value, for everyone to read [{value}]:").format(value=line["value"])) or line["value"]
    table[number] = row(name, place, value, required=bool(line.get("required")))
    workspace.put(VARIABLES, table)


async def _read_file(lines: Lines, workspace: Workspace) -> None:
    from wizard.setup.secret_sources import SecretFileError

    names = workspace.code.env_files
    suggested = str(workspace.code.folder / names[0]) if names else ".env"
    path = await lines.ask(_("Which file [{path}]:").format(path=suggested)) or suggested
    try:
        content = await asyncio.to_thread(_content, path)
    except SecretFileError as error:
        lines.say(str(error))
        return
    noted = remarks(content)
    lines.say(*(f"! {item.sentence}" for item in noted))
    if any(item.fillable for item in noted) and await yes(lines, _("Fill these in from the file"), usual=True):
        content = filled_in(content)
    before = workspace.draft.lines(VARIABLES)
    table, secrets = merge_file(before, content)
    for name, value in secrets.items():
        workspace.give(name, value)
    workspace.put(VARIABLES, table)
    lines.say(entries_read(before, content))


def _content(path: str) -> dict[str, str]:
    from wizard.setup.secret_sources import read_env_file

    return read_env_file(Path(path).expanduser())


async def ask_shares(lines: Lines, workspace: Workspace) -> None:
    """Show the shares and change them. Raises GoTo, Leave."""
    while True:
        table = workspace.draft.lines(SHARES)
        lines.say(_("Folders to keep (file shares):") if table else _("No folders to keep yet."))
        for at, line in enumerate(table, 1):
            sqlite = _(", with a SQLite database") if line["nobrl"] else ""
            description = f"{line['mount']}, {choice('storage.shares.access', line['access'])}{sqlite}"
            lines.say(f"{at}. {with_detail(line['designation'], description)}")
        lines.say(*workspace.reading.problems_in(SHARES))
        answer = await lines.ask(_("A number changes a folder, + adds one, -1 removes the first, Enter goes on:"))
        if answer == "+":
            workspace.put(SHARES, [*table, {"designation": "", "mount": "", "access": "ReadWrite", "nobrl": False, "quota": "5"}])
            await _change_share(lines, workspace, len(table))
        elif answer.startswith("-") and (gone := numbered(answer[1:], table)) is not None:
            workspace.put(SHARES, [line for number, line in enumerate(table) if number != gone])
        elif (number := numbered(answer, table)) is not None:
            await _change_share(lines, workspace, number)
        elif not answer and not workspace.reading.problems_in(SHARES):
            return


async def _change_share(lines: Lines, workspace: Workspace, number: int) -> None:
    for question in questions(Share):
        where = f"{SHARES}[{number}].{question.key}"
        while True:
            table = workspace.draft.lines(SHARES)
            table[number][question.key] = await answer_to(lines, question, f"{SHARES}.{question.key}", table[number][question.key])
            workspace.put(SHARES, table)
            problem = workspace.reading.problems.get(where)
            if problem is None:
                break
            lines.say(_("Not yet: {problem}").format(problem=problem))
