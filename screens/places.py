"""Which screen stands at which place. Screens are imported when they are first shown, so that the first one is there at once."""

from __future__ import annotations

from importlib import import_module

from screens.page import Page
from wizard.sections import SECTIONS

OWN = {
    "home": "screens.home:Home",
    "project": "screens.project:ProjectScreen",
    "sign_in": "screens.sign_in:SignInScreen",
    "no_subscription": "screens.no_subscription:NoSubscription",
    "no_organization": "screens.no_organization:NoOrganization",
    "key_vault": "screens.key_vault:KeyVaultScreen",
    "pipeline": "screens.pipeline:PipelineScreen",
    "storage": "screens.storage:StorageScreen",
    "identity": "screens.identity:IdentityScreen",
    "secrets": "screens.secrets:SecretsScreen",
    "variables": "screens.variables:VariablesScreen",
    "review": "screens.review:Review",
    "progress": "screens.progress:ProgressScreen",
    "try_it": "screens.try_it:TryIt",
    "repair": "screens.repair:Repair",
    "all_steps": "screens.all_steps:AllSteps",
}


"""The places that have a screen of their own; every other section has a form from its declaration."""
PLACES = {*OWN, *(section.name for section in SECTIONS)}


def make_page(place: str) -> Page:
    """A new screen for a place. What was typed is on the desk, so nothing is lost with the old one."""
    if place not in OWN:
        from screens.section_screen import SectionScreen

        return SectionScreen(next(section for section in SECTIONS if section.name == place))
    module, _colon, name = OWN[place].partition(":")
    page = getattr(import_module(module), name)()
    assert isinstance(page, Page)
    return page
