"""Signing in, in lines: as whom, how, what the account may do, and the ways on where it does not work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.engine.crash_record import describe_error
from wizard.plain.offers import way_to_subscription
from wizard.plain.questions import take_from_list, yes
from wizard.platform.key_labels import LINES
from wizard.platform.language import _
from wizard.state.choices import subscription_choices
from wizard.workspace.practising import become
from wizard.workspace.wording.handoff_text import (
    ACCOUNTS,
    asked_words,
    blocked_by_rights,
    folder_parts,
    message_for_owner,
    rights_lines,
    write_hand_off,
)

if TYPE_CHECKING:
    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace

SUBSCRIPTION = "sign_in.subscription"


async def choose_account(lines: Lines, workspace: Workspace) -> None:
    """Whom to practise as, and sign in as that. Raises GoTo, Leave."""
    from wizard.cloud import CloudError
    from wizard.cloud.transport import practice_process as practice

    try:
        workspace.account = await asyncio.to_thread(practice.account)
    except CloudError as error:
        lines.say(describe_error(error))
        return
    accounts = list(ACCOUNTS)
    texts = [_(account) for account in ACCOUNTS.values()]
    chosen = accounts[await lines.choose(_("Whom do you practise as?"), texts, usual=accounts.index(workspace.account))]
    if workspace.cloud is not None and chosen == workspace.account:
        await say_rights(lines, workspace)
    else:
        await connect(lines, workspace, chosen)


async def connect(lines: Lines, workspace: Workspace, account: str = "") -> bool:
    """Sign in, say so and what the account may do; False, having said why, when it does not work. Raises GoTo, Leave.

    :param account: whom to practise as; the same as before by default.
    """
    from wizard.cloud import NoSubscriptionError, SeveralSubscriptions

    while True:
        lines.say(_("Signing in…"))
        try:
            cloud = await (
                become(workspace, account)
                if account and workspace.practice
                else workspace.sign_in(lambda code: lines.say(_("Open {url} and type {code}").format(url=code.url, code=code.code)))
            )
        except NoSubscriptionError as refused:
            lines.say(refused.sentence)
            kind = await way_to_subscription(lines, workspace, refused)
            if not kind:
                return False
            workspace.practice = workspace.practice or kind == "practise"
            account = "owner" if kind in ("owner", "practise") else ""
            continue
        except SeveralSubscriptions as refused:
            lines.say(refused.sentence)
            workspace.lists[SUBSCRIPTION] = subscription_choices(refused.found)
            if not await take_from_list(lines, workspace, SUBSCRIPTION):
                return False
            continue
        except Exception as error:
            lines.say(describe_error(error))
            return False
        lines.say(_("Signed in, subscription {name}.").format(name=cloud.subscription_name))
        await say_rights(lines, workspace)
        return True


async def say_rights(lines: Lines, workspace: Workspace) -> None:
    """What the account may not do of all that the setup needs, before anything else is asked."""
    if not workspace.setup or workspace.reading.problems:
        return
    lines.say(_("Checking what this account may do…"))
    try:
        await workspace.look()
        request_words = await asyncio.to_thread(asked_words, workspace)
    except Exception as error:
        lines.say(_("Azure could not be asked: {reason}").format(reason=describe_error(error)))
        return
    lines.say(*rights_lines(workspace, request_words, LINES))


async def whom_to_ask(lines: Lines, workspace: Workspace) -> None:
    """What to send to who can give the missing rights, and the folder to send. Raises GoTo, Leave."""
    if workspace.cloud is not None:
        request_words = await asyncio.to_thread(asked_words, workspace)
        lines.say(request_words)
    explanation = _("The folder has this message, the owners' names, and a script that gives the rights.")
    lines.tell(message_for_owner(workspace, explanation, LINES))
    if workspace.cloud is None or not blocked_by_rights(workspace):
        return
    if not await yes(lines, _("Write the folder to send")):
        return
    try:
        folder = await write_hand_off(workspace)
    except Exception as error:
        lines.say(describe_error(error))
        return
    if folder is None:
        lines.say(_("Nothing is missing any more."))
    else:
        lines.tell(folder_parts(folder))
