"""What a section without questions of its own will do with what was typed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.setup.answers import Answers


def secrets_lines(answers: Answers) -> list[str]:
    """Each secret, and which variable gets its value."""
    readers = {variable.secret: variable.name for variable in answers.variables if variable.secret}
    lines = [
        _("{secret} → the variable {name}").format(secret=name, name=readers[name])
        if name in readers
        else _("{secret}: no variable reads it").format(secret=name)
        for name in answers.key_vault.secrets
    ]
    return [
        _("Nothing to type here: you said it in 3, Passwords and keys. Your app gets a reference to each:"),
        *_below(lines, _("no secrets")),
    ]


def variables_lines(answers: Answers) -> list[str]:
    """Each variable, and where its value comes from."""
    values = {
        variable.name: _("the secret {name} of the key vault").format(name=variable.secret) if variable.secret else variable.value
        for variable in answers.variables
    }
    lines = [f"{name} = {value or _('(empty)')}" for name, value in values.items()]
    return [_("Nothing to type here: you said it in 3, Passwords and keys. Your API will find:"), *_below(lines, _("no variables"))]


def _below(lines: list[str], none: str) -> list[str]:
    return [f"  {line}" for line in lines or [none]]
