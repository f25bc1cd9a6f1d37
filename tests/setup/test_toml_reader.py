"""Setup files written: comments stay, and a file is replaced wholly or not at all."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import msgspec
import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from wizard.setup.loading import load, resolve, write
from wizard.setup.problems import AnswersError
from wizard.setup.toml_writer import add_table

COMMENTED = """\
# Ours
format = 1

[project]
name = "orders"      # the shop
environment = "dev"

[key_vault]
secrets = ["api-key"]   # one for now

# where the database lies
[[storage.shares]]
designation = "db"
mount = "/data"
nobrl = true     # SQLite

[app]
cpu = 0.25       # enough
"""


@pytest.fixture
def setup_file(tmp_path: Path) -> Path:
    path = tmp_path / "azwizard.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    return path


def test_writing_what_was_read_changes_nothing(setup_file: Path) -> None:
    write(setup_file, load(setup_file))
    assert setup_file.read_text(encoding="utf-8") == COMMENTED


def test_a_changed_answer_keeps_every_comment(setup_file: Path) -> None:
    answers = load(setup_file)
    app = msgspec.structs.replace(answers.app, cpu=0.5, port=8000)
    write(setup_file, msgspec.structs.replace(answers, app=app))
    text = setup_file.read_text(encoding="utf-8")
    assert "cpu = 0.5       # enough" in text
    assert load(setup_file).app.port == 8000


def test_shares_and_variables_are_added_and_removed(setup_file: Path) -> None:
    write(setup_file, {"project": {"name": "orders"}, "variables": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})
    assert [variable.name for variable in load(setup_file).variables] == ["A", "B"]
    assert load(setup_file).storage.shares == ()
    write(setup_file, {"project": {"name": "orders"}, "variables": [{"name": "B", "value": '3"\n[app]'}]})
    assert load(setup_file).variables[0].value == '3"\n[app]'


def test_a_new_file_holds_only_what_was_chosen(tmp_path: Path) -> None:
    target = tmp_path / "new.toml"
    write(target, {"project": {"name": "orders"}, "sign_in": {"tenant": None, "subscription": "s"}})
    assert target.read_text(encoding="utf-8").split() == [
        "#:schema",
        "./azwizard.schema.json",
        "format",
        "=",
        "1",
        "[project]",
        "name",
        "=",
        '"orders"',
        "[sign_in]",
        "subscription",
        "=",
        '"s"',
    ]


def test_what_was_written_is_read_back_the_same(tmp_path: Path, setup_file: Path) -> None:
    answers = resolve(load(setup_file))
    target = tmp_path / "copy.toml"
    write(target, answers)
    assert resolve(load(target)) == msgspec.structs.replace(answers, file=target)


def test_a_file_keeps_its_rights_and_leaves_no_temporary_one(setup_file: Path) -> None:
    setup_file.chmod(0o640)
    write(setup_file, load(setup_file))
    assert stat.S_IMODE(setup_file.stat().st_mode) == 0o640
    assert [path.name for path in setup_file.parent.iterdir()] == ["azwizard.toml"]


def test_a_file_that_is_not_toml_is_not_overwritten(setup_file: Path) -> None:
    setup_file.write_text("[project", encoding="utf-8")
    with pytest.raises(AnswersError):
        write(setup_file, {"project": {"name": "orders"}})
    assert setup_file.read_text(encoding="utf-8") == "[project"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_value_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    target = tmp_path_factory.mktemp("setup") / "azwizard.toml"
    for written in (value, f"{value}!", value):
        write(target, {"project": {"name": "orders"}, "variables": [{"name": "A", "value": written}]})
        assert load(target).variables[0].value == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[storage]\nshares = []\n[app]\nport = 80\n",
        '[storage]\nshares = [\n  {designation = "a", mount = "/a"}, # ours\n]\n',
        "storage = {}\n",
        'storage = {account = "st1"}\n[app]\nport = 80\n',
        'storage.account = "st1"\n[app]\nport = 80\n',
        '[[storage.shares]]\ndesignation = "a"\nmount = "/a"\n',
    ],
)
def test_a_table_is_added_as_the_person_writes_tables(text: str) -> None:
    document = tomlkit.parse(text)
    before = tomllib.loads(text).get("storage", {}).get("shares", [])
    add_table(document.setdefault("storage", tomlkit.table(is_super_table=True)), "shares", {"designation": "b", "mount": "/b"})
    after = tomllib.loads(tomlkit.dumps(document))
    assert after.pop("storage")["shares"] == [*before, {"designation": "b", "mount": "/b"}]
    assert after == {key: value for key, value in tomllib.loads(text).items() if key != "storage"}
