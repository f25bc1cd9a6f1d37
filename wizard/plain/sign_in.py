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


async def choose_account(lines: Lines, desk: Workspace) -> None:
    """Whom to practise as, and sign in as that. Raises GoTo, Leave."""
    from wizard.cloud import CloudError
    from wizard.cloud.transport import practice_process as practice

    try:
        desk.account = await asyncio.to_thread(practice.account)
    except CloudError as error:
        lines.say(describe_error(error))
        return
    accounts = list(ACCOUNTS)
    texts = [_(account) for account in ACCOUNTS.values()]
    chosen = accounts[await lines.choose(_("Whom do you practise as?"), texts, usual=accounts.index(desk.account))]
    if desk.cloud is not None and chosen == desk.account:
        await say_rights(lines, desk)
    else:
        await connect(lines, desk, chosen)


async def connect(lines: Lines, desk: Workspace, account: str = "") -> bool:
    """Sign in, say so and what the account may do; False, having said why, when it does not work. Raises GoTo, Leave.

    :param account: whom to practise as; the same as before by default.
    """
    from wizard.cloud import NoSubscriptionError, SeveralSubscriptions

    while True:
        lines.say(_("Signing in…"))
        try:
            cloud = await (
                desk.become(account)
                if account and desk.practice
                else desk.sign_in(lambda code: lines.say(_("Open {url} and type {code}").format(url=code.url, code=code.code)))
            )
        except NoSubscriptionError as refused:
            lines.say(refused.sentence)
            kind = await way_to_subscription(lines, desk, refused)
            if not kind:
                return False
            desk.practice = desk.practice or kind == "practise"
            account = "owner" if kind in ("owner", "practise") else ""
            continue
        except SeveralSubscriptions as refused:
            lines.say(refused.sentence)
            desk.lists[SUBSCRIPTION] = subscription_choices(refused.found)
            if not await take_from_list(lines, desk, SUBSCRIPTION):
                return False
            continue
        except Exception as error:
            lines.say(describe_error(error))
            return False
        lines.say(_("Signed in, subscription {name}.").format(name=cloud.subscription_name))
        await say_rights(lines, desk)
        return True


async def say_rights(lines: Lines, desk: Workspace) -> None:
    """What the account may not do of all that the setup needs, before anything else is asked."""
    if not desk.setup or desk.reading.problems:
        return
    lines.say(_("Checking what this account may do…"))
    try:
        await desk.look()
        request_words = await asyncio.to_thread(asked_words, desk)
    except Exception as error:
        lines.say(_("Azure could not be asked: {reason}").format(reason=describe_error(error)))
        return
    lines.say(*rights_lines(desk, request_words, LINES))


async def whom_to_ask(lines: Lines, desk: Workspace) -> None:
    """What to send to who can give the missing rights, and the folder to send. Raises GoTo, Leave."""
    if desk.cloud is not None:
        request_words = await asyncio.to_thread(asked_words, desk)
        lines.say(request_words)
    explanation = _("The folder has this message, the owners' names, and a script that gives the rights.")
    lines.tell(message_for_owner(desk, explanation, LINES))
    if desk.cloud is None or not blocked_by_rights(desk):
        return
    if not await yes(lines, _("Write the folder to send")):
        return
    try:
        folder = await write_hand_off(desk)
    except Exception as error:
        lines.say(describe_error(error))
        return
    if folder is None:
        lines.say(_("Nothing is missing any more."))
    else:
        lines.tell(folder_parts(folder))
