"""Where the values of secrets come from: the environment, then a file, then the person. They go to Key Vault and nowhere else."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from wizard.platform.files import read_given
from wizard.platform.language import _
from wizard.platform.redaction import SHORTEST, redaction
from wizard.platform.secret import Secret
from wizard.setup.docker_env import EnvFile
from wizard.setup.env_values import remarks

MOST_BYTES = 1_000_000
PREFIX = "AZWIZARD_SECRET_"
"""An environment variable of this name, followed by a secret's, holds that secret's value."""


class SecretFileError(Exception):
    """The file of values cannot be used; the text is a sentence for the person and shows none of its content but names."""


class SecretValues:
    """Gives a secret's value by name, or None when nobody gave one.

    What was typed counts before ``AZWIZARD_SECRET_<NAME>``, and that before the file. A name matches without regard to case, and with
    ``_`` for ``-``. An empty value is no value, since Key Vault references refuse it.

    :param wanted: the names of the setup's secrets.
    :param env_file: lines of ``NAME=value``, as in an ``.env`` file.
    :param environment: the environment variables, for a test.
    Raises SecretFileError.
    """

    def __init__(
        self,
        names: Iterable[str],
        env_file: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        environment = os.environ if environment is None else environment
        from_file = read_env_file(env_file) if env_file else {}
        self._values = {_key(name): Secret(value) for name, value in from_file.items() if value}
        self._values |= {
            _key(name[len(PREFIX) :]): Secret(value) for name, value in environment.items() if name.upper().startswith(PREFIX) and value
        }
        keys = {_key(name) for name in names}
        for key in keys & set(self._values):
            redaction.add(self._values[key].reveal())
        self.short = sorted(key for key in keys & set(self._values) if len(self._values[key].reveal()) < SHORTEST)
        """The names of secrets whose values are too short to be hidden."""
        self.remarks = [remark for remark in remarks(from_file) if _key(remark.name) in keys]
        """What would surprise a person about the file's values for this setup's secrets."""
        self.others = [name for name in from_file if _key(name) not in keys]
        """The names in the file that no secret of this setup has; they are left alone."""

    def __call__(self, name: str) -> Secret | None:
        """The value of a secret."""
        return self._values.get(_key(name))

    def give(self, name: str, value: Secret) -> None:
        """Take a value that was typed elsewhere; it counts before any other."""
        redaction.add(value.reveal())
        self._values[_key(name)] = value

    def given(self, name: str) -> bool:
        """Whether there is a value without asking."""
        return _key(name) in self._values


def read_env_file(path: Path) -> EnvFile:
    """The entries of an ``.env`` file, quotes removed and nothing else replaced: a ``$`` in a value is part of the value.

    UTF-8, with or without a byte order mark, and UTF-16, as PowerShell writes. A pipe is waited for. Raises SecretFileError.
    """
    values: dict[str, str] = {}
    text = _decoded(path)
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            raise SecretFileError(
                _("Line {line} of {path} is not of the form NAME=value. Correct it, or put # before it.").format(
                    line=binding.original.line, path=path
                )
            )
        if binding.key is not None:
            values[binding.key] = binding.value or ""
    return EnvFile(values, text)


def _decoded(path: Path) -> str:
    try:
        content = read_given(path, MOST_BYTES)
    except FileNotFoundError:
        raise SecretFileError(
            _("There is no file {path}. Name the one that holds your values: --env-file FILE.").format(path=path)
        ) from None
    except OSError as error:
        sentence = _("{path} cannot be read: {reason}. Name the file that holds your values: --env-file FILE.")
        raise SecretFileError(sentence.format(path=path, reason=error.strerror)) from None
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise SecretFileError(_("The file {path} is not text in UTF-8 or UTF-16. Save it as UTF-8.").format(path=path))
    return text


def _key(name: str) -> str:
    return name.lower().replace("_", "-")
