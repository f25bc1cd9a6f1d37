"""The French catalogue against the program's texts. ``python -m tests.support.catalogue`` adds new texts."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from wizard.cloud.errors.advice import advice

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "wizard" / "platform" / "locale" / "fr" / "LC_MESSAGES" / "azwizard.po"
UNCHANGING = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2)}
METHODS = [("practice/**", "ignore"), ("**.py", "python")]


@cache
def texts() -> Catalog:
    """Every text of the program that a person reads, from its source."""
    catalog = Catalog(project="azwizard")
    for folder in ("wizard", "screens"):
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS):
            catalog.add(message)
    every = advice()
    for rule in (*every.refusals, *every.sign_in, *every.said):
        catalog.add(rule.what)
        catalog.add(rule.remedy)
    return catalog


def french() -> Catalog:
    """The committed French."""
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    catalog.creation_date = UNCHANGING  # babel would write when it was read
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def update() -> list[str]:
    """Bring the .po and .mo files up to date; gives the texts that still lack their French."""
    known, catalog = french(), Catalog(locale="fr", project="azwizard", charset="utf-8", header_comment="# The French texts of azwizard.")
    for message in texts():
        if message.id:
            old = known.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            catalog.add(message.id, old.string if old else "")
    target = io.BytesIO()
    write_po(target, catalog, width=0, sort_output=True)
    lines = target.getvalue().decode().splitlines()
    remaining = [line for line in lines if not line.startswith(('"POT-', '"PO-', '"Last-', '"Language-Team', '"Report-', '"Generated'))]
    FRENCH.write_text("\n".join(remaining) + "\n", encoding="utf-8")
    FRENCH.with_suffix(".mo").write_bytes(compiled(french()))
    return lacking()


def lacking() -> list[str]:
    """The texts without French."""
    known = french()
    records = []
    for message in texts():
        text = message.id[0] if isinstance(message.id, tuple) else message.id
        translated = known.get(text) if text else None
        if text and (translated is None or not all(translated.string if isinstance(translated.string, tuple) else (translated.string,))):
            records.append(str(text))
    return records


if __name__ == "__main__":
    print("\n".join(update()))
