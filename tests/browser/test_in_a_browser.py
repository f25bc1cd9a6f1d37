"""`azwizard serve`, seats and the class board in a real browser: keys, both languages, nothing from elsewhere, nothing secret."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.browser.chromium import PATIENCE, browser, executable
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not executable(), reason="there is no Chromium here"),
]
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "wizard" / "practice" / "sample"
CANARY = "canary-5e1f-browser"
SIZES = {"80x24": (760, 520), "120x40": (1180, 860)}
CLASS = """
[class]
title = "Monday"
language = "{language}"
[[class.learners]]
name = "Anna"
[[class.learners]]
name = "Bo"
"""


@asynccontextmanager
async def command(folder: Path, home: Path, *arguments: str, lines: int = 1) -> AsyncIterator[list[str]]:
    """The first lines that a command prints, while it goes on."""
    environment = {**os.environ, "AZWIZARD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.pop("CI", None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wizard", *arguments), cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            printed = [(await process.stdout.readline()).decode().strip() for _line in range(lines)]
        yield printed
    finally:
        process.terminate()
        await process.wait()


def pictures(folder: Path) -> Path:
    """Where pictures go: into a folder of the run, or into ``AZWIZARD_PICTURES`` to be looked at."""
    target = Path(os.environ.get("AZWIZARD_PICTURES") or folder / "pictures")
    target.mkdir(parents=True, exist_ok=True)
    return target


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tongue", ["en", "fr"])
async def test_from_a_folder_to_an_answer_and_all_deleted_in_a_browser(tmp_path: Path, tongue: str, size: str) -> None:
    home, target = tmp_path / "home", pictures(tmp_path)
    home.mkdir()
    (home / "preferences.json").write_text(json.dumps({"language": tongue}))
    project = tmp_path / "project"
    shutil.copytree(SAMPLE, project / "orders-api")
    words = {
        "en": (
            "Next F8",
            "may do all that is needed",
            "kept hidden",
            "To create the",
            "Try it F8",
            "Enter sends",
            "To delete it, type",
            "Deleted.",
        ),
        "fr": (
            "Suivant F8",
            "faire tout ce qu'il faut",
            "masquée",
            "Pour créer les",
            "L'essayer F8",
            "Entrée envoie",
            "Pour supprimer, tapez",
            "Supprimé.",
        ),
    }[tongue]
    async with command(project, home, "serve", "--practice") as (address,), browser(tmp_path / "profile") as new_page:
        page = await new_page()
        await page.open(address, *SIZES[size])
        await page.shows("orders-api/")
        await page.picture(target / f"home-{tongue}-{size}.png")
        await page.press("Enter")
        await page.shows(words[0])
        await page.press("F8")
        await page.shows(words[1])
        await page.press("F8")
        await page.shows("api-key")
        await page.press(f"text:{CANARY}")
        await page.shows(words[2])
        await page.picture(target / f"key-vault-{tongue}-{size}.png")
        await page.press("F9")
        await page.shows(words[3])
        await page.picture(target / f"review-{tongue}-{size}.png")
        await page.press("F8", "text:orders-dev", "Enter")
        await page.shows(words[4])
        await page.press("F8")
        await page.shows(words[5])
        await page.press("Enter")
        await page.shows("200 OK")
        await page.picture(target / f"try-it-{tongue}-{size}.png")
        document = await page.text()
        await page.press("Ctrl+D")
        await page.shows(words[6])
        await page.press("text:orders-dev", "Enter")
        await page.shows(words[7])
        origin = address.split("/")[2]
        assert [url for url in page.requested if origin not in url and not url.startswith("data:")] == []
        assert CANARY not in document
        assert CANARY not in page.everything
    assert [
        file for file in home.rglob("*") if file.is_file() and "practice" not in file.parts and CANARY.encode() in file.read_bytes()
    ] == []


@pytest.mark.parametrize("tongue", ["en", "fr"])
async def test_two_seats_and_the_board_for_the_projector(tmp_path: Path, tongue: str) -> None:
    home, target = tmp_path / "home", pictures(tmp_path)
    (tmp_path / "class.toml").write_text(CLASS.format(language=tongue))
    for suffix in ("01", "02"):
        seat = tmp_path / "class-trainer" / "seats" / suffix
        seat.mkdir(parents=True)
        (seat / "preferences.json").write_text(json.dumps({"language": tongue}))
    async with (
        command(tmp_path, home, "serve", "--seats", "2", "--projector", lines=2) as seats,
        command(tmp_path, home, "class", "board", "--port", "0") as (board_address,),
        browser(tmp_path / "profile") as new_page,
    ):
        anna, bo, board = [await new_page() for _page in range(3)]
        for page, line in zip((anna, bo), seats, strict=True):
            await page.open(line.split(": ", 1)[1], 1180, 860)
        await anna.shows("class-01")
        await bo.shows("class-02")
        await anna.press("Enter")
        await anna.shows("1 of 12" if tongue == "en" else "1 sur 12")
        await anna.picture(target / f"seat-{tongue}.png")
        await bo.picture(target / f"seat-other-{tongue}.png")
        await board.open(board_address, 1180, 860)

        async def names_both() -> bool:
            text = await board.text()
            return "Anna" in text and "Bo" in text

        await eventually(names_both, PATIENCE)
        await board.picture(target / f"board-{tongue}.png")
        tokens = [line.split(": ", 1)[1].split("/")[3] for line in seats]
        document = await board.text()
        assert [token for token in tokens if token in document] == []
        assert tokens[1] not in await anna.text()
        assert tokens[0] not in await bo.text()
