"""The wizard as a person sees it: a folder with an API, a home of its own, and a practice cloud that takes no time."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import WizardApp
from wizard import language
from wizard.cloud import practice
from wizard.session import Options

SAMPLE = Path(__file__).parents[2] / "wizard" / "practice" / "sample"
DUMPS = Path(__file__).with_name("dumps")
SIZE = (80, 24)
PATIENCE = 400  # tenths of a second
CHANGING = (
    (re.compile(r"https://capp-[\w-]+\.[\w-]+\.\w+\.\s*azurecontainerapps\.\s*io"), "https://ADDRESS"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"\b\d+:\d\d\b"), "0:00"),
    (re.compile(r"in \d+\.\d\d s"), "in 0.00 s"),
    (re.compile(r"[▁▂▃▄▅▆▇█]+$", re.MULTILINE), ""),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


@pytest.fixture(scope="session")
def practice_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which an instant practice cloud runs."""
    folder = tmp_path_factory.mktemp("home")
    before = os.environ.get("AZWIZARD_HOME")
    os.environ["AZWIZARD_HOME"] = str(folder)
    practice.start(practice.StartOptions(speed="instant"))
    yield folder
    practice.stop()
    if before is None:
        del os.environ["AZWIZARD_HOME"]
    else:
        os.environ["AZWIZARD_HOME"] = before


@pytest.fixture
def project(tmp_path: Path, practice_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds only an API, in which nothing was typed yet."""
    monkeypatch.setenv("AZWIZARD_HOME", str(practice_home))
    shutil.rmtree(practice_home / "drafts", ignore_errors=True)
    (practice_home / "preferences.json").unlink(missing_ok=True)
    practice.fault(clear=True)
    shutil.copytree(SAMPLE, tmp_path / "orders-api")
    monkeypatch.chdir(tmp_path)
    language.choose("en")
    return tmp_path


def open_app(project: Path, *, is_practice: bool = True) -> WizardApp:
    """The wizard in that folder."""
    return WizardApp(Options(setup=project / "azwizard.toml", practice=is_practice))


def screen_text(app: WizardApp) -> str:
    """What stands on the screen, row by row."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[int], holds: Callable[[], object]) -> None:
    """Wait until something holds, at most some seconds."""
    for _tenth in range(PATIENCE):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.1)
    raise AssertionError(f"it never came:\n{screen_text(pilot.app)}")  # type: ignore[arg-type]


async def shown(pilot: Pilot[int], text: str) -> None:
    """Wait until a text stands on the screen."""
    await until(pilot, lambda: text in " ".join(screen_text(pilot.app).split()))  # type: ignore[arg-type]


def check_dump(app: WizardApp, name: str, leave_out: str = "") -> None:
    """Compare the screen, and the order of focus, with what was read by eye and committed; ``AZWIZARD_DUMPS=write`` writes them anew.

    :param leave_out: a pattern of lines that differ from run to run, such as those with an address of random length.
    """
    text = "\n".join(line for line in screen_text(app).splitlines() if not (leave_out and re.match(leave_out, line)))
    focus = " > ".join(_focus_name(widget) for widget in app.screen.focus_chain)
    assert len(text.splitlines()) <= app.size.height
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    if leave_out:
        text = re.sub(r"\n{2,}", "\n\n", text)
    dump = f"{text.rstrip()}\n\nfocus: {focus}\n"
    file = DUMPS / f"{name}.txt"
    if os.environ.get("AZWIZARD_DUMPS") == "write":
        file.write_text(dump, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == dump


def _focus_name(widget: object) -> str:
    row = getattr(getattr(widget, "parent", None), "parent", None)
    where = getattr(row, "where", "")
    identity = getattr(widget, "id", None) or " ".join(sorted(getattr(widget, "classes", ()) & {"name", "place", "value", "account"}))
    return str(identity or where or type(widget).__name__)
