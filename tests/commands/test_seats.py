"""`azwizard serve --seats`: an address each, a project and a home each, and nothing of one seat or of the trainer at another."""

from __future__ import annotations

import asyncio
import json
import os
import re
import ssl
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner

from tests.support.waiting import eventually
from wizard.cli import azwizard
from wizard.commands.serving.page_process import seat_environment
from wizard.commands.serving.seats import seats_for
from wizard.commands.serving.serve import LARGE, serve
from wizard.engine.session import CommandError, CommandOptions, ExitCode

PATIENCE = 40  # seconds
CANARY = "canary-7d10-trainer"
CLASS = """
[class]
title = "Monday"
[[class.learners]]
name = "Anna"
[[class.learners]]
name = "Élodie"
"""


@asynccontextmanager
async def seats(
    folder: Path, capsys: pytest.CaptureFixture[str], count: int, *, listen: str = "127.0.0.1", projector: bool = False
) -> AsyncIterator[dict[str, str]]:
    """Name -> address of each seat, as printed, while the command goes on."""
    options = CommandOptions(setup=folder / "azwizard.toml")
    serving = asyncio.ensure_future(serve(options, 0, seats=count, listen=listen, projector=projector))
    try:
        printed: list[str] = []

        def said() -> bool:
            printed.append(capsys.readouterr().out)
            return "".join(printed).count("\n") == count

        await eventually(said)
        yield dict(line.split(": ", 1) for line in "".join(printed).splitlines())  # type: ignore[misc]
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def socket_of(address: str, size: str = "width=80&height=24") -> str:
    """Where a page's browser would connect to."""
    return f"ws{address.partition('?')[0].removeprefix('http')}ws?{size}"


async def test_each_seat_has_its_own_token_and_opens_only_its_own_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with seats(tmp_path, capsys, 3) as addresses, aiohttp.ClientSession() as browser:
        assert list(addresses) == ["1", "2", "3"]
        tokens = [address.rstrip("/").rsplit("/", 1)[1] for address in addresses.values()]
        assert len(set(tokens)) == 3
        assert min(map(len, tokens)) >= 43
        for token, address in zip(tokens, addresses.values(), strict=True):
            async with browser.get(address) as page:
                text = await page.text()
            assert f"/{token}/ws" in text
            assert [other for other in tokens if other != token and other in text] == [], "a page names no other seat"
        origin = addresses["1"].rpartition(f"/{tokens[0]}/")[0]
        for path in ("/", "/ws", f"/{tokens[0]}{tokens[1]}/", f"/{tokens[0][:-1]}/", f"/{tokens[0]}/../", "/class-trainer/"):
            async with browser.get(origin + path, allow_redirects=False) as refused:
                assert refused.status == 403, path


async def test_what_one_seat_types_is_in_its_own_folder_and_home_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "trainer"))
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", CANARY)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", CANARY)
    (tmp_path / "class.toml").write_text(CLASS, encoding="utf-8")
    async with seats(tmp_path, capsys, 2) as addresses, aiohttp.ClientSession() as browser:
        assert list(addresses) == ["Anna", "Élodie"]
        async with browser.ws_connect(socket_of(addresses["Anna"])) as socket:
            painted = b""
            async with asyncio.timeout(PATIENCE):
                while b"class-01" not in painted:
                    painted += await socket.receive_bytes()
                await socket.send_json(["stdin", "\r"])  # Enter opens the setup of this folder
                while "1 of 12" not in visible(painted):
                    painted += await socket.receive_bytes()
                await socket.send_json(["stdin", "\x1b[F9"])  # End of the field, and one more character
                await eventually(lambda: "class-019" in kept_by(tmp_path / "class-trainer" / "seats" / "01"))
                await socket.send_json(["stdin", "\x11"])  # Ctrl+Q leaves
                while not socket.closed:
                    await socket.receive()
    other = tmp_path / "class-trainer" / "seats" / "02"
    assert list(other.rglob("*")) == []
    assert not (tmp_path / "trainer").exists(), "nor is the trainer's own home touched"
    assert CANARY not in visible(painted)
    if sys.platform != "win32":
        assert {stat.S_IMODE(home.stat().st_mode) for home in (tmp_path / "class-trainer" / "seats").iterdir()} == {0o700}
    assert [file for file in (tmp_path / "class-trainer").rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()] == []


def visible(painted: bytes) -> str:
    """What was painted, without commands to the terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", painted.decode(errors="replace"))


def kept_by(home: Path) -> str:
    """The drafts in a home."""
    return "".join(json.dumps(json.loads(file.read_text(encoding="utf-8"))) for file in home.rglob("drafts/*.json"))


def test_nothing_that_the_trainer_signs_in_with_is_in_a_seats_environment(tmp_path: Path) -> None:
    secret = (
        "AZWIZARD_SECRET_KEY",
        "AZURE_CLIENT_SECRET",
        "GH_TOKEN",
        "ARM_ACCESS_KEY",
        "SSH_AUTH_SOCK",
        "DATABASE_URL",
        "AZURE_CONFIG_DIR",
    )
    trainer = {**dict.fromkeys(secret, CANARY), "PATH": os.defpath, "LC_ALL": "fr_FR.UTF-8", "HOME": "/home/ada", "TEXTUAL_DRIVER": "web"}
    assert seat_environment(trainer, tmp_path) == {
        "PATH": os.defpath,
        "LC_ALL": "fr_FR.UTF-8",
        "TEXTUAL_DRIVER": "web",
        **dict.fromkeys(("AZWIZARD_HOME", "HOME", "USERPROFILE"), str(tmp_path)),
    }


def test_a_seat_is_made_once_and_kept(tmp_path: Path) -> None:
    first = seats_for(tmp_path, 2)
    assert {seat.folder.name for seat in first} == {"seat-01", "seat-02"}
    assert all(seat.practice and (seat.folder / "app.py").is_file() for seat in first)
    (first[0].folder / "app.py").write_text("# mine\n")
    assert seats_for(tmp_path, 3)[:2] == first
    assert (first[0].folder / "app.py").read_text() == "# mine\n"


def test_more_seats_than_learners_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "class.toml").write_text(CLASS, encoding="utf-8")
    with pytest.raises(CommandError, match=r"3 seats, and class\.toml has 2 learners"):
        seats_for(tmp_path, 3)


async def test_another_address_is_served_with_tls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wizard.classroom.door.trainer import Trainer

    monkeypatch.setattr(Trainer, "is_private", staticmethod(lambda _listen: False))  # loopback stands for an address of the room
    async with seats(tmp_path, capsys, 1, projector=True) as addresses:
        address = addresses["1"]
        assert address.startswith("https://127.0.0.1:")
        assert address.endswith(f"?fontsize={LARGE}")
        certificate = next((tmp_path / "class-trainer").glob("door-*.pem")).read_text()
        trusted = ssl.create_default_context(cadata=certificate[certificate.index("-----BEGIN CERTIFICATE") :])
        async with aiohttp.ClientSession() as browser, browser.get(address, ssl=trusted) as page:
            assert page.status == 200
            text = await page.text()
        assert f'data-font-size="{LARGE}"' in text
        assert f'data-session-websocket-url="wss{address.partition("?")[0].removeprefix("https")}ws"' in text


def test_the_wizard_itself_is_served_on_this_computer_only() -> None:
    outcome = CliRunner().invoke(azwizard, ["serve", "--listen", "192.168.1.10"])
    assert outcome.exit_code == ExitCode.USAGE
    assert "--listen is for --seats" in outcome.output
