"""The code that a person types on another device to sign in, with the time it is good for."""

from __future__ import annotations

import time
from collections.abc import Callable

from screens.widgets.basics import TextBlock
from wizard.platform.device_code import DeviceCode
from wizard.platform.language import _
from wizard.platform.phrases import clock


class CodeToType(TextBlock):
    """Counts down by itself, and takes no row while there is no code.

    :param code: tells the code that is waited for; None when there is none.
    """

    def __init__(self, code: Callable[[], DeviceCode | None]) -> None:
        super().__init__()
        self._code = code

    def on_mount(self) -> None:
        self.set_interval(1.0, self.renew)

    def renew(self) -> None:
        """Show what there is now."""
        code = self._code()
        if code is None:
            self.say_or_hide("")
            return
        left = max(code.expires.timestamp() - time.time(), 0)
        self.say_or_hide(
            _("Open {url} on any device and type:\n\n    {code}\n\nGood for another {left}.").format(
                url=code.url, code=" ".join(code.code), left=clock(left)
            )
        )

    def on_resize(self) -> None:
        """A code that comes is scrolled into sight."""
        if self.display:
            self.scroll_visible(animate=False)

    def copy(self) -> None:
        """Put the code on the clipboard, where the terminal allows it."""
        if (code := self._code()) is not None:
            self.app.copy_to_clipboard(code.code)
            self.notify(_("The code is on the clipboard, if your terminal allows it."), markup=False)
