"""The values of secrets while one works on a setup: typed, or given by the environment or a file. They are in memory only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.platform.redaction import redaction

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.platform.secret import Secret


class TypedSecrets:
    """Secret values by name.

    :param env_file: given on the command line, for values that nobody typed.
    """

    def __init__(self, env_file: Path | None) -> None:
        self._env_file = env_file
        self._typed: dict[str, Secret] = {}

    def give(self, name: str, value: Secret | None) -> None:
        """Take the value of a secret, or take it back."""
        if value is None or not value.reveal():
            self._typed.pop(name, None)
        else:
            redaction.add(value.reveal())
            self._typed[name] = value

    def value(self, name: str) -> Secret | None:
        """The value typed for a secret, or given by the environment or a file; None when nobody gave one."""
        return self._typed.get(name) or self._outside_value(name)

    def _outside_value(self, name: str) -> Secret | None:
        from wizard.setup.secret_sources import SecretFileError, SecretValues

        try:
            return SecretValues([name], self._env_file)(name)
        except SecretFileError:
            return None
