"""What a person presses or types for something, in the face that is open: the engine's texts name it."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.platform.language import N_


@dataclass(frozen=True)
class Keys:
    """The keys of a face, marked with ``N_`` and translated when shown.

    :param who: says whom to ask. :param values: types the values that are missing. :param more: tells all about a line.
    :param offer: takes what a section offers: files, a free name, the other identity. :param delete: deletes everything.
    :param again: asks Azure again. :param check: checks everything. :param github: signs in to GitHub.
    """

    who: str
    values: str
    more: str
    files: str
    instead: str
    identity: str
    delete: str
    again: str
    check: str
    github: str


SCREENS = Keys("F4", "F6", N_("Enter"), "Ctrl+E", "F7", "F7", "Ctrl+D", N_("F5 on the check of everything"), "F9", "F5")
LINES = Keys(
    "@",
    N_("its number"),
    N_("its number"),
    N_("a number below"),
    N_("a number below"),
    N_("a number below"),
    N_("a number above"),
    N_("! (the check of everything)"),
    "!",
    N_("a number below"),
)
