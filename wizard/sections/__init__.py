"""The sections in the article's order, which nothing else knows."""

from __future__ import annotations

from importlib import import_module

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


def number_of(section: str) -> int:
    """The number by which texts name a section's screen, counted from 1."""
    return ORDER.index(section) + 1
