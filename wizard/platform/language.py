"""The language of every text a person reads: gettext, with the catalogues in ``wizard/locale``."""

from __future__ import annotations

import gettext
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
_translations: gettext.NullTranslations = gettext.NullTranslations()


def choose(language: str | None = None) -> None:
    """Speak `language` (``en`` or ``fr``); when None, the one chosen in the wizard, else what the locale asks for."""
    from wizard.platform.preferences import Preferences

    global _translations
    language = language or Preferences.read().language
    _translations = gettext.translation("azwizard", LOCALE, [language] if language else None, fallback=True)


def current() -> str:
    """The language spoken now: ``en`` or ``fr``."""
    return _translations.info().get("language", "en")[:2]


def _(text: str) -> str:
    """`text` in the chosen language."""
    return _translations.gettext(text)


def N_(text: str) -> str:
    """Mark a text that is declared once, at import, and translated with ``_`` when it is shown."""
    return text


def plural(one: str, many: str, count: int) -> str:
    """The form of a text that fits `count`, in the chosen language; holes are filled by the caller."""
    return _translations.ngettext(one, many, count)
