"""Variables that are read through a function or an object of another module."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project

ENV = "import os\n"
CASES: dict[str, tuple[str, str, dict[str, tuple[bool, str | None]]]] = {
    "a function": (
        f"{ENV}def need(name):\n    return os.environ[name]\n",
        'from settings.reading import need\nKEY = need("SIGNING_KEY")\n',
        {"SIGNING_KEY": (True, None)},
    ),
    "a function with a default, by another name": (
        f'{ENV}def ask(name, default="plain"):\n    return os.getenv(name, default)\n',
        'from settings.reading import ask as get\nMODE = get("MODE")\nLEVEL = get("LEVEL", "info")\n',
        {"MODE": (False, "plain"), "LEVEL": (False, "info")},
    ),
    "a function of an imported module": (
        f"{ENV}def need(name):\n    return os.environ[name]\n",
        'from settings import reading\nimport settings.reading as other\nA = reading.need("FIRST")\nB = other.need("SECOND")\n',
        {"FIRST": (True, None), "SECOND": (True, None)},
    ),
    "a method": (
        f"{ENV}class Given:\n    @staticmethod\n    def of(name):\n        value = os.getenv(name)\n        if value is None:\n"
        "            raise LookupError(name)\n        return value\n",
        'from settings.reading import Given\nKEY = Given.of("SIGNING_KEY")\n',
        {"SIGNING_KEY": (True, None)},
    ),
    "a reader of a library": (
        'from environs import Env\nenv = Env()\nenv.read_env()\n',
        'from settings.reading import env\nKEY = env.str("SIGNING_KEY")\nSIZE = env.int("SIZE", 20)\n',
        {"SIGNING_KEY": (True, None), "SIZE": (False, "20")},
    ),
    "dynaconf's settings": (
        'from dynaconf import Dynaconf\nsettings = Dynaconf(envvar_prefix="SHOP")\n',
        "from settings.reading import settings\nprint(settings.MODE)\n",
        {"SHOP_MODE": (False, None)},
    ),
    "what is called the same elsewhere": (
        f"{ENV}def get(name):\n    return os.environ[name]\n",
        'import requests\nrequests.get("FIRST")\n',
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_variable_is_seen_through_another_module(case: str, tmp_path: Path) -> None:
    reading, using, expected = CASES[case]
    project = persons_project(
        tmp_path / "shop", {"app.py": APP, "settings/__init__.py": "", "settings/reading.py": reading, "shop/views.py": using}
    )
    assert {use.name: (use.required, use.default) for use in project.facts().variables} == expected
