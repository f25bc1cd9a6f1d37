"""Sensible first answers for a new setup, from what its code says."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wizard.platform.secret import Secret
from wizard.platform.secret_names import looks_secret
from wizard.sections import name_rules
from wizard.setup.env_table import Place, laptop_only, secret_name, suggested_place
from wizard.source.code_facts import CodeFacts, read_code
from wizard.source.files.databases import TEMPORARY, is_temporary
from wizard.source.files.hidden_files import holds_code, holds_system
from wizard.source.migrations import migrate_command

SHORT = {"database": "db", "databases": "db", "data": "db", "log": "logs", "configuration": "config"}
READ_ONLY = {"json", "config", "conf", "static", "assets"}
ENDINGS = ("-api", "-service", "-server", "-backend", "-app", "-flask")


def suggest(setup_file: Path, code: Path, facts: CodeFacts | None = None) -> dict[str, Any]:
    """What to fill in for the code in a folder, keyed as in azwizard.toml; what the code does not say is left to the defaults.

    Values are as typed: texts for questions, plain tables for ``storage.shares`` and ``variables``.

    :param facts: of that code, where it was read already.
    """
    facts = facts or read_code(code)
    folder = setup_file.absolute().parent
    filled: dict[str, Any] = {
        "project.name": project_name(code.absolute().name),
        "project.source": Path(os.path.relpath(code.absolute(), folder)).as_posix(),
        "app.health_path": facts.health_path,
        "storage.shares": shares(facts),
        "variables": variables(facts),
    }
    if facts.dockerfile:
        filled["pipeline.dockerfile"] = facts.dockerfile
    if facts.port is not None:
        filled["app.port"] = str(facts.port)
    if command := migrate_command(facts):
        filled |= {"app.before_deploy": command, "app.identity": "user"}  # a job has no identity of the app's own
    return filled


def project_name(folder: str) -> str:
    """``orders`` for a folder ``Orders_API``; "" when nothing of its name can be used."""
    name = name_rules.kebab_case(folder)
    ending = next((ending for ending in ENDINGS if name.endswith(ending)), "")
    name = re.sub(r"^[^a-z]+", "", name.removesuffix(ending))[:20].rstrip("-")
    return "" if name_rules.PROJECT(name) else name


def shares(facts: CodeFacts) -> list[dict[str, Any]]:
    """A share for each volume of the Dockerfile and each folder of a database or log that the API really opens; SQLite's gets ``nobrl``.

    A folder that holds code is never one: a share would hide what lies there; nor is /tmp, whose files are meant to be lost. The check says
    what is left.
    """
    databases = {database.folder for database in facts.databases if database.folder} - {*TEMPORARY}
    logs = {posixpath.dirname(path) for path in facts.logs} - {*TEMPORARY}
    kept = {one.folder for one in facts.stored.kept if one.meant_to_last and not is_temporary(one.folder)}
    paths = list(dict.fromkeys([*facts.docker.volumes, *sorted(databases | logs | kept)]))
    paths = [path for path in paths if not (name_rules.MOUNT(path) or holds_system(path) or holds_code(facts, path))]
    locked = databases | {one.folder for one in facts.stored.kept if one.locks}
    paths = [path for path in paths if path in facts.docker.volumes or not _inside_another(path, paths, locked)]
    taken: set[str] = set()
    suggested = []
    for path in paths:
        word = _designation(path, taken)
        taken.add(word)
        access = "ReadOnly" if word in READ_ONLY and path not in databases | logs | kept else "ReadWrite"
        suggested.append({"designation": word, "mount": path, "access": access, "nobrl": path in locked, "quota": "5"})
    return suggested


def _inside_another(path: str, paths: list[str], databases: set[str]) -> bool:
    """Whether another share holds a folder already; a database keeps its own, which is mounted otherwise."""
    return path not in databases and any(path.startswith(f"{other}/") for other in paths if other != path)


def variables(facts: CodeFacts) -> list[dict[str, Any]]:
    """Every variable that the code reads, or that a file beside it names.

    Locked away: passwords and keys. Open: what the code cannot do without, and what has no default, with the value that a file beside the
    code gives it; left out of the app until it has a value. Left out: what has a default in the code, or which only such a file names.
    """
    table = []
    for use in facts.variables:
        default = use.default if use.default is not None else facts.docker.environment.get(use.name)
        place = Place.LOCKED if use.secret else suggested_place(use.name, default or use.beginning or use.example or "")
        known = default is not None or bool(use.beginning)
        if not use.in_code or (place is Place.OPEN and known and not use.required):
            place = Place.OUT
        value = (default if default is not None else use.example) or ""
        if place is Place.OPEN and laptop_only(value):
            value = ""
        table.append(row(use.name, place, value, required=use.required))
    return table


def row(name: str, place: Place, value: str = "", *, required: bool = False) -> dict[str, Any]:
    """A line of the table of variables, as the draft keeps it: never the value of what is locked away.

    :param required: the API does not start without it, so an empty value is asked for.
    """
    locked = place is Place.LOCKED or (place is Place.OUT and looks_secret(name, value))
    line = {
        "name": name,
        "place": str(place),
        "secret": secret_name(name) if place is Place.LOCKED else "",
        "value": "" if locked else value,
    }
    return {**line, "required": True} if required else line


def merge_file(table: list[dict[str, Any]], content: Mapping[str, str]) -> tuple[list[dict[str, Any]], dict[str, Secret]]:
    """The table with the entries of an .env file put in, and the values of those that are locked away, by secret.

    An entry that the table has already keeps its place; a new one gets the suggested place.
    """
    lines = {line["name"]: line for line in table if line["name"]}
    nameless = [line for line in table if not line["name"] and line["secret"]]
    secrets: dict[str, Secret] = {}
    for name, value in content.items():
        known = lines.get(name)
        place = Place(known["place"]) if known else suggested_place(name, value)
        line = row(name, place, value, required=bool(known and known.get("required")))
        if place is Place.LOCKED:
            line["secret"] = known["secret"] if known and known["secret"] else line["secret"]
            if value:
                secrets[line["secret"]] = Secret(value)
        lines[name] = line
    return [*lines.values(), *nameless], secrets


def _designation(path: str, taken: set[str]) -> str:
    word = name_rules.kebab_case(posixpath.basename(path))[:15].strip("-") or "files"
    word = SHORT.get(word, word)
    number = 2
    first = word
    while word in taken:
        word, number = f"{first}{number}", number + 1
    return word
