"""Setup files: read, checked all at once, overridden and derived."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.setup.answers import Answers
from wizard.setup.loading import load, override, resolve
from wizard.setup.problems import AnswersError, Problem
from wizard.setup.validation import warnings

REFERENCE = Path(__file__).parents[3] / "shared" / "examples" / "azwizard.toml"
SMALL = 'format = 1\n[project]\nname = "orders"\n'


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "azwizard.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(folder: Path, text: str | bytes) -> list[Problem]:
    """Everything that stops such a setup file from being used."""
    with pytest.raises(AnswersError) as caught:
        resolve(load(written(folder, text)))
    return caught.value.problems


def small(folder: Path, more: str = "") -> Answers:
    return resolve(load(written(folder, SMALL + more)))


def test_a_name_is_enough_and_everything_else_is_derived(tmp_path: Path) -> None:
    answers = small(tmp_path)
    assert answers.project.resource_group == "rg-orders-dev"
    assert (answers.key_vault.name, answers.registry.name, answers.storage.account) == ("kv-orders-dev", "crordersdev", "stordersdev")
    assert (answers.environment.name, answers.app.name, answers.app.memory) == ("cae-orders-dev", "capp-orders-dev", "0.5Gi")
    assert answers.key_vault.resource_group == "rg-orders-dev"


def test_the_source_folder_is_relative_to_the_setup_file(tmp_path: Path) -> None:
    assert load(written(tmp_path, SMALL + 'source = "api"\n')).source_folder == tmp_path / "api"


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference setup file is not beside this checkout")
def test_the_reference_setup_file_is_read_whole() -> None:
    answers = resolve(load(REFERENCE))
    assert answers.project.setup == "orders-dev"
    assert [share.designation for share in answers.storage.shares] == ["db", "logs", "json"]
    assert answers.variables[3].secret == "api-key"
    assert answers.sign_in.subscription == "Practice subscription"


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    assert load(written(tmp_path, b"\xef\xbb\xbf" + SMALL.encode())).project.name == "orders"


def test_a_file_without_format_is_taken_as_an_older_one(tmp_path: Path) -> None:
    assert load(written(tmp_path, '[project]\nname = "orders"\n')) == load(written(tmp_path, SMALL))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe[\x00", "is not UTF-8 text. Save it as UTF-8."),
        ("format = 1\n[project\n", "(at line 2, column 9)"),
        ('[project]\nname = "a"\nname = "b"\n', "line 3"),
        ("format = 3\n", "was made by a newer azwizard"),
        ('format = "1"\n', "format must be a whole number"),
    ],
)
def test_a_file_that_cannot_be_understood_says_why(tmp_path: Path, text: str | bytes, said: str) -> None:
    [problem] = problems(tmp_path, text)
    assert said in problem.sentence


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match=r"There is no setup file .*nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_a_folder_instead_of_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("more", "where", "said"),
    [
        ('enviroment = "dev"\n', "project.enviroment", "[project] enviroment: there is no such key. Did you mean environment?"),
        ("[kay_vault]\n", "kay_vault", "[kay_vault] is not a table of the setup file. Did you mean key_vault?"),
        ('[app]\nport = "x"\n', "app.port", "[app] port must be a whole number from 1 to 65535, but is the text “x”."),
        ("[app]\nport = 70000\n", "app.port", "but is the number 70000."),
        ("[app]\nport = true\n", "app.port", "but is true."),
        ('[app]\nidentity = "me"\n', "app.identity", "must be “system” or “user”, but is the text “me”."),
        ("[key_vault]\nsecrets = [1]\n", "key_vault.secrets", "must be a list of texts, but is a list."),
        ('app = "small"\n', "project.app", "there is no such key"),
        ("[storage]\nshares = 3\n", "storage.shares", "must be written as [[storage.shares]], once for each, but is the number 3."),
        ('[[storage.shares]]\ndesignation = "db"\n', "storage.shares[0].mount", "[[storage.shares]] number 1, mount is missing"),
        ('[key_vault]\nname = "a--b"\n', "key_vault.name", "“a--b” cannot be a key vault"),
        ("[app]\ncpu = 0.3\n", "app.cpu", "“0.3” cores cannot be had"),
        ('[app]\ncpu = 0.5\nmemory = "0.5Gi"\n', "app.memory", 'write memory = "1.0Gi"'),
        ("[app]\nmin_replicas = 2\n", "app.min_replicas", "2 is more than max_replicas, which is 1"),
        ('[[variables]]\nname = "A"\n', "variables[0]", "A has neither a value nor a secret"),
        ('[[variables]]\nname = "A"\nvalue = "1"\nsecret = "b"\n', "variables[0]", "A has a value and a secret"),
        ('[[variables]]\nname = "A"\nsecret = "b"\n', "variables[0].secret", "“b” is not among the secrets in [key_vault]"),
        ('[key_vault]\nresource_group = "rg-shared"\n', "key_vault.resource_group", "add existing = true, or remove resource_group"),
    ],
)
def test_each_mistake_is_told_with_its_place_and_what_to_do(tmp_path: Path, more: str, where: str, said: str) -> None:
    reported = problems(tmp_path, SMALL + more)
    assert [problem.where for problem in reported] == [where]
    assert said in reported[0].sentence


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """
        format = 1
        [[variables]]
        name = "A"
        [app]
        port = "x"
        min_replicas = 3
        [[storage.shares]]
        designation = "db"
        mount = "relative"
        [[variables]]
        name = "A"
        value = "1"
        [project]
        nam = "orders"
    """
    assert [problem.where for problem in problems(tmp_path, text)] == [
        "variables[0]",
        "variables[1].name",
        "app.port",
        "app.min_replicas",
        "storage.shares[0].mount",
        "project.name",
        "project.nam",
    ]


def test_two_shares_cannot_have_one_word_or_one_folder(tmp_path: Path) -> None:
    share = '[[storage.shares]]\ndesignation = "db"\nmount = "/data{slash}"\n'
    reported = problems(tmp_path, SMALL + share.format(slash="") + share.format(slash="/"))
    assert [problem.where for problem in reported] == ["storage.shares[1].designation", "storage.shares[1].mount"]


def test_a_derived_name_that_azure_does_not_take_is_told_before_anything_is_made(tmp_path: Path) -> None:
    reported = problems(tmp_path, '[project]\nname = "a-very-long-project-name"\nenvironment = "production"\n')
    assert "key_vault.name" in [problem.where for problem in reported]
    assert all("Azure takes" in problem.sentence for problem in reported)


def test_an_override_is_typed_like_its_question(tmp_path: Path) -> None:
    settings = ["app.cpu=0.5", "app.memory=1.0Gi", "app.min_replicas=0", "key_vault.existing=true", "pipeline.build = existing"]
    answers = resolve(override(small(tmp_path), settings))
    assert (answers.app.cpu, answers.app.memory, answers.app.min_replicas) == (0.5, "1.0Gi", 0)
    assert answers.key_vault.existing is True
    assert answers.pipeline.build == "existing"


def test_derived_answers_follow_an_override(tmp_path: Path) -> None:
    answers = resolve(override(load(written(tmp_path, SMALL)), ["project.environment=prod", "app.cpu=1"]))
    assert (answers.key_vault.name, answers.app.memory) == ("kv-orders-prod", "2.0Gi")


def test_an_override_can_mend_what_the_file_got_wrong_between_answers(tmp_path: Path) -> None:
    answers = load(written(tmp_path, SMALL + "[app]\nmin_replicas = 2\n"))
    assert resolve(override(answers, ["app.max_replicas=2"])).app.max_replicas == 2


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("app.cp=1", "there is no such key. Did you mean app.cpu?"),
        ("app.cpu", "is not of the form --set section.key=value"),
        ("cpu=1", "is not of the form --set section.key=value"),
        ("app.cpu=much", "must be a number, but is the text “much”"),
        ("app.min_replicas=-1", "must be a whole number from 0 to 1000"),
        ("key_vault.secrets=a", "it is a list; write it in the setup file"),
        ("key_vault.existing=yes", "must be true or false"),
        ("variables.A=1", "there is no such key"),
        ("format.x=1", "there is no such key"),
    ],
)
def test_a_wrong_override_is_told(tmp_path: Path, setting: str, said: str) -> None:
    with pytest.raises(AnswersError) as caught:
        override(small(tmp_path), [setting])
    assert said in caught.value.problems[0].sentence


def test_several_copies_on_a_share_without_locks_are_warned_about(tmp_path: Path) -> None:
    share = '[[storage.shares]]\ndesignation = "db"\nmount = "/data"\nnobrl = true\n'
    assert warnings(small(tmp_path, share)) == {}
    [warning] = warnings(small(tmp_path, share + "[app]\nmax_replicas = 2\n")).values()
    assert "max_replicas = 1" in warning
