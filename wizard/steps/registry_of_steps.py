"""What every section contributes, in the sections' order; imported when first asked for, since steps need Azure's SDKs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.engine.contribution import Contribution


@cache
def contributions() -> tuple[Contribution, ...]:
    """The contribution of each section, in the order in which plans list them."""
    from wizard.steps import (
        container_app,
        environment,
        identity,
        key_vault,
        pipeline,
        project,
        registry,
        revision,
        secrets,
        sign_in,
        storage,
        variables,
    )

    return tuple(
        module.CONTRIBUTION
        for module in (
            project,
            sign_in,
            key_vault,
            registry,
            pipeline,
            storage,
            environment,
            container_app,
            revision,
            identity,
            secrets,
            variables,
        )
    )
