"""The sections in the article's order, which nothing else knows."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from wizard.sections.section import Section

ORDER = (
    "project",
    "sign_in",
    "key_vault",
    "registry",
    "pipeline",
    "storage",
    "environment",
    "container_app",
    "revision",
    "identity",
    "secrets",
    "variables",
)
SECTIONS: list[Section] = [import_module(f"{__name__}.{name}").SECTION for name in ORDER]


def load_steps() -> None:
    """Import the steps of every section before anyone asks for them."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
