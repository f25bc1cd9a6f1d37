"""Home, in lines: the setups there are, how to begin, and what is chosen for every setup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wizard.plain.lines import GoTo, Leave
from wizard.platform import language
from wizard.platform.language import _
from wizard.platform.preferences import Preferences
from wizard.sections import SECTIONS
from wizard.setup.problems import AnswersError
from wizard.workspace.known_setups import KnownSetup, half_finished_words, known_setups
from wizard.workspace.needs import needs

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace

HOME = "home"
Way = tuple[str, Callable[[], str]]
"""What a person may choose on Home, and what takes it: it gives the place to go to."""


async def home(lines: Lines, workspace: Workspace) -> str:
    """Where to begin; gives the place to go to, Home itself when something of it changed. Raises Leave."""
    lines.say(
        f"azwizard. {workspace.title()}.",
        _("Enter keeps what stands in brackets, ? explains, ?? says more,"),
        _("< goes back, # lists all steps, ! checks everything, @ says whom to ask, q leaves."),
        _("What you type is saved at once, and nothing is made before you confirm."),
    )
    known = known_setups(workspace.options.setup.absolute().parent, practising=workspace.practice)
    half = half_finished_words(known)
    if half:
        lines.say(half)
    elif not known and not workspace.projects:
        lines.say(_("No API in Python was found here. Leave with q, go to your API's folder (cd FOLDER), and start azwizard there."))
    ways = list(_ways(lines, workspace, known))
    while True:
        try:
            chosen = await lines.choose(_("Which one?"), [words for words, _take in ways])
        except GoTo:
            lines.say(_("Choose one of these first."))
            continue
        try:
            return ways[chosen][1]()
        except AnswersError as error:
            lines.say(*(problem.sentence for problem in error.problems))


def _ways(lines: Lines, workspace: Workspace, known: list[KnownSetup]) -> Iterator[Way]:
    new = [] if any(name.here for name in known) else list(_new(workspace))
    yield from new if workspace.projects else ()
    for setup in known:
        yield from _known(workspace, setup)
    yield from () if workspace.projects else new
    yield _("What you need: account, rights, tools, time, money"), lambda: _say_needs(lines, workspace)
    other = _("Leave practice and work in Azure") if workspace.practice else _("Practise: a local Azure, no account, no cost")
    yield other, lambda: _switch(workspace)
    yield _("Exercises: something goes wrong in the practice cloud, and you find out what"), lambda: "exercises"
    if known:
        mended = known[0]
        words = _("Repair {name}: what is wrong with what is deployed, and the fix").format(name=mended.name)
        yield words, lambda: _go_on(workspace, mended, "repair")
    yield "Français" if language.current() == "en" else "English", _other_language
    if Preferences.read().plain:
        yield _("Screens instead of lines, from the next start on"), lambda: _screens(lines)


def _known(workspace: Workspace, setup: KnownSetup) -> Iterator[Way]:
    words = _("Go on with {name}: {words}") if setup.unfinished else _("Open {name}: {words}")
    where = "" if setup.here else f", {setup.file.parent}"
    yield words.format(name=setup.name, words=setup.words) + where, lambda: _go_on(workspace, setup)
    if setup.is_rehearsed:
        words = _("Now for real: {name} in Azure, with your own subscription").format(name=setup.name)
        yield words, lambda: open_setup(workspace, setup.file, practice=False, place="sign_in", stage=setup.stage)


def _new(workspace: Workspace) -> Iterator[Way]:
    for path in workspace.projects:
        words = _("New: put the code in {folder} on the internet").format(folder=f"{path.name}/")
        yield words, lambda path=path: _begin(workspace, path)  # type: ignore[misc]
    if not workspace.projects:
        yield _("New: say where the code is"), lambda: SECTIONS[0].name


def _go_on(workspace: Workspace, setup: KnownSetup, place: str = "") -> str:
    place = place or ("standing" if setup.is_made else "")
    practice = workspace.options.practice or setup.practice
    return open_setup(workspace, setup.file, practice=practice, place=place, stage=setup.stage)


def open_setup(workspace: Workspace, file: Path, *, practice: bool, place: str = "", stage: str = "") -> str:
    """Turn to a setup, or a stage of it, where it was left; what was cut off goes through the check of everything. Raises AnswersError."""
    workspace.open(file, practice=practice, stage=stage)
    names = {section.name for section in SECTIONS}
    left_at = workspace.draft.screen if workspace.draft.screen in names else "review" if workspace.draft.screen else SECTIONS[0].name
    return place or ("review" if workspace.is_confirmed else left_at)


def _begin(workspace: Workspace, code: Path) -> str:
    workspace.begin(code)
    return SECTIONS[0].name


def _say_needs(lines: Lines, workspace: Workspace) -> str:
    lines.say(*(need.line for need in needs(workspace)))
    return HOME


def _switch(workspace: Workspace) -> str:
    workspace.practice = not workspace.practice
    return HOME


def _other_language() -> str:
    preferences = Preferences.read()
    preferences.language = "fr" if language.current() == "en" else "en"
    preferences.save()
    language.choose(preferences.language)
    return HOME


def _screens(lines: Lines) -> str:
    preferences = Preferences.read()
    preferences.plain = False
    preferences.save()
    lines.say(_("Start azwizard again: it shows screens."))
    raise Leave(by_choice=True)
