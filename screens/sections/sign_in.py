"""Sign in: to Azure in one of four ways, or to the practice cloud as one of three accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from screens.sections.section_screen import SectionScreen
from screens.shell.messages import SignedIn, SignInFailed
from screens.widgets.basics import ActionButton, InlineSelect, TextBlock
from screens.widgets.code_to_type import CodeToType
from screens.widgets.form_row import FormRow
from wizard.platform.language import _
from wizard.sections import sign_in
from wizard.setup.introspection import Question
from wizard.workspace.wording.handoff_text import ACCOUNTS, rights_lines

if TYPE_CHECKING:
    from wizard.platform.device_code import DeviceCode


class SignInScreen(SectionScreen):
    """In practice::

    Whom you practise as          ‹ owner: may do everything ›

    Signed in as Practice account, to the subscription Practice subscription.
    """

    section = sign_in.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "sign_in", "Sign in", show=False, priority=True, id="sign_in.sign_in"),
        Binding("f7", "ways_on", "Ways on", show=False, priority=True, id="sign_in.ways_on"),
        Binding("ctrl+y", "copy_code", "Copy the code", show=False, priority=True, id="sign_in.copy_code"),
    ]

    def intro(self) -> str:
        if self.workspace.practice:
            return _(
                "In practice you sign in with an account of this computer's own little Azure. Choose how much it may do: "
                "the same refusals come as in a real company."
            )
        return super().intro()

    def questions(self) -> list[Question]:
        return [] if self.workspace.practice else super().questions()

    def what_will_happen(self) -> str:
        return ""

    def extra(self) -> Iterable[Widget]:
        if self.workspace.practice:
            yield TextBlock(_("Whom you practise as"), classes="label")
            yield InlineSelect([(item, _(words)) for item, words in ACCOUNTS.items()], self.workspace.account, classes="account")
        yield TextBlock(id="signed-in")
        yield CodeToType(lambda: self.code)

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Next F8"), "next")
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Sign in F5"), "sign_in")
        yield ActionButton(_("Copy the code Ctrl+Y"), "copy_code")
        yield ActionButton(_("Ways on F7"), "ways_on")
        yield ActionButton(_("Why? F1"), "why")
        yield ActionButton(self.check_label(), "check_everything")

    def check_label(self) -> str:
        return _("Accept all suggestions F9")

    def on_mount(self) -> None:
        background = self.wizard.background
        if self.workspace.practice and self.workspace.cloud is None and not (background.signing_in or background.sign_in_trouble):
            background.sign_in()

    def renew(self) -> None:
        super().renew()
        self._show_account()
        self.query_one("#signed-in", TextBlock).say(self.signed_in_words())
        self.query_one("#press-ways_on").display = self.wizard.background.lacks_subscription
        self.query_one("#press-copy_code").display = self.code is not None
        self.query_one(CodeToType).renew()

    def _show_account(self) -> None:
        """Who is signed in, which the practice cloud may have told only then; unless the person is choosing another."""
        for chosen in self.query(".account").results(InlineSelect):
            if not self.other_account and chosen.value != self.workspace.account:
                with self.prevent(InlineSelect.Changed):
                    chosen.value = self.workspace.account

    def signed_in_words(self) -> str:
        """Who is signed in, or what goes on, or why it did not work."""
        cloud = self.workspace.cloud
        if self.other_account:
            return _("Enter signs you in as this account.")
        if self.wizard.background.signing_in:
            if self.workspace.practice:
                return _("Starting the practice cloud and signing in…")
            if self.workspace.reading.answers.sign_in.credential == "browser":
                return _("Signing in… Your browser opens Microsoft's page: sign in there, then come back here.")
            return _("Signing in…")
        if self.wizard.background.sign_in_trouble:
            return f"✗ {self.wizard.background.sign_in_trouble}"
        if cloud is not None:
            if self.workspace.practice:
                words = _("✓ Signed in to the practice cloud, subscription {subscription}.").format(subscription=cloud.subscription_name)
                return f"{words}\n\n{self.rights_words()}"
            words = _("✓ Signed in as {name}, to the subscription {subscription}.")
            words = words.format(name=cloud.principal.name, subscription=cloud.subscription_name)
            return f"{words}\n\n{self.rights_words()}"
        return _("Nobody is signed in yet: F5 signs in.")

    def rights_words(self) -> str:
        """What the account may not do of all that the setup needs, known before anything else is asked."""
        background = self.wizard.background
        if background.is_looking(""):
            return _("Checking what this account may do…")
        trouble = background.look_trouble.get("")
        if trouble:
            return _("Azure could not be asked: {reason}").format(reason=trouble)
        return "\n".join(rights_lines(self.workspace, background.asked)) if self.workspace.found else ""

    @property
    def code(self) -> DeviceCode | None:
        """What is to be typed on another device, while it is waited for."""
        background = self.wizard.background
        return background.code if background.signing_in else None

    @on(InlineSelect.Changed)
    def _account_chosen(self, event: InlineSelect.Changed) -> None:
        """Nothing happens before Enter, which is said."""
        if "account" in event.one_of.classes:
            event.stop()
            self.other_account = event.value if event.value != self.workspace.account else ""
            self.renew()

    @on(InlineSelect.Blurred)
    def _account_taken(self, event: InlineSelect.Blurred) -> None:
        event.stop()
        if not self._take_account():
            self.focus_next()

    other_account = ""
    """Whom the person chose to practise as, where that is another than who is signed in."""

    def _take_account(self) -> bool:
        """Sign in as the account that was chosen; False when that is so already."""
        account, self.other_account = self.other_account, ""
        if account:
            self.workspace.account = account
            self.wizard.background.sign_in(account)
            self.renew()
        return bool(account)

    @on(FormRow.Changed)
    def _other_sign_in(self) -> None:
        self.wizard.background.sign_in_trouble = ""

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn):
            self.wizard.background.look_soon("", 0)
        super().news(message)
        if isinstance(message, SignInFailed):
            self.action_ways_on()

    def action_ways_on(self) -> None:
        """The page for an account without a subscription; the list of them for one with several."""
        if self.wizard.background.lacks_subscription:
            self.wizard.go("no_subscription")
        elif self.workspace.cloud is None and "sign_in.subscription" in self.workspace.lists:
            self.wizard.choose("sign_in.subscription", self.renew)

    def missing(self) -> list[str]:
        return [] if self.workspace.cloud is not None else [_("signing in")]

    def action_sign_in(self) -> None:
        """Sign in as the answers say."""
        if super().ready_to_go() and not self._take_account():
            self.wizard.background.sign_in(self.workspace.account if self.workspace.practice else None)
            self.renew()

    def ready_to_go(self) -> bool:
        """Also takes an account that was chosen: whoever goes on means that one."""
        ready = super().ready_to_go()
        if ready:
            self._take_account()
        return ready

    def action_copy_code(self) -> None:
        """Put the code on the clipboard, where the terminal allows it."""
        self.query_one(CodeToType).copy()
