"""Day two in a real browser: the same walk as in a terminal, by keys that the page shows and no others."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.chromium import browser, executable
from tests.browser.mirrored_page import MirroredPage
from tests.browser.test_in_a_browser import SIZES, command, pictures
from tests.support.day_two_walk import CANARY, make_project, walk_day_two
from tests.support.newcomer import Newcomer
from wizard.platform import language

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (executable() and shutil.which("tmux")), reason="needs Chromium and tmux"),
]


def practice(word: str, home: Path, *options: str) -> None:
    """Start or stop the practice cloud of a home."""
    azwizard = [sys.executable, "-m", "wizard", "practice", word, *options]
    subprocess.run(azwizard, env={**os.environ, "AZWIZARD_HOME": str(home)}, capture_output=True, check=True)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tongue", ["en", "fr"])
async def test_day_two_by_keys_that_the_page_shows(tmp_path: Path, tongue: str, size: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "preferences.json").write_text(json.dumps({"language": tongue}))
    api = make_project(tmp_path / "project")
    language.choose(tongue)
    practice("start", home, "--speed", "instant")
    try:
        async with (
            command(api.parent, home, "serve", "--practice") as (address,),
            browser(tmp_path / "profile") as new_page,
        ):
            page = await new_page()
            mirror = MirroredPage(page, f"azwizard-mirror-{os.getpid()}", tmp_path)
            try:
                await page.open(address, *SIZES[size])
                await asyncio.to_thread(walk_day_two, Newcomer(mirror), api)
            finally:
                await page.picture(pictures(tmp_path) / f"day-two-{tongue}-{size}.png")
                mirror.close()
            assert CANARY not in page.everything
            assert CANARY not in await page.text()
    finally:
        language.choose("en")
        practice("stop", home)
