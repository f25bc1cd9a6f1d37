"""The values again where people seldom look: the day-two commands with their logs and pictures, a build by GitHub, two stages, a class,
and the environment and arguments of every process that is left running.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import WizardProcess, copy_sample
from tests.end_to_end.test_canaries import CANARIES, FIRST, SECOND, arguments_of_all_processes, files_below, holding
from tests.support.figures import Figures

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]
GITHUB = tuple(
    word
    for key, value in {"build": "github", "owner": "contoso", "repository": "orders-api"}.items()
    for word in ("--set", f"pipeline.{key}={value}")
)
DAY_TWO = (
    ("apply", "--yes", "--debug", "--timeline", "run.svg", "--json"),
    ("deploy", "--yes", "--debug"),
    ("releases", "--json"),
    ("diff", "1", "1"),
    ("rollback", "--yes", "--debug"),
    ("metrics",),
    ("pause", "--debug"),
    ("start", "--debug"),
    ("doctor", "--json", "--debug"),
    ("test", "--debug"),
    ("apply", "--stage", "prod", "--yes", "--debug", "--timeline", "prod.svg"),
    ("promote", "dev", "prod", "--yes", "--debug"),
    ("diff", "--stages", "dev", "prod"),
    ("export", "pipeline", "--github"),
    ("export", "az", "--output", "setup.sh"),
    ("class", "handout", "--output", "handout.html"),
    ("report", "--yes", "--debug"),
    ("handoff", "--debug"),
    ("logs", "--debug"),
    ("destroy", "--yes", "--debug"),
)


@pytest.fixture
def wizard(tmp_path: Path) -> Iterator[WizardProcess]:
    """The sample API with a second stage and a class beside it."""
    folder = tmp_path / "project"
    copy_sample(folder)
    setup = folder / "azwizard.toml"
    stage = '\n[stages.prod.project]\nenvironment = "prod"\n'
    setup.write_text(setup.read_text().replace("format = 1", "format = 2", 1) + stage)
    (folder / "class.toml").write_text('format = 1\n[class]\ntitle = "Friday"\n[[class.learners]]\nname = "Anna"\n')
    wizard = WizardProcess(tmp_path / "home", folder, {"AZWIZARD_SECRET_API_KEY": FIRST})
    yield wizard
    wizard("practice", "stop")


def environments_with_a_value() -> list[str]:
    """The processes outside of containers that keep a value in their environment."""
    own = Path("/proc/self/ns/pid").readlink()
    held = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "ns/pid").readlink() == own and any(one.encode() in (folder / "environ").read_bytes() for one in CANARIES):
                held.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # it ended meanwhile
    return held


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc of Linux")
@pytest.mark.parametrize("build", [(), GITHUB], ids=["registry", "github"])
def test_no_command_of_day_two_shows_or_keeps_a_value(
    wizard: WizardProcess, tmp_path: Path, build: tuple[str, ...], figures: Figures
) -> None:
    wizard("practice", "start", "--speed", "instant", "--har", str(tmp_path / "traffic.har"))
    ended: dict[str, int] = {}
    leaks: list[str] = []
    for number, command in enumerate(DAY_TWO):
        if number == 4:  # a release to go back from, with another value
            wizard.environment["AZWIZARD_SECRET_API_KEY"] = SECOND
            file = next(wizard.folder.rglob("*.py"))
            file.write_text(file.read_text() + "\n# changed\n")
            assert wizard("deploy", "--practice", "--yes", *build).exit in (0, 3)
        practice = () if command[0] in ("class", "export") else ("--practice", *build)
        done = wizard(*command, *practice)
        name = " ".join(command)
        ended[name] = done.exit
        leaks += [f"{name}: printed" for canary in CANARIES if canary in done.stdout + done.stderr]
        leaks += [f"{name}: kept in {file}" for file in holding(tmp_path)]
        leaks += [f"{name}: environment of {process}" for process in environments_with_a_value()]
        leaks += [f"{name}: an argument" for canary in CANARIES if canary in arguments_of_all_processes()]
        assert "Traceback" not in done.stderr and "went wrong" not in done.stderr, (name, done.stderr)
    figures(canaries_x_places=len(CANARIES) * len(DAY_TWO) * files_below(tmp_path), leaked=len(leaks))
    assert leaks == []
    assert {name: status for name, status in ended.items() if status not in (0, 1, 3, 5)} == {}
    assert ended["apply --yes --debug --timeline run.svg --json"] == ended["destroy --yes --debug"] == 0, ended
    wizard("practice", "stop")
    assert holding(tmp_path) == {}
