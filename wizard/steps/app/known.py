"""The facts that the app's payload needs: read because all looks run at once, or left as holes in a command that is only shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.engine.step import Outputs
from wizard.state.resources import ResourceRefs

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


async def known_facts(snapshot: Snapshot) -> Outputs:
    """What Azure holds of them now."""
    vault, registry, digest, health_route, environment = await asyncio.gather(
        snapshot.vault(), snapshot.registry(), _digest(snapshot), snapshot.health_route(), snapshot.environment()
    )
    return Outputs(
        vault_uri=vault.properties.vault_uri if vault and vault.properties else None,
        login_server=registry.login_server if registry else None,
        image_digest=digest,
        identity_resource_id=snapshot.targets.identity.id if snapshot.targets.identity else None,
        environment_domain=environment.properties.default_domain if environment and environment.properties else None,
        health_route=health_route,
    )


def with_holes(answers: Answers, facts: Outputs) -> Outputs:
    """The facts with a hole for each that is not known yet."""
    identity = ResourceRefs.named(answers, answers.sign_in.subscription).identity
    return replace(
        facts,
        vault_uri=facts.vault_uri or "<vault-uri>",
        login_server=facts.login_server or "<login-server>",
        image_digest=facts.image_digest or "<image-digest>",
        environment_domain=facts.environment_domain or "<environment-domain>",
        identity_resource_id=identity.id if identity else None,
    )


async def _digest(snapshot: Snapshot) -> str | None:
    """The digest of the wanted image; None also when the person may not read the registry."""
    from azure.core.exceptions import HttpResponseError

    try:
        return await snapshot.wanted_digest()
    except HttpResponseError as error:
        if error.status_code not in (401, 403):
            raise
        return None
