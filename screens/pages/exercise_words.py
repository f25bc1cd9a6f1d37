"""An exercise's words on the screens: where they name a command of azwizard, the key that does it there."""

from __future__ import annotations

import re

from wizard.platform.language import N_, _
from wizard.sections import number_of

KEYS = {
    "apply": N_("Check everything F9"),
    "check": N_("Check everything F9"),
    "plan": N_("Check everything F9"),
    "doctor": N_("Repair F7"),
    "logs": N_("Log Ctrl+L"),
    "releases": N_("Open it F8"),
    "rollback": N_("Version before Ctrl+R"),
    "handoff": N_("Who? F4"),
}
"""Command -> the button that does it once the exercise is open; the state of its API lists the versions."""
COMMAND = re.compile(rf"azwizard ({'|'.join(KEYS)}) --practice(?: --fix)?")
ACCOUNT = re.compile(r"azwizard practice fault account:(\w+)")


def with_keys(text: str) -> str:
    """The text with a key in place of each command, as a button shows it."""
    keyed = COMMAND.sub(lambda command: f"[{_(KEYS[command[1]])}]", text)
    words = _("the account {account} in step {number}")
    return ACCOUNT.sub(lambda fault: words.format(account=fault[1], number=number_of("sign_in")), keyed)
