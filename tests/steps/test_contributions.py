"""Sections and steps: each section contributes once, under its own name."""

from __future__ import annotations

from wizard.sections import SECTIONS
from wizard.steps.registry_of_steps import contributions


def test_every_section_contributes_in_the_order_in_which_it_is_asked():
    assert [contribution.section for contribution in contributions()] == [section.name for section in SECTIONS]


CHOSEN_HERE = {"revision"}  # which release to go back to is a choice that no resource in Azure holds


def test_every_table_of_the_setup_file_can_be_recovered_from_azure():
    recovered = {contribution.section for contribution in contributions() if contribution.recover}
    assert recovered == {section.name for section in SECTIONS if section.key} - CHOSEN_HERE
