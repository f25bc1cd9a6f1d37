"""Sign in: who you are to Azure, and which subscription pays."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class SignIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[sign_in]``."""

    subscription: Annotated[
        str,
        Ask(label=N_("Subscription"), why=N_("The account that is billed for what you create: its name or its id.")),
    ] = ""
    tenant: Annotated[
        str,
        Ask(
            label=N_("Organisation (tenant)"),
            why=N_("Only needed when you belong to several organisations: its domain or its id."),
            check=name_rules.TENANT,
        ),
    ] = ""
    credential: Annotated[
        Literal["azure-cli", "browser", "device-code", "environment"],
        Ask(
            label=N_("How to sign in"),
            why=N_(
                "With the Azure CLI if you use it already, in a browser here, with a code on another device, or by variables in automation."
            ),
            choices=("azure-cli", "browser", "device-code", "environment"),
        ),
    ] = "azure-cli"


SECTION = Section(
    name="sign_in",
    title=N_("Sign in"),
    azure_term="Microsoft Entra ID",
    why=N_("Azure needs to know who you are, and which subscription pays for what you create."),
    explanation=Explanation(
        what=N_(
            "Signing in tells Azure who you are. The subscription is the account that is billed; the tenant is the "
            "organisation it belongs to. azwizard never sees your password: Microsoft's own page, or the Azure CLI, asks "
            "for it."
        ),
        cost=N_("Nothing."),
        article=N_(
            "Takes an account with the role Contributor on the subscription for granted; assigning roles takes Owner or "
            "User Access Administrator."
        ),
        portal=N_("Portal: Subscriptions"),
    ),
    key="sign_in",
    answers=SignIn,
)
