"""Try it, in lines: send requests, read the log, prove a restart, repair, delete."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.plain.lines import GoTo, SpokenReporter
from wizard.plain.repair import prove, repair, send, told
from wizard.plain.run import delete_all
from wizard.platform.key_labels import LINES
from wizard.platform.language import _
from wizard.workspace.runs import session_of

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from wizard.plain.lines import Lines
    from wizard.testing.requests import RequestList
    from wizard.testing.rest.run import RequestRun
    from wizard.workspace.workspace import Workspace


async def try_it(lines: Lines, workspace: Workspace) -> None:
    """Send requests to the deployed API. Raises GoTo, Leave."""
    from wizard.testing.requests import requests_of
    from wizard.testing.rest.run import RequestRun

    listed, run = requests_of(workspace), RequestRun()
    options = [f"{request.method} {request.path} {request.title}".rstrip() for request in listed.requests]
    more = [
        _("What now?"),
        _("Prove what survives a restart"),
        _("Repair: what is wrong, and the fix"),
        _("Send all of these requests"),
        _("The log: what your API prints and what Azure reports"),
        _("Delete everything that this setup made"),
    ]
    lines.say(_("Try it: your API runs at {address}").format(address=workspace.address))
    if workspace.local_address:
        lines.say(_("For your browser, while you practise: {url}").format(url=workspace.local_address))
    lines.say(listed.source_words, *listed.remarks)
    while True:
        chosen = await lines.choose(_("Which one? q leaves"), [*options, *more])
        await told(lines, _work(lines, workspace, listed, run, chosen))


def _work(lines: Lines, workspace: Workspace, listed: RequestList, run: RequestRun, chosen: int) -> Awaitable[None]:
    if chosen < len(listed.requests):
        return send(lines, workspace, [listed.requests[chosen]], run)
    match chosen - len(listed.requests):
        case 0:
            return _what_now(lines, workspace)
        case 1:
            return prove(lines, workspace, listed.requests)
        case 2:
            return repair(lines, workspace)
        case 3:
            return _send_all(lines, workspace, listed, run)
        case 4:
            return follow_log(lines, workspace)
    return delete(lines, workspace)


async def _send_all(lines: Lines, workspace: Workspace, listed: RequestList, run: RequestRun) -> None:
    """Every request; guessed ones that change data only when the person says so."""
    requests, changing = listed.requests, listed.sent_when_asked
    if changing:
        names = ", ".join(f"{request.method} {request.path}" for request in changing)
        question = _("These are guessed from your source and change data: {names}").format(names=names)
        if await lines.choose(question, [_("Send only those that read"), _("Send all of them")]) == 0:
            requests = listed.sent_unasked
    await send(lines, workspace, requests, run)


async def _what_now(lines: Lines, workspace: Workspace) -> None:
    from wizard.testing.requests import next_steps

    lines.tell([(heading, text) for heading, text in next_steps(workspace, LINES) if text])


async def follow_log(lines: Lines, workspace: Workspace) -> None:
    """The last lines and each new one, until Enter is typed."""
    from wizard.testing.log_streams import logs

    following = asyncio.ensure_future(logs(session_of(workspace, SpokenReporter(lines)), follow=True))
    stop_prompt = asyncio.ensure_future(lines.ask(_("Enter stops the log:")))
    try:
        await asyncio.wait([following, stop_prompt], return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
        await stop_prompt
    finally:
        following.cancel()
        stop_prompt.cancel()


async def delete(lines: Lines, workspace: Workspace) -> None:
    if await delete_all(lines, workspace):
        raise GoTo("steps")
