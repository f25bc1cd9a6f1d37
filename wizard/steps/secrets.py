"""Secrets it reads: which of the vault's secrets the app refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.engine.contribution import Contribution
from wizard.platform.language import _
from wizard.sections import naming
from wizard.steps.app.payload import used_secrets

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


async def leftover_notes(answers: Answers, snapshot: Snapshot) -> list[str]:
    """Secrets of the app that no variable of the answers holds: they are kept, whoever put them there."""
    app = await snapshot.app()
    configuration = app.properties.configuration if app and app.properties else None
    used = [naming.app_secret(name) for name in used_secrets(answers)]
    others = [str(secret.name) for secret in (configuration.secrets if configuration else None) or [] if secret.name not in used]
    return [_("Your app also has the secret {name}, which no variable here holds: it is kept.").format(name=name) for name in others]


CONTRIBUTION = Contribution(section="secrets", leftover_notes=leftover_notes)
