"""Your API: its name, its environment, its region, its code, and the resource group that holds everything."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules, naming
from wizard.sections.name_rules import NameRule
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section

EMAIL = NameRule(
    r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+",
    N_("“{name}” is no e-mail address: write one, such as me@example.com."),
)


class Project(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[project]``."""

    name: Annotated[
        str,
        Ask(
            label=N_("Name of your project"),
            why=N_("Everything in Azure is named after it: small letters, digits and hyphens."),
            check=name_rules.PROJECT,
        ),
    ]
    environment: Annotated[
        str,
        Ask(
            label=N_("Environment"),
            why=N_("What this copy of your API is for, such as dev, test or prod; each has its own resources."),
            check=name_rules.ENVIRONMENT_WORD,
            shown_when=lambda answers: not answers.stage,  # which is named after itself
        ),
    ] = "dev"
    region: Annotated[
        str,
        Ask(
            label=N_("Region (Azure location)"),
            why=N_("Where in the world Azure runs your API: choose one near the people who call it."),
            check=name_rules.REGION,
        ),
    ] = "westeurope"
    source: Annotated[
        str,
        Ask(
            label=N_("Folder of your API's code"),
            why=N_("It is read to build your API; the path is relative to azwizard.toml."),
            check=name_rules.check_path,
        ),
    ] = "."
    resource_group: Annotated[
        str,
        Ask(
            label=N_("Name of the resource group"),
            why=N_("A folder in Azure that holds everything of this setup."),
            derive=lambda answers: naming.resource_group(answers.project.name, answers.project.environment),
            check=name_rules.RESOURCE_GROUP,
        ),
    ] = ""
    existing_group: Annotated[
        bool,
        Ask(
            label=N_("The resource group exists already"),
            why=N_("Yes when someone gave you a resource group: it is used as it is and never deleted."),
        ),
    ] = False

    budget: Annotated[
        int,
        msgspec.Meta(ge=0, le=1_000_000),
        Ask(
            label=N_("Budget for a month, in USD"),
            why=N_("Azure writes an e-mail at 80 and at 100 per cent of it, and stops nothing; 0 for none."),
        ),
    ] = 0
    budget_email: Annotated[
        str,
        Ask(
            label=N_("To whom Azure writes about it"),
            why=N_("The e-mail address that hears of the budget."),
            check=EMAIL,
            shown_when=lambda answers: answers.project.budget > 0,
        ),
    ] = ""

    tags: Annotated[
        dict[str, str],
        Ask(
            label=N_("Tags for everything"),
            why=N_("What your organization wants to read on each resource, such as CostCenter = 42; empty for none."),
            check=name_rules.check_tags,
            shown_when=lambda answers: bool(answers.project.tags),  # few are asked for any: a rule that wants one names the line to write
        ),
    ] = {}

    @property
    def setup(self) -> str:
        """What this deployment is called, in tags and confirmations: ``orders-dev``."""
        return naming.setup(self.name, self.environment)

    def resource_tags(self, section: str) -> dict[str, str]:
        """What a resource of this setup carries; the project and the environment apart, since Azure is all that `resume` has."""
        return self.tags | naming.tags(self.setup, section) | {naming.PROJECT_TAG: self.name, naming.ENVIRONMENT_TAG: self.environment}


SECTION = Section(
    name="project",
    title=N_("Your API"),
    azure_term="Resource group",
    why=N_("Everything starts from what your API is called and where its code lies."),
    explanation=Explanation(
        what=N_(
            "Azure keeps things that belong together in a resource group, which is like a folder. Yours is named after your"
            " project and its environment, and so is everything in it. A region is the place on earth where Azure's "
            "computers stand."
        ),
        cost=N_("A resource group costs nothing."),
        article=N_(
            "Names follow Microsoft's naming guide: kv- for a key vault, cr for a registry, st for storage, cae- and capp- "
            "for Container Apps."
        ),
        portal=N_("Portal: Resource groups › Create"),
    ),
    key="project",
    answers=Project,
)
