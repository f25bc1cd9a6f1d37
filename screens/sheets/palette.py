"""The command palette: every screen, the colours, and leaving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from textual.app import SystemCommand
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from screens.sheets.why import Glossary
from screens.widgets import themes
from wizard.platform.language import _
from wizard.sections import SECTIONS

if TYPE_CHECKING:
    from textual.app import App

    from screens.shell.wizard_protocol import Wizard


class Palette(CommandPalette):
    """The palette, in the person's language."""

    def __init__(self) -> None:
        super().__init__([PaletteCommands], placeholder=_("Type a part of what you look for…"), id="--command-palette")


class PaletteCommands(Provider):
    """All of it in its order before anything is typed; then what has the letters in its title."""

    async def discover(self) -> Hits:
        for command in self._commands():
            yield DiscoveryHit(command.title, command.callback, help=command.help)

    async def search(self, query: str) -> Hits:
        matcher, is_empty = self.matcher(query), True
        for command in self._commands():
            if (score := matcher.match(command.title)) > 0:
                is_empty = False
                yield Hit(score, matcher.highlight(command.title), command.callback, help=command.help)
        if is_empty:
            yield Hit(1.0, _("Nothing here is called so."), lambda: None)

    def _commands(self) -> Iterable[SystemCommand]:
        return palette_commands(self.app, cast("Wizard", self.app))


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
