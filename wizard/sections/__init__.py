"""The sections in the article's order, which nothing else knows."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

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


def load_steps() -> None:
    """Import the steps of every section before anyone asks for them."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
