"""Sign in: who you are to Azure, and which subscription pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.engine.contribution import Contribution

if TYPE_CHECKING:
    from wizard.state.resource_snapshot import ResourceSnapshot


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The subscription and tenant that were read."""
    return {"subscription": snapshot.cloud.subscription_id, "tenant": snapshot.cloud.tenant_id}


CONTRIBUTION = Contribution(section="sign_in", recover=recover)
