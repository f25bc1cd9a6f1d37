"""What a script of a pipeline builds and pushes: whether that is, or may be, an image that we would build a second time.

An image is known by its repository in a registry (``crordersdev.azurecr.io/orders-api``). What is written with values that only a run
knows is doubtful, and so is what names no image at all (``docker buildx bake``, ``azd up``, ``make docker-push``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

CONTINUED = re.compile(r"[ \t]*[\\`^][ \t]*\r?\n[ \t]*")
COMMENT = re.compile(r"(?m)(?:^|[ \t])#.*$")
EXPRESSION = re.compile(r"\$\{\{.*?\}\}|\$\[.*?\]", re.DOTALL)
COMMAND_END = re.compile(r"\r?\n|;|&&|\|\|?|&(?!\w)")
SHELL_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|env:(?P<powershell>\w+)|(?P<plain>\w+))|%(?P<prompt>\w+)%")
OPEN_VALUE = re.compile(r"\$\(|\$\{\{|\$\[|\$\w|\$\{|%\w+%|<<")
ENGINE = r"(?:docker|podman|nerdctl|buildah)(?:\.exe)?"
NAMING = re.compile(
    rf"\b(?:{ENGINE}\s+(?:image\s+|buildx\s+|manifest\s+)?(?:build|bud|push)|az\s+acr\s+build|pack\s+build|ko\s+(?:build|publish)"
    r"|(?:\S*/)?(?:kaniko/)?executor|crane\s+(?:push|append)|skopeo\s+copy)\b"
)
"""Commands that name the image they build or push."""
NAMELESS = re.compile(
    rf"\b{ENGINE}\s+buildx\s+bake\b|\b(?:docker[- ]compose|podman[- ]compose)\b.*\bpush\b|\b(?:docker[- ]compose)\b.*\bbuild\b.*--push\b"
    r"|\baz\s+acr\s+(?:run|task\s+run)\b|\baz\s+containerapp\s+up\b.*--source\b|\bazd\s+(?:up|deploy|package|publish)\b|\bskaffold\s+(?:run|build)\b"
    r"|\b(?:make|just|task|invoke|npm\s+run|nox)\b.*\b[\w:-]*(?:docker(?!file)|image|container|push)[\w:-]*"
    r"|(?:^|[\s/\\])[\w.-]*(?:docker|(?<![a-z])acr(?![a-z])|(?:build|push|publish|release)[\w.-]*(?:image|container|push)"
    r"|(?:image|container)[\w.-]*(?:build|push|publish))[\w.-]*\.(?:sh|bash|ps1|py|cmd|bat)\b"
)
"""Commands that build or push what is written somewhere else."""
TAG = re.compile(r"(?:^|\s)(?:-t|--tag|--image|-i|--destination|--publish|-d)(?:\s+|=)(?P<tag>\"[^\"]+\"|'[^']+'|\S+)")
PUSHED = re.compile(r"\b(?:push|publish)\b(?P<rest>.*)")
REGISTRY_OF_AZ = re.compile(r"(?:^|\s)(?:-r|--registry)(?:\s+|=)(?P<name>\S+)")
HOST = re.compile(r"[\w.-]+\.[\w.-]+(?::\d+)?|localhost(?::\d+)?")


@dataclass(frozen=True)
class OwnImage:
    """The image that is ours.

    :param server: the registry's host name, such as ``crordersdev.azurecr.io``.
    """

    name: str
    server: str

    def may_be(self, reference: str, registry: str = "") -> bool:
        """Whether an image's reference is, or with values known later may be, this image.

        :param registry: the registry's name or host, where it is named beside the reference.
        """
        reference = reference.strip("\"' ")
        if not reference or not self._may_be_server(registry):
            return False
        host, slash, path = reference.partition("/")
        if not slash or not (HOST.fullmatch(host) or OPEN_VALUE.search(host)):
            host, path = "", reference
        repository = _without_tag(path)
        if host and not self._may_be_server(host):
            return False
        if host.lower() != self.server.lower():
            repository = repository.rpartition("/")[2]  # what may be before it, only the run knows
        return bool(OPEN_VALUE.search(repository)) or repository.lower() == self.name.lower()

    def _may_be_server(self, registry: str) -> bool:
        registry = registry.strip("\"' ").lower()
        return not registry or bool(OPEN_VALUE.search(registry)) or registry in (self.server.lower(), self.server.lower().partition(".")[0])


def script_may_build(script: str, image: OwnImage, variables: Mapping[str, str] | None = None) -> bool:
    """Whether one of a script's commands builds or pushes the image, or may do so.

    :param variables: those that the script sees as its environment, by name; capitals count as the shell has them.
    """
    return any(_command_may_build(command, image) for command in _commands(script, variables or {}))


def disclaims(line: str, image: OwnImage) -> bool:
    """Whether a comment behind a line says that what it does is another image: ``# not orders-api``."""
    return re.search(rf"#\s*not\s+{re.escape(image.name)}\s*$", line, re.IGNORECASE) is not None


def any_may_be(references: Iterable[str], image: OwnImage, registry: str = "") -> bool:
    """The same of image references, several to a text by comma or line."""
    return any(image.may_be(part, registry) for reference in references for part in re.split(r"[,\n]", reference) if part.strip())


def _commands(script: str, variables: Mapping[str, str]) -> Iterator[str]:
    upper = {name.upper(): value for name, value in variables.items()}

    def value(match: re.Match[str]) -> str:
        return upper.get((match["braced"] or match["powershell"] or match["plain"] or match["prompt"]).upper(), match[0])

    text = EXPRESSION.sub("${{}}", COMMENT.sub("", CONTINUED.sub(" ", script)))
    for _depth in range(3):
        text = SHELL_VARIABLE.sub(value, text)
    yield from (command for command in COMMAND_END.split(text) if command.strip())


def _command_may_build(command: str, image: OwnImage) -> bool:
    if NAMELESS.search(command):
        return True
    match = NAMING.search(command)
    if match is None:
        return False
    rest = command[match.end() :]
    registry = REGISTRY_OF_AZ.search(rest)
    tags = [tag["tag"] for tag in TAG.finditer(rest)]
    if pushed := PUSHED.search(match[0] + rest):
        tags += [word for word in pushed["rest"].split() if not word.startswith("-")]
    if "skopeo" in match[0]:
        tags += [word.removeprefix("docker://") for word in rest.split() if word.startswith("docker://")][-1:]
    return any_may_be(tags, image, registry["name"] if registry else "")


def _without_tag(path: str) -> str:
    """A repository's path without ``:tag`` and ``@digest``, also where these are values known later."""
    return re.split(r"[:@](?![^$]*\)\))", path, maxsplit=1)[0]
