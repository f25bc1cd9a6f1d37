"""What belongs to a setup and what to others: the tag that tells, and what is said when a name is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wizard.engine.step import Observation, Step, blocked, conflict, missing, same
from wizard.platform.language import _
from wizard.sections import naming

if TYPE_CHECKING:
    from wizard.sections.name_rules import NameRule
    from wizard.sections.project import Project
    from wizard.state.snapshot import Snapshot


def owner(resource: Any) -> str | None:
    """The setup whose tag a resource carries, or None."""
    return (getattr(resource, "tags", None) or {}).get(naming.SETUP_TAG)


def exists_already(what: str, name: str, table: str, resource: Any, *, key: str = "existing") -> Observation:
    """A resource of the wanted name that this setup did not make: both ways out.

    :param what: such as “key vault”, in the person's language.
    :param table: the table of azwizard.toml that names it, and `key` what says that it is given.
    """
    other = owner(resource)
    why = (
        _("The {what} {name} belongs to another setup, {other}.").format(what=what, name=name, other=other)
        if other
        else _("There is a {what} {name} already, and this setup did not make it.").format(what=what, name=name)
    )
    return conflict(
        why,
        _("To use it as it is, write {key} = true under [{table}] of azwizard.toml; otherwise choose another name there.").format(
            key=key, table=table
        ),
        note=_("taken: it exists already"),
    )


def name_taken(what: str, name: str, where: str, free: str) -> Observation:
    """A name that must be unique in all of Azure and that others have; `free` is offered instead."""
    table, _dot, key = where.partition(".")
    return conflict(
        _("Someone else in Azure has a {what} called {name}: such a name exists only once.").format(what=what, name=name),
        _('Choose another, for instance {key} = "{free}" under [{table}] of azwizard.toml.').format(key=key, free=free, table=table),
        note=_("taken by someone else"),
        instead=free,
    )


def look_available(detail: str, free: bool | None) -> Observation:
    """Something that is not there yet, under a name that nobody has, or that could not be asked about."""
    return missing(detail, note=_("nobody uses this name") if free else "")


def look_absent(what: str, name: str, group: str, table: str) -> Observation:
    """Something that should exist already and does not."""
    return blocked(
        _("There is no {what} {name} in the resource group {group}, although azwizard.toml says that it exists.").format(
            what=what, name=name, group=group
        ),
        _("Correct name or resource_group under [{table}], or remove existing = true to have it made.").format(table=table),
        note=_("there is none of this name"),
    )


async def name_is_free(snapshot: Snapshot, kind: str, name: str) -> bool | None:
    """Whether a name that must be unique in all of Azure can be taken; None when the person may not ask, and making it will tell."""
    from azure.core.exceptions import HttpResponseError

    try:
        return (await snapshot.name_free(kind, name)).free
    except HttpResponseError as error:
        if error.status_code != 403:
            raise
        return None


def look_existing(name: str) -> Observation:
    """Something that exists and belongs to others."""
    return same(_("{name} was there before and is used as it is").format(name=name), note=_("there: used as it is"), ours=False)


def look_kept(name: str) -> str:
    """Why something is not deleted: it belongs to others."""
    return _("{name} was not made by this setup: it stays.").format(name=name)


class UniquelyNamedStep(Step):
    """The base of steps that make a resource whose name exists only once in all of Azure: vault, registry, storage account.

    It says of the name whether it is this setup's, free, taken, or given by others; what else there is to look at, a subclass says.

    :param kind: such as ``Microsoft.KeyVault/vaults``.
    :param noun: what it is called in plain words, marked with ``N_``.
    :param name_key: the key that names it in the section's table.
    """

    kind: ClassVar[str]
    noun: ClassVar[str]
    name_key: ClassVar[str] = "name"
    name_rule: ClassVar[NameRule]

    def __init__(self, project: Project, name: str, group: str, *, existing: bool) -> None:
        self._project = project
        self._name = name
        self._group = group
        self._is_given = existing

    async def look_for_name(self, snapshot: Snapshot) -> Observation:
        """What is said where there is no such resource (yet)."""
        if self._is_given:
            return look_absent(_(self.noun), self._name, self._group, self.section)
        is_free = await name_is_free(snapshot, self.kind, self._name)
        if is_free is False:
            return await self.look_at_taken_name(snapshot)
        return look_available(self._project.region, is_free)

    async def look_at_taken_name(self, snapshot: Snapshot) -> Observation:
        """What is said of a name that someone has already."""
        return name_taken(_(self.noun), self._name, f"{self.section}.{self.name_key}", self.other_name)

    @property
    def other_name(self) -> str:
        """Another name to take: always the same for a setup."""
        return naming.suffixed(self._name, self._project.setup, self.name_rule.longest)

    def look_foreign(self, snapshot: Snapshot, resource: Any) -> Observation | None:
        """What is said of a resource of that name that this setup did not make, and that is not meant to be given; None otherwise."""
        if self._is_given or snapshot.is_ours(resource):
            return None
        return exists_already(_(self.noun), self._name, self.section, resource)

    def why_kept(self, resource: Any) -> str | None:
        """Why `undo` leaves a resource alone: it belongs to others. None when it is this setup's."""
        is_ours = not self._is_given and owner(resource) == self._project.setup
        return None if is_ours else look_kept(self._name)
