"""The board and its door: each learner's step, time and error arrive by token; nothing secret does, and nothing strange gets in."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from wizard.classroom.class_file import ClassFile, read_class
from wizard.classroom.door.board_page import board_page
from wizard.classroom.door.certificate import certificate_for
from wizard.classroom.door.courier import Courier, harmless_error
from wizard.classroom.door.door_pass import NAME, DoorPass, pass_beside
from wizard.classroom.door.reading_events import Trail
from wizard.classroom.door.server import LARGEST_BODY, EventDoor
from wizard.classroom.door.standings import Report, Standings
from wizard.classroom.door.trainer import Trainer
from wizard.classroom.prepare import prepare, setup_of
from wizard.engine.events import CheckEvent, Event, ResultEvent, StepEvent, StepState
from wizard.platform import language
from wizard.platform.redaction import redaction
from wizard.setup.loading import load

CANARY = "canary-5f2a-Geheim!"
AT = datetime(2026, 5, 4, 9, 30)


def class_of(folder: Path, *names: str) -> ClassFile:
    learners = "".join(f"[[class.learners]]\nname = {json.dumps(name)}\n" for name in names)
    (folder / "class.toml").write_text(f'[class]\ntitle = "Azure <in> a day"\nproject = "notes"\n{learners}', encoding="utf-8")
    return read_class(folder / "class.toml")


class Room:
    """A class whose door listens on loopback, with a clock of its own."""

    def __init__(self, read: ClassFile) -> None:
        self.read, self.now = read, AT
        self.trainer = Trainer(read)
        self.trainer.standings = Standings(self.trainer.standings_file, [one.suffix for one in read.learners], lambda: self.now.timestamp())
        self.door = EventDoor(self.trainer, lambda: self.now)

    def pass_of(self, number: int) -> DoorPass:
        return self.trainer.door_pass(self.read.learners[number], "127.0.0.1", self.door.port, "")

    def courier(self, number: int, said: list[str] | None = None) -> Courier:
        setup = setup_of(self.read, self.read.learners[number])
        return Courier(self.pass_of(number), setup, (said if said is not None else []).append, practice=False)

    async def page(self) -> str:
        async with aiohttp.ClientSession() as session, session.get(self.door.page_address) as answer:
            assert answer.status == 200
            return await answer.text()

    async def post(self, body: bytes, token: str) -> int:
        async with aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(f"http://127.0.0.1:{self.door.port}/events", data=body, headers=headers) as answer:
                return answer.status


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AZWIZARD_CLASS", raising=False)
    room = Room(class_of(tmp_path, "Anna", "<b>Bruno</b>", "Chloé"))
    await room.door.start("127.0.0.1", 0)
    yield room
    await room.door.close()


async def test_three_at_different_steps_are_seen_with_their_minutes_and_errors(room: Room) -> None:
    await room.courier(0).exchange(Report(place="key_vault"))
    await room.courier(1).exchange(Report(place="storage", error="<script>alert(1)</script> & more"))
    room.now += timedelta(minutes=12, seconds=30)
    await room.courier(2).exchange(Report(place="running", error="", solved=("port", "bill")))
    page = await room.page()
    assert '3. Passwords and keys</td><td class="minutes">12<' in page
    assert "6. Files to keep" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "&lt;b&gt;Bruno&lt;/b&gt;" in page
    assert "Azure &lt;in&gt; a day" in page
    assert "The API runs" in page
    assert "bill" in page and "1 API runs · 1 has an error" in page
    assert "<script" not in page and "<b>" not in page


async def test_nobody_without_a_token_and_nothing_too_large_or_strange_gets_in(room: Room) -> None:
    token = room.pass_of(0).token
    assert await room.post(b'{"place": "storage"}', "nobody's") == 401
    assert await room.post(b'{"place": "storage"}', room.trainer.tokens["board"]) == 401
    assert await room.post(b"x" * (LARGEST_BODY + 1), "nobody's") == 401, "who is unknown is not even read"
    assert await room.post(b"x" * (LARGEST_BODY + 1), token) == 413
    for strange in (b"not json", b"[" * 4000, b'{"x":' * 600 + b"1" + b"}" * 600, b"\xff", b'{"error": "\xff"}', b'{"error": "\\ud800"}'):
        assert await room.post(strange, token) in (200, 400), strange
    assert await room.post(b"{}", "\u202e\u00e9") == 401
    assert await room.post(json.dumps({"error": "x" * 301}).encode(), token) == 400
    assert await room.post(json.dumps({"solved": ["x"] * 21}).encode(), token) == 400
    assert await room.post(b'{"place": "../../etc", "unheard-of": 1}', token) == 200
    assert room.trainer.standings.by_suffix["01"].place == ""
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/board/", "/board/nobody/", "/events"):
            async with session.get(f"http://127.0.0.1:{room.door.port}{path}") as answer:
                assert answer.status in (404, 405)


async def test_thirty_learners_cost_one_page_a_minute_and_few_bytes(tmp_path: Path) -> None:
    room = Room(class_of(tmp_path, *(f"Learner {number}" for number in range(30))))
    for number, learner in enumerate(room.read.learners):
        room.trainer.standings.hear(learner.suffix, Report(place="storage", error="x" * 200 if number % 3 else ""))
    await room.door.start("127.0.0.1", 0)
    try:
        sizes = []
        for _second in range(0, 60, 5):
            sizes.append(len(await room.page()))
            room.now += timedelta(seconds=5)
        assert room.door.renders <= 2, "only when a minute has passed or something changed"
        assert max(sizes) < 24_000
    finally:
        await room.door.close()


def test_what_the_board_knew_it_knows_again_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "standings.json"
    Standings(file, ["01"], lambda: 60.0).hear("01", Report(place="registry", error="no"))
    again = Standings(file, ["01", "02"], lambda: 120.0).by_suffix
    assert (again["01"].place, again["01"].since, again["01"].error, again["02"].place) == ("registry", 60.0, "no", "")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("events", "place", "error"),
    [
        ([CheckEvent("answers:app.port", "missing", "[app] port is wrong.")], "container_app", "[app] port is wrong."),
        ([CheckEvent("answers:variables[0].name", "missing", "no name")], "key_vault", "no name"),
        ([CheckEvent("storage.account", "missing", "taken")], "storage", "taken"),
        ([StepEvent("revision.ready", "Your API", StepState.FAILED, "it crashed")], "revision", "Your API: it crashed"),
    ],
)
def test_a_command_that_fails_leads_to_the_step_where_it_is_put_right(events: list[Event], place: str, error: str) -> None:
    trail = Trail()
    for event in events:
        trail.hear(event)
    result = trail.hear(ResultEvent("failed"))
    assert result is not None
    assert (result.place, result.error) == (place, error)


def test_nothing_secret_and_nobody_travels() -> None:
    redaction.add(CANARY)
    scope = "/subscriptions/5ca082f3-0000-4000-8000-c401184ae3a8/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/kv-a"
    result = harmless_error(f"\x1b[31m{CANARY} of anna.real@uni.example in {Path.home()}/x on {scope}, and\nmore " + "x" * 400)
    assert CANARY not in result
    assert "anna.real" not in result and str(Path.home()) not in result and "5ca082f3" not in result
    assert result.startswith("*** of …@… in ~/x on kv-a, and more")
    assert len(result) == 300


async def test_help_writes_the_answers_before_the_step_and_keeps_what_was_there(room: Room) -> None:
    learner = room.read.learners[0]
    prepare(room.read, learner)
    setup = setup_of(room.read, learner)
    setup.write_text(setup.read_text().replace("port = 5000", "port = 5001") + '\n[registry]\nname = "mine"\nsku = "Gold"\n')
    from wizard.classroom.help import place_of, prepared_answers

    room.trainer.wishes.wish_help("01", place_of(6), prepared_answers(room.read, learner, 6))
    records: list[str] = []
    courier = room.courier(0, records)
    await courier.exchange()
    answers = load(setup)
    assert answers.registry.name == "", "the prepared answer is the suggestion"
    assert answers.app.port == 5001, "steps from 6 on are the learner's own"
    assert "Gold" in setup.with_name("azwizard.toml.before-help").read_text()
    assert "6. Files to keep" in records[0]
    assert room.trainer.wishes.of("01").help.id in room.trainer.standings.by_suffix["01"].done  # type: ignore[union-attr]
    await courier.exchange()
    assert len(records) == 1, "help comes once"


async def test_a_door_that_is_not_there_holds_nobody_up(room: Room) -> None:
    courier = room.courier(0)
    await room.door.close()
    await courier.exchange(Report(place="storage"))
    await courier.exchange()
    await courier.close()
    assert room.trainer.standings.by_suffix["01"].place == ""


async def test_what_is_being_told_when_the_command_ends_arrives(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    courier = room.courier(0)
    begun, goes_on, opened = threading.Event(), threading.Event(), courier._opener.open

    def held_up(*request: Any, **how: Any) -> Any:
        begun.set()
        assert goes_on.wait(20)
        return opened(*request, **how)

    monkeypatch.setattr(courier._opener, "open", held_up)
    courier.report(Report(place="running", solved=("crash",)))
    assert await asyncio.to_thread(begun.wait, 20)
    goes_on.set()
    await courier.close()
    standing = room.trainer.standings.by_suffix["01"]
    assert (standing.place, standing.solved) == ("running", ("crash",))


async def test_a_door_on_an_address_of_the_room_is_trusted_by_its_certificate_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    room = Room(class_of(tmp_path, "Anna"))
    monkeypatch.setattr(Trainer, "is_private", staticmethod(lambda listen: False))
    await room.door.start("127.0.0.1", 0)
    try:
        _file, certificate = room.trainer.certificate("127.0.0.1")
        address = f"https://127.0.0.1:{room.door.port}"
        token = room.trainer.tokens["01"]
        _other, strange = certificate_for("127.0.0.1", tmp_path / "other")
        await Courier(DoorPass(address, token, strange), tmp_path / "azwizard.toml", print).exchange(Report(place="storage"))
        assert room.trainer.standings.by_suffix["01"].place == ""
        await Courier(DoorPass(address, token, certificate), tmp_path / "azwizard.toml", print).exchange(Report(place="storage"))
        assert room.trainer.standings.by_suffix["01"].place == "storage"
    finally:
        await room.door.close()


def test_a_pass_is_found_beside_the_setup_or_one_folder_above_and_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZWIZARD_CLASS", raising=False)
    read = class_of(tmp_path, "Anna")
    prepare(read, read.learners[0])
    Trainer(read).write_passes("127.0.0.1", 8730)
    folder = read.folder(read.learners[0])
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600
    assert NAME in (folder / ".dockerignore").read_text().split()
    mine = pass_beside(folder / "azwizard.toml")
    assert mine is not None and mine == pass_beside(folder / "exercise-port" / "azwizard.toml")
    assert pass_beside(tmp_path / "azwizard.toml") is None
    assert "Anna" not in (folder / NAME).read_text()


def test_the_page_speaks_french(tmp_path: Path) -> None:
    read = class_of(tmp_path, "Anna")
    standings = Standings(tmp_path / "kept" / "standings.json", ["01"])
    standings.hear("01", Report(place="key_vault"))
    language.choose("fr")
    try:
        page = board_page(read, standings.by_suffix, None, AT)
    finally:
        language.choose("en")
    assert '<html lang="fr">' in page
    assert "Last error" not in page and "Passwords" not in page


def test_a_report_says_nothing_that_is_not_new() -> None:
    assert msgspec.json.encode(Report(place="storage")) == b'{"place":"storage"}'
