"""Settings: the variables your API finds in its environment, plain ones and those that hold a secret."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class Variable(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[variables]]``: its value stands in the open, or it holds the value of a secret of the key vault."""

    name: Annotated[
        str,
        Ask(label=N_("Variable"), why=N_("The name your code asks for, as in os.environ."), check=name_rules.VARIABLE),
    ]
    value: Annotated[
        str | None,
        Ask(label=N_("Value"), why=N_("It stands in the open: choose a secret for passwords and keys."), is_free=True),
    ] = None
    secret: Annotated[
        str | None,
        Ask(label=N_("Secret"), why=N_("The secret of the key vault whose value it gets.")),
    ] = None


SECTION = Section(
    name="variables",
    title=N_("Settings"),
    azure_term="Environment variables",
    why=N_("What your API reads from its environment, such as where its database lies."),
    explanation=Explanation(
        what=N_(
            'Environment variables are how your code learns where it is: os.environ["API_KEY"]. Some stand in the open; '
            "those that hold a password take their value from a secret."
        ),
        cost=N_("Nothing."),
        article=N_("Adds plain ones as manual entry and the others as reference to a secret, in a new revision."),
        portal=N_("Portal: your app › Revisions › Create new revision › your container › Environment variables"),
    ),
    key="variables",
    answers=tuple[Variable, ...],
)
