"""Code that asks for what only another Python has is not blamed where practice's own Python is that other one."""

from __future__ import annotations

import sys

import pytest

from wizard.practice.apps.not_rehearsed import other_python

HERE = sys.version_info[1]
OLDER, NEWER, SAME = (f"python:3.{HERE + step}-slim" for step in (-1, 1, 0))


@pytest.mark.parametrize(
    "line",
    [
        f"ImportError: cannot import name 'Container' from 'collections' (/opt/lib/python3.{HERE}/collections/__init__.py)",
        "ModuleNotFoundError: No module named 'distutils.util'",
        "AttributeError: module 'inspect' has no attribute 'getargspec'",
    ],
)
def test_what_the_images_python_has_is_practices_limit(line: str) -> None:
    assert "the image has Python" in other_python([line], OLDER)
    assert not other_python([line], SAME)


def test_newer_syntax_is_practices_limit_only_where_the_image_is_newer() -> None:
    assert other_python(["SyntaxError: invalid syntax"], NEWER)
    assert not other_python(["SyntaxError: invalid syntax"], OLDER)


@pytest.mark.skipif(HERE >= 14, reason="this Python reads annotations late itself")
def test_a_type_that_is_named_before_it_is_made_is_practices_limit_for_an_image_that_reads_it_late() -> None:
    early = ["    cards: Mapped[list[Card]] = relationship()", "                       ^^^^", "NameError: name 'Card' is not defined"]
    assert other_python(early, "python:3.14-slim")
    assert not other_python(early, "python:3.13-slim")
    own = ["    encoded = quote_plus(user)", "              ^^^^^^^^^^", "NameError: name 'quote_plus' is not defined"]
    assert not other_python(own, "python:3.14-slim")


@pytest.mark.parametrize(
    "line",
    [
        "ModuleNotFoundError: No module named 'flask_apscheduler'",
        "ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/x/lib/python3.11/site-packages/werkzeug/urls.py)",
        "ImportError: cannot import name 'db' from 'app' (/srv/app.py)",
        "KeyError: 'SECRET_KEY'",
    ],
)
def test_any_other_mistake_stays_the_codes_own(line: str) -> None:
    assert not other_python([line], OLDER)
