"""Names of everything in Azure: how each is derived (Cloud Adoption Framework and the article), and what Azure accepts.

A check gives a sentence that says what to do about a name that Azure would not accept (reference section 4), or None.
"""

from __future__ import annotations

import hashlib
import re

from wizard.platform.language import _

TAG_PREFIX = "azwizard-"
SETUP_TAG = "azwizard-setup"
SECTION_TAG = "azwizard-section"
PROJECT_TAG = "azwizard-project"
ENVIRONMENT_TAG = "azwizard-environment"

MOST_TAGS = 30  # Azure takes 50 on a resource, some of which are this setup's own
VAULT_LENGTH = 24
REGISTRY_LENGTH = 50
STORAGE_LENGTH = 24
APP_LENGTH = 32
SHARE_LENGTH = 63


def setup(project: str, environment: str) -> str:
    """What one API's deployment in one environment is called, in tags, journals and confirmations."""
    return f"{project}-{environment}"


def resource_group(project: str, environment: str) -> str:
    return f"rg-{setup(project, environment)}"


def key_vault(project: str, environment: str) -> str:
    return f"kv-{setup(project, environment)}"


def registry(project: str, environment: str) -> str:
    return f"cr{_letters_and_digits(setup(project, environment))}"


def storage_account(project: str, environment: str) -> str:
    return f"st{_letters_and_digits(setup(project, environment))}"


def container_environment(project: str, environment: str) -> str:
    return f"cae-{setup(project, environment)}"


def container_app(project: str, environment: str) -> str:
    return f"capp-{setup(project, environment)}"


def identity(project: str, environment: str) -> str:
    return f"id-{setup(project, environment)}"


def file_share(designation: str, project: str, environment: str) -> str:
    return f"fileshare-{designation}-{setup(project, environment)}"


def designation(share: str, setup: str) -> str:
    """What a share of that name is for; "" when it is none of the setup's: the inverse of `file_share`."""
    named = re.fullmatch(rf"fileshare-(.+)-{re.escape(setup)}", share)
    return named[1] if named else ""


def environment_storage(designation: str, project: str, *, shared: bool = False) -> str:
    """The name under which an environment knows a share; in one shared with other projects it names the project."""
    return f"azure-files-{project}-{designation}" if shared else f"azure-files-{designation}"


def kebab_case(name: str) -> str:
    """A secret's name for a variable's: ``JWT_SIGNING_KEY`` gives ``jwt-signing-key``."""
    return re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-")


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def _rule(name: str, rule: str, sentence: str) -> str | None:
    return None if re.fullmatch(rule, name) else sentence.format(name=name)


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


def check_project(name: str) -> str | None:
    return _rule(
        name,
        r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        _("“{name}” cannot be a project's name: use 2 to 32 small letters, digits and single hyphens, and begin with a letter."),
    )


def check_environment_word(name: str) -> str | None:
    return _rule(
        name,
        r"(?=.{1,16}$)[a-z0-9]+(-[a-z0-9]+)*",
        _("“{name}” cannot be an environment: use up to 16 small letters, digits and single hyphens, such as dev."),
    )


def check_region(name: str) -> str | None:
    return _rule(
        name, r"[a-z]+[a-z0-9]*", _("“{name}” is not a region's short name: write it like westeurope, in small letters without blanks.")
    )


def check_resource_group(name: str) -> str | None:
    return _rule(
        name,
        r"(?=.{1,90}$)[-\w.()]*[-\w()]",
        _("“{name}” cannot be a resource group: use up to 90 letters, digits and _ - . ( ), and no dot at the end."),
    )


def check_key_vault(name: str) -> str | None:
    return _too_long(name, VAULT_LENGTH) or _rule(
        name,
        r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]",
        _("“{name}” cannot be a key vault: use 3 to 24 letters, digits and single hyphens between, and begin with a letter."),
    )


def check_registry(name: str) -> str | None:
    return _too_long(name, REGISTRY_LENGTH) or _rule(
        name, r"[a-z0-9]{5,50}", _("“{name}” cannot be a container registry: use 5 to 50 small letters and digits, no hyphens.")
    )


def check_storage_account(name: str) -> str | None:
    return _too_long(name, STORAGE_LENGTH) or _rule(
        name, r"[a-z0-9]{3,24}", _("“{name}” cannot be a storage account: use 3 to 24 small letters and digits, no hyphens.")
    )


def check_container_environment(name: str) -> str | None:
    return _too_long(name, APP_LENGTH) or _rule(
        name,
        r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        _("“{name}” cannot be a Container Apps environment: use 2 to 32 small letters, digits and single hyphens, a letter first."),
    )


def check_container_app(name: str) -> str | None:
    return _too_long(name, APP_LENGTH) or _rule(
        name,
        r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        _("“{name}” cannot be a container app: use 2 to 32 small letters, digits and single hyphens, and begin with a letter."),
    )


def check_identity(name: str) -> str | None:
    return _rule(
        name,
        r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
        _("“{name}” cannot be a managed identity: use 3 to 128 letters, digits, hyphens and underscores, no sign first."),
    )


def check_designation(name: str) -> str | None:
    return _rule(
        name,
        r"(?=.{1,19}$)[a-z0-9]+(-[a-z0-9]+)*",
        _("“{name}” cannot say what a share is for: use one short word of small letters and digits, such as db or logs."),
    )


def check_file_share(name: str) -> str | None:
    return _too_long(name, SHARE_LENGTH) or _rule(
        name,
        r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*",
        _("“{name}” cannot be a file share: use 3 to 63 small letters, digits and single hyphens."),
    )


def check_environment_storage(name: str) -> str | None:
    return _too_long(name, APP_LENGTH) or _rule(
        name,
        r"(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        _("“{name}” cannot be an environment's storage: use up to 32 small letters, digits and single hyphens, and begin with a letter."),
    )


def check_mount(path: str) -> str | None:
    return _rule(
        path,
        r"/[^:\s/][^:\x00-\x1f]*",
        _("“{name}” cannot be a folder in the container: write a path that begins with /, such as /app/data, without colons."),
    )


def check_secret(name: str) -> str | None:
    return _rule(
        name,
        r"(?=.{1,127}$)[a-z0-9]+(-[a-z0-9]+)*",
        _("“{name}” cannot be a secret's name: use small letters and digits with single hyphens between, such as {suggestion}.").replace(
            "{suggestion}", kebab_case(name) or "api-key"
        ),
    )


def check_secrets(names: tuple[str, ...]) -> str | None:
    """The first thing wrong with any of the names, which must differ from each other."""
    for name in names:
        if sentence := check_secret(name):
            return sentence
    twice = sorted({name for name in names if names.count(name) > 1})
    return _("The secret “{name}” stands there twice: name it once.").format(name=twice[0]) if twice else None


def check_variable(name: str) -> str | None:
    return _rule(
        name,
        r"[-._a-zA-Z][-._a-zA-Z0-9]*",
        _("“{name}” cannot be a variable's name: use letters, digits and underscores, and do not begin with a digit, such as LOG_LEVEL."),
    )


def check_image(name: str) -> str | None:
    return _rule(
        name,
        r"(?=.{1,255}$)[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*",
        _("“{name}” cannot be an image's name: use small letters and digits, with single . _ - or / between, such as orders-api."),
    )


def check_tag(tag: str) -> str | None:
    return _rule(
        tag,
        r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|sha256:[0-9a-f]{64}",
        _("“{name}” cannot be an image's tag: use up to 128 letters, digits and _ . - such as 1.4, or a digest (sha256:...)."),
    )


def shorten(name: str, limit: int) -> str:
    """`name` in at most `limit` characters: its beginning, then three digits of its hash so that two long names stay two."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 3].rstrip('-')}{_hash(name, 3)}"


def suffixed(name: str, setup: str, limit: int) -> str:
    """Another name to take when `name` is taken by others: always the same for a setup, in at most `limit` characters."""
    suffix = _hash(f"{setup}/{name}", 4)
    joint = "-" if "-" in name else ""
    return f"{name[: limit - len(suffix) - len(joint)].rstrip('-')}{joint}{suffix}"


def _too_long(name: str, limit: int) -> str | None:
    if len(name) <= limit:
        return None
    return _("“{name}” has {length} characters and Azure takes {limit}: use {short}, or give the project a shorter name.").format(
        name=name, length=len(name), limit=limit, short=shorten(name, limit)
    )


def _hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def tags(setup: str, section: str) -> dict[str, str]:
    """What every resource of a setup carries, so that it is known as the setup's and as a section's."""
    return {SETUP_TAG: setup, SECTION_TAG: section}
