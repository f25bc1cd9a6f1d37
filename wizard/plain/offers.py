"""What a section tells and offers beside its questions: what Azure says to it, free names, files, a try on this computer."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from wizard.engine.crash_record import describe_error
from wizard.engine.plan import HINDERS
from wizard.lint.scaffold import apps_to_choose, files_to_start, missing_files
from wizard.plain.github import sign_in_by_code
from wizard.plain.lines import GoTo
from wizard.plain.questions import ask_place, yes
from wizard.platform.key_labels import LINES
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.testing.local_order import LocalRunError
from wizard.testing.local_run import run_here
from wizard.workspace.github_access import offers_github_code
from wizard.workspace.wording.azure_notes import found_words, note, place_of
from wizard.workspace.wording.code_phrases import WHICH_APP, code_lines
from wizard.workspace.wording.handoff_text import has_identity_choice, identity_words, is_beforehand, take_other_identity
from wizard.workspace.wording.prerequisite_pages import (
    NEEDED,
    NO_ORGANIZATION,
    NO_SUBSCRIPTION,
    ORGANIZATIONS,
    NextOption,
    ask_for_organization,
    ask_for_subscription,
    lacks_organization,
    subscription_options,
    ways_to_organization,
)
from wizard.workspace.wording.what_happens import secrets_lines, variables_lines

if TYPE_CHECKING:
    from wizard.cloud import NoSubscriptionError
    from wizard.engine.plan import PlannedStep
    from wizard.plain.lines import Lines
    from wizard.sections.section import Section
    from wizard.source.starting.app_objects import AppObject
    from wizard.workspace.workspace import Workspace

Offer = tuple[str, Callable[[], Awaitable[object]]]


async def finish_section(lines: Lines, workspace: Workspace, section: Section) -> None:
    """Tell what becomes of the answers, and offer what there is beside them, until the person goes on. Raises GoTo, Leave."""
    while True:
        lines.say(*_outlook(workspace, section))
        await _say_what_azure_says(lines, workspace, section)
        offers = list(_offers(lines, workspace, section))
        if not offers:
            return
        chosen = await lines.choose(_("What now?"), [_("Go on"), *(text for text, _take in offers)])
        if chosen == 0:
            return
        await offers[chosen - 1][1]()


def _outlook(workspace: Workspace, section: Section) -> list[str]:
    answers = workspace.reading.answers
    match section.name:
        case "project":
            return code_lines(workspace.code, LINES)
        case "identity":
            return [_("Nothing to type here. Here is what will happen:"), identity_words(workspace, LINES)]
        case "secrets":
            return secrets_lines(answers)
        case "variables":
            return variables_lines(answers)
        case "revision" if answers.revision.release:
            return []
        case "revision":
            return [_("Nothing to type here. Here is what will happen:")]
    return [] if section.key else [_("Nothing to type here. Here is what will happen:")]


async def _say_what_azure_says(lines: Lines, workspace: Workspace, section: Section) -> None:
    """Compare the section with Azure, when someone is signed in and nothing is wrong."""
    if workspace.cloud is None or not workspace.setup or workspace.reading.problems:
        return
    try:
        await workspace.look(section.name)
        if (
            section.name == "pipeline"
            and workspace.reading.answers.pipeline.build == "azure-devops"
            and ORGANIZATIONS not in workspace.lists
        ):
            await workspace.read_list(ORGANIZATIONS)
    except Exception as error:
        lines.say(_("Azure could not be asked: {reason}").format(reason=describe_error(error)))
        return
    planned = workspace.found.get(section.name, [])
    lines.say(*(_line(item, planned) for item in planned))


def _line(item: PlannedStep, planned: list[PlannedStep]) -> str:
    """A step as the section's screen tells it, with what is said beside the answer it is about."""
    status = found_words(item, LINES)
    where = place_of(item)
    beside = note(where, planned, LINES) if where and item.action not in HINDERS else ""
    return ", ".join(filter(None, [with_detail(*status) if status else "", beside.lstrip("✓✗! ")]))


def _offers(lines: Lines, workspace: Workspace, section: Section) -> Iterator[Offer]:
    planned = workspace.found.get(section.name, [])
    for item in planned:
        where = place_of(item)
        if item.look.instead and where:
            name = item.look.instead
            yield _("Take the name {name} instead").format(name=name), lambda where=where, name=name: _put(workspace, where, name)  # type: ignore[misc]
        if item.look.asks:
            yield (
                _("Say what is done with it: {title}").format(title=item.step.title),
                lambda asks=item.look.asks: ask_place(lines, workspace, section, asks),  # type: ignore[misc]
            )
    if section.name in ("project", "pipeline") and missing_files(workspace.code):
        yield _("See the files that are missing, and write them"), lambda: _write_files(lines, workspace)
    if section.name == "project" and workspace.code.folder.is_dir():
        yield _("Try it here: run your API on this computer"), lambda: _try_here(lines, workspace)
    if section.name == "identity" and has_identity_choice(workspace):
        words = _("Its own identity") if is_beforehand(workspace) else _("An identity made beforehand")
        yield words, lambda: asyncio.to_thread(take_other_identity, workspace)
    if section.name == "pipeline" and lacks_organization(workspace):
        yield _("You belong to no organisation: the ways on"), lambda: ways_on_from_build(lines, workspace)
    if section.name == "pipeline" and offers_github_code(workspace):
        yield _("Sign in to GitHub by a code"), lambda: sign_in_by_code(lines, workspace)


async def _put(workspace: Workspace, where: str, value: str) -> None:
    workspace.put(where, value)


async def _which_app(lines: Lines, workspace: Workspace) -> AppObject | None:
    """The one of several APIs that is to be started; None where the code shows which."""
    apps = apps_to_choose(workspace.code)
    return apps[await lines.choose(_(WHICH_APP), [app.target for app in apps])] if apps else None


async def _write_files(lines: Lines, workspace: Workspace) -> None:
    app = await _which_app(lines, workspace)
    files = files_to_start(workspace.code, app) if app else missing_files(workspace.code)
    for name, content in files.items():
        lines.say(_("{title}:").format(title=name))
        lines.quote(content)
    if await yes(lines, _("Write them into {folder}").format(folder=workspace.code.folder)):
        try:
            workspace.write_beside_code(files)
        except OSError as error:
            lines.say(describe_error(error))
            return
        lines.say(_("Written."))


async def _try_here(lines: Lines, workspace: Workspace) -> None:
    """Run the API, and once it has answered keep it running until Enter is typed."""
    app = await _which_app(lines, workspace)
    lines.say(_("Starting your API on this computer…"))
    answered = asyncio.Event()
    running = asyncio.ensure_future(
        run_here(workspace.code, workspace.reading.answers, workspace.secret, lines.say, answered.set, workspace.options.wheels, app)
    )
    waiting = asyncio.ensure_future(answered.wait())
    try:
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await lines.ask(_("Enter stops it:"))
        if running.done():
            running.result()
    except LocalRunError as error:
        lines.say(str(error))
    except (OSError, shutil.Error) as error:
        lines.say(describe_error(error))
    finally:
        running.cancel()
        waiting.cancel()
        await asyncio.wait([running, waiting])


async def choose_way(lines: Lines, ways: list[NextOption]) -> str:
    """The kind of the way that was chosen; "" for going on without. Raises GoTo, Leave."""
    options = [f"{way.words}. {way.more}".rstrip() for way in ways]
    chosen = await lines.choose(_("Which way?"), [*options, _("Go on without it for now")])
    return ways[chosen].kind if chosen < len(ways) else ""


async def way_to_subscription(lines: Lines, workspace: Workspace, refused: NoSubscriptionError) -> str:
    """The kind of way to a subscription that leads on: ``owner``, ``again``, ``practise``, or "". Raises GoTo, Leave."""
    lines.say(_(NO_SUBSCRIPTION))
    while True:
        match kind := await choose_way(lines, subscription_options(workspace, refused.organizations)):
            case "ask":
                lines.quote(ask_for_subscription(workspace, refused.account))
            case "make":
                lines.say(_("Open this page in a browser: {url}").format(url=NEEDED["subscription"]))
            case "sign_in":
                raise GoTo("sign_in")
            case _other:
                return kind


async def ways_on_from_build(lines: Lines, workspace: Workspace) -> None:
    """For an account that belongs to no Azure DevOps organization. Raises GoTo, Leave."""
    lines.say(_(NO_ORGANIZATION))
    match await choose_way(lines, ways_to_organization()):
        case "registry":
            workspace.put("pipeline.build", "registry")
        case "make":
            lines.say(_("Open this page in a browser: {url}").format(url=NEEDED["organization"]))
        case "ask":
            lines.quote(ask_for_organization(workspace))
        case "name":
            workspace.draft.focus = ORGANIZATIONS
            raise GoTo("pipeline")
        case "again":
            workspace.lists.pop(ORGANIZATIONS, None)
