"""What is typed is kept, right or wrong; the setup file only ever gets what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.engine.journal import DELETED, Journal
from wizard.platform.folders import home
from wizard.setup.loading import load
from wizard.workspace.draft import Draft
from wizard.workspace.known_setups import known_setups
from wizard.workspace.typed_reader import SHARES, VARIABLES


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    (tmp_path / "project").mkdir()
    return tmp_path / "project" / "azwizard.toml"


def test_a_wrong_value_stays_and_the_file_does_not_get_it(file: Path) -> None:
    draft = Draft.open(file)
    draft.put("project.name", "orders")
    assert draft.write_setup()
    draft.put("app.port", "many")
    assert not draft.write_setup()
    again = Draft.open(file)
    assert again.typed["app.port"] == "many"
    assert "app.port" in again.read().problems
    assert load(file).app.port == 5000


def test_all_that_is_wrong_is_said_at_once_and_what_is_missing_is_not_wrong(file: Path) -> None:
    draft = Draft.open(file)
    assert draft.read().lacking == ["project.name"]
    assert not draft.read().problems
    draft.put("project.name", "orders")
    draft.put("project.region", "West Europe")
    draft.put("app.cpu", "0.3")
    draft.put(SHARES, [{"designation": "db", "mount": "data", "access": "ReadWrite", "nobrl": False, "quota": "0"}])
    draft.put(VARIABLES, [{"name": "1st", "place": "open", "secret": "", "value": "x"}])
    assert {"project.region", "app.cpu", f"{SHARES}[0].mount", f"{SHARES}[0].quota", f"{VARIABLES}[0].name"} <= set(draft.read().problems)


def test_a_file_changed_by_hand_counts_more_than_what_was_typed(file: Path) -> None:
    draft = Draft.open(file)
    draft.put("project.name", "orders")
    draft.write_setup()
    draft.put("project.environment", "test")
    file.write_text(file.read_text(encoding="utf-8").replace('"orders"', '"bills"'), encoding="utf-8")
    assert Draft.open(file).read().answers.project.setup == "bills-dev"


def test_a_cleared_field_follows_the_others_again(file: Path) -> None:
    draft = Draft.open(file)
    draft.put("project.name", "orders")
    draft.put("key_vault.name", "kv-other")
    assert draft.read().answers.key_vault.name == "kv-other"
    draft.put("key_vault.name", "")
    assert draft.read().answers.key_vault.name == "kv-orders-dev"


def test_a_setup_file_that_cannot_be_written_is_told_and_nothing_typed_is_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_written: object) -> None:
        raise PermissionError(13, "Permission denied")

    draft = Draft.open(file)
    draft.put("project.name", "orders")
    with monkeypatch.context() as closed:
        closed.setattr("wizard.workspace.draft.write", refused)
        assert not draft.write_setup()
    assert draft.unwritten == "Permission denied"
    assert Draft.open(file).read().answers.project.name == "orders"
    assert draft.write_setup()
    assert not draft.unwritten


def test_what_was_confirmed_counts_only_for_exactly_that(file: Path) -> None:
    draft = Draft.open(file)
    draft.put("project.name", "orders")
    draft.confirm(draft.read().answers)
    again = Draft.open(file)
    assert again.is_confirmed(again.read().answers)
    again.put("app.cpu", "0.5")
    assert not again.is_confirmed(again.read().answers)


def test_a_typed_setup_is_known_to_home(file: Path) -> None:
    Draft.open(file).put("project.name", "orders")
    (known,) = known_setups(file.parent)
    assert (known.name, known.here, known.unfinished) == ("orders-dev", True, False)


@pytest.mark.parametrize("practising", [True, False])
def test_a_setup_that_came_with_its_project_belongs_where_one_works_until_it_is_signed_in(file: Path, practising: bool) -> None:
    draft = Draft.open(file)
    draft.put("project.name", "orders")
    (known,) = known_setups(file.parent, practising=practising)
    assert known.practice is practising
    for kind in ("azure", "practice"):
        draft.cloud = {"kind": kind, "tenant": "t", "subscription": "s"}
        draft.save()
        (known,) = known_setups(file.parent, practising=practising)
        assert known.practice is (kind == "practice")


def test_of_a_setup_that_was_never_opened_here_nothing_is_said_to_be_missing(file: Path) -> None:
    file.write_text('format = 1\n[project]\nname = "orders"\n')
    (known,) = known_setups(file.parent)
    assert (known.name, known.words, known.unfinished) == ("orders-dev", "not opened on this computer yet", False)


def test_a_setup_that_was_deleted_is_not_said_to_be_made(file: Path) -> None:
    draft = Draft.open(file)
    draft.put("project.name", "orders")
    draft.cloud = {"kind": "practice", "tenant": "t", "subscription": "s"}
    draft.save()
    records = []
    with Journal.open(home(), "practice", "t", "s", "orders-dev") as journal:
        for outcome in ("succeeded", DELETED):
            journal.begin(3)
            journal.end(outcome, 3)
            records.append(known_setups(file.parent)[0].words.partition(",")[0])
    assert records == ["made", "deleted"]


def test_what_the_code_cannot_do_without_is_asked_for_and_never_sent_empty(tmp_path: Path) -> None:
    draft = Draft.blank(tmp_path / "azwizard.toml")
    draft.typed = {
        "project.name": "orders",
        "project.environment": "dev",
        "variables": [
            {"name": "CLIENT_ID", "place": "open", "secret": "", "value": "", "required": True},
            {"name": "MAYBE", "place": "open", "secret": "", "value": ""},
            {"name": "LEVEL", "place": "open", "secret": "", "value": "INFO"},
        ],
    }
    assert "variables[0].value" in draft.read().lacking
    assert [variable.name for variable in draft.read().answers.variables] == ["LEVEL"]
    draft.typed["variables"][0]["value"] = "abc"
    assert not [place for place in draft.read().lacking if place.startswith("variables")]
    assert [variable.name for variable in draft.read().answers.variables] == ["CLIENT_ID", "LEVEL"]
