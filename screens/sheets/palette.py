"""The command palette: every screen, the colours, and leaving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from screens.sheets.why import Glossary
from screens.widgets import themes
from wizard.platform.language import _
from wizard.sections import SECTIONS

if TYPE_CHECKING:
    from textual.app import App

    from screens.shell.wizard_protocol import Wizard


def palette_commands(app: App[Any], wizard: Wizard) -> Iterable[SystemCommand]:
    """What can be done from anywhere, each with its title and one line of what it is."""
    for number, section in enumerate(SECTIONS, 1):
        title = _("Go to {number}: {title}").format(number=number, title=_(section.title))
        yield SystemCommand(title, _(section.why), lambda name=section.name: wizard.go(name))
    yield SystemCommand(_("Check everything"), _("What would be made, and what it costs"), wizard.check_everything)
    for title, meaning, place in (
        (_("State of your API"), _("How it runs, its versions, pause, delete"), "standing"),
        (_("Try it"), _("Send requests to your API, and read its log"), "try_it"),
        (_("Repair"), _("What is wrong with what is deployed, and the fix"), "repair"),
        (_("All steps"), _("How every section stands"), "all_steps"),
        (_("Exercises"), _("Something goes wrong in the practice cloud, and you find out what"), "exercises"),
        (_("What you need"), _("Account, rights, tools, time, money"), "needs"),
    ):
        yield SystemCommand(title, meaning, lambda name=place: wizard.go(name))
    yield SystemCommand(_("Glossary"), _("The words of Azure, each in one sentence"), lambda: app.push_screen(Glossary()))
    for name, words in themes.NAMES.items():
        yield SystemCommand(_(words), _("For every screen, now and from now on"), lambda chosen=name: wizard.use_colours(chosen))
    yield SystemCommand(_("Save and leave"), _("Everything is saved as you type"), wizard.action_leave)
