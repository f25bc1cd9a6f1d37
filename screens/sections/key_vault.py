"""Passwords and keys: the vault's form, and the table of what the API finds in its environment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.sections.section_screen import SectionScreen
from screens.widgets.basics import ActionButton, TextBlock
from screens.widgets.entry_row import EntryRow
from wizard.platform.language import _, plural
from wizard.sections import key_vault
from wizard.setup.env_table import Place
from wizard.workspace.missing_values import is_in_vault, secrets_without_value, unfilled_variables
from wizard.workspace.suggestions import merge_file
from wizard.workspace.typed_reader import VARIABLES
from wizard.workspace.wording.env_file_words import entries_read


class KeyVaultScreen(SectionScreen):
    """The table is asked here once; sections 11 and 12 show what becomes of it."""

    section = key_vault.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "read_file", "Read a file", show=False, priority=True, id="key_vault.read_file"),
        Binding("f6", "add", "Add a line", show=False, priority=True, id="key_vault.add"),
    ]

    @property
    def entries(self) -> list[EntryRow]:
        """The lines on the screen, in order."""
        return list(self.query(EntryRow))

    def body(self) -> Iterable[Widget]:
        yield TextBlock(_("What your API finds in its environment (.env): lock passwords and keys away, leave the rest open."))
        for line in self.workspace.draft.lines(VARIABLES):
            yield EntryRow(line)
        yield TextBlock(id="entries-end")
        yield from super().body()

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Add F6"), "add")
        yield ActionButton(_("Read .env Ctrl+O"), "read_file")

    def on_mount(self) -> None:
        if not self.entries:
            self._add_line({"name": "", "place": str(Place.OPEN), "secret": "", "value": ""})

    def focus_first(self) -> None:
        """Into the first value that is missing, unless the person was somewhere else."""
        empty = next((entry for entry in self.entries if entry.line["secret"] in secrets_without_value(self.workspace)), None)
        if empty is not None and not self.workspace.draft.focus.startswith("key_vault."):
            self.set_focus(empty.hidden)
        else:
            super().focus_first()

    def holds(self, where: str) -> bool:
        return super().holds(where) or where.startswith(VARIABLES)

    def renew(self) -> None:
        super().renew()
        for number, entry in enumerate(self.entries):
            secret = entry.line["secret"]
            entry.judge(
                self._problem(number),
                given=bool(secret) and self.workspace.secret(secret) is not None,
                in_vault=is_in_vault(self.workspace, secret),
            )

    def _problem(self, number: int) -> str | None:
        """What is wrong with an entry."""
        return self.workspace.reading.problems.get(f"{VARIABLES}[{number}].name")

    def said_wrong(self) -> int:
        return super().said_wrong() + sum(entry.touched and self._problem(number) is not None for number, entry in enumerate(self.entries))

    def missing(self) -> list[str]:
        count = len(secrets_without_value(self.workspace)) + len(unfilled_variables(self.workspace))
        values = [plural("{count} value", "{count} values", count).format(count=count)] if count else []
        return values + super().missing()

    def ready_to_go(self) -> bool:
        for entry in self.entries:
            entry.touched = True
        ready = super().ready_to_go()
        if not ready:
            wrong = [entry for number, entry in enumerate(self.entries) if self._problem(number)]
            if wrong:
                self.set_focus(wrong[0].name_input)
        return ready

    @on(EntryRow.Changed)
    def _entry_changed(self, event: EntryRow.Changed) -> None:
        event.stop()
        if event.secret is not None:
            self.workspace.give(event.row.line["secret"], event.secret)
        else:
            self._save_lines()
        self.after_typing()

    @on(EntryRow.Blurred)
    def _entry_left(self, event: EntryRow.Blurred) -> None:
        event.stop()
        self.renew()

    def take_all(self) -> None:
        super().take_all()
        before = self.workspace.draft.lines(VARIABLES)
        for entry in self.entries:
            value = entry.take()
            if value is not None and value != self.workspace.secret(entry.line["secret"]):
                self.workspace.give(entry.line["secret"], value)
        remaining = [entry.line for entry in self.entries if entry.line["name"] or entry.line["secret"]]
        if remaining != before:
            self.workspace.put(VARIABLES, remaining)

    def _save_lines(self) -> None:
        self.workspace.put(VARIABLES, [entry.line for entry in self.entries])

    def _add_line(self, line: dict[str, Any]) -> EntryRow:
        entry = EntryRow(line)
        self.query_one("#body").mount(entry, before="#entries-end")
        return entry

    def action_add(self) -> None:
        """One more line, ready for its name."""
        empty = next((item for item in self.entries if not item.line["name"] and not item.line["secret"]), None)
        entry = empty or self._add_line({"name": "", "place": str(Place.OPEN), "secret": "", "value": ""})
        self.call_after_refresh(self.set_focus, entry.name_input)

    def action_read_file(self) -> None:
        """Read a .env file: the nearest, or one that is named."""
        from screens.sheets.ask_path import AskPath

        names = self.workspace.code.env_files
        suggested = str(self.workspace.code.folder / names[0]) if names else ".env"
        self.app.push_screen(AskPath(_("Which file holds your variables?"), suggested), self._read_file)

    def _read_file(self, path: str | None) -> None:
        from pathlib import Path

        from wizard.setup.secret_sources import SecretFileError, read_env_file

        if not path:
            return
        try:
            content = read_env_file(Path(path).expanduser())
        except SecretFileError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
            return
        from screens.sheets.dialogs import Confirm
        from wizard.setup.env_values import filled_in, remarks

        noted = remarks(content)
        if any(item.fillable for item in noted):
            text = "\n".join(item.sentence for item in noted)
            question = Confirm(_("Fill these in from the file?"), _("Fill them in"), _("Leave them as they are"), text)
            self.app.push_screen(question, lambda fill: self._take_content(filled_in(content) if fill else content))
            return
        for remark in noted:
            self.notify(remark.sentence, severity="warning", markup=False, timeout=10)
        self._take_content(content)

    def _take_content(self, content: dict[str, str]) -> None:
        before = self.workspace.draft.lines(VARIABLES)
        table, secrets = merge_file(before, content)
        for name, value in secrets.items():
            self.workspace.give(name, value)
        self.workspace.put(VARIABLES, table)
        self.wizard.refresh_place(self.place)
        self.notify(entries_read(before, content), markup=False, timeout=10)
