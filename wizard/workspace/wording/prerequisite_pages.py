"""What must be there before anything can be made in Azure, and what to send to who can give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.platform.language import N_, _
from wizard.sections import number_of

if TYPE_CHECKING:
    from wizard.workspace.workspace import Workspace

NEEDED = {"subscription": "https://azure.microsoft.com/free", "organization": "https://aex.dev.azure.com"}
"""Where a person makes one: a free subscription; an Azure DevOps organization, free for up to five people."""
ORGANIZATIONS = "pipeline.organization"
"""The place of the list of them."""
NO_SUBSCRIPTION = N_(
    "Signing in worked, but this account may use no subscription. A subscription is what Azure puts things into and sends the "
    "bill to, so nothing can be made without one. There are ways on:"
)
NO_ORGANIZATION = N_(
    "Azure DevOps keeps code and builds it in pipelines. It groups people in organisations, and your account belongs to none. "
    "There are ways on:"
)


@dataclass(frozen=True)
class NextOption:
    """One way on.

    :param kind: what a face does for it, such as ``ask``.
    :param words: in a line.
    :param more: what it means, what it costs, what comes after it.
    """

    kind: str
    words: str
    more: str


def subscription_options(workspace: Workspace, organizations: Sequence[str]) -> list[NextOption]:
    """For an account that may use no subscription, the nearest way first.

    :param organizations: those that the account belongs to.
    """
    ask = NextOption("ask", _("Ask someone for access to one"), _("At work or at a university somebody has one."))
    again = NextOption("again", _("Look again: somebody gave me access"), _("Azure tells of a new right after some minutes."))
    if workspace.practice:
        owner = NextOption("owner", _("Practise as the owner"), _("In practice the owner of a subscription is one key away."))
        return [owner, ask, again]
    where = (
        _(
            "Your account belongs to these organizations (tenants). One of them may have a subscription; screen {number} asks for "
            "the tenant:"
        )
        if organizations
        else _("Screen {number} asks how to sign in, and to which organization (tenant).")
    ).format(number=number_of("sign_in"))
    more = "\n  ".join([where, *organizations])
    other = NextOption("sign_in", _("Sign in with another account, or to another organization"), more)
    make = NextOption(
        "make",
        _("Make one of your own: a free account"),
        _(
            "{link} gives 200 USD for 30 days; a bank card is asked for to know that you are a person. In a free account the registry "
            "builds no images: screen {number}, Build, then has other ways."
        ).format(link=NEEDED["subscription"], number=number_of("pipeline")),
    )
    practise = NextOption(
        "practise",
        _("Practise meanwhile, on this computer"),
        _("The same steps in a local Azure: no account, no cost. Home later takes what you practised to Azure."),
    )
    return [other, ask, make, practise, again]


def ways_to_organization() -> list[NextOption]:
    """For an account that belongs to no Azure DevOps organization, the nearest way first."""
    return [
        NextOption(
            "registry",
            _("Let the registry build instead"),
            _("It builds from your folder, without Azure DevOps: one answer changes, and your API runs just the same."),
        ),
        NextOption(
            "make",
            _("Make an organisation"),
            _("{link} makes one in a minute, free for up to five people. Its first free build machine has to be asked for there.").format(
                link=NEEDED["organization"]
            ),
        ),
        NextOption("ask", _("Ask someone to add you to theirs"), ""),
        NextOption(
            "name",
            _("Type its name: it belongs to another directory"),
            _(
                "An organisation that is not connected to your Azure directory is not in the list. Type its name in Build, and put a "
                "personal access token of it into the variable AZURE_DEVOPS_EXT_PAT before you start azwizard."
            ),
        ),
        NextOption("again", _("Look again: I belong to one now"), _("Azure DevOps is asked again.")),
    ]


def ask_for_subscription(workspace: Workspace, account: str) -> str:
    """A message to whoever has a subscription.

    :param account: who asks, as Azure knows them; "" when that is not known.
    """
    project = workspace.reading.answers.project
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


def ask_for_organization(workspace: Workspace) -> str:
    """A message to whoever has an Azure DevOps organization."""
    answers = workspace.reading.answers
    who = workspace.cloud.principal.name if workspace.cloud else ""
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


def lacks_organization(workspace: Workspace) -> bool:
    """Whether Azure DevOps is to build, and the account was seen to belong to no organization."""
    chosen = workspace.reading.answers.pipeline
    return chosen.build == "azure-devops" and not chosen.organization and workspace.lists.get(ORGANIZATIONS) == []


def nobody_signed_in(why: str) -> str:
    """What a page says that needs Azure, while nobody is signed in.

    :param why: what kept the last sign-in from working; "" when there was none.
    """
    return _("Nobody is signed in: that is screen {number}. {why}").format(number=number_of("sign_in"), why=why)
