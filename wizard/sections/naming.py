"""Names of everything in Azure: how each is derived (Cloud Adoption Framework and the article); `name_rules` says what Azure accepts."""

from __future__ import annotations

import re

from wizard.sections import name_rules

SETUP_TAG = "azwizard-setup"
SECTION_TAG = "azwizard-section"
PROJECT_TAG = "azwizard-project"
ENVIRONMENT_TAG = "azwizard-environment"
RUN_TAG = "azwizard-run"
PAUSED_TAG = "azwizard-paused"
RELEASE_TAG = "azwizard-release-"
"""How the tags of an app begin that note its releases (`wizard.state.releases`)."""


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


def job(project: str, environment: str) -> str:
    return f"caj-{setup(project, environment)}"


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


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def app_secret(name: str) -> str:
    """What an app calls a secret of the vault: Container Apps takes small letters, and a vault tells no capitals apart."""
    return name.lower().strip("-")


def suffixed(name: str, setup: str, limit: int) -> str:
    """Another name to take when `name` is taken by others: always the same for a setup, in at most `limit` characters."""
    suffix = name_rules.short_hash(f"{setup}/{name}", 4)
    joint = "-" if "-" in name else ""
    return f"{name[: limit - len(suffix) - len(joint)].rstrip('-')}{joint}{suffix}"


def tags(setup: str, section: str) -> dict[str, str]:
    """What every resource of a setup carries, so that it is known as the setup's and as a section's."""
    return {SETUP_TAG: setup, SECTION_TAG: section}
