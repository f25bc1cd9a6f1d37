"""What belongs to a setup and what to others: the tag that tells, and what is said when a name is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.engine.step import Observation, blocked, conflict, missing, same
from wizard.platform.language import _
from wizard.sections import naming

if TYPE_CHECKING:
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
