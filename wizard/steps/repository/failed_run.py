"""A run that failed, as an error with the next move."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wizard.platform.language import _

LINES_TOLD = 12
Cause = tuple[str, str, str]
"""A pattern in what a run said, what that means, and the next move; the last two are translated when shown."""


def explained(log: str, address: str, causes: Sequence[Cause], otherwise: tuple[str, str], *, cancelled: bool) -> Exception:
    """A failed run as a CloudError: what happened, what it said last, the next move."""
    from wizard.cloud import CloudError, ErrorKind

    if cancelled:
        return CloudError(ErrorKind.OTHER, _("Someone cancelled the run {address}.").format(address=address), _("Apply again."))
    explanations = ((headline, hint) for pattern, headline, hint in causes if re.search(pattern, log, re.IGNORECASE))
    headline, hint = next(explanations, otherwise)
    shown = "".join(f"\n  {line}" for line in log.splitlines()[-LINES_TOLD:])
    return CloudError(ErrorKind.OTHER, f"{_(headline)}{shown}\n  {address}\n", _(hint), message=log)
