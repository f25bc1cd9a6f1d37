"""The handout: one HTML page for paper, made from the texts of the screens, so that both say the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape

from wizard.exercises.catalogue import EXERCISES
from wizard.platform import language
from wizard.platform.language import N_, _
from wizard.platform.phrases import with_detail
from wizard.sections import SECTIONS
from wizard.workspace.wording.explanations import EXPLANATIONS
from wizard.workspace.wording.lessons import LESSONS, TERMS

STYLE = """\
:root { color-scheme: light; }
body { font: 11pt/1.4 Georgia, serif; color: #000; background: #fff; max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1, h2, dt { font-family: Arial, sans-serif; }
h2 { border-bottom: 1pt solid #000; margin-top: 1.6em; break-after: avoid; }
dt { font-weight: bold; margin-top: .7em; break-after: avoid; }
dd { margin-left: 1.2em; break-inside: avoid; }
code { font-family: Consolas, monospace; font-size: 95%; }
table { border-collapse: collapse; width: 100%; }
td { border-top: .5pt solid #888; padding: .25em .5em; vertical-align: top; }
td:first-child { white-space: nowrap; }
tr { break-inside: avoid; }
@page { size: A4; margin: 18mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""
COMMANDS = (
    ("azwizard --practice", N_("Open the wizard on the practice cloud: no account, no cost.")),
    ("azwizard check", N_("What your setup needs: rights, names, quotas, values.")),
    ("azwizard plan", N_("What would be made, and what it costs.")),
    ("azwizard apply", N_("Make it, after a confirmation.")),
    ("azwizard test", N_("Send the requests of your .rest files.")),
    ("azwizard doctor", N_("Why your API does not answer.")),
    ("azwizard logs", N_("What your API prints.")),
    ("azwizard destroy", N_("Delete everything that your setup made.")),
)


def handout(title: str = "", exercises: Collection[str] = ()) -> str:
    """The whole page in the language that was chosen.

    :param title: anybody's text, such as the class's.
    :param exercises: the names of those that are listed; all of them when none is named.
    """
    listed = [one for one in EXERCISES if not exercises or one.name in exercises]
    heading = title or _("Your API on Azure")
    parts = [
        (
            _("The twelve steps"),
            _definitions((f"{number}. {_(section.title)}", _step(section.name)) for number, section in enumerate(SECTIONS, 1)),
        ),
        (_("Questions that come up"), _definitions((_(lesson.question), _(lesson.answer)) for lesson in LESSONS)),
        (_("Exercises"), _definitions((f"{one.name}: {_(one.title)}", _(one.goal)) for one in listed)),
        (_("Commands"), _table((f"<code>{escape(command)}</code>", escape(_(text))) for command, text in COMMANDS)),
        (_("Glossary"), _table((escape(term), escape(_(meaning))) for term, meaning in TERMS)),
    ]
    body = "\n".join(f"<h2>{escape(name)}</h2>\n{content}" for name, content in parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{language.current()}">\n<head>\n<meta charset="utf-8">\n<title>{escape(heading)}</title>\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{escape(heading)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _step(name: str) -> str:
    """What a step is about, and what it costs."""
    explanation = EXPLANATIONS[name]
    return f"{_(explanation.what)} {with_detail(_('What it costs'), _(explanation.cost))}"


def _definitions(pairs: Iterable[tuple[str, str]]) -> str:
    return "<dl>\n" + "".join(f"<dt>{escape(term)}</dt>\n<dd>{escape(text)}</dd>\n" for term, text in pairs) + "</dl>"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    """Rows of two cells that are HTML already."""
    return "<table>\n" + "".join(f"<tr><td>{first}</td><td>{second}</td></tr>\n" for first, second in rows) + "</table>"
