"""A new value for one secret: into the vault, and read by the version that serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.engine.carry_out import carry_out
from wizard.engine.contribution import Contribution
from wizard.engine.plan import make_plan
from wizard.engine.session import CommandError
from wizard.platform.language import _
from wizard.setup.problems import nearest
from wizard.steps.app.secret_values import NewValueStep
from wizard.steps.vault.secret import SecretStep
from wizard.steps.vault.vault import VaultStep

if TYPE_CHECKING:
    from wizard.engine.events import Listener, ResultEvent
    from wizard.engine.journal import Journal
    from wizard.engine.plan import Plan
    from wizard.engine.session import Session
    from wizard.engine.step import Step
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers


def secret_named(answers: Answers, typed: str) -> str:
    """The setup's secret of that name, written as a person may: ``JWT_KEY`` for ``jwt-key``. Raises CommandError."""
    wanted = typed.lower().replace("_", "-")
    name = next((name for name in answers.key_vault.secrets if name.lower() == wanted), None)
    if name is None:
        there = ", ".join(answers.key_vault.secrets) or _("none")
        sentence = _("Your setup has no secret {name}. It has: {names}.").format(name=typed, names=there)
        raise CommandError([("secret", sentence + nearest(wanted, answers.key_vault.secrets))])
    return name


async def prepare_new_value(session: Session, name: str, value: Secret) -> Plan:
    """Plan the new value: the secret in the vault, and the API started again where it reads that. Nothing is made yet.

    Raises CommandError where the vault is not there yet, CloudError.
    """

    def steps(answers: Answers) -> list[Step]:
        return [VaultStep(answers), SecretStep(answers, name), NewValueStep(answers, name)]

    session.secrets.give(name, value)
    plan = await make_plan(session.cloud, session.answers, session.secrets, [Contribution(section="key_vault", steps=steps)])
    vault = next(item for item in plan.steps if item.step.id == VaultStep.id)
    if vault in plan.to_make:
        sentence = _("The key vault is not as your setup says: azwizard apply makes it so.")
        raise CommandError([(VaultStep.id, sentence)])
    return plan


async def take_new_value(session: Session, plan: Plan, journal: Journal, listen: Listener) -> ResultEvent:
    """Carry such a plan out. Raises SetupLocked, CloudError."""
    return await carry_out(plan, session.cloud, journal, session.secrets, listen)
