"""Exit codes with a meaning are put into words."""

import pytest

from wizard.doctor.exit_codes import exit_words


@pytest.mark.parametrize("code", [0, 125, 126, 127, 132, 134, 135, 137, 139, 143])
def test_an_exit_code_with_a_meaning_is_put_into_words(code: int) -> None:
    assert f"code {code}" in exit_words([f"Container 'orders' was terminated with exit code '{code}' and reason 'Error'"])


def test_a_code_of_the_programs_own_has_no_words() -> None:
    assert exit_words(["Container 'orders' was terminated with exit code '3' and reason 'Error'"]) == ""
