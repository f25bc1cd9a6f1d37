"""What Azure says to a section: a few words beside an answer, and a line below the questions for each step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wizard.engine.events import StepReason
from wizard.engine.plan import Action
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _
from wizard.platform.phrases import choice, with_detail
from wizard.sections import step_ids
from wizard.workspace.wording.plan_lines import needs_value, short_detail

if TYPE_CHECKING:
    from wizard.engine.plan import PlannedStep

ABOUT = {
    "project.resource_group": step_ids.RESOURCE_GROUP,
    "key_vault.name": step_ids.VAULT,
    "registry.name": step_ids.REGISTRY,
    "storage.account": step_ids.STORAGE_ACCOUNT,
    "environment.name": step_ids.ENVIRONMENT,
    "app.name": step_ids.APP_IDENTITY,
    "pipeline.tag": step_ids.IMAGE,
}
"""The place of an answer -> the step that looks for what it names."""


def place_of(item: PlannedStep) -> str:
    """The place of the answer that a step is about; "" for none."""
    return next((place for place, step in ABOUT.items() if step == item.step.id), "")


def note(where: str, planned: Iterable[PlannedStep], keys: Keys = SCREENS) -> str:
    """``✓ nobody uses this name`` or ``! your right is missing: F4``; "" where nothing is worth a word."""
    item = next((match for match in planned if match.step.id == ABOUT.get(where)), None)
    if item is None:
        return ""
    words = _words(item)
    if item.lacks:
        words = [*words, _("your right is missing: {key}").format(key=_(keys.who))]
    return f"{_sign(item)} {' · '.join(words)}" if words else ""


def _words(item: PlannedStep) -> list[str]:
    if item.look.note:
        return [item.look.note]
    return {Action.KEEP: [_("there: it stays as it is")], Action.CHANGE: [_("there: it will be changed")]}.get(item.action, [])


def _sign(item: PlannedStep) -> str:
    if item.action is Action.CONFLICT:
        return "✗"
    return "!" if item.action in (Action.BLOCKED, Action.UNKNOWN) and item.look.remedy else "✓"


def help_here(item: PlannedStep, keys: Keys = SCREENS) -> str:
    """What would help with what stands in the way, where it is asked: a key or a question of the screen, before words about the file."""
    look = item.look
    choose = _("Choose above, with the space bar: {answer}.").format(answer=choice(look.asks, look.answer)) if look.answer else ""
    texts = [
        choose or (_("Choose above what is done with it.") if look.asks else ""),
        _("{key} takes the name {name} instead.").format(key=_(keys.instead), name=look.instead) if look.instead else "",
        _("{key} shows one that fits your code, and writes it.").format(key=_(keys.files)) if lacks_dockerfile(item) else "",
    ]
    return " ".join(text[:1].upper() + text[1:] for text in texts if text) or look.remedy


def is_put_right_here(item: PlannedStep) -> bool:
    """Whether its section's screen has a key or a question for what stands in the way."""
    return bool(item.look.asks or item.look.instead)


def help_elsewhere(item: PlannedStep, keys: Keys = SCREENS) -> str:
    """What would help, told where the section's screen is not shown but can be gone to; "" where that has nothing for it."""
    if lacks_dockerfile(item):
        return _("g goes to its section: there {key} shows a Dockerfile that fits your code, and writes it.").format(key=_(keys.files))
    if is_put_right_here(item):
        return _("g goes to its section: there a key takes another name, or a question says what is done with it.")
    return ""


def lacks_dockerfile(item: PlannedStep) -> bool:
    """Whether it waits for a Dockerfile, which its section can write."""
    return item.look.reason is StepReason.NO_DOCKERFILE


def asked_now(planned: Iterable[PlannedStep]) -> set[str]:
    """The places whose question matters because of what was found, such as ``key_vault.deleted``."""
    return {item.look.asks for item in planned if item.look.asks}


def found_words(item: PlannedStep, keys: Keys = SCREENS) -> tuple[str, str] | None:
    """A step below the questions of its section: a word, and what it is about; None for what is not worth a line."""
    title, detail = item.step.title, item.look.detail
    match item.action:
        case Action.BLOCKED | Action.CONFLICT if item.look.remedy and not needs_value(item):
            why = short_detail(item, keys) if item.lacks else f"{detail} {help_here(item, keys)}"
            return _("needs you"), with_detail(title, why)
        case Action.UNKNOWN:
            return _("not known"), with_detail(title, detail)
        case Action.KEEP:
            return _("there"), with_detail(title, detail or _("kept as it is"))
        case Action.CHANGE:
            return _("to change"), with_detail(title, detail)
        case Action.CREATE:
            return _("ready"), title
    return None
