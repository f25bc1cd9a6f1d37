"""Your API: what it is called, and what its code says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.parts import Press, Say
from screens.section_screen import SectionScreen
from wizard.code_words import code_lines
from wizard.language import _
from wizard.sections import project


class ProjectScreen(SectionScreen):
    """The form, and below it what was read from the code::

    Read from your code: Dockerfile docker/Dockerfile, gunicorn on port 5000
    """

    section = project.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "write_files", "Write what is missing", show=False, priority=True, id="project.write_files"),
        Binding("f6", "try_here", "Try it here", show=False, priority=True, id="project.try_here"),
    ]

    def extra(self) -> Iterable[Widget]:
        yield Say(id="code")

    def more_buttons(self) -> Iterable[Press]:
        yield Press(_("Try here F6"), "try_here")
        yield Press(_("Files F5"), "write_files")

    def renew(self) -> None:
        super().renew()
        self.query_one("#code", Say).say("\n".join(code_lines(self.desk.code)))
        self.query_one("#press-write_files").display = bool(self._files())

    def _files(self) -> dict[str, str]:
        from wizard.scaffold import missing_files

        return missing_files(self.desk.code)

    def action_write_files(self) -> None:
        """Show the files that are missing, and write them when the person says so."""
        from screens.confirm import Confirm

        files = self._files()
        if not files:
            return
        text = "\n\n".join(f"--- {name}\n{content}" for name, content in files.items())

        def answered(yes: bool | None) -> None:
            if yes:
                for name, content in files.items():
                    (self.desk.code.folder / name).write_text(content, encoding="utf-8")
                if "Dockerfile" in files:
                    self.desk.put("pipeline.dockerfile", "Dockerfile")
                self.desk.look_at_code_again()
                self.renew()

        question = _("These files are missing. Write them into {folder}?").format(folder=self.desk.code.folder)
        self.wizard.push_screen(Confirm(question, _("Write them"), _("Not now"), text), answered)

    def action_try_here(self) -> None:
        """Run the API on this computer and show its first answer."""
        from screens.try_here import TryHere

        if self.ready_to_go():
            self.wizard.push_screen(TryHere())
