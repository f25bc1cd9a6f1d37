"""``python -m tests.screens.pictured``: pictures of real screens for the README and docs, taken while the program runs in practice."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from pathlib import Path

from tests.screens.conftest import SAMPLE, open_app, shown
from tests.screens.pictured.moving_picture import moving_picture
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions
from wizard.platform import language

TARGET = Path(__file__).parents[3] / "docs" / "screens"


async def take(folder: Path) -> dict[str, str]:
    """Walk from home to an answer of the API; a picture of each stop by its name, in the order of the walk."""
    pictures: dict[str, str] = {}
    app = open_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:

        def picture(name: str) -> None:
            svg = re.sub(r"@font-face \{.*?\}\s*", "", app.export_screenshot(title="azwizard", simplify=True), flags=re.DOTALL)
            pictures[name] = re.sub(r"terminal-\d+", "terminal", svg)

        await shown(pilot, "New:")
        picture("home")
        await pilot.press("enter")
        await shown(pilot, "1 of 12")
        picture("your-api")
        await pilot.press("f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        picture("sign-in")
        await pilot.press("f8")
        await shown(pilot, "3 of 12")
        await pilot.press(*"any-value")
        await shown(pilot, "in the vault as api-key")
        picture("passwords-and-keys")
        await pilot.press("f9")
        await shown(pilot, "To create the")
        picture("check-everything")
        await pilot.press("f8", *app.workspace.setup, "enter")
        await shown(pilot, f"done ✓ Key vault kv-{app.workspace.setup}")
        picture("create")
        await shown(pilot, "[Try it F8]")
        await pilot.press("f8")
        await shown(pilot, "Enter sends the request")
        await pilot.press("enter")
        await shown(pilot, "200 OK")
        picture("try-it")
        await pilot.press("f7")
        await shown(pilot, "✓ Healthy")
        picture("repair")
    return pictures


def write(pictures: dict[str, str]) -> None:
    """Each picture in a file, and all but the repair in one that moves."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures.items():
        (TARGET / f"{name}.svg").write_text(svg, encoding="utf-8")
    walk = [svg for name, svg in pictures.items() if name != "repair"]
    moving = moving_picture(walk, "From the first screen to the answer of the deployed API")
    (TARGET / "walk.svg").write_text(moving, encoding="utf-8")


def main() -> None:
    """Use a home and a folder of its own, and a practice cloud that takes its time, so that there is progress to see."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["AZWIZARD_HOME"] = f"{name}/home"
        folder = Path(name, "project")
        shutil.copytree(SAMPLE, folder / "orders-api")
        language.choose("en")
        practice.start(StartOptions(speed="fast"))
        try:
            write(asyncio.run(take(folder)))
        finally:
            practice.stop()
    print(f"Written to {TARGET}")


if __name__ == "__main__":
    main()
