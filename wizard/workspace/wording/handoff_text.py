"""Whom to ask and what to send them, from what the wizard found so far; the same as `azwizard handoff` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.engine.session import signed_in
from wizard.handoff.message import ANSWER, MESSAGE, SCRIPT, message
from wizard.handoff.request import request_for
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import N_, _, plural
from wizard.sections import naming

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.engine.plan import PlannedStep
    from wizard.workspace.workspace import Workspace

NAMED = 5  # steps named of those that lack a right
ACCOUNTS = {
    "owner": N_("owner: may do everything"),
    "contributor": N_("contributor: may not give rights"),
    "reader": N_("reader: may only look"),
    "none": N_("nobody: has no subscription yet"),
}
"""Whom a person can practise as."""


def rights_lines(workspace: Workspace, request_words: str, keys: Keys = SCREENS) -> list[str]:
    """What the account may not do of all that was found, known before anything else is asked.

    :param request_words: who was asked for it already, and what was given.
    """
    blocked = blocked_by_rights(workspace)
    lacking = len(blocked)
    if not lacking:
        return [each for each in [_("✓ This account may do all that is needed."), request_words] if each]
    words = plural(
        "! {count} step needs a right that this account does not have. {key}: whom to ask.",
        "! {count} steps need a right that this account does not have. {key}: whom to ask.",
        lacking,
    ).format(count=lacking, key=_(keys.who))
    more = plural("and {count} more", "and {count} more", lacking - NAMED).format(count=lacking - NAMED) if lacking > NAMED else ""
    named = [f"  {each}" for each in [*(item.step.title for item in blocked[:NAMED]), more] if each]
    return [words, *named, *([request_words] if request_words else []), _("You can go on with everything else meanwhile.")]


def blocked_by_rights(workspace: Workspace) -> list[PlannedStep]:
    """The steps found so far for which a right is missing."""
    return [item for item in _found(workspace) if item.lacks]


def _found(workspace: Workspace) -> list[PlannedStep]:
    return [item for items in workspace.found.values() for item in items]


def may_not_let_in(workspace: Workspace) -> bool:
    """Whether the person may not give the app's identity its roles."""
    return any(right.assigns and right.to == "app" for item in _found(workspace) for right in item.lacks)


def is_beforehand(workspace: Workspace) -> bool:
    """Whether the app's identity is made before the app."""
    return workspace.reading.answers.app.identity == "user"


def has_identity_choice(workspace: Workspace) -> bool:
    """Whether the other identity is worth offering."""
    return is_beforehand(workspace) or may_not_let_in(workspace)


def take_other_identity(workspace: Workspace) -> None:
    """Its own instead of one made beforehand, or the other way round."""
    workspace.put("app.identity", "system" if is_beforehand(workspace) else "user")
    workspace.draft.write_setup()
    workspace.found.pop("identity", None)


def identity_words(workspace: Workspace, keys: Keys = SCREENS) -> str:
    """Who does what for the app's identity to get its roles; "" where the person does it all."""
    name = naming.identity(workspace.reading.answers.project.name, workspace.reading.answers.project.environment)
    beforehand = is_beforehand(workspace)
    if not may_not_let_in(workspace):
        words = _("Your app gets the identity {name}, made before it: {key} takes its own instead.")
        return words.format(name=name, key=_(keys.identity)) if beforehand else ""
    if beforehand:
        lines = [
            _("Your app gets the identity {name}, made before it. You may not give it its roles, so:").format(name=name),
            _("1. {key} writes what to send. You send it to an administrator (an owner).").format(key=_(keys.who)),
            _("2. The administrator runs its script once: it makes the identity and gives it the roles below."),
            _("3. You create everything else yourself, now or then. Nobody is needed again."),
        ]
    else:
        lines = [
            _(
                "You may not give roles. Your app's own identity is made with the app, so an administrator would have to give you the "
                "right to let apps in, for good ({key})."
            ).format(key=_(keys.who)),
            _(
                "Simpler: {key} has an identity made beforehand, {name} (identity = user). It costs nothing and changes nothing else. The "
                "administrator gives it its roles, once, and you create all the rest."
            ).format(key=_(keys.identity), name=name),
        ]
    return "\n".join(lines)


def message_for_owner(workspace: Workspace, note: str = "", keys: Keys = SCREENS) -> list[tuple[str, str]]:
    """(heading, text): who can help, and a message to copy. Says so when nothing is missing or nobody is signed in.

    :param note: how the message gets into a folder; by the command otherwise.
    """
    if workspace.cloud is None:
        return [("", _("Sign in first: then azwizard sees what you may do."))]
    answers = signed_in(workspace.reading.answers, workspace.cloud)
    request = request_for(_found(workspace), answers)
    if request is None:
        return [("", _("Nothing that was checked so far needs anyone else."))]
    scope = f"/subscriptions/{workspace.cloud.subscription_id}"
    return [
        (
            _("Who"),
            _("An owner of the subscription {name} ({scope}), often your IT department.").format(
                name=workspace.cloud.subscription_name, scope=scope
            ),
        ),
        (
            _("What to send them"),
            note
            or _("azwizard handoff {file} writes this message into a folder, with the owners' names and the script.").format(
                file=workspace.draft.file.name
            ),
        ),
        (_("The message"), message(request, answers, workspace.cloud, ())),
        (
            _("Meanwhile"),
            _("Everything else can be typed and checked; what needs the right waits. {key} asks Azure again.").format(key=_(keys.again)),
        ),
    ]


async def write_hand_off(workspace: Workspace) -> Path | None:
    """Write the folder beside the setup file and remember that it was asked; None when no right is missing. Raises CloudError, OSError."""
    from wizard.handoff.folder import write_folder
    from wizard.handoff.record import remember

    assert workspace.cloud is not None
    answers = signed_in(workspace.reading.answers, workspace.cloud)
    request = request_for(await workspace.look(), answers)
    if request is None:
        return None
    await write_folder(request, answers, workspace.cloud, answers.handoff_folder)
    with workspace.journal() as journal:
        remember(journal, request.rights)
    return answers.handoff_folder


def folder_parts(folder: Path) -> list[tuple[str, str]]:
    """(heading, text): where the written folder is, and what to do with it."""
    return [
        (_("Where it is"), str(folder)),
        (
            _("What is in it"),
            "\n".join(
                [
                    _("{file}: the message, with the names of who can be asked").format(file=MESSAGE),
                    _("{file}: the script that gives exactly these rights, to be run once").format(file=SCRIPT),
                    _("{file}: what they can answer you").format(file=ANSWER),
                ]
            ),
        ),
        (
            _("What now"),
            _(
                "Send the folder to one of them, by mail or chat: nothing in it is secret. You can go on here, or leave. When you come "
                "back, azwizard looks what was given, and says so: “2 of 3 given”."
            ),
        ),
    ]


def asked_words(workspace: Workspace) -> str:
    """``Asked on Tuesday: 2 of 3 given.``, held against the latest plan; "" when nobody was asked or there is no plan."""
    from wizard.handoff.record import recall

    if workspace.cloud is None or workspace.plan is None:
        return ""
    with workspace.journal() as journal:
        request_date = recall(journal, (right for item in workspace.plan.steps for right in item.lacks))
    return request_date.sentence if request_date else ""
