"""No subscription: who is signed in may use none, so nothing can be made in Azure. The ways on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.message import Message

from screens.pages.ways_on import WaysOn
from screens.sheets.dialogs import Sheet
from screens.shell.messages import SignedIn
from wizard.platform.language import _
from wizard.workspace.wording.prerequisite_pages import NEEDED, NO_SUBSCRIPTION, NextOption, ask_for_subscription, subscription_options


class NoSubscription(WaysOn):
    """Reached from the sign-in; left for it as soon as there is a subscription."""

    place = "no_subscription"
    explained = "sign_in"
    _asked_again = False

    def heading(self) -> str:
        return _("No subscription")

    def aside(self) -> str:
        return _("(Azure: {term})").format(term="Subscription")

    def intro(self) -> str:
        return _(NO_SUBSCRIPTION)

    def ways(self) -> Sequence[NextOption]:
        return subscription_options(self.workspace, self.wizard.background.organizations)

    def takes(self) -> Mapping[str, Callable[[], object]]:
        return {
            "ask": self._ask,
            "again": self.action_again,
            "owner": lambda: self._sign_in("owner"),
            "sign_in": lambda: self.wizard.go("sign_in"),
            "make": lambda: self.open_page(NEEDED["subscription"]),
            "practise": self._practise,
        }

    def _ask(self) -> None:
        self.app.push_screen(Sheet(_("What to send"), [("", ask_for_subscription(self.workspace, self.wizard.background.account))]))

    def _practise(self) -> None:
        self.workspace.practice = True
        self._sign_in("owner")

    def action_again(self) -> None:
        self._sign_in()

    def _sign_in(self, account: str | None = None) -> None:
        self._asked_again = True
        self.wizard.background.sign_in(account)
        self.renew()

    def renew(self) -> None:
        super().renew()
        if self.wizard.background.signing_in:
            self.status(_("Signing in…"))
        elif self._asked_again:
            self.status(f"✗ {self.wizard.background.sign_in_trouble}")

    def news(self, message: Message) -> None:
        super().news(message)
        if isinstance(message, SignedIn):
            self.wizard.go("sign_in")

    def action_back(self) -> None:
        self.wizard.go("sign_in")
