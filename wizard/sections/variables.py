"""Settings: the variables your API finds in its environment, plain ones and those that hold a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from wizard.platform.language import N_
from wizard.sections import naming
from wizard.sections.question import Ask
from wizard.sections.section import Section

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import EnvironmentVar

    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


class Variable(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[variables]]``: its value stands in the open, or it holds the value of a secret of the key vault."""

    name: Annotated[
        str,
        Ask(label=N_("Variable"), why=N_("The name your code asks for, as in os.environ."), check=naming.check_variable),
    ]
    value: Annotated[
        str | None,
        Ask(label=N_("Value"), why=N_("It stands in the open: choose a secret for passwords and keys.")),
    ] = None
    secret: Annotated[
        str | None,
        Ask(label=N_("Secret"), why=N_("The secret of the key vault whose value it gets.")),
    ] = None


def steps(answers: Answers) -> list[Step]:
    """None of its own: variables are part of the app's one payload; what differs is labelled with this section."""
    return []


async def recover(snapshot: Snapshot) -> list[dict[str, str]]:
    """The variables of the app's container, in its order; none before the app has its first version."""
    app = await snapshot.app()
    template = app.properties.template if app and app.properties else None
    containers = (template.containers if template else None) or []
    return [_variable(it) for it in containers[0].env or []] if containers else []


def _variable(variable: EnvironmentVar) -> dict[str, str]:
    if variable.secret_ref:
        return {"name": str(variable.name), "secret": variable.secret_ref}
    return {"name": str(variable.name), "value": str(variable.value or "")}


SECTION = Section(
    name="variables",
    title=N_("Settings"),
    azure_term="Environment variables",
    why=N_("What your API reads from its environment, such as where its database lies."),
    key="variables",
    answers=tuple[Variable, ...],
    steps=steps,
    recover=recover,
)
