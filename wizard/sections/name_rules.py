"""Which names Azure and the setup file take, as one table: what checks a typed answer is also the pattern in the JSON Schema.

What Azure takes is read from "Naming rules and restrictions for Azure resources" (reference section 4).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from wizard.platform.language import N_, _

MOST_PATH = 1024  # bytes
MOST_TAGS = 30  # Azure takes 50 on a resource, some of which are this setup's own
TAG_PREFIX = "azwizard-"  # of the names of our own tags


@dataclass(frozen=True)
class NameRule:
    """One rule. Called with a name it gives a sentence that says what to do about a wrong one, or None.

    :param pattern: of the whole name, in what Python and ECMA 262 (JSON Schema) have in common.
    :param sentence: with ``{name}`` and perhaps ``{suggestion}``, marked with ``N_``.
    :param longest: the characters that Azure takes; a longer name is refused with a shorter one to use.
    :param suggest: a right name that is close to a wrong one.
    :param editor_pattern: where the two languages differ, what an editor checks: nothing that `pattern` takes may fail it.
    """

    pattern: str
    sentence: str
    longest: int = 0
    suggest: Callable[[str], str] = lambda name: name
    editor_pattern: str = ""

    def __call__(self, name: str) -> str | None:
        if self.longest and len(name) > self.longest:
            words = _("“{name}” has {length} characters and Azure takes {limit}: use {short}, or give the project a shorter name.")
            return words.format(name=name, length=len(name), limit=self.longest, short=shorten(name, self.longest))
        if re.fullmatch(self.pattern, name):
            return None
        return self.words_for(name)

    def words_for(self, name: str) -> str:
        """What is said of a wrong name."""
        return _(self.sentence).format(name=name, suggestion=self.suggest(name))

    @property
    def schema_pattern(self) -> str:
        """For an editor; an empty text is no name yet, and right where the name is derived."""
        return f"^(?:{self.editor_pattern or self.pattern})?$"


@dataclass(frozen=True)
class DistinctNames:
    """A rule for each name of a list, which must differ from each other. Called with the list as a `NameRule` with a name."""

    rule: NameRule
    twice: str

    def __call__(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            if sentence := self.rule(name):
                return sentence
        alike = [name.lower().strip("-") for name in names]  # Azure tells no capitals apart, and an app takes no hyphen at an end
        repeated = sorted({name for name in names if alike.count(name.lower()) > 1})
        return _(self.twice).format(name=repeated[0]) if repeated else None


def shorten(name: str, limit: int) -> str:
    """`name` in at most `limit` characters: its beginning, then three digits of its hash so that two long names stay two."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 3].rstrip('-')}{short_hash(name, 3)}"


def short_hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def kebab_case(name: str) -> str:
    """A secret's name for a variable's: ``JWT_SIGNING_KEY`` gives ``jwt-signing-key``."""
    return re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-")


def check_path(path: str) -> str | None:
    """What file systems take: 255 bytes between two slashes (Linux, macOS), and 4,095 in all with where the setup file lies."""
    if len(path.encode()) <= MOST_PATH and all(len(part.encode()) <= 255 for part in path.split("/")):
        return None
    return _("this path is too long for any folder: it has {count} characters.").format(count=len(path))


def check_tags(tags: dict[str, str]) -> str | None:
    """What Azure takes as tags (learn.microsoft.com, Use tags to organize your Azure resources); storage accounts set a name's length."""
    if len(tags) > MOST_TAGS:
        return _("at most {count} tags, please.").format(count=MOST_TAGS)
    for name, value in tags.items():
        if not name or len(name) > 128 or re.search(r"[<>%&\\?/]", name):
            return _("“{name}” cannot be a tag: 1 to 128 characters without < > % & \\ ? /.").format(name=name)
        if name.lower().startswith((TAG_PREFIX, "azure", "microsoft", "windows")):
            return _("“{name}” cannot be a tag: names that begin with azwizard-, azure, microsoft or windows are taken.").format(name=name)
        if len(value) > 256:
            return _("the value of the tag “{name}” may have 256 characters at most.").format(name=name)
    return None


PROJECT = NameRule(
    r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    N_("“{name}” cannot be a project's name: use 2 to 32 small letters, digits and single hyphens, and begin with a letter."),
)
ENVIRONMENT_WORD = NameRule(
    r"(?=.{1,16}$)[a-z0-9]+(-[a-z0-9]+)*",
    N_("“{name}” cannot be an environment: use up to 16 small letters, digits and single hyphens, such as dev."),
)
REGION = NameRule(
    r"[a-z]+[a-z0-9]*", N_("“{name}” is not a region's short name: write it like westeurope, in small letters without blanks.")
)
RESOURCE_GROUP = NameRule(
    r"(?=.{1,90}$)[-\w.()]*[-\w()]",
    N_("“{name}” cannot be a resource group: use up to 90 letters, digits and _ - . ( ), and no dot at the end."),
    editor_pattern=r"(?=.{1,90}$)[^\x00-\x20!-'*-,/:-@\[-^`{-\x7f]*[^\x00-\x20!-'*-,./:-@\[-^`{-\x7f]",
)
KEY_VAULT = NameRule(
    r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]",
    N_("“{name}” cannot be a key vault: use 3 to 24 letters, digits and single hyphens between, and begin with a letter."),
    longest=24,
)
REGISTRY = NameRule(
    r"[A-Za-z0-9]{5,50}", N_("“{name}” cannot be a container registry: use 5 to 50 letters and digits, no hyphens."), longest=50
)
STORAGE_ACCOUNT = NameRule(
    r"[a-z0-9]{3,24}", N_("“{name}” cannot be a storage account: use 3 to 24 small letters and digits, no hyphens."), longest=24
)
CONTAINER_ENVIRONMENT = NameRule(
    r"(?=.{2,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    N_("“{name}” cannot be a Container Apps environment: use 2 to 60 small letters, digits and single hyphens, a letter first."),
    longest=60,
)
CONTAINER_APP = NameRule(
    r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    N_("“{name}” cannot be a container app: use 2 to 32 small letters, digits and single hyphens, and begin with a letter."),
    longest=32,
)
IDENTITY = NameRule(
    r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
    N_("“{name}” cannot be a managed identity: use 3 to 128 letters, digits, hyphens and underscores, no sign first."),
)
DESIGNATION = NameRule(
    r"(?=.{1,19}$)[a-z0-9]+(-[a-z0-9]+)*",
    N_("“{name}” cannot say what a share is for: use one short word of small letters and digits, such as db or logs."),
)
FILE_SHARE = NameRule(
    r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*",
    N_("“{name}” cannot be a file share: use 3 to 63 small letters, digits and single hyphens."),
    longest=63,
)
ENVIRONMENT_STORAGE = NameRule(
    r"(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    N_("“{name}” cannot be an environment's storage: use up to 32 small letters, digits and single hyphens, and begin with a letter."),
    longest=32,
)
MOUNT = NameRule(
    r"(?!.*/\.\.?(/|$))/[^:\s/][^:\x00-\x1f]*",
    N_("“{name}” cannot be a folder in the container: write a path that begins with /, such as /app/data, without colons and dots alone."),
)
SECRET = NameRule(
    r"(?=.{1,127}$)[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?",
    N_("“{name}” cannot be a secret's name: use letters and digits with hyphens between, such as {suggestion}."),
    suggest=lambda name: kebab_case(name) or "api-key",
)
VARIABLE = NameRule(
    r"[-._a-zA-Z][-._a-zA-Z0-9]*",
    N_("“{name}” cannot be a variable's name: use letters, digits and underscores, and do not begin with a digit, such as LOG_LEVEL."),
)
IMAGE = NameRule(
    r"(?=.{1,255}$)[a-z0-9]+(([._/]|__|-+)[a-z0-9]+)*",
    N_("“{name}” cannot be an image's name: use small letters and digits, with single . _ - or / between, such as orders-api."),
)
TAG = NameRule(
    r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|sha256:[0-9a-f]{64}",
    N_("“{name}” cannot be an image's tag: use up to 128 letters, digits and _ . - such as 1.4, or a digest (sha256:...)."),
)
EXISTING_SECRET = NameRule(r"(?!-+$)[0-9A-Za-z-]{1,127}", N_("“{name}” cannot be a secret's name: use letters, digits and hyphens."))
"""One that a vault has already, which may begin and end with hyphens; `SECRET` is for the names that are made here, which an app takes."""
TENANT = NameRule(
    r"[A-Za-z0-9.-]{1,253}", N_("“{name}” is no organisation of Microsoft Entra: write its domain, such as contoso.com, or its id.")
)
ORGANIZATION = NameRule(
    r"[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?",
    N_("“{name}” is no organisation in Azure DevOps: it has up to 50 letters, digits and hyphens, as in dev.azure.com/contoso."),
)
DEVOPS_PROJECT = NameRule(
    r"""(?=.{1,64}$)(?![_.])[^\\/:*?"'<>;#$*{},+=\[\]|\x00-\x1f\x7f]*[^\\/:*?"'<>;#$*{},+=\[\]|\x00-\x1f\x7f.]""",
    N_("“{name}” is no project in Azure DevOps: it has up to 64 letters, digits, blanks and - _ . between, such as Orders."),
)
DEVOPS_REPOSITORY = NameRule(
    r"""(?=.{1,64}$)(?![_.])[^\\/:*?"<>;#${},+=\[\]|\x00-\x1f\x7f]*[^\\/:*?"<>;#${},+=\[\]|\x00-\x1f\x7f.]""",
    N_("“{name}” is no repository in Azure DevOps: it has up to 64 letters, digits, blanks and - _ . between, such as orders-api."),
)
"""Both as "Naming restrictions and conventions" (learn.microsoft.com, Azure DevOps) has them."""
GITHUB_REPOSITORY = NameRule(
    r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}",
    N_("“{name}” is no repository on GitHub: it has up to 100 letters, digits and . _ -, as in github.com/contoso/orders."),
)
SECRETS = DistinctNames(EXISTING_SECRET, N_("The secret “{name}” stands there twice: name it once."))
