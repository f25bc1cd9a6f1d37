"""Passwords and keys: the vault that locks them away, the right to fill it, and the secrets in it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules, naming
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class KeyVault(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[key_vault]``."""

    name: Annotated[
        str,
        Ask(
            label=N_("Name of the key vault"),
            why=N_("No other vault in all of Azure may have it."),
            derive=lambda answers: naming.key_vault(answers.project.name, answers.project.environment),
            check=name_rules.KEY_VAULT,
        ),
    ] = ""
    secrets: Annotated[
        tuple[str, ...],
        Ask(
            label=N_("Secrets"),
            why=N_("The names of the passwords and keys your API needs; their values go to the vault and nowhere else."),
            check=name_rules.SECRETS,
        ),
    ] = ()
    existing: Annotated[
        bool,
        Ask(
            label=N_("The key vault exists already"),
            why=N_("Yes when you share a vault with others: its settings are never changed and it is never deleted."),
        ),
    ] = False
    deleted: Annotated[
        Literal["ask", "recover", "purge"],
        Ask(
            label=N_("When a deleted key vault still has the name"),
            why=N_("Azure keeps a deleted vault for some days: it can be brought back with its secrets, or removed for good."),
            choices=("ask", "recover", "purge"),
            shown_when=lambda answers: answers.key_vault.deleted != "ask",
        ),
    ] = "ask"
    resource_group: Annotated[
        str,
        Ask(
            label=N_("Its resource group"),
            why=N_("Where the existing vault lies, when that is another resource group than yours."),
            derive=lambda answers: answers.project.resource_group,
            check=name_rules.RESOURCE_GROUP,
            shown_when=lambda answers: answers.key_vault.existing,
        ),
    ] = ""


SECTION = Section(
    name="key_vault",
    title=N_("Passwords and keys"),
    azure_term="Key Vault",
    why=N_("A locked store for the passwords and keys of your API, so that they are never in your code or in azwizard.toml."),
    explanation=Explanation(
        what=N_(
            "A key vault is a locked store. You put each password in under a name (a secret); Azure notes who reads it. "
            "Your API gets the value when it starts. Even the owner of the subscription may fill it only with an explicit "
            "right, which is given here."
        ),
        cost=N_("A few cents for 10,000 reads; an API like yours reads a handful each day."),
        article=N_("Creates kv-<project>-<environment>, gives you Key Vault Administrator, and makes each secret by hand, in kebab-case."),
        portal=N_("Portal: Key vaults › your vault › Objects › Secrets"),
    ),
    key="key_vault",
    answers=KeyVault,
)
