"""The wizard as a person sees it: a folder with an API, a home of its own, and a practice cloud that takes no time."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from screens.app import WizardApp
from screens.pages.home import Home
from screens.sheets.dialogs import Confirm
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions
from wizard.engine.session import CommandOptions
from wizard.platform import language

SAMPLE = Path(__file__).parents[2] / "wizard" / "practice" / "sample"
DUMPS = Path(__file__).with_name("dumps")
PATIENCE = 400  # tenths of a second
CHANGING = (
    (re.compile(r"https://capp-[\w-]+\.[\w-]+\.\w+\." + r"\s*".join(["", *"azurecontainerapps", r"\.", *"io"])), "https://ADDRESS"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "2026-01-01 00:00"),
    (re.compile(r"(capp-[\w-]+?--)[0-9a-z]{7}\b"), r"\1revision"),
    (re.compile(r"@sha256:[0-9a-f]{12}"), "@sha256:0123456789ab"),
    (re.compile(r"\b\d+:\d\d\b"), "0:00"),
    (re.compile(r"(?:[A-Z0-9] ){4}-(?: [A-Z0-9]){4}"), "A B C D - 1 2 3 4"),
    (re.compile(r"\d+\.\d\d s"), "0.00 s"),
    (re.compile(r"[▁▂▃▄▅▆▇█]+$", re.MULTILINE), ""),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


@pytest.fixture(scope="session")
def practice_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which an instant practice cloud runs."""
    folder = tmp_path_factory.mktemp("home")
    before = os.environ.get("AZWIZARD_HOME")
    os.environ["AZWIZARD_HOME"] = str(folder)
    practice.start(StartOptions(speed="instant"))
    yield folder
    practice.stop()
    if before is None:
        del os.environ["AZWIZARD_HOME"]
    else:
        os.environ["AZWIZARD_HOME"] = before


def start_anew() -> None:
    """Put a practice cloud in which nothing was ever made in the place of the one that runs."""
    practice.reset()
    practice.start(StartOptions(speed="instant"))


def something_was_made() -> bool:
    """Whether the practice cloud serves a vault, a registry or an app: then a test before this one left them."""
    info = practice.read()
    created = (".vault.azure.net", ".azurecr.io", ".azurecontainerapps.io")
    return info is None or any(host.endswith(created) for host in info.hosts)


@pytest.fixture
def nothing_switched_on(practice_home: Path) -> None:
    """A practice cloud in which nothing was ever made."""
    start_anew()


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Columns and rows: the smallest window, and one with the list of sections on the left. That one is without colours (NO_COLOR)."""
    width, height = request.param
    if width > 100:
        monkeypatch.setenv("NO_COLOR", "1")
    return width, height


@pytest.fixture(params=["en", "fr"])
def tongue(request: pytest.FixtureRequest, project: Path) -> Iterator[str]:
    """Each language in turn."""
    language.choose(request.param)
    yield request.param
    language.choose("en")


@pytest.fixture
def project(tmp_path: Path, practice_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds only an API, in which nothing was typed yet."""
    monkeypatch.setenv("AZWIZARD_HOME", str(practice_home))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))  # a practice cloud may be started from the project's folder
    shutil.rmtree(practice_home / "drafts", ignore_errors=True)
    (practice_home / "preferences.json").unlink(missing_ok=True)
    if something_was_made():
        start_anew()
    practice.fault(clear=True)
    shutil.copytree(SAMPLE, tmp_path / "orders-api")
    monkeypatch.chdir(tmp_path)
    language.choose("en")
    return tmp_path


@pytest.fixture
def cloud_of_its_own(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the test leaves goes with its practice cloud."""
    yield
    monkeypatch.chdir(Path(__file__).parents[2])  # it is started as a module of this checkout
    start_anew()


def open_app(project: Path, *, is_practice: bool = True) -> WizardApp:
    """The wizard in that folder."""
    return WizardApp(CommandOptions(setup=project / "azwizard.toml", practice=is_practice))


def screen_text(app: WizardApp) -> str:
    """What stands on the screen, row by row."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips())


def place(app: WizardApp) -> str:
    """Where the person is; empty on a sheet."""
    return str(getattr(app.screen, "place", ""))


async def until(pilot: Pilot[int], holds: Callable[[], object]) -> None:
    """Wait until something holds, at most some seconds."""
    for _tenth in range(PATIENCE):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.1)
    raise AssertionError(f"it never came:\n{screen_text(pilot.app)}")  # type: ignore[arg-type]


async def leave_home(pilot: Pilot[int]) -> None:
    """Press Enter on Home and wait for the screen it opens, which would else come over what is opened next."""
    await until(pilot, lambda: isinstance(pilot.app.screen, Home) and pilot.app.focused is not None)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, Home))


async def shown(pilot: Pilot[int], text: str) -> None:
    """Wait until a text stands on the screen."""
    await until(pilot, lambda: text in " ".join(screen_text(pilot.app).split()))  # type: ignore[arg-type]


async def asked(pilot: Pilot[int]) -> None:
    """Wait until a question stands on the screen and hears keys: a screen hears them once something on it has the focus."""
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused is not None)


def check_dump(app: WizardApp, name: str, leave_out: str = "", any_order: Sequence[str] = ()) -> None:
    """Compare the screen, and the order of focus, with what was read by eye and committed, by language and size.

    ``AZWIZARD_DUMPS=write`` writes them anew.

    :param leave_out: a pattern of lines that differ from run to run.
    :param any_order: selectors of what has other lines, or the same ones in another order, from run to run: a list is told below, sorted.
    """
    if os.environ.get("NO_COLOR"):
        assert colours(app) == set(), "colours in spite of NO_COLOR"
    rows = screen_text(app).splitlines()
    assert len(rows) <= app.size.height
    lines = [_take_out(app, selector, rows) for selector in any_order]
    text = "\n".join(line.rstrip() for line in rows if not (leave_out and re.match(leave_out, line)))
    if leave_out or any_order:
        text = re.sub(r"\n{2,}", "\n\n", text)
    focus = " > ".join(_focus_name(widget) for widget in app.screen.focus_chain)
    dump = "\n\n".join([text.rstrip(), *(item for item in lines if item), f"focus: {focus}"]) + "\n"
    for pattern, word in CHANGING:
        dump = pattern.sub(word, dump)
    file = DUMPS / f"{language.current()}-{app.size.width}x{app.size.height}" / f"{name}.txt"
    if os.environ.get("AZWIZARD_DUMPS") == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dump, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == dump


def _take_out(app: WizardApp, selector: str, rows: list[str]) -> str:
    """Blank a widget out of the rows; gives the lines of a list, sorted."""
    widget = app.screen.query_one(selector)
    region = widget.region
    for number in range(region.y, min(region.bottom, len(rows))):
        row = rows[number].ljust(app.size.width)
        rows[number] = (row[: region.x] + " " * region.width + row[region.right :]).rstrip()
    if not isinstance(widget, OptionList):
        return ""
    lines = [str(option.prompt).rstrip() for option in widget.options]
    return "\n".join([f"{selector}, in any order:", *sorted(re.sub(r"\s+\d+:\d\d$", "", line) for line in lines)])


def colours(app: WizardApp) -> set[str]:
    """The colours on the screen that are neither black, white nor grey."""
    styles = [segment.style for strip in app.screen._compositor.render_strips() for segment in strip if segment.style]
    names = {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour}
    return {name for name in names if name.startswith("#") and len({name[1:3], name[3:5], name[5:7]}) > 1}


def _focus_name(widget: object) -> str:
    row = getattr(getattr(widget, "parent", None), "parent", None)
    where = getattr(row, "where", "")
    identity = getattr(widget, "id", None) or " ".join(sorted(getattr(widget, "classes", ()) & {"name", "place", "value", "account"}))
    return str(identity or where or type(widget).__name__)
