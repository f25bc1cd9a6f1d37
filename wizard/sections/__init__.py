"""The sections in the article's order, which nothing else knows."""

from __future__ import annotations

from . import (
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
from .section import Section

SECTIONS: list[Section] = [
    project.SECTION,
    sign_in.SECTION,
    key_vault.SECTION,
    registry.SECTION,
    pipeline.SECTION,
    storage.SECTION,
    environment.SECTION,
    container_app.SECTION,
    revision.SECTION,
    identity.SECTION,
    secrets.SECTION,
    variables.SECTION,
]
