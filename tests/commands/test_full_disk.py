"""A disk without room, one that may only be read, and a current folder that is gone: every command has a sentence and the right status.

The disks are small file systems in memory, which only root may mount.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import SECRET, WizardProcess, copy_sample

ROOM = 24 << 20
COMMANDS: list[tuple[str, ...]] = [
    ("plan", "--practice"),
    ("apply", "--practice", "--yes"),
    ("apply", "--practice", "--yes", "--json"),
    ("status", "--practice"),
    ("doctor", "--practice"),
    ("report", "--practice", "--yes"),
    ("secret", "set", "api-key", "--from-file", "Dockerfile", "--practice"),
    ("deploy", "--practice", "--yes"),
    ("destroy", "--practice", "--yes"),
    ("plan", "--practice", "--debug"),
    ("--plain", "--practice"),
    ("export", "pipeline"),
    ("practice", "status"),
]


def mounted(folder: Path) -> bool:
    """Whether this process may put a file system of that size at `folder`."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "none", str(folder)]
    return (
        sys.platform.startswith("linux") and os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    """A practice cloud that was started while there was room."""
    folder = tmp_path_factory.mktemp("disk")
    copy_sample(folder / "project")
    if not mounted(folder / "home"):
        pytest.skip("only root may mount a small file system")
    wizard = WizardProcess(folder / "home", folder / "project", {"AZWIZARD_SECRET_API_KEY": SECRET})
    wizard("practice", "start", "--speed", "instant")
    yield wizard
    (wizard.home / "filling").unlink(missing_ok=True)
    wizard("practice", "stop")
    subprocess.run(["umount", "-l", str(wizard.home)], check=True)


def fill(file: Path) -> None:
    """Take all the room that there is."""
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(1 << 16))
        except OSError:
            return


def said_properly(wizard: WizardProcess, arguments: tuple[str, ...]) -> list[str]:
    """What is wrong with how a command ended."""
    ended = wizard(*arguments)
    text = ended.stdout + ended.stderr
    wrong = [word for word in ("Traceback", "went wrong", "Exception ignored", SECRET) if word in text]
    if ended.exit not in (0, 1, 3, 5) or not text.strip():
        wrong.append(f"status {ended.exit}")
    return [f"{' '.join(arguments)}: {one}" for one in wrong]


def test_a_home_without_room_is_said_and_room_is_enough_to_go_on(wizard: WizardProcess) -> None:
    fill(wizard.home / "filling")
    assert [one for command in COMMANDS for one in said_properly(wizard, command)] == []
    wizard("practice", "stop")
    refused = wizard("practice", "start")
    assert refused.exit == 3 and "no room left" in refused.stderr, refused.stderr
    (wizard.home / "filling").unlink()
    assert wizard("practice", "start", "--speed", "instant").exit == 0
    assert wizard.apply().exit == 0
    assert not list(wizard.home.glob("crashes/*"))


def test_a_home_that_may_only_be_read_is_said(wizard: WizardProcess) -> None:
    shown = wizard.home.parent / "shown"
    shown.mkdir()
    subprocess.run(["mount", "--bind", str(wizard.home), str(shown)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(shown)], check=True)
        reader = WizardProcess(shown, wizard.folder, wizard.environment)
        assert [one for command in COMMANDS for one in said_properly(reader, command)] == []
        assert "cannot be used" in reader.apply().stderr
    finally:
        subprocess.run(["umount", "-l", str(shown)], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that is in use cannot be removed there")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [("plan --practice --json", 3), ("apply --practice --yes", 3), ("export rest", 3), ("schema", 0), ("--help", 0)],
)
def test_a_current_folder_that_is_gone_is_said(tmp_path: Path, arguments: str, status: int) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f"rmdir '{gone}' && exec '{sys.executable}' -m wizard {arguments}"
    environment = {**os.environ, "AZWIZARD_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(["/bin/sh", "-c", line], cwd=gone, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr and "went wrong" not in ended.stderr
    if arguments.startswith(("plan", "apply")):
        assert "The folder that you are in is not there any more. Go to one that is" in ended.stderr
