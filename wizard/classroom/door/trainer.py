"""What the trainer's computer keeps of a class, in a folder beside class.toml that nobody else can read."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from wizard.classroom.class_file import ClassFile, Learner
from wizard.classroom.door.certificate import certificate_for
from wizard.classroom.door.door_pass import NAME, DoorPass
from wizard.classroom.door.standings import Standings
from wizard.classroom.door.wishes import WishBook
from wizard.platform.folders import at_home, write_private

BOARD = "board"
"""In place of a suffix: the key of the board's page."""


class Trainer:
    """The tokens, the wishes and the standings of one class."""

    def __init__(self, read: ClassFile) -> None:
        self.read = read
        self.folder = read.file.parent / "class-trainer"

    @cached_property
    def tokens(self) -> dict[str, str]:
        """Suffix -> that learner's token; made when first asked for, and the same from then on. Raises OSError."""
        file = self.folder / "tokens.json"
        try:
            kept = {str(suffix): str(token) for suffix, token in json.loads(file.read_text(encoding="utf-8")).items()}
        except (OSError, ValueError, AttributeError):
            kept = {}
        wanted = [BOARD, *(learner.suffix for learner in self.read.learners)]
        tokens = {**kept, **{name: secrets.token_urlsafe(18) for name in wanted if name not in kept}}
        if tokens != kept:
            write_private(file, json.dumps(tokens, indent=1))
        return tokens

    @cached_property
    def wishes(self) -> WishBook:
        """What is wished of learners' computers."""
        return WishBook(self.folder / "wishes.json")

    def seat_home(self, learner: Learner) -> Path:
        """The home of azwizard for a learner who sits at the trainer's computer; there where a seat was served."""
        return self.folder / "seats" / learner.suffix

    @contextmanager
    def at_seat_of(self, learner: Learner) -> Iterator[bool]:
        """Within it this task works in the home of a learner's seat, where there is one; whether there is."""
        seat = self.seat_home(learner)
        if not seat.is_dir():
            yield False
            return
        with at_home(seat.absolute()):
            yield True

    @property
    def standings_file(self) -> Path:
        """Where the board keeps how far everybody is."""
        return self.folder / "standings.json"

    @cached_property
    def standings(self) -> Standings:
        """How far everybody is; of the board, which alone writes it."""
        return Standings(self.standings_file, [learner.suffix for learner in self.read.learners])

    @staticmethod
    def is_private(listen: str) -> bool:
        """Whether nobody but this computer reaches that address."""
        return ip_address(listen).is_loopback

    def certificate(self, listen: str) -> tuple[Path | None, str]:
        """The server's file and the certificate for that address; none on loopback, which nobody else reaches."""
        return (None, "") if self.is_private(listen) else certificate_for(listen, self.folder)

    def write_passes(self, listen: str, port: int) -> None:
        """Write each learner's pass into the folders that are there. Raises OSError."""
        _file, certificate = self.certificate(listen)
        for learner in self.read.learners:
            if self.read.folder(learner).is_dir():
                self.door_pass(learner, listen, port, certificate).write(self.read.folder(learner) / NAME)

    def door_pass(self, learner: Learner, listen: str, port: int, certificate: str) -> DoorPass:
        """One learner's pass."""
        return DoorPass(address_of(listen, port), self.tokens[learner.suffix], certificate)


def address_of(listen: str, port: int) -> str:
    """Where a door that listens there is reached."""
    ip = ip_address(listen)
    return f"{'http' if ip.is_loopback else 'https'}://{f'[{ip}]' if ip.version == 6 else ip}:{port}"
