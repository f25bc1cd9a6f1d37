"""Whom to ask and what to send them, from what the wizard found so far; the same as `azwizard handoff` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.handoff.message import message
from wizard.handoff.request import request_for
from wizard.language import _
from wizard.session import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.desk import Desk
    from wizard.plan import Planned


def blocked_by_rights(desk: Desk) -> list[Planned]:
    """The steps found so far for which a right is missing."""
    return [item for item in _found(desk) if item.lacks]


def _found(desk: Desk) -> list[Planned]:
    return [item for items in desk.found.values() for item in items]


def message_for_owner(desk: Desk) -> list[tuple[str, str]]:
    """(heading, text): who can help, and a message to copy. Says so when nothing is missing or nobody is signed in."""
    if desk.cloud is None:
        return [("", _("Sign in first: then azwizard sees what you may do."))]
    answers = signed_in(desk.reading.answers, desk.cloud)
    request = request_for(_found(desk), answers)
    if request is None:
        return [("", _("Nothing that was checked so far needs anyone else."))]
    scope = f"/subscriptions/{desk.cloud.subscription_id}"
    return [
        (
            _("Who"),
            _("An owner of the subscription {name} ({scope}), often your IT department.").format(
                name=desk.cloud.subscription_name, scope=scope
            ),
        ),
        (
            _("What to send them"),
            _("azwizard handoff {file} writes this message into a folder, with the owners' names and the script.").format(
                file=desk.draft.file.name
            ),
        ),
        (_("The message"), message(request, answers, desk.cloud, ())),
        (
            _("Meanwhile"),
            _("Everything else can be typed and checked; what needs the right waits. F8 on the check of everything asks Azure again."),
        ),
    ]


async def write_hand_off(desk: Desk) -> Path | None:
    """Write the folder beside the setup file and remember that it was asked; None when no right is missing. Raises CloudError, OSError."""
    from wizard.handoff.asked import remember
    from wizard.handoff.folder import write_folder

    assert desk.cloud is not None
    answers = signed_in(desk.reading.answers, desk.cloud)
    request = request_for(await desk.look(), answers)
    if request is None:
        return None
    await write_folder(request, answers, desk.cloud, answers.handoff_folder)
    with desk.journal() as journal:
        remember(journal, request.rights)
    return answers.handoff_folder
