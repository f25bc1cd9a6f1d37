"""No subscription: who is signed in may use none, so nothing can be made in Azure. The ways on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from screens.confirm import Sheet
from screens.messages import SignedIn
from screens.ways_on import Way, WaysOn
from wizard.language import _
from wizard.needs import NEEDED, ask_for_subscription


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
        return _(
            "Signing in worked, but this account may use no subscription. A subscription is what Azure puts things into and sends the "
            "bill to, so nothing can be made without one. There are ways on:"
        )

    def ways(self) -> Sequence[Way]:
        ask = Way(
            _("Ask someone for access to one"),
            _("At work or at a university somebody has one. Enter shows what to send them; c copies it."),
            self._ask,
        )
        again = Way(
            _("Look again: somebody gave me access"),
            _("Azure tells of a new right after some minutes. F5 does the same."),
            self.action_again,
        )
        if self.desk.practice:
            owner = Way(_("Practise as the owner"), _("In practice the owner of a subscription is one key away."), self._become_owner)
            return [owner, ask, again]
        organizations = "".join(f"\n  {it}" for it in self.wizard.background.organizations)
        other = Way(
            _("Sign in with another account, or to another organization"),
            _("Your account belongs to these organizations (tenants). One of them may have a subscription; screen 2 asks for the tenant:")
            + organizations
            if organizations
            else _("Screen 2 asks how to sign in, and to which organization (tenant)."),
            lambda: self.wizard.go("sign_in"),
        )
        make = Way(
            _("Make one of your own: a free account"),
            _(
                "{link} gives 200 USD for 30 days; a bank card is asked for to know that you are a person. In a free account the registry "
                "builds no images: screen 5, Build, then has other ways."
            ).format(link=NEEDED["subscription"]),
            lambda: self.open_page(NEEDED["subscription"]),
        )
        practise = Way(
            _("Practise meanwhile, on this computer"),
            _("The same steps in a local Azure: no account, no cost. Home later takes what you practised to Azure."),
            self._practise,
        )
        return [other, ask, make, practise, again]

    def _ask(self) -> None:
        self.wizard.push_screen(Sheet(_("What to send"), [("", ask_for_subscription(self.desk, self.wizard.background.account))]))

    def _become_owner(self) -> None:
        self._sign_in("owner")

    def _practise(self) -> None:
        self.desk.practice = True
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
