"""Place to run: the Container Apps environment, and the file shares it knows."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules, naming
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class Environment(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[environment]``."""

    name: Annotated[
        str,
        Ask(
            label=N_("Name of the place to run"),
            why=N_("Container Apps that share an environment share its network; one for your API is enough."),
            derive=lambda answers: naming.container_environment(answers.project.name, answers.project.environment),
            check=name_rules.CONTAINER_ENVIRONMENT,
        ),
    ] = ""
    existing: Annotated[
        bool,
        Ask(
            label=N_("The environment exists already"),
            why=N_("Yes when you share an environment with others: its settings are never changed and it is never deleted."),
        ),
    ] = False
    resource_group: Annotated[
        str,
        Ask(
            label=N_("Its resource group"),
            why=N_("Where the existing environment lies, when that is another resource group than yours."),
            derive=lambda answers: answers.project.resource_group,
            check=name_rules.RESOURCE_GROUP,
            shown_when=lambda answers: answers.environment.existing,
        ),
    ] = ""


SECTION = Section(
    name="environment",
    title=N_("Place to run"),
    azure_term="Container Apps environment",
    why=N_("The computers in Azure on which your API runs; you never see them, and with nothing running they cost nothing."),
    explanation=Explanation(
        what=N_(
            "The place where your app runs: a network and computers that Azure looks after. Several apps can share one. It "
            "has to be told about each file share before an app can use it."
        ),
        cost=N_("Nothing by itself: only running copies of your app are billed."),
        article=N_(
            "Creates it while creating the app, with the logs of Azure Monitor off, and adds each share under Azure Files "
            "as azure-files-<designation>."
        ),
        portal=N_("Portal: Container Apps Environments › your environment › Settings › Azure Files"),
    ),
    key="environment",
    answers=Environment,
)
