"""Image store: the registry that holds your API's images, and your rights to them."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules, naming
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class Registry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[registry]``."""

    name: Annotated[
        str,
        Ask(
            label=N_("Name of the container registry"),
            why=N_("No other registry in all of Azure may have it: small letters and digits."),
            derive=lambda answers: naming.registry(answers.project.name, answers.project.environment),
            check=name_rules.REGISTRY,
        ),
    ] = ""
    existing: Annotated[
        bool,
        Ask(
            label=N_("The registry exists already"),
            why=N_("Yes when you share a registry with others: its settings are never changed and it is never deleted."),
        ),
    ] = False
    resource_group: Annotated[
        str,
        Ask(
            label=N_("Its resource group"),
            why=N_("Where the existing registry lies, when that is another resource group than yours."),
            derive=lambda answers: answers.project.resource_group,
            check=name_rules.RESOURCE_GROUP,
            shown_when=lambda answers: answers.registry.existing,
        ),
    ] = ""

    @property
    def server(self) -> str:
        """The host of its images, which is in small letters whatever the name is in."""
        return f"{self.name.lower()}.azurecr.io"


SECTION = Section(
    name="registry",
    title=N_("Image store"),
    azure_term="Container Registry",
    why=N_("A private store for the images of your API, from which Azure takes what it runs."),
    explanation=Explanation(
        what=N_(
            "An image is your code packed with Python and everything it needs, ready to run. The registry stores images, "
            "like a private shop from which Azure takes what it runs."
        ),
        cost=N_("About 5 USD a month (Basic), used or not: usually the largest fixed part."),
        article=N_("Takes the plan Basic, and gives you the roles to list, pull and push images."),
        portal=N_("Portal: Container registries › your registry › Repositories"),
    ),
    key="registry",
    answers=Registry,
)
