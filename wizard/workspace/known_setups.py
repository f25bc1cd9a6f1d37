"""The setups that this machine knows, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.platform.files import read_bounded
from wizard.platform.folders import home
from wizard.platform.language import _
from wizard.platform.phrases import ago
from wizard.setup.problems import AnswersError
from wizard.setup.stages import for_stage, split
from wizard.setup.toml_reader import MOST_BYTES, read_setup_file
from wizard.workspace.draft_store import kept_drafts

OUTCOMES = {"succeeded": "running", "unchanged": "running"}


@dataclass(frozen=True)
class KnownSetup:
    """One setup, as Home lists it.

    :param stage: of its file; "" for the top of it.
    :param practice: whether it was last worked on in the practice cloud; for one that never signed in, whether one practises now.
    :param words: how far it is, such as ``14 of 23 done, 2 hours ago``.
    :param unfinished: whether a run began and did not come to its end.
    :param is_made: whether the latest run came to its end, so that it is deployed.
    """

    file: Path
    name: str
    practice: bool
    words: str
    unfinished: bool
    is_made: bool
    here: bool
    stage: str = ""

    @property
    def is_rehearsed(self) -> bool:
        """Whether it can be taken from the practice cloud to Azure."""
        return self.practice and self.is_made and self.file.exists()


def half_finished_words(known: Iterable[KnownSetup]) -> str:
    """A sentence on the setup of this folder whose run was cut off; "" when there is none."""
    half = next((name for name in known if name.here and name.unfinished), None)
    sentence = _("A half-finished setup lies in this folder: {name}, {words}. Enter goes on; nothing is made twice.")
    return sentence.format(name=half.name, words=half.words) if half else ""


def known_setups(folder: Path, *, practising: bool = False) -> list[KnownSetup]:
    """Those in `folder` first, then the others of this machine, the latest first. A setup whose folder is gone is left out.

    :param practising: where a setup belongs that was never signed in to anything, such as one that came with its project.
    """
    drafts = {(draft["file"], draft.get("stage", "")): draft for draft in kept_drafts()}
    here = [str(path.absolute()) for path in sorted(folder.glob("*.toml")) if path.name == "azwizard.toml" or _is_setup(path)]
    files = dict.fromkeys([*here, *(file for file, _stage in drafts)])
    setups = [
        _known(Path(file), stage, drafts.get((file, stage), {}), Path(file).parent == folder.absolute(), practising)
        for file in files
        if Path(file).parent.is_dir()
        for stage in ["", *_stages(Path(file))]
    ]
    return sorted((match for match in setups if match), key=lambda setup: not setup.here)


def made_setup(file: Path, stage: str = "") -> KnownSetup | None:
    """The setup of a file, or of a stage of it, when it is made already, as far as this machine knows; None otherwise."""
    file = file.absolute()
    draft = next((draft for draft in kept_drafts() if (draft["file"], draft.get("stage", "")) == (str(file), stage)), {})
    known = _known(file, stage, draft, True, False) if file.exists() else None
    return known if known is not None and known.is_made else None


def _is_setup(path: Path) -> bool:
    try:
        return b"[key_vault]" in read_bounded(path, MOST_BYTES)
    except OSError:
        return False


def _stages(file: Path) -> list[str]:
    """The stages under ``[stages]``; none where the file cannot be used."""
    try:
        return list(split(read_setup_file(file))[1]) if file.exists() else []
    except AnswersError:
        return []


def _known(file: Path, stage: str, draft: dict[str, Any], here: bool, practising: bool) -> KnownSetup | None:
    name = _name(file, stage, draft)
    if not name and not file.exists():
        return None
    cloud = draft.get("cloud") or _journalled_cloud(name)
    if not name:
        words, unfinished, is_made = _("its file cannot be used: Enter says why"), False, False
    elif not draft and not cloud:  # it came with its project, or from Azure: what was made of it is not known here
        words, unfinished, is_made = _("not opened on this computer yet"), False, False
    else:
        words, unfinished, is_made = _how_far(cloud, name)
    practice = cloud["kind"] == "practice" if cloud.get("kind") else practising
    return KnownSetup(file, name or file.name, practice, words, unfinished, is_made, here, stage)


def _journalled_cloud(name: str) -> dict[str, str]:
    """Where a setup was made by commands alone, without a wizard that would have kept a draft."""
    from wizard.engine.journal import Journal

    return Journal.latest(home(), name) if name and (home() / "journal").is_dir() else {}


def _name(file: Path, stage: str, draft: dict[str, Any]) -> str:
    """``orders-dev``, from what was typed or from the file."""
    typed = draft.get("typed") or {}
    try:
        document = read_setup_file(file)
        project = (for_stage(*split(document), stage) if stage else document).get("project")
    except AnswersError:
        project = None
    project = project if isinstance(project, dict) else {}
    values: Iterable[str] = (
        str(typed.get("project.name", project.get("name", ""))),
        str(typed.get("project.environment", project.get("environment", "dev"))),
    )
    name, environment = values
    return f"{name}-{environment}" if name else ""


def _how_far(cloud: dict[str, str], name: str) -> tuple[str, bool, bool]:
    """What the journal says of the latest run: words, whether it is unfinished, whether all is made."""
    from wizard.engine.journal import DELETED, Journal
    from wizard.handoff.record import asked_on

    folder = home() / "journal"
    if not cloud.get("kind") or not name or not folder.is_dir():
        return _("typed, nothing made yet"), False, False
    with Journal.open(home(), cloud["kind"], cloud["tenant"], cloud["subscription"], name) as journal:
        last, requested_on = journal.last_run(), asked_on(journal)
    if last is None:
        return ", ".join(filter(None, [_("typed, nothing made yet"), requested_on])), False, False
    when = ", ".join(filter(None, [ago(last.seconds_ago), requested_on]))
    if last.outcome in OUTCOMES:
        return _("made, {when}").format(when=when), False, True
    if last.outcome == DELETED:
        return _("deleted, {when}").format(when=when), False, False
    return _("{done} of {steps} done, {when}").format(done=last.done, steps=last.steps, when=when), True, False
