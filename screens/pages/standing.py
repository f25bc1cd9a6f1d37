"""The state of a deployed API: how it stands now, its versions, and what one does with it from day two on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList

from screens.pages.log_page import LogPage
from screens.pages.standing_options import RELEASE, standing_options
from screens.pages.standing_text import has_version_before, status_words
from screens.sheets.another_stage import AnotherStage
from screens.sheets.change_of_version import confirm_change
from screens.sheets.delete_everything import delete_everything
from screens.sheets.dialogs import Confirm
from screens.sheets.standing_sheets import cost_sheet, metric_sheet, release_sheet
from screens.shell.messages import DeploymentNews, SignedIn
from screens.widgets.basics import ActionButton, TextBlock
from screens.widgets.state_list import StateList
from wizard.platform.language import _
from wizard.workspace.wording.standing_words import (
    METRIC,
    beside_code,
)

if TYPE_CHECKING:
    from wizard.engine.events import ReleaseEvent

WIDE = 100  # columns of the screen from which a minute has a column of its own
SILENT = ("azure-cli", "environment")


class StandingPage(LogPage):
    """How it stands, with the versions below::

    runs ✓       /health answers 200, 1 copy runs
    address      https://capp-orders-dev....azurecontainerapps.io
    version      2, since 2026-11-30 09:12 UTC, by ada@example.org
    your code ~  changed since: app.py
    cost         9 to 24 USD a month in Azure if left on
      Versions: Enter runs one again
    in use ✓       2  2026-11-30 09:12  3f2a91bc0d11  ada@example.org
                   1  2026-11-29 17:40  77c0ab3e9f02  ada@example.org
    """

    place = "standing"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "look_again", "Look again", show=False, priority=True, id="standing.look_again"),
        Binding("ctrl+x", "pause", "Pause or start", show=False, priority=True, id="standing.pause"),
        Binding("f7", "repair", "Repair", show=False, priority=True, id="standing.repair"),
        Binding("ctrl+r", "version_before", "Version before", show=False, priority=True, id="standing.version_before"),
        Binding("ctrl+t", "try_it", "Try it", show=False, priority=True, id="standing.try_it"),
        Binding("ctrl+d", "delete", "Delete everything", show=False, priority=True, id="standing.delete"),
        Binding("ctrl+n", "stages", "Stages", show=False, priority=True, id="standing.stages"),
    ]

    def heading(self) -> str:
        standing = self.wizard.deployment.standing
        words = {
            "running": _("{setup} · your API runs"),
            "failing": _("{setup} · your API does not answer"),
            "paused": _("{setup} · your API is paused"),
            "stopped": _("{setup} · your API is stopped"),
        }
        return words[standing[0].state].format(setup=self.workspace.setup) if standing else self.workspace.setup

    def aside(self) -> str:
        return _("(azwizard status)")

    def body(self) -> Iterable[Widget]:
        with Vertical(id="standing"):
            yield StateList(id="rows", markup=False)

    def foot(self) -> Iterable[Widget]:
        yield TextBlock(id="chosen", classes="grey")
        yield from super().foot()

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Repair F7"), "repair")
        yield ActionButton(_("Deploy my change F8"), "next")
        yield ActionButton(_("Sign in F5"), "look_again", id="press-sign_in")
        yield ActionButton(_("Check everything F9"), "check_everything", id="press-check")
        yield ActionButton(_("Start your API Ctrl+X"), "pause", id="press-start")
        yield from self.log_buttons()
        yield ActionButton(_("Version before Ctrl+R"), "version_before")
        yield ActionButton(_("Log Ctrl+L"), "log")
        yield ActionButton(_("Try it Ctrl+T"), "try_it")
        yield ActionButton(_("Home Esc"), "back")
        yield ActionButton(_("Pause your API Ctrl+X"), "pause")
        yield ActionButton(_("Settings Ctrl+G"), "all_steps")
        yield ActionButton(_("Look again F5"), "look_again")
        yield ActionButton(_("Stages Ctrl+N"), "stages")
        yield ActionButton(_("Delete everything Ctrl+D"), "delete")
        yield ActionButton(_("Why? F1"), "why")

    def on_mount(self) -> None:
        self.wizard.came_to("standing")
        self.wizard.deployment.turn_to_setup()
        if self.workspace.cloud is None and self._signs_in_by_itself and not self.wizard.background.signing_in:
            self.wizard.background.sign_in()
        self._look()
        self._ask_about_change()  # one may have been prepared on the way here
        self.set_interval(0.25, self._show_what_goes_on)

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn):
            self._look()
        if isinstance(message, DeploymentNews):
            self._ask_about_change()
        self.renew()

    @property
    def _signs_in_by_itself(self) -> bool:
        return self.workspace.practice or self.workspace.reading.answers.sign_in.credential in SILENT

    def _look(self) -> None:
        """Ask Azure how it stands, and beside that what differs from the setup."""
        if self.workspace.cloud is not None and not self.wizard.background.is_running:
            self.wizard.deployment.read_standing()
            self.wizard.background.look_soon("", 0)
            if self.wizard.deployment.promoting_from:
                self.wizard.deployment.prepare_promotion()

    # What is shown

    def renew(self) -> None:
        super().renew()
        self.query_one("#title", TextBlock).say(self.heading())
        self._show_rows()
        self._show_buttons()
        self._show_what_goes_on()

    def _show_rows(self) -> None:
        listed, standing = self.query_one("#rows", OptionList), self.wizard.deployment.standing
        at = listed.get_option_at_index(listed.highlighted).id if listed.highlighted is not None else None
        if standing is None:
            listed.clear_options()
            return
        options = standing_options(self.wizard, self._releases(), is_narrow=self.size.width < WIDE)
        listed.set_options(options)
        places = [option.id for option in options]
        listed.highlighted = places.index(at) if at is not None and at in places else 0

    def _releases(self) -> list[ReleaseEvent]:
        """The versions there were, the newest first."""
        standing = self.wizard.deployment.standing
        return [standing[1].event(release) for release in reversed(standing[1].releases)] if standing else []

    def _show_buttons(self) -> None:
        standing, is_known = self.wizard.deployment.standing, self.workspace.cloud is not None
        event = standing[0] if standing else None
        stopped = event is not None and event.state in ("paused", "stopped")
        shown = {
            "next": event is not None and not stopped and (bool(event.code_changed) or event.rolled_back),
            "sign_in": not is_known and not self.wizard.background.signing_in,
            "check": is_known and (event is None or bool(beside_code(self.wizard.background.plan_to_come))),
            "version_before": has_version_before(self.wizard.deployment.standing) and not stopped,
            "try_it": event is not None and not stopped,
            "log": event is not None,
            "pause": event is not None and not stopped,
            "start": stopped,
            "repair": event is not None and (event.state == "failing" or not event.newest_serves),
            "look_again": is_known,
            "stages": is_known and self.workspace.draft.file.exists(),
            "delete": is_known and (event is not None or self._is_something_left()),
        }
        for action, visible in shown.items():
            self.query_one(f"#press-{action}").display = visible

    def _is_something_left(self) -> bool:
        """Whether Azure was seen to hold something of this setup although no API runs."""
        background = self.wizard.background
        return not background.is_looking("") and bool(background.to_undo())

    @on(OptionList.OptionHighlighted, "#rows")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        release = self._release_of(event.option.id)
        changes = ", ".join(release.changes) if release else ""
        self.query_one("#chosen", TextBlock).say_or_hide(_("What differed: {changes}").format(changes=changes) if changes else " ")

    def _release_of(self, option: str | None) -> ReleaseEvent | None:
        return next((event for event in self._releases() if option == f"{RELEASE}{event.number}"), None)

    def _show_what_goes_on(self) -> None:
        self.status(status_words(self.wizard))

    # What is done

    @on(OptionList.OptionSelected, "#rows")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        release = self._release_of(event.option.id)
        if release is not None and not release.running:
            self._prepare(release.number)
            return
        match event.option.id:
            case "health" | "address":
                self.action_try_it()
            case "browser":
                self.app.open_url(self.workspace.local_address)
            case "broken":
                self.action_repair()
            case "code" | "back":
                self.action_next()
            case "settings":
                self.action_check_everything()
            case "cost":
                self.app.push_screen(cost_sheet(self.workspace))
            case str(place) if place.startswith(METRIC):
                self.app.push_screen(metric_sheet(self.wizard, place.removeprefix(METRIC)))
            case _:
                if shown := release or next((event for event in self._releases() if event.running), None):
                    self.app.push_screen(release_sheet(shown))

    def action_next(self) -> None:
        """Plan what deploying the code as it is now would do."""
        if self.query_one("#press-next").display:
            self._prepare(0)

    def action_version_before(self) -> None:
        """Plan the way back to the release before the one that runs."""
        if has_version_before(self.wizard.deployment.standing):
            self._prepare(None)

    def _prepare(self, release: int | None) -> None:
        if self.workspace.cloud is not None and not self.wizard.deployment.is_busy and not self.wizard.background.is_running:
            self.wizard.deployment.prepare_change(release)
            self.renew()

    def _ask_about_change(self) -> None:
        """Show what the prepared change would do, and do it when the person agrees."""
        prepared = self.wizard.deployment.take_prepared()
        if prepared is not None:
            confirm_change(self.app, self.wizard, prepared)

    def action_stages(self) -> None:
        """What can be done with the other stages: run there what runs here, open one, begin one."""
        if self.query_one("#press-stages").display and not self.wizard.deployment.is_busy and not self.wizard.background.is_running:
            AnotherStage(self.app, self.wizard).ask()

    def action_pause(self) -> None:
        """Pause the API, after a question, or start it again."""
        standing = self.wizard.deployment.standing
        if standing is None or self.wizard.deployment.is_busy or self.wizard.background.is_running:
            return
        if standing[0].state in ("paused", "stopped"):
            self._pause_or_start(pause=False)
            return
        text = _("Nothing is deleted. Copies cost nothing while it is paused; the image store and the files cost what they did.")
        question = _("Pause your API? It answers nobody until you start it again.")
        self.app.push_screen(
            Confirm(question, _("Pause it"), _("Leave it running"), text), lambda yes: self._pause_or_start(pause=True) if yes else None
        )

    def _pause_or_start(self, *, pause: bool) -> None:
        self.wizard.deployment.pause_or_start(pause=pause)
        self.renew()

    def action_repair(self) -> None:
        """Let the doctor look at it."""
        self.wizard.go("repair")

    def action_try_it(self) -> None:
        """Send it requests."""
        if self.wizard.deployment.standing is not None:
            self.wizard.go("try_it")

    def action_look_again(self) -> None:
        """Ask Azure anew; first sign in where nobody is."""
        deployment = self.wizard.deployment
        if self.workspace.cloud is None and not self.wizard.background.signing_in:
            self.wizard.go("sign_in")
        elif not deployment.is_busy:
            deployment.pausing = deployment.preparing = None
            self._look()
            self.renew()

    def action_delete(self) -> None:
        """Delete the whole setup, after its name was typed."""
        if self.workspace.cloud is not None and not self.wizard.background.is_running:
            delete_everything(self.app, self.wizard)

    def action_back(self) -> None:
        self.wizard.go("home")
