"""One line of the table of variables: name, whether it is locked away, value."""

from __future__ import annotations

from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from screens.widgets.basics import InlineSelect, LineInput, SecretInput, TextBlock
from wizard.platform.language import _
from wizard.platform.phrases import choice
from wizard.platform.secret import Secret
from wizard.setup.env_table import Place, laptop_only, secret_name, suggested_place


class EntryRow(Vertical):
    """An entry::

        JWT_KEY                 ‹ lock away ›                 ***************
          goes into the vault as jwt-key

    The value of what is locked away is typed into another field than an open one: it is never part of `line`.
    """

    class Changed(Message):
        """Something of the line was typed or chosen. `secret` is given when a hidden value was typed."""

        def __init__(self, row: EntryRow, secret: Secret | None = None) -> None:
            super().__init__()
            self.row = row
            self.secret = secret

        def __repr__(self) -> str:
            return "EntryRow.Changed()"

    class Blurred(Message):
        """A field of the line was left."""

    def __init__(self, line: dict[str, Any]) -> None:
        super().__init__(classes="entry")
        self.line = dict(line)
        self.touched = bool(line["name"] or line["secret"])
        self.name_input = LineInput(line["name"], placeholder=_("NAME"), compact=True, classes="name", select_on_focus=False)
        places = [(str(item), choice("variables.place", item)) for item in Place]
        self.place_choice = InlineSelect(places, line["place"], classes="place")
        self.hidden = SecretInput(classes="value")
        self.open = LineInput(line["value"], compact=True, classes="value", select_on_focus=False)
        self.note = TextBlock(classes="note")
        self._place_was_chosen = bool(line["name"])

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield self.name_input
            yield self.place_choice
            yield self.hidden
            yield self.open
        yield self.note

    def on_mount(self) -> None:
        self._show_place()

    def judge(self, problem: str | None, *, given: bool, in_vault: bool) -> None:
        """Show what is wrong, or where the value goes and whether there is one."""
        wrong = problem is not None and self.touched
        self.set_class(wrong, "-wrong")
        self.note.say(f"✗ {problem}" if wrong else self._words(given, in_vault))
        self.hidden.placeholder = _("given, kept hidden") if given else _("in the vault") if in_vault else _("type the value")

    def take(self) -> Secret | None:
        """Bring the line up to date with what stands in its fields; gives the hidden value, when one was typed."""
        name = self.name_input.value.strip()
        if name != self.line["name"]:
            self._rename(name)
        if self.line["place"] == Place.OPEN:
            self.line["value"] = self.open.value
        return Secret(self.hidden.value) if self.hidden.value and self.line["place"] == Place.LOCKED else None

    def _words(self, given: bool, in_vault: bool) -> str:
        secret = self.line["secret"]
        match Place(self.line["place"]):
            case Place.LOCKED if not secret:
                return ""
            case Place.LOCKED:
                state = (
                    _("kept hidden")
                    if given
                    else _("the vault has it; typing replaces it")
                    if in_vault
                    else _("needs a value: it can wait")
                )
                return _("in the vault as {name} · {state}").format(name=secret, state=state)
            case Place.OPEN:
                if not self.line["value"] and self.line["name"]:
                    return _("needs a value") if self.line.get("required") else _("left out until it has a value")
                return laptop_only(self.line["value"]) or _("stands in azwizard.toml for everyone to read")
        return _("your API does not get it")

    def _show_place(self) -> None:
        place = Place(self.line["place"])
        self.hidden.display = place is Place.LOCKED
        self.open.display = place is Place.OPEN

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self.hidden:
            if event.value:
                self.post_message(self.Changed(self, Secret(event.value)))
            return
        key = "name" if event.input is self.name_input else "value"
        if event.value.strip() == self.line[key].strip():  # an Input also tells of the value it begins with
            return
        if key == "name":
            self._rename(event.value.strip())
        else:
            self.line["value"] = event.value
        self.post_message(self.Changed(self))

    def _rename(self, name: str) -> None:
        self.line["name"] = name
        if not self._place_was_chosen:
            place = suggested_place(name)
            with self.prevent(InlineSelect.Changed):
                self.place_choice.value = str(place)
            self._put(place)
        elif self.line["place"] == Place.LOCKED:
            self.line["secret"] = secret_name(name)

    def _put(self, place: Place) -> None:
        self.line["place"] = str(place)
        self.line["secret"] = secret_name(self.line["name"]) if place is Place.LOCKED else ""
        if place is Place.LOCKED:
            self.line["value"] = ""
        self._show_place()

    @on(InlineSelect.Changed)
    def _place_chosen(self, event: InlineSelect.Changed) -> None:
        event.stop()
        self._place_was_chosen = True
        self._put(Place(event.value))
        with self.prevent(Input.Changed):
            self.open.value = self.line["value"]
            self.hidden.value = ""
        self.post_message(self.Changed(self))

    @on(Input.Submitted)
    @on(InlineSelect.Blurred)
    def _enter(self, event: Message) -> None:
        event.stop()
        self.screen.focus_next()

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        if self.line["name"] and not self.touched:
            self.touched = True
            self.post_message(self.Blurred())
