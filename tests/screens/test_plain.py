"""The wizard by line prompts: what the screens do, in words, from the same declarations."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from wizard.cloud import ChosenSignIn, NoSubscriptionError, SeveralSubscriptions, Subscription
from wizard.cloud.transport import practice_process as practice
from wizard.engine.session import CommandOptions, ExitCode
from wizard.plain.conversation import Conversation
from wizard.plain.lines import Lines, in_words
from wizard.plain.offers import finish_section
from wizard.platform.preferences import Preferences
from wizard.sections import pipeline
from wizard.workspace.workspace import Workspace

SIGNS = re.compile(r"[✓✗●█─→·]|\x1b|\bF\d\b")
VALUE = "canary-5e1f-value"
TO_SIGN_IN = ["1", "", "", "", "", "", "", "", ""]
"""A new setup, and everything that section 1 suggests."""


async def talk(project: Path, *answers: str, is_practice: bool = True) -> tuple[str, ExitCode]:
    """What is said when someone answers so, and then the input ends; and the exit status."""
    lines = Lines(io.StringIO("".join(f"{answer}\n" for answer in answers)), io.StringIO())
    status = await Conversation(lines, CommandOptions(setup=project / "azwizard.toml", practice=is_practice)).hold()
    assert isinstance(lines.target, io.StringIO)
    return lines.target.getvalue(), status


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_the_whole_way_is_in_words_and_in_the_persons_language(project: Path, tongue: str) -> None:
    script = [*TO_SIGN_IN, "1", "", VALUE, "", "!", "?", "6", "orders-dev", "1", "4", "9", "orders-dev", "q"]
    lines, status = await talk(project, *script)
    assert status is ExitCode.DONE, lines
    assert "200 OK" in lines
    assert VALUE not in lines
    assert [line for line in lines.splitlines() if SIGNS.search(line)] == []
    query = {"en": r"To make the \d+, type orders-dev\.", "fr": r"Pour créer ces \d+, tapez orders-dev\."}
    assert re.search(query[tongue], lines)
    deleted = {"en": r"\d+ deleted\.", "fr": r"\d+ supprimés\."}
    assert re.search(deleted[tongue], lines)


async def test_a_reader_learns_at_the_sign_in_what_is_missing_and_writes_what_to_send(project: Path) -> None:
    lines, _status = await talk(project, *TO_SIGN_IN, "3", "", VALUE, "@", "y", "", "!", "1", "")
    assert re.search(r"Warning: \d+ steps need a right that this account does not have\. @: whom to ask\.", lines)
    assert "3 of 12. Passwords and keys" in lines, "nothing else is blocked"
    assert (project / "handoff-orders-dev" / "message.txt").is_file()
    assert "Nothing can be made yet. A number explains a line, @ says whom to ask" in lines
    assert "Why it cannot be done now" in lines


async def test_who_has_no_subscription_is_told_the_ways_on(project: Path) -> None:
    lines, _status = await talk(project, *TO_SIGN_IN, "4", "2", "1")
    assert "Your account sees no subscription." in lines
    assert "Could you give it the role “Contributor”" in lines
    assert "This account may do all that is needed." in lines
    assert "3 of 12. Passwords and keys" in lines
    lines, _status = await talk(project, "1", "4", "4")
    assert "3 of 12. Passwords and keys" in lines, "one can go on without"


async def test_in_azure_several_subscriptions_are_a_list_and_none_has_ways_on(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [Subscription(f"5ca082f3-0000-4000-8000-{number:012}", f"Team {number}", "tenant") for number in range(2000)]
    names: list[str] = []

    async def refused(choice: ChosenSignIn, **_options: object) -> None:
        names.append(choice.subscription)
        if not choice.subscription:
            raise SeveralSubscriptions(records, "")
        raise NoSubscriptionError("ada@example.com", ["Example 11111111-2222-3333-4444-555555555555"])

    monkeypatch.setattr("wizard.cloud.connect", refused)
    lines, _status = await talk(project, *TO_SIGN_IN, "", "", "", "team 1999", "1", "2", "3", "4", is_practice=False)
    assert "20 of 2000." in lines
    assert "1. Team 1999" in lines
    assert names == ["", records[1999].id]
    assert "My account: ada@example.com" in lines
    assert "Open this page in a browser: https://azure.microsoft.com/free" in lines
    assert "Signed in, subscription Practice subscription." in lines, "practising is one of the ways"


async def test_what_is_wrong_is_said_and_back_is_free(project: Path) -> None:
    lines, _status = await talk(project, "1", "0rders", "", "<", "1", "orders", "", "", "", "", "maybe", "", "", "", "9", "!")
    assert lines.count("Not yet: “0rders” cannot be a project's name") == 2
    assert "Open 0rders-dev: typed, nothing made yet" in lines
    assert "Answer yes or no." in lines
    assert "Type a number from 1 to 4." in lines


async def test_a_wrong_line_of_a_table_is_put_right_before_one_goes_on(project: Path) -> None:
    lines, _status = await talk(project, *TO_SIGN_IN, "1", "+", "4TH", "2", "high", "", "", "!")
    assert lines.count("“4TH” cannot be a variable's name") == 5, "the table is shown again, and says it again"
    assert "Something is to put right first:" in lines
    assert lines.count("3 of 12. Passwords and keys") == 2


@pytest.mark.parametrize("count", range(12))
async def test_an_input_that_ends_loses_nothing(project: Path, count: int) -> None:
    answers = ["1", "shop", "", "", "", "", "", "", "1", "1", "API_KEY", "1"][:count]
    lines, status = await talk(project, *answers)
    assert lines.endswith("the input ended.\nEverything you typed is saved. Open azwizard again and it goes on from here.\n")
    assert status is ExitCode.NOT_READY
    typed = Workspace(CommandOptions(setup=project / "azwizard.toml", practice=True)).reading.answers.project.name
    assert typed == ("shop" if count > 1 else "orders" if count else "")


async def test_a_sitting_goes_on_at_the_question_where_it_was_left(project: Path) -> None:
    await talk(project, "1", "shop", "test")
    lines, _status = await talk(project, "1", "westeurope")
    assert "Open shop-test" in lines
    assert "Name of your project" not in lines
    assert "Region (Azure location) [westeurope]:" in lines


async def test_a_list_is_narrowed_by_words_and_chosen_from_by_number(project: Path) -> None:
    lines, _status = await talk(project, *TO_SIGN_IN, "1", "#", "1", "", "", "/zzz", "north europe", "1", "q")
    assert "None has these words." in lines
    assert "1. North Europe (northeurope)" in " ".join(lines.split())
    assert Workspace(CommandOptions(setup=project / "azwizard.toml", practice=True)).reading.answers.project.region == "northeurope"


async def test_missing_files_are_shown_and_written_and_the_api_is_tried_here(project: Path) -> None:
    for file in [*(project / "orders-api").rglob("Dockerfile"), project / "orders-api" / ".dockerignore"]:
        file.unlink(missing_ok=True)
    lines, _status = await talk(project, *TO_SIGN_IN[:-1], "2", "yes", "2", "")
    assert "a number below shows one and writes it" in lines
    assert 'CMD ["gunicorn"' in lines
    assert (project / "orders-api" / "Dockerfile").is_file()
    assert "It answered 200 to GET" in lines
    assert lines.index("It answered 200 to GET") < lines.index("Enter stops it:")


async def test_of_several_apis_in_one_folder_one_is_asked_for(project: Path) -> None:
    code = project / "orders-api"
    for file in [*code.rglob("Dockerfile"), *code.rglob("*.py")]:
        file.unlink()
    for name in ("orders", "prices"):
        (code / name).mkdir(exist_ok=True)
        (code / name / "main.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    lines, _status = await talk(project, *TO_SIGN_IN[:-1], "2", "2", "yes", "q")
    assert "There are several APIs in this folder. Which one is started?" in lines
    assert '"prices.main:app"' in (code / "Dockerfile").read_text()


async def test_a_run_that_was_cut_off_goes_on_with_one_enter(project: Path) -> None:
    await talk(project, *TO_SIGN_IN, "1", "#", "q")
    workspace = Workspace(CommandOptions(setup=project / "azwizard.toml", practice=True))
    workspace.draft.confirm(workspace.reading.answers)
    lines, _status = await talk(project, "1", VALUE)
    assert "You confirmed this before, and it was cut off. Enter goes on from there: nothing is made twice." in lines


async def test_a_code_signs_in_to_github(project: Path) -> None:
    practice.fault(["github-token:none"])
    (project / "azwizard.toml").write_text(
        '[project]\nname = "orders"\nsource = "orders-api"\n[pipeline]\nbuild = "github"\nowner = "contoso"\n'
    )
    workspace = Workspace(CommandOptions(setup=project / "azwizard.toml", practice=True))
    await workspace.sign_in()
    lines = Lines(io.StringIO("2\n1\n"), io.StringIO())
    await finish_section(lines, workspace, pipeline.SECTION)
    await workspace.sign_out()
    assert isinstance(lines.target, io.StringIO)
    text = lines.target.getvalue()
    assert "2. Sign in to GitHub by a code" in text
    assert "Open https://github.com/login/device and type " in text
    assert text.index("azwizard has no token for GitHub.") < text.index("Signed in to GitHub.")
    assert "no token" not in text.partition("Signed in to GitHub.")[2]


async def test_home_changes_language_cloud_and_face(project: Path) -> None:
    lines, _status = await talk(project, "5", "5", "3", "q")
    assert "1. Nouveau : mettre le code de orders-api/ sur internet" in lines.replace("\u00a0", " ")
    assert lines.count("azwizard. Azure.") == 1
    preferences = Preferences.read()
    preferences.plain = True
    preferences.save()
    lines, status = await talk(project, "6")
    assert "Start azwizard again: it shows screens." in lines
    assert not Preferences.read().plain
    assert status is ExitCode.DONE


async def test_a_failed_run_can_be_tried_again(project: Path) -> None:
    practice.fault(["build-failure"])
    lines, status = await talk(project, *TO_SIGN_IN, "1", "", VALUE, "!", "orders-dev", "2", "q")
    assert status is ExitCode.FAILED, lines
    assert "1. Try again: what was made is kept" in lines
    assert "Where to? q leaves" in lines


def test_what_comes_from_outside_does_not_reach_the_terminal_as_a_command() -> None:
    lines = Lines(io.StringIO(), io.StringIO())
    lines.quote("\x1b[2J\x1b]0;title\x07body")
    assert isinstance(lines.target, io.StringIO)
    assert lines.target.getvalue() == "body\n"


def test_signs_become_words() -> None:
    assert in_words("✓ done · 3 → 4\n! careful\n  ✗ wrong › here") == "done, 3, then 4\nWarning: careful\n  wrong, here"
