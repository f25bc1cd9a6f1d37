"""The board as a page for a projector: dark on light, large, words beside colours, and no script."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from wizard.classroom.class_file import ClassFile, Learner
from wizard.classroom.door.standings import Standing
from wizard.classroom.door.wishes import FaultWish
from wizard.platform import language
from wizard.platform.language import N_, _, plural
from wizard.platform.phrases import with_detail
from wizard.sections import ORDER, SECTIONS

LONG = 10
"""Minutes at one step after which the board draws attention to it."""
STYLE = """\
:root { color-scheme: light; }
body { margin: 1.5vh 2vw; background: #fff; color: #111; font: 26px/1.25 system-ui, "Segoe UI", Arial, sans-serif; }
body.many { font-size: 20px; }
h1 { font-size: 1.5em; margin: 0 0 .3em; }
p { margin: 0 0 .6em; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; border-bottom: 3px solid #111; padding: .1em .6em .1em 0; }
td { border-bottom: 1px solid #aaa; padding: .18em .6em .18em 0; vertical-align: top; overflow-wrap: anywhere; }
td.minutes { text-align: right; white-space: nowrap; }
td.name { font-weight: 600; }
tr.error td { background: #fde8e6; }
tr.error td.last { color: #9b1c12; }
tr.slow td.minutes { color: #8a4b00; font-weight: 700; }
tr.running td.step { color: #14652f; font-weight: 600; }
.grey { color: #555; }
"""
PLACE_WORDS = {
    "review": N_("Check everything"),
    "progress": N_("Create"),
    "try_it": N_("Try it"),
    "repair": N_("Repair"),
    "running": N_("The API runs"),
}
MANY = 14


def board_page(read: ClassFile, standings: Mapping[str, Standing], fault: FaultWish | None, now: datetime) -> str:
    """The whole page, in the language that was chosen."""
    rows = "\n".join(_row(learner, standings[learner.suffix], now.timestamp()) for learner in read.learners)
    heads = "".join(f"<th>{escape(word)}</th>" for word in (_("Who"), _("Step"), _("Minutes there"), _("Last error"), _("Exercises")))
    many = ' class="many"' if len(read.learners) > MANY else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language.current()}">\n<head>\n<meta charset="utf-8">\n<title>{escape(read.course.title)}</title>\n'
        f'<link rel="stylesheet" href="board.css">\n</head>\n<body{many}>\n<h1>{escape(read.course.title)}</h1>\n'
        f"<p>{escape(_summary(read, standings, fault, now))}</p>\n"
        f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</body>\n</html>\n"
    )


def _summary(read: ClassFile, standings: Mapping[str, Standing], fault: FaultWish | None, now: datetime) -> str:
    """When this was, how many run, how many have something wrong, and the trouble that all were given."""
    everybody = [standings[learner.suffix] for learner in read.learners]
    runs, wrong = sum(one.place == "running" for one in everybody), sum(bool(one.error) for one in everybody)
    parts = [
        now.strftime("%H:%M"),
        plural("{count} API runs", "{count} APIs run", runs).format(count=runs),
        plural("{count} has an error", "{count} have an error", wrong).format(count=wrong),
    ]
    if fault is not None and fault.faults:
        have = sum(fault.id in one.done for one in everybody)
        sentence = _("trouble for all: {names} ({count} of {all} have it)")
        parts.append(sentence.format(names=", ".join(fault.faults), count=have, all=len(everybody)))
    return " · ".join(parts)


def _row(learner: Learner, standing: Standing, now: float) -> str:
    minutes = int((now - standing.since) // 60) if standing.since else 0
    kind = "error" if standing.error else "running" if standing.place == "running" else ""
    slow = "slow" if standing.place != "running" and minutes >= LONG else ""
    cells = [
        ("name", learner.name),
        ("step", step_words(standing)),
        ("minutes", str(minutes) if standing.since else ""),
        ("last", standing.error),
        ("solved", ", ".join(standing.solved)),
    ]
    inner = "".join(f'<td class="{name}">{escape(text)}</td>' for name, text in cells)
    return f'<tr class="{f"{kind} {slow}".strip()}">{inner}</tr>'


def step_words(standing: Standing) -> str:
    """Where a learner is, in words: what their computer told, else what their laptop's check came to, else what Azure holds."""
    if standing.place in ORDER:
        return place_words(standing.place)
    if standing.place:
        return _(PLACE_WORDS[standing.place])
    if standing.in_azure:
        return with_detail(_("In Azure"), place_words(standing.in_azure))
    if standing.laptop == "missing":
        return with_detail(_("Laptop not ready"), ", ".join(standing.lacking))
    return _("Laptop ready") if standing.laptop else _("not begun")


def place_words(section: str) -> str:
    """``3. Passwords and keys``."""
    number = ORDER.index(section)
    return f"{number + 1}. {_(SECTIONS[number].title)}"
