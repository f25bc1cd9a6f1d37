"""What a person does about a verdict with the keys of the screens, where a command line names commands and keys of the setup file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.platform.language import _
from wizard.platform.phrases import quoted
from wizard.sections import SECTIONS, number_of
from wizard.setup.loading import label_of

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard
    from wizard.doctor.verdict import Fix

TYPED_ELSEWHERE = {"variables": "key_vault"}
"""Table of the setup -> the section on whose screen it is typed, where that is another than its own."""


def step_that_mends(cure: Fix) -> str:
    """The section where the first field stands that is to be different; "" where none is."""
    if not cure.fields:
        return ""
    table = cure.fields[0].partition(".")[0]
    return TYPED_ELSEWHERE.get(table) or next(section.name for section in SECTIONS if table in (section.key, section.name))


def ways_to_mend(cure: Fix) -> list[str]:
    """What to try, which field that is, and the key that does what the command does which follows."""
    lines = [_("What to try: {fix}").format(fix=cure.words)] if cure.words else []
    if step := step_that_mends(cure):
        labels = ", ".join(quoted(label_of(field)) for field in cure.fields if "." in field)
        words = _("F7 goes to step {number}, to {fields}.") if labels else _("F7 goes to step {number}.")
        lines.append(words.format(number=number_of(step), fields=labels))
    match cure.then:
        case "apply":
            lines.append(_("Then F9 checks everything, and deploys it when you agree."))
        case "doctor":
            lines.append(_("Then F5 looks again."))
        case "start":
            lines.append(_("What to try: F7 shows the state of your API, where Ctrl+X starts it again."))
    return lines


def lost_files(wizard: Wizard) -> list[str]:
    """The databases that lie on no share, once a restart was seen to lose what the API keeps."""
    proof, mounts = wizard.deployment.proof, [share.mount for share in wizard.workspace.reading.answers.storage.shares]
    if proof is None or not proof.is_over or all(event.passed for event in proof.result or []):
        return []
    return [
        base.path or base.written
        for base in wizard.workspace.code.databases
        if not any(base.path and base.path.startswith(f"{mount}/") for mount in mounts)
    ]


def lost_words(files: list[str]) -> tuple[str, str]:
    """The same as a verdict, and the step that keeps the files."""
    verdict = _("Your API runs, but a restart loses {files}: it lies in the copy itself, on no share.").format(files=", ".join(files))
    way = _("What to try: F7 goes to step {number}, where its folder becomes one that Azure keeps.").format(number=number_of("storage"))
    return f"✗ {verdict}", way
