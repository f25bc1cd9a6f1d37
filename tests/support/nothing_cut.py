"""What a person would miss: texts, buttons, choices and lines that do not fit where they stand."""

from __future__ import annotations

from rich.cells import cell_len
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, OptionList

from screens.app import WizardApp
from screens.pages.progress import ProgressScreen
from screens.widgets.basics import ActionButton, InlineSelect, TextBlock


def cut_texts(app: WizardApp) -> list[str]:
    """Everything on the screen that is not there as a whole; what the body scrolls to counts as there, when it says so."""
    screen = app.screen
    records = [f"{item.label} (button)" for item in screen.query(ActionButton) if _shows(item) and item.region.width < cell_len(item.label)]
    records += [f"{item.text} (text)" for item in screen.query(TextBlock) if _shows(item) and not _holds_its_text(item)]
    records += [f"{item.render().plain} (choice)" for item in screen.query(InlineSelect) if _shows(item) and item.size.height < _rows(item)]
    records += [
        f"{item.value} (field)"
        for item in screen.query(Input)
        if _shows(item) and not item.password and item.size.width <= cell_len(item.value)
    ]
    for listed in screen.query(OptionList):
        if _shows(listed):
            records += [f"{line} (line)" for line in _cut_lines(listed)]
    fixed = [
        item
        for item in screen.query("TextBlock, ActionButton")
        if _shows(item) and not any(parent.max_scroll_y for parent in _parents(item))
    ]
    return records + [f"{item} (out of sight)" for item in fixed if not _is_in_sight(item)]


def _shows(widget: Widget) -> bool:
    if isinstance(widget, ActionButton) and not widget.has_room:  # F2 offers it
        return False
    return widget.display and all(parent.display for parent in _parents(widget)) and widget.size.area > 0


def _parents(widget: Widget) -> list[Widget]:
    return [ancestor for ancestor in widget.ancestors if isinstance(ancestor, Widget)]


def _holds_its_text(said: TextBlock) -> bool:
    """Whether its rows are as many as its text needs at its width."""
    longest_word = max((cell_len(word) for word in said.text.split()), default=0)
    return said.size.height >= _rows(said) and (said.size.width >= longest_word or said.size.height > 1)


def _rows(widget: Widget) -> int:
    return widget.get_content_height(widget.size, widget.app.size, widget.size.width)


def _is_in_sight(widget: Widget) -> bool:
    place = widget.screen.find_widget(widget)
    shown: Region = place.region.intersection(place.clip)
    return shown.size == place.region.size


def _cut_lines(listed: OptionList) -> list[str]:
    """Lines with their end cut off. A run's list may cut the last words of a log, which Enter shows, but never a step's title."""
    room = listed.scrollable_content_region.width
    if isinstance(listed.screen, ProgressScreen):
        lines = [str(option.prompt) for option in listed.options]
        return [step.step.title for step in listed.screen.progress.steps if not any(step.step.title in line for line in lines)]
    if listed.styles.text_wrap == "wrap":  # a line goes on below itself; only a word that is wider than the list would be cut
        return []
    plain = [str(option.prompt) for option in listed.options if isinstance(option.prompt, str) or hasattr(option.prompt, "plain")]
    return [line for line in plain if cell_len(line.rstrip()) > room]
