"""What there is in Azure to choose from, for the questions that have such a list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.language import _
from wizard.targets import ENVIRONMENT, REGISTRY, STORAGE, VAULT

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.cloud import Cloud, Subscription


@dataclass(frozen=True)
class Choice:
    """One thing to choose.

    :param value: what is written into the setup.
    :param words: what is shown.
    :param also: other answers that come with it, such as that it exists already.
    """

    value: str
    words: str
    also: tuple[tuple[str, Any], ...] = ()


async def subscriptions(cloud: Cloud, _answers: Answers) -> list[Choice]:
    return subscription_choices(await cloud.every_subscription())


def subscription_choices(found: Iterable[Subscription]) -> list[Choice]:
    """By name; the id is written, since two may have one name."""
    return sorted((Choice(it.id, f"{it.name}  {it.id}") for it in found), key=lambda it: it.words.casefold())


async def tenants(cloud: Cloud, _answers: Answers) -> list[Choice]:
    found = [it async for it in cloud.subscriptions.tenants.list()]
    return [Choice(str(it.tenant_id), f"{it.display_name or it.default_domain or ''}  {it.tenant_id}".strip()) for it in found]


async def regions(cloud: Cloud, _answers: Answers) -> list[Choice]:
    """The regions that offer Container Apps."""
    provider = await cloud.resources.providers.get("Microsoft.App")
    kinds = {str(it.resource_type).lower(): it.locations or [] for it in provider.resource_types or []}
    names = kinds.get("managedenvironments", [])
    return [Choice(name.replace(" ", "").lower(), f"{name}  ({name.replace(' ', '').lower()})") for name in sorted(names)]


async def groups(cloud: Cloud, answers: Answers) -> list[Choice]:
    """A new group under the derived name, and the groups there are."""
    found = sorted([it async for it in cloud.resources.resource_groups.list()], key=lambda it: str(it.name).lower())
    existing = [Choice(str(it.name), f"{it.name}  ({it.location})", (("project.existing_group", True),)) for it in found]
    return [_new("project.existing_group"), *existing]


def existing(kind: str, table: str) -> Callable[[Cloud, Answers], Awaitable[list[Choice]]]:
    """A new one, or those of a kind that the subscription has."""

    async def read(cloud: Cloud, answers: Answers) -> list[Choice]:
        pages = cloud.resources.resources.list(filter=f"resourceType eq '{kind}'")
        found = sorted([it async for it in pages], key=lambda it: str(it.name).lower())
        choices = []
        for it in found:
            group = str(it.id).split("/")[4]
            choices.append(Choice(str(it.name), f"{it.name}  ({group})", ((f"{table}.existing", True), (f"{table}.resource_group", group))))
        return [_new(f"{table}.existing", f"{table}.resource_group"), *choices]

    return read


async def organizations(cloud: Cloud, _answers: Answers) -> list[Choice]:
    """The Azure DevOps organizations that the account belongs to."""
    return [Choice(name, name) for name in await cloud.devops("").organizations()]


async def devops_projects(cloud: Cloud, answers: Answers) -> list[Choice]:
    """The projects of the chosen organization."""
    organization = answers.pipeline.organization
    names = sorted(str(it["name"]) for it in await cloud.devops(organization).projects()) if organization else []
    return [Choice(name, name) for name in names]


async def repositories(cloud: Cloud, answers: Answers) -> list[Choice]:
    """The repositories of the chosen project."""
    pipeline = answers.pipeline
    found = await cloud.devops(pipeline.organization).repositories(pipeline.project) if pipeline.organization else []
    return [Choice(name, name) for name in sorted(str(it["name"]) for it in found)]


async def images(cloud: Cloud, answers: Answers) -> list[Choice]:
    """The images in the registry."""
    server = await _login_server(cloud, answers)
    return [Choice(name, name) for name in await cloud.registry.repositories(server)] if server else []


async def image_tags(cloud: Cloud, answers: Answers) -> list[Choice]:
    """The tags of the image in the registry."""
    server = await _login_server(cloud, answers)
    return [Choice(tag, tag) for tag in await cloud.registry.tags(server, answers.pipeline.image)] if server else []


async def _login_server(cloud: Cloud, answers: Answers) -> str:
    from azure.core.exceptions import ResourceNotFoundError

    group = answers.registry.resource_group if answers.registry.existing else answers.project.resource_group
    try:
        return str((await cloud.registries.registries.get(group, answers.registry.name)).login_server)
    except ResourceNotFoundError:
        return ""


def matching(choices: Iterable[Choice], text: str) -> list[Choice]:
    """Those that hold every word of what was typed, in any order and case."""
    words = text.casefold().split()
    return [it for it in choices if all(word in it.words.casefold() for word in words)]


def _new(existing_key: str, group_key: str = "") -> Choice:
    return Choice("", _("make a new one"), ((existing_key, False), *(((group_key, ""),) if group_key else ())))


DEPENDS: dict[str, Callable[[Answers], object]] = {
    "pipeline.project": lambda answers: answers.pipeline.organization,
    "pipeline.repository": lambda answers: (answers.pipeline.organization, answers.pipeline.project),
    "pipeline.image": lambda answers: answers.registry,
    "pipeline.tag": lambda answers: (answers.registry, answers.pipeline.image),
}
"""Lists that are about what other answers name."""


def outdated(before: Answers, after: Answers) -> set[str]:
    """The lists that are about something else after answers changed."""
    return {where for where, named in DEPENDS.items() if named(before) != named(after)}


LIVE: dict[str, Callable[[Cloud, Answers], Awaitable[list[Choice]]]] = {
    "sign_in.subscription": subscriptions,
    "sign_in.tenant": tenants,
    "project.region": regions,
    "project.resource_group": groups,
    "key_vault.name": existing(VAULT, "key_vault"),
    "registry.name": existing(REGISTRY, "registry"),
    "storage.account": existing(STORAGE, "storage"),
    "environment.name": existing(ENVIRONMENT, "environment"),
    "pipeline.organization": organizations,
    "pipeline.project": devops_projects,
    "pipeline.repository": repositories,
    "pipeline.image": images,
    "pipeline.tag": image_tags,
}
"""Key in azwizard.toml -> reads its list. Raises what the SDK raises, and CloudError."""
