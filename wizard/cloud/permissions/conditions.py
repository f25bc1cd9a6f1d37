"""Conditions on the right to assign roles: the one that azwizard asks for, and what others of the same shape let a person do.

The portal writes the same shape where an owner constrains roles and principal types (reference 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def only(role_ids: Iterable[str]) -> str:
    """The condition that lets its holder assign and take back these roles only, and only for apps (service principals)."""
    roles = ", ".join(sorted(role_ids))
    return " AND ".join(_part(verb, source, roles) for verb, source in (("write", "Request"), ("delete", "Resource")))


def _part(verb: str, source: str, roles: str) -> str:
    which = f"@{source}[{ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{roles}}}"
    whom = f"@{source}[{ASSIGNMENTS}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal'}}"
    return f"((!(ActionMatches{{'{ASSIGNMENTS}/{verb}'}})) OR ({which} AND {whom}))"


def _pattern() -> re.Pattern[str]:
    """A condition of that shape without its blanks, with any values; what it says of kinds, and of taking back, may be missing."""
    values = r"\{([^{}]*)\}"
    which = rf"@%s\[{ASSIGNMENTS}:RoleDefinitionId\]ForAnyOfAnyValues:GuidEquals{values}"
    whom = rf"(?:AND@%s\[{ASSIGNMENTS}:PrincipalType\]ForAnyOfAnyValues:StringEqualsIgnoreCase{values})?"
    part = rf"\(\(!\(ActionMatches\{{'{ASSIGNMENTS}/%s'\}}\)\)OR\({which}{whom}\)\)"
    return re.compile(f"{part % ('write', 'Request', 'Request')}(?:AND{part % ('delete', 'Resource', 'Resource')})?", re.IGNORECASE)


_SHAPE = _pattern()


def lets_assign(condition: str, role_id: str, kind: str) -> bool | None:
    """Whether the condition lets its holder assign that role to a principal of that kind; None for a condition of another shape.

    :param kind: ``User`` or ``ServicePrincipal``.
    """
    match = _SHAPE.fullmatch("".join(condition.split()))
    if match is None:
        return None
    return role_id.lower() in _values(match[1]) and (match[2] is None or kind.lower() in _values(match[2]))


def assignable_roles(condition: str) -> set[str] | None:
    """The ids of the roles that a condition lets its holder assign to apps; None for another shape, or for one that is not for apps."""
    match = _SHAPE.fullmatch("".join(condition.split()))
    if match is None or (match[2] is not None and _values(match[2]) != {"serviceprincipal"}):
        return None
    return _values(match[1])


def limits_assigning_only(condition: str) -> bool:
    """Whether a condition is of that shape, and so lets its holder do everything else that the role gives."""
    return _SHAPE.fullmatch("".join(condition.split())) is not None


def _values(listed: str) -> set[str]:
    return {value.strip("'").lower() for value in listed.split(",")}
