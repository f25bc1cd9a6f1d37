"""What must be there before anything can be made in Azure, and what to send to who can give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.language import _

if TYPE_CHECKING:
    from wizard.desk import Desk

NEEDED = {"subscription": "https://azure.microsoft.com/free", "organization": "https://aex.dev.azure.com"}
"""Where a person makes one: a free subscription; an Azure DevOps organization, free for up to five people."""


def ask_for_subscription(desk: Desk, account: str) -> str:
    """A message to whoever has a subscription.

    :param account: who asks, as Azure knows them; "" when that is not known.
    """
    project = desk.reading.answers.project
    lines = [
        _("Hello,"),
        "",
        _("I would like to put the API {name} on Azure (Container Apps). My account sees no subscription.").format(
            name=project.name or project.source
        ),
        *([_("My account: {account}").format(account=account)] if account else []),
        "",
        _("Could you give it the role “Contributor”, on a subscription or on a resource group that you make for it?"),
        _("For the app's own rights somebody then runs a small script once; I shall send it."),
        _("In the Azure portal: Subscriptions, the subscription, Access control (IAM), Add role assignment."),
        _("Or with the Azure CLI:"),
        "",
        f'  az role assignment create --role Contributor --assignee "{account or _("my account")}" --scope /subscriptions/<id>',
        "",
        _("Thank you."),
    ]
    return "\n".join(lines)


def ask_for_organization(desk: Desk) -> str:
    """A message to whoever has an Azure DevOps organization."""
    answers = desk.reading.answers
    who = desk.cloud.principal.name if desk.cloud else ""
    lines = [
        _("Hello,"),
        "",
        _("I would like a pipeline in Azure DevOps to build the API {name}. My account belongs to no organization there.").format(
            name=answers.project.name or answers.project.source
        ),
        *([_("My account: {account}").format(account=who)] if who else []),
        "",
        _("Could you add it to your organization, with the access level “Basic”?"),
        _("And to one of its projects, in the groups “Contributors” and “Build Administrators”?"),
        _("In Azure DevOps: Organization settings, Users, Add users."),
        _("The organization should be connected to our directory (Organization settings, Microsoft Entra)."),
        "",
        _("Thank you."),
    ]
    return "\n".join(lines)
