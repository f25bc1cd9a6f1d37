"""Values of an .env file that would arrive in Azure other than the person means them: references, places left open, what is too large.

At home python-dotenv fills ``${NAME}`` in, and tools such as 1Password's or dotenvx replace their references; a vault keeps text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wizard.platform.language import _
from wizard.platform.secret_names import PLACEHOLDER
from wizard.setup.docker_env import EnvFile

INNER = re.compile(r"\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}")
"""How python-dotenv writes one value in another (dotenv.variables)."""
LARGEST = 25 * 1024
"""Bytes that a secret of Key Vault holds at most (its service limits)."""
REFERENCES = (
    (re.compile(r"op://\S+"), "1Password (op run)"),
    (re.compile(r"encrypted:\S+"), "dotenvx"),
    (re.compile(r"@Microsoft\.KeyVault\(.*\)", re.IGNORECASE), "App Service"),
    (re.compile(r"(vault|doppler|infisical|aws-ssm|awssm|gcpsm|ref\+\w+)://?\S+"), "another store"),
)
"""Values that name where the real one lies, and the tool that would fetch it."""


@dataclass(frozen=True)
class Remark:
    """One thing to know about a value, which is not shown.

    :param name: of the entry.
    :param fillable: `filled_in` gives the value that is meant.
    """

    name: str
    sentence: str
    fillable: bool = False


def remarks(content: Mapping[str, str]) -> list[Remark]:
    """What would surprise a person about the entries of a file."""
    of_docker = [*_of_docker(content)] if isinstance(content, EnvFile) else []
    return [*(remark for name, value in content.items() for remark in _of(name, value, content)), *of_docker]


def _of_docker(content: EnvFile) -> Iterator[Remark]:
    """One remark on the file, for who gave it to containers so far."""
    if content.other_in_docker:
        sentence = _(
            "docker run --env-file hands on quotes and remarks as they are written ({names}); "
            "here they are left out, as python-dotenv does."
        )
        yield Remark(content.other_in_docker[0], sentence.format(names=", ".join(content.other_in_docker)))
    elif content.refused_by_docker:
        sentence = _("docker run --env-file refuses this file, for a line such as “export NAME=…” or “NAME = …”; here it is read.")
        yield Remark("", sentence)


def filled_in(content: Mapping[str, str]) -> dict[str, str]:
    """The entries with ``${NAME}`` replaced by the entry of that name, in the order of the file, as python-dotenv does."""
    values: dict[str, str] = dict(content)

    def inner(match: re.Match[str]) -> str:
        return values.get(match[1], match[2] if match[2] is not None else match[0])

    for name, value in content.items():
        values[name] = INNER.sub(inner, value)
    return values


def _of(name: str, value: str, content: Mapping[str, str]) -> list[Remark]:
    values = []
    names = [match[1] for match in INNER.finditer(value)]
    inside = [other for other in names if other in content and other != name]
    if inside:
        sentence = _("{name} asks for {others} of the same file. The vault would keep “{written}” as it is.")
        written = "${" + inside[0] + "}"
        values.append(Remark(name, sentence.format(name=name, others=", ".join(inside), written=written), fillable=True))
    elif names:
        sentence = _("{name} asks for {others}, which is not in this file: it stays as it is written.")
        values.append(Remark(name, sentence.format(name=name, others=", ".join(names))))
    for pattern, tool in REFERENCES:
        if pattern.fullmatch(value.strip()):
            sentence = _("{name} only says where its value lies ({tool}): nobody fetches it in Azure. Give the value itself.")
            values.append(Remark(name, sentence.format(name=name, tool=tool)))
    if PLACEHOLDER.fullmatch(value.strip()) and value.strip():
        values.append(Remark(name, _("{name} seems to hold the place of a value only: give the value itself.").format(name=name)))
    if len(value.encode()) > LARGEST:
        sentence = _("{name} has {size} KB; a secret in Azure holds 25 KB at most. Keep it as a file on a share instead.")
        values.append(Remark(name, sentence.format(name=name, size=len(value.encode()) // 1024)))
    return values
