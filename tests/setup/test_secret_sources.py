"""Where secret values come from, and that they are shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.platform.secret import Secret
from wizard.setup.secret_sources import SecretFileError, SecretValues


def env_file(folder: Path, content: str | bytes) -> Path:
    path = folder / ".env"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def revealed(values: SecretValues, name: str) -> str | None:
    secret = values(name)
    return None if secret is None else secret.reveal()


def test_what_was_typed_counts_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = env_file(tmp_path, "A=file\nB=file\nC=file\n")
    values = SecretValues(["a", "b", "c", "d"], file, {"AZWIZARD_SECRET_A": "environment", "AZWIZARD_SECRET_C": "environment"})
    values.give("c", Secret("typed"))
    assert [revealed(values, name) for name in ("a", "b", "c", "d")] == ["environment", "file", "typed", None]
    assert [values.given(name) for name in ("c", "d")] == [True, False]


@pytest.mark.parametrize("given", ["API_KEY", "api-key", "Api_Key", "api_KEY"])
def test_a_name_matches_without_regard_to_case_and_with_underscores(tmp_path: Path, given: str) -> None:
    assert revealed(SecretValues(["api-key"], env_file(tmp_path, f"{given}=x\n"), {}), "api-key") == "x"
    assert revealed(SecretValues(["api-key"], None, {f"AZWIZARD_SECRET_{given}": "x"}), "api-key") == "x"


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    values = SecretValues(["a", "b"], env_file(tmp_path, "A=\nB\n"), {"AZWIZARD_SECRET_A": ""})
    assert values("a") is None
    assert values("b") is None
    assert not values.given("a")


def test_other_entries_of_the_file_are_named_and_left_alone(tmp_path: Path) -> None:
    values = SecretValues(["api-key"], env_file(tmp_path, "API_KEY=x\nLOG_LEVEL=info\nexport DEBUG=1\n"), {})
    assert values.others == ["LOG_LEVEL", "DEBUG"]


def test_quotes_are_removed_and_a_dollar_is_a_dollar(tmp_path: Path) -> None:
    text = "A='it''s'\nA='p$HOME${X}'\nB=\"tab\\tquote\\\"\"  # comment\nC=a#b\nD=$(date)\n"
    values = SecretValues(["a", "b", "c", "d"], env_file(tmp_path, text.partition("\n")[2]), {})
    assert [revealed(values, name) for name in "abcd"] == ["p$HOME${X}", 'tab\tquote"', "a#b", "$(date)"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_as_editors_write_it(tmp_path: Path, encoding: str) -> None:
    file = env_file(tmp_path, "KEY=päss\r\n".encode(encoding))
    assert revealed(SecretValues(["key"], file, {}), "key") == "päss"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"KEY=\xff\xff\n", "is not text in UTF-8 or UTF-16"),
        ("KEY=x\n".encode("utf-16-le"), "is not text in UTF-8 or UTF-16"),
        ("A=1\nB='never closed\n", "Line 2 of"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_without_showing_its_content(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(SecretFileError) as caught:
        SecretValues([], env_file(tmp_path, content), {})
    assert said in str(caught.value)
    assert "never closed" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError, match=r"There is no file .*nowhere\.env"):
        SecretValues([], tmp_path / "nowhere.env", {})


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError, match="cannot be read: Is a directory"):
        SecretValues([], tmp_path, {})


def test_a_value_is_never_shown() -> None:
    values = SecretValues(["a"], None, {"AZWIZARD_SECRET_A": "hunter2"})
    assert "hunter2" not in f"{values('a')} {values('a')!r} {vars(values)}"
    assert values("a") == Secret("hunter2")
