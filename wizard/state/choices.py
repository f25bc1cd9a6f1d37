"""What there is in Azure to choose from, for the questions that have such a list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.platform.shown import Shown
from wizard.state import rules
from wizard.state.environment_fitness import unfit
from wizard.state.resources import ENVIRONMENT, REGISTRY, STORAGE, VAULT

if TYPE_CHECKING:
    from wizard.cloud import Cloud, Subscription
    from wizard.setup.answers import Answers


@dataclass(frozen=True)
class Choice(Shown):
    """One thing to choose.

    :param value: what is written into the setup.
    :param words: what is shown.
    :param also: other answers that come with it, such as that it exists already.
    """

    value: str
    words: str
    also: tuple[tuple[str, Any], ...] = ()


Pages = AsyncIterator[list[Choice]]


async def subscriptions(cloud: Cloud, _answers: Answers) -> Pages:
    async for page in cloud.subscription_pages():
        yield subscription_choices(page)


def subscription_choices(found: Iterable[Subscription]) -> list[Choice]:
    """By name; the id is written, since two may have one name."""
    return _by_name(Choice(match.id, f"{match.name}  {match.id}") for match in found)


async def tenants(cloud: Cloud, _answers: Answers) -> Pages:
    tenants_seen = [tenant async for tenant in cloud.subscriptions.tenants.list()]
    yield [
        Choice(str(match.tenant_id), f"{match.display_name or match.default_domain or ''}  {match.tenant_id}".strip())
        for match in tenants_seen
    ]


async def regions(cloud: Cloud, _answers: Answers) -> Pages:
    """The regions that offer Container Apps, and that the subscription may use: students and others may use a few only."""
    provider, assignments = await asyncio.gather(cloud.resources.providers.get("Microsoft.App"), rules.policy_assignments(cloud))
    allowed = rules.allowed_regions(assignments)
    kinds = {str(resource_type.resource_type).lower(): resource_type.locations or [] for resource_type in provider.resource_types or []}
    names = kinds.get("managedenvironments", [])
    by_name = {name.replace(" ", "").lower(): name for name in sorted(names)}
    yield [Choice(short, f"{name}  ({short})") for short, name in by_name.items() if allowed is None or short in allowed]


async def groups(cloud: Cloud, _answers: Answers) -> Pages:
    """A new group under the derived name, and the groups there are."""
    yield [_new("project.existing_group")]
    async for page in cloud.resources.resource_groups.list().by_page():
        yield _by_name(
            [Choice(str(item.name), f"{item.name}  ({item.location})", (("project.existing_group", True),)) async for item in page]
        )


def existing(kind: str, table: str) -> Callable[[Cloud, Answers], Pages]:
    """A new one, or those of a kind that the subscription has."""

    def choice(name: str, group: str) -> Choice:
        return Choice(name, f"{name}  ({group})", ((f"{table}.existing", True), (f"{table}.resource_group", group)))

    async def read(cloud: Cloud, _answers: Answers) -> Pages:
        yield [_new(f"{table}.existing", f"{table}.resource_group")]
        async for page in cloud.resources.resources.list(filter=f"resourceType eq '{kind}'").by_page():
            yield _by_name([choice(str(item.name), str(item.id).split("/")[4]) async for item in page])

    return read


async def environments(cloud: Cloud, answers: Answers) -> Pages:
    """As `existing`; those that cannot carry the app, such as Express ones, come last and say why."""
    from azure.core.exceptions import HttpResponseError

    reasons: dict[str, str] = {}
    try:
        async for environment in cloud.apps.managed_environments.list_by_subscription():
            if (why := unfit(environment.as_dict().get("properties") or {})) is not None:
                reasons[str(environment.name).lower()] = why.note
    except HttpResponseError:
        reasons = {}  # where Container Apps are not switched on, or may not be read, the list of resources tells all there is to tell
    async for page in existing(ENVIRONMENT, "environment")(cloud, answers):
        yield [
            replace(choice, words=f"{choice.words}  {reason}") if (reason := reasons.get(choice.value.lower())) else choice
            for choice in sorted(page, key=lambda choice: choice.value.lower() in reasons)
        ]


async def organizations(cloud: Cloud, _answers: Answers) -> Pages:
    """The Azure DevOps organizations that the account belongs to."""
    yield _named(await cloud.devops("").organizations())


async def devops_projects(cloud: Cloud, answers: Answers) -> Pages:
    """The projects of the chosen organization."""
    if organization := answers.pipeline.organization:
        yield _named(sorted(str(project["name"]) for project in await cloud.devops(organization).projects()))


async def repository_owners(cloud: Cloud, _answers: Answers) -> Pages:
    """The accounts on GitHub whose repositories the token sees."""
    found = await (await cloud.github("", "")).repositories()
    yield _named(sorted({str(match["owner"]["login"]) for match in found}))


async def repositories(cloud: Cloud, answers: Answers) -> Pages:
    """The repositories of the chosen project, or of the chosen account on GitHub."""
    pipeline = answers.pipeline
    if pipeline.build == "github":
        mine = [item for item in await (await cloud.github("", "")).repositories() if item["owner"]["login"] == pipeline.owner]
        yield _named(sorted(str(match["name"]) for match in mine))
    elif pipeline.organization:
        names = await cloud.devops(pipeline.organization).repositories(pipeline.project)
        yield _named(sorted(str(match["name"]) for match in names))


async def images(cloud: Cloud, answers: Answers) -> Pages:
    """The images in the registry."""
    if server := await _login_server(cloud, answers):
        yield _named(await cloud.registry.repositories(server))


async def image_tags(cloud: Cloud, answers: Answers) -> Pages:
    """The tags of the image in the registry, the newest first."""
    if server := await _login_server(cloud, answers):
        async for page in cloud.registry.tag_pages(server, answers.pipeline.image):
            yield _named(page)


async def _login_server(cloud: Cloud, answers: Answers) -> str:
    from azure.core.exceptions import ResourceNotFoundError

    group = answers.registry.resource_group if answers.registry.existing else answers.project.resource_group
    try:
        return str((await cloud.registries.registries.get(group, answers.registry.name)).login_server)
    except ResourceNotFoundError:
        return ""


def matching(choices: Iterable[Choice], text: str) -> list[Choice]:
    """Those that hold every word of what was typed, in any order and case."""
    matches = list(choices)
    for word in text.casefold().split():
        matches = [match for match in matches if word in match.words.casefold()]
    return matches


def in_order(where: str, choices: Sequence[Choice]) -> list[Choice]:
    """A list whose pages have all come: by name, after what makes a new one; tags stay the newest first."""
    return list(choices) if where == "pipeline.tag" else _by_name(choices)


def _by_name(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: (choice.value != "", choice.words.casefold()))


def _named(names: Iterable[str]) -> list[Choice]:
    return [Choice(name, name) for name in names]


def _new(existing_key: str, group_key: str = "") -> Choice:
    return Choice("", _("make a new one"), ((existing_key, False), *(((group_key, ""),) if group_key else ())))


DEPENDS: dict[str, Callable[[Answers], object]] = {
    "pipeline.project": lambda answers: answers.pipeline.organization,
    "pipeline.repository": lambda answers: [getattr(answers.pipeline, key) for key in ("build", "organization", "project", "owner")],
    "pipeline.image": lambda answers: answers.registry,
    "pipeline.tag": lambda answers: (answers.registry, answers.pipeline.image),
}
"""Lists that are about what other answers name."""


def outdated(before: Answers, after: Answers) -> list[str]:
    """The lists that are about something else after answers changed."""
    return [where for where, named in DEPENDS.items() if named(before) != named(after)]


LIVE: dict[str, Callable[[Cloud, Answers], Pages]] = {
    "sign_in.subscription": subscriptions,
    "sign_in.tenant": tenants,
    "project.region": regions,
    "project.resource_group": groups,
    "key_vault.name": existing(VAULT, "key_vault"),
    "registry.name": existing(REGISTRY, "registry"),
    "storage.account": existing(STORAGE, "storage"),
    "environment.name": environments,
    "pipeline.organization": organizations,
    "pipeline.project": devops_projects,
    "pipeline.owner": repository_owners,
    "pipeline.repository": repositories,
    "pipeline.image": images,
    "pipeline.tag": image_tags,
}
"""Key in azwizard.toml -> reads its list, page by page. Raises what the SDK raises, and CloudError."""

EARLY = tuple(where for where in LIVE if not where.startswith("pipeline."))
"""Those that ask Resource Manager alone, and depend on no other answer: they can be read as soon as someone is signed in."""
