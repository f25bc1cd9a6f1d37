"""What to send to whoever can give the rights that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.desk import SECRET_STEP
from wizard.language import _

if TYPE_CHECKING:
    from wizard.desk import Desk
    from wizard.plan import Planned


def blocked_by_rights(desk: Desk) -> list[Planned]:
    """The steps found so far for which a right is missing."""
    every = [item for items in desk.found.values() for item in items]
    return [item for item in every if item.action == "blocked" and item.look.remedy and not item.step.id.startswith(SECRET_STEP)]


def message_for_owner(desk: Desk) -> list[tuple[str, str]]:
    """(heading, text): who can help, and a message to copy. Says so when nothing is missing or nobody is signed in."""
    if desk.cloud is None:
        return [("", _("Sign in first: then azwizard sees what you may do."))]
    items = blocked_by_rights(desk)
    if not items:
        return [("", _("Nothing that was checked so far needs anyone else."))]
    scope = f"/subscriptions/{desk.cloud.subscription_id}"
    lines = [
        _("Hello, I am setting up {setup} in the subscription {subscription}. I am {name} ({id}).").format(
            setup=desk.setup, subscription=desk.cloud.subscription_name, name=desk.cloud.principal.name, id=desk.cloud.principal.object_id
        ),
        _("I may not do the following yet:"),
        *(f"- {item.step.title}: {item.look.detail}" for item in items),
        _("Could you give me these roles, or do it for me?"),
        *(f"- {line}" for line in dict.fromkeys(item.look.remedy for item in items)),
        _("Thank you."),
    ]
    return [
        (
            _("Who"),
            _("An owner of the subscription {name} ({scope}), often your IT department.").format(
                name=desk.cloud.subscription_name, scope=scope
            ),
        ),
        (_("What to send them"), "\n".join(lines)),
        (
            _("Meanwhile"),
            _("Everything else can be typed and checked; what needs the right waits. F5 on the check of everything asks Azure again."),
        ),
    ]
