"""How ``docker run --env-file`` reads a file of variables, which is not how python-dotenv and this wizard do.

A line is ``NAME=value`` and the value all that follows, quotes and remarks too; blanks before the name go, and a name that holds one is an
error. (docs.docker.com, "docker container run", --env-file; held against the real client in tests.)
"""

from __future__ import annotations

BLANKS = " \t"


def docker_values(text: str) -> dict[str, str] | None:
    """The entries as Docker hands them to a container, without those it takes from its own environment; None where it refuses the file."""
    values: dict[str, str] = {}
    for line in text.removeprefix("\ufeff").split("\n"):
        stripped = line.removesuffix("\r").lstrip()
        if not stripped or stripped.startswith("#"):
            continue
        name, sign, value = stripped.partition("=")
        if not name or any(blank in name for blank in BLANKS):
            return None
        if sign:
            values[name] = value
    return values


class EnvFile(dict[str, str]):
    """The entries of a file as python-dotenv reads them, and what Docker would make of it.

    :param text: of the file.
    """

    def __init__(self, values: dict[str, str], text: str) -> None:
        super().__init__(values)
        theirs = docker_values(text)
        self.refused_by_docker = theirs is None
        self.other_in_docker = tuple(name for name, value in values.items() if theirs is not None and theirs.get(name, value) != value)
