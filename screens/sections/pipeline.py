"""Build."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from screens.sections.offers_files import OffersFiles
from screens.shell.github_sign_in import GitHubSignIn
from screens.shell.messages import GitHubSignInMoved
from screens.widgets.basics import ActionButton, TextBlock
from screens.widgets.code_to_type import CodeToType
from wizard.platform.language import _
from wizard.sections import pipeline
from wizard.workspace.github_access import github_token_words, lacks_github_token, offers_github_code
from wizard.workspace.wording.prerequisite_pages import ORGANIZATIONS, lacks_organization


class PipelineScreen(OffersFiles):
    """The form of its declaration; who lacks an organization in Azure DevOps or a token for GitHub is told so, with the ways on."""

    section = pipeline.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "github", "Sign in to GitHub", show=False, priority=True, id="pipeline.github"),
        Binding("f7", "ways_on", "Ways on", show=False, priority=True, id="pipeline.ways_on"),
        Binding("ctrl+y", "copy_code", "Copy the code", show=False, priority=True, id="pipeline.copy_code"),
    ]

    @property
    def github(self) -> GitHubSignIn:
        """How signing in to GitHub goes."""
        return self.wizard.background.github

    def body(self) -> Iterable[Widget]:
        yield TextBlock(id="github")
        yield CodeToType(lambda: self.github.code)
        yield from super().body()

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Sign in to GitHub F5"), "github")
        yield ActionButton(_("Stop F5"), "github", id="press-stop_waiting")
        yield ActionButton(_("Copy the code Ctrl+Y"), "copy_code")
        yield ActionButton(_("Ways on F7"), "ways_on")
        yield from super().more_buttons()

    def renew(self) -> None:
        super().renew()
        self.query_one("#press-ways_on").display = lacks_organization(self.workspace)
        self.query_one("#press-github").display = offers_github_code(self.workspace) and not self.github.is_waiting
        self.query_one("#press-stop_waiting").display = self.github.is_waiting
        self.query_one("#press-copy_code").display = self.github.code is not None
        self.query_one("#github", TextBlock).say_or_hide(self._github_words())
        self.query_one(CodeToType).renew()

    def _github_words(self) -> str:
        if self.github.is_waiting:
            return _("Signing in to GitHub, with the scopes repo and workflow. The token stays in this program's memory.")
        return f"✗ {self.github.trouble}" if self.github.trouble else github_token_words(self.workspace)

    def note(self, where: str) -> str:
        if where == ORGANIZATIONS and lacks_organization(self.workspace):
            return _("✗ you belong to none: F7")
        return super().note(where)

    def missing(self) -> list[str]:
        return [*super().missing(), *([_("signing in to GitHub")] if lacks_github_token(self.workspace) else [])]

    def after_typing(self) -> None:
        super().after_typing()
        self.read_lists()

    def news(self, message: Message) -> None:
        if isinstance(message, GitHubSignInMoved) and not (self.github.is_waiting or self.github.trouble):
            self.read_lists()
            self.wizard.background.look_soon(self.section.name, 0)
        super().news(message)

    def action_github(self) -> None:
        """Sign in to GitHub by a code; while that is waited for, wait no longer."""
        if self.github.is_waiting:
            self.github.give_up()
        elif offers_github_code(self.workspace):
            self.github.begin()
        self.renew()

    def action_copy_code(self) -> None:
        """Put the code on the clipboard."""
        self.query_one(CodeToType).copy()

    def action_ways_on(self) -> None:
        """The page for an account that belongs to no organization; else a free name, as in every section."""
        if lacks_organization(self.workspace):
            self.wizard.go("no_organization")
        else:
            self.action_instead()

    def action_list(self, where: str) -> None:
        focused = next((row.where for row in self.rows if row.editor is self.focused), "")
        if lacks_organization(self.workspace) and (where or focused) == ORGANIZATIONS:
            self.action_ways_on()
        else:
            super().action_list(where)
