"""What a project says about one variable of its environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

SET_BY_AZURE = re.compile(
    r"CONTAINER_APP_\w+|HOSTNAME|HOME|PATH|PWD|USER|LANG|GPG_KEY|PYTHON_(VERSION|SHA256|PIP_VERSION|SETUPTOOLS_VERSION|GET_PIP_\w+)|"
    r"KUBERNETES_\w+|IDENTITY_(ENDPOINT|HEADER)|MSI_(ENDPOINT|SECRET)"
)
"""What every container finds in Azure Container Apps: its manual's list of built-in variables, and the image of Python."""


@dataclass(frozen=True)
class VariableUse:
    """A variable that an API reads from its environment, or that a file beside the code names.

    :param default: what the code takes without it; None when it takes none.
    :param required: without it, or with it empty where that is checked, the API cannot work.
    :param where: file and line, such as ``config.py:5``.
    :param at_import: read by a statement that runs as soon as its file is imported, so that the API does not even start without it.
    :param secret: the code itself says that it is one, as pydantic's ``SecretStr`` does.
    :param beginning: how a default begins that is worked out when the code runs, such as ``sqlite:///``.
    :param example: what a file beside the code gives it, such as docker-compose.yml or .env.example; the code itself does not know it.
    :param field: what the code finds its value under where that is another name: a settings class's field, a key of ``app.config``.
    :param in_code: read by the code; False for one that only a file beside it names, such as docker-compose.yml.
    """

    name: str
    default: str | None
    required: bool
    where: str
    at_import: bool = False
    secret: bool = False
    in_code: bool = True
    beginning: str = ""
    example: str | None = None
    field: str = ""

    @property
    def file(self) -> str:
        """The file alone."""
        return self.where.rpartition(":")[0]


def united(uses: list[VariableUse], assigned: frozenset[str] = frozenset()) -> tuple[VariableUse, ...]:
    """Each variable once, in the order of first sight: required when any place requires it, with the first default there is.

    :param assigned: those that the code gives a value to itself, which are never required.
    """
    known: dict[str, VariableUse] = {}
    for use in uses:
        first = known.get(use.name)
        if first is None:
            known[use.name] = use
            continue
        strongest = use if (use.required, use.at_import) > (first.required, first.at_import) else first
        default = first.default if first.default is not None else use.default
        known[use.name] = replace(
            strongest,
            default=None if strongest.required and strongest.in_code else default,
            required=first.required or use.required,
            secret=first.secret or use.secret,
            in_code=first.in_code or use.in_code,
            beginning=first.beginning or use.beginning,
            field=first.field or use.field,
            example=first.example if first.example is not None else use.example,
        )
    return tuple(replace(name, required=False, at_import=False) if name.name in assigned else name for name in known.values())
