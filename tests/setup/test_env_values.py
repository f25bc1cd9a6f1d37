"""Values of an .env file that would arrive in Azure other than the person means them are said, and filled in when asked."""

from __future__ import annotations

import pytest

from wizard.setup.env_values import filled_in, remarks

URL = "postgresql://${DB_USER}:${DB_PASS}@db/shop"


def test_a_reference_to_another_entry_is_said_and_can_be_filled_in() -> None:
    content = {"DB_USER": "anna", "DB_PASS": "secret1", "DATABASE_URL": URL}
    (remark,) = remarks(content)
    assert (remark.name, remark.fillable) == ("DATABASE_URL", True)
    assert "secret1" not in remark.sentence
    assert filled_in(content)["DATABASE_URL"] == "postgresql://anna:secret1@db/shop"


def test_a_reference_that_stands_before_its_entry_and_one_with_a_default() -> None:
    assert filled_in({"A": "${B}-${C:-c}", "B": "b"})["A"] == "b-c"


@pytest.mark.parametrize(
    "value",
    [
        "op://vault/item/field",
        "encrypted:BFx0123",
        "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/a)",
        "changeme",
        "<your key>",
        "your-api-key-here",
        "ab" * 13_000,
        "${NOT_HERE}",
    ],
)
def test_what_is_no_value_of_its_own_is_said(value: str) -> None:
    (remark,) = remarks({"API_KEY": value})
    assert not remark.fillable
    assert filled_in({"API_KEY": value}) == {"API_KEY": value}


@pytest.mark.parametrize(
    "value", ["", "s3cr3t", "a$b", "$HOME", "-----BEGIN PRIVATE KEY-----\nabc\n", "https://example.org/{id}", "my-bucket-7f3"]
)
def test_an_ordinary_value_is_not_remarked(value: str) -> None:
    assert remarks({"KEY": value}) == []
