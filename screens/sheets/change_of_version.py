"""The question before another version runs: one of this setup, or the one of another stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.sheets.ask_secret import ask_missing_values
from screens.sheets.dialogs import Confirm, ConfirmByName, Sheet
from wizard.platform.language import _
from wizard.releases.promotion import Promotion
from wizard.workspace.missing_values import secrets_without_value
from wizard.workspace.wording.plan_lines import is_waiting, needs_value
from wizard.workspace.wording.promotion_words import promotion_question, promotion_words
from wizard.workspace.wording.standing_words import change_words

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import ModalScreen

    from screens.shell.wizard_protocol import Wizard
    from wizard.releases.going import Prepared


def confirm_change(app: App[Any], wizard: Wizard, prepared: Prepared | Promotion) -> None:
    """Show what the prepared change would do, and do it when the person agrees; where only values of secrets lack, ask for them first."""

    def answered(agreed: bool | None) -> None:
        if agreed and not wizard.background.is_running:
            wizard.background.change_version(prepared)
            wizard.go("progress")

    if isinstance(prepared, Promotion):
        words = promotion_words(prepared.plan, prepared.source, prepared.differences)
    else:
        words = change_words(prepared.plan)
    hindered = prepared.plan.hindered
    if hindered and all(needs_value(item) or is_waiting(item) for item in hindered) and secrets_without_value(wizard.workspace):
        ask_missing_values(app, wizard.workspace, lambda: wizard.deployment.prepare_again(prepared))
    elif hindered:
        app.push_screen(Sheet(_("This cannot be done now"), [("", words)]))
    else:
        app.push_screen(_question(wizard, prepared, words), answered)


def _question(wizard: Wizard, prepared: Prepared | Promotion, words: str) -> ModalScreen[bool]:
    if isinstance(prepared, Promotion):
        return ConfirmByName(
            promotion_question(prepared.plan, prepared.source, prepared.release.number),
            wizard.workspace.setup,
            words,
            ask=_("To run it there, type {name} here:"),
            refusal=_("Nothing is made: type {name} exactly."),
            yes=_("Run it Enter"),
            no=_("Leave it as it is Esc"),
        )
    if prepared.release:
        question = _("Run version {number} again?").format(number=prepared.release)
        return Confirm(question, _("Run version {number}").format(number=prepared.release), _("Leave it as it is"), words)
    return Confirm(_("Deploy your code as it is now?"), _("Deploy it"), _("Leave it as it is"), words)
