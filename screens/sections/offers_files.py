"""A section whose screen offers the files that packing the code takes: shown first, written when the person says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from screens.sections.section_screen import SectionScreen
from screens.sheets.choose_line import ChooseLine
from screens.sheets.dialogs import Confirm
from screens.widgets.basics import ActionButton
from wizard.engine.crash_record import describe_error
from wizard.platform.language import _
from wizard.workspace.wording.code_phrases import WHICH_APP

if TYPE_CHECKING:
    from wizard.source.starting.app_objects import AppObject


class OffersFiles(SectionScreen):
    """A Dockerfile, .dockerignore and requirements.txt in the article's shape, where there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "write_files", "Write what is missing", show=False, priority=True, id="section.write_files")
    ]

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Files Ctrl+E"), "write_files")

    def renew(self) -> None:
        super().renew()
        self.query_one("#press-write_files").display = bool(self._files())

    def _files(self) -> dict[str, str]:
        from wizard.lint.scaffold import missing_files

        return missing_files(self.workspace.code)

    def action_write_files(self) -> None:
        """Show the files that are missing, and write them when the person says so; of several APIs the person chooses the one to start."""
        from wizard.lint.scaffold import files_to_start

        def show(app: AppObject | None) -> None:
            if files := files_to_start(self.workspace.code, app) if app else self._files():
                self._show_files(files)

        self.choose_app(show)

    def choose_app(self, then: Callable[[AppObject | None], object]) -> None:
        """Go on with the one of several APIs that the person chooses, or with None where the code shows which one is started."""
        from wizard.lint.scaffold import apps_to_choose

        def chosen(app: AppObject | None) -> None:
            if app is not None:
                then(app)

        if apps := apps_to_choose(self.workspace.code):
            lines = [(app.target, app) for app in apps]
            self.app.push_screen(ChooseLine(_(WHICH_APP), lines, _("Take it Enter")), chosen)
        else:
            then(None)

    def _show_files(self, files: dict[str, str]) -> None:
        text = "\n\n".join(f"--- {name}\n{content}" for name, content in files.items())
        question = (
            _("These files are missing, or lack what starts your API. Write them into {folder}?")
            if any((self.workspace.code.folder / name).exists() for name in files)
            else _("These files are missing. Write them into {folder}?")
        ).format(folder=self.workspace.code.folder)
        self.app.push_screen(Confirm(question, _("Write them"), _("Not now"), text), lambda yes: self._write_files(files) if yes else None)

    def _write_files(self, files: dict[str, str]) -> None:
        try:
            self.workspace.write_beside_code(files)
        except OSError as error:
            self.notify(describe_error(error), severity="warning", markup=False, timeout=10)
        self.after_typing()
