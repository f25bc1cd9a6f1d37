"""The hand-off's script: what the administrator runs, with the Azure CLI, once or twice."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from wizard.cloud.permissions.conditions import only
from wizard.cloud.resource_ids import ROLES
from wizard.handoff.request import Grant, HandoffRequest
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.cloud.client import Principal
    from wizard.setup.answers import Answers

FUNCTIONS = r"""
# Runs a command again when Azure does not know a new identity everywhere yet.
retry() {
    left=10
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        echo "Not yet; trying again in 5 seconds." >&2
        sleep 5
    done
}

# Switches a service on for the subscription, unless it is.
switch_on() {
    [ "$(az provider show --namespace "$1" --query registrationState --output tsv)" = Registered ] ||
        az provider register --namespace "$1" --wait --output none
}
"""
LIMITED = r"""
# Gives the right to give some roles only (person, kind, role, place, condition), or widens the one that was given before ($6).
limited() {
    mine="[?principalId=='$1' && ends_with(roleDefinitionId, '$3')] | [0]"
    name=$(az role assignment list --scope "$4" --query "$mine.name" --output tsv)
    there=$(az role assignment list --scope "$4" --query "$mine.condition" --output tsv)
    if [ -z "$name" ]; then
        az role assignment create --assignee-object-id "$1" --assignee-principal-type "$2" --role "$3" --scope "$4" \
            --condition "$5" --condition-version 2.0 --output none
    elif [ "$there" = "$6" ]; then
        az role assignment update --output none --role-assignment \
            "{\"scope\": \"$4\", \"name\": \"$name\", \"condition\": \"$5\", \"conditionVersion\": \"2.0\"}"
    elif [ "$there" != "$5" ]; then
        echo "This right has another condition there, which stays: $there" >&2
        exit 1
    fi
}
"""


def render(request: HandoffRequest, answers: Answers, person: Principal) -> str:
    """The script (POSIX sh). Run again, it keeps what is there: a role that is given already stays as it is."""
    about = (
        _("Gives what {setup} lacks, and nothing else. Written by azwizard handoff.").format(setup=answers.project.setup),
        _("Sign in first (az login) as someone who may give roles, such as an owner. It can be run again: nothing is made twice."),
    )
    lines = ["#!/bin/sh", *(f"# {line}" for line in about), "set -eu", *FUNCTIONS.rstrip().split("\n"), ""]
    if any(grant.assignable for grant in request.grants):
        lines += [*LIMITED.strip().split("\n"), ""]
    lines.append(_line("az", "account", "set", "--subscription", answers.sign_in.subscription))
    lines += [_line("switch_on", namespace) for namespace in request.services]
    if request.group:
        lines += ["", *_group(request.group, answers)]
    if request.identity:
        lines += ["", *_identity(request.identity, answers)]
    for grant in request.grants:
        lines += ["", f"# {grant.words}", _assign(grant, person)]
    return "\n".join([*lines, "", _line("echo", _("Done: everything that was asked for is given.")), ""])


def _group(name: str, answers: Answers) -> list[str]:
    """The group, where there is none; one that is there keeps its tags."""
    tags = [f"{key}={value}" for key, value in answers.project.resource_tags("project").items()]
    make = _line("az", "group", "create", "--name", name, "--location", answers.project.region, "--tags", *tags, "--output", "none")
    return [f"{_line('az', 'group', 'show', '--name', name, '--output', 'none')} 2>/dev/null ||", f"    {make}"]


def _identity(name: str, answers: Answers) -> list[str]:
    """The app's identity, where there is none, and the id under which it gets its roles."""
    where = ["--name", name, "--resource-group", answers.project.resource_group]
    tags = [f"{key}={value}" for key, value in answers.project.resource_tags("identity").items()]
    show = _line("az", "identity", "show", *where, "--output", "none")
    make = _line("az", "identity", "create", *where, "--location", answers.project.region, "--tags", *tags, "--output", "none")
    ask = _line("az", "identity", "show", *where, "--query", "principalId", "--output", "tsv")
    return [f"{show} 2>/dev/null ||", f"    {make}", f"APP=$({ask})"]


def _assign(grant: Grant, person: Principal) -> str:
    create = "az role assignment create --assignee-object-id"
    what = ["--role", ROLES.get(grant.role, grant.role), "--scope", grant.scope]
    if grant.to == "app":
        return f'retry {create} "$APP" {_line("--assignee-principal-type", "ServicePrincipal", *what, "--output", "none")}'
    if grant.assignable:
        condition = only(ROLES.get(role, role) for role in grant.assignable)
        return _line("limited", person.object_id, person.kind, ROLES[grant.role], grant.scope, condition, grant.earlier)
    return f"{create} {_line(person.object_id, '--assignee-principal-type', person.kind, *what, '--output', 'none')}"


def _line(*argv: str) -> str:
    return shlex.join(argv)
