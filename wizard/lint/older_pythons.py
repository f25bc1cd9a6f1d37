"""Which Python an exact, old pin still installs on: a release has ready-made builds, or code that runs, for the Pythons of its time only.

A package in C without such a build is compiled, for which a slim image has no compiler; a newer Python may also no longer know what an
old release imports: ``collections.Mapping`` went with Python 3.10 ("What's New In Python 3.10", Removed).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wizard.source.dependencies import Requirement

NEWEST = {
    "cffi": (("1.14.6", 9), ("1.15.1", 10), ("1.16", 11)),
    "django": (("2.2", 7), ("3.2", 9), ("4.1", 10), ("4.2", 11)),
    "greenlet": (("1.1.2", 9), ("2.0", 10), ("3.0", 11)),
    "numpy": (("1.21.2", 9), ("1.23.2", 10), ("1.26", 11)),
    "pandas": (("1.3.3", 9), ("1.5", 10), ("2.1.1", 11)),
    "scipy": (("1.7.2", 9), ("1.9.2", 10), ("1.11.2", 11)),
    "scikit-learn": (("1.0.1", 9), ("1.1.3", 10), ("1.3.1", 11)),
    "psycopg2-binary": (("2.9.2", 9), ("2.9.5", 10), ("2.9.9", 11)),
    "pyyaml": (("6.0", 9), ("6.0.1", 11)),
    "pillow": (("8.4", 9), ("9.2", 10), ("10.0.1", 11)),
    "lxml": (("4.7.1", 9), ("4.9.1", 10), ("4.9.3", 11)),
    "jinja2": (("2.10.2", 9),),
    "werkzeug": (("0.15", 9),),
}
"""A package -> (release, the newest minor version of Python 3 that every release before it runs on), oldest first.

By the files that PyPI has for Linux on x86-64 up to Python 3.12, the newest that azwizard writes itself; Jinja2 and Werkzeug by what they
import; Django by its own documentation, "What Python version can I use with Django?".
"""
PIN = re.compile(r"\s*===?\s*(\d+(?:\.\d+)*)\s*(?:;.*)?")


def newest_python(requirements: Iterable[Requirement]) -> tuple[int, Requirement] | None:
    """The newest minor version of Python 3 that every exact pin installs on, with the pin that says so; None where none sets a limit."""
    limits = [(minor, item) for item in requirements if (minor := _newest_of(item)) is not None]
    return min(limits, key=lambda limit: limit[0], default=None)


def _newest_of(requirement: Requirement) -> int | None:
    pin = PIN.fullmatch(requirement.rest)
    if pin is None:
        return None
    return next((minor for before, minor in NEWEST.get(requirement.name, ()) if _parts(pin[1]) < _parts(before)), None)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
