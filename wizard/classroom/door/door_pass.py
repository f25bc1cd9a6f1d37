"""A learner's pass: the file that says where the trainer's door is, and the token that it knows this learner by."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from wizard.platform.files import replace_file
from wizard.platform.folders import private_file_only

NAME = "class-door.json"
VARIABLE = "AZWIZARD_CLASS"
"""Names a pass in place of the one that lies beside the setup."""


@dataclass(frozen=True)
class DoorPass:
    """What a learner's azwizard needs to tell the trainer where it is.

    :param address: ``http://127.0.0.1:8730`` or ``https://192.168.1.10:8730``.
    :param token: stands for the learner, so that no name travels.
    :param certificate: what the door shows, as PEM; "" where it is on loopback, without TLS.
    """

    address: str
    token: str = field(repr=False)
    certificate: str = ""

    def write(self, file: Path) -> None:
        """Put it where only the learner can read it; the folder, which is the learner's, keeps its mode. Raises OSError."""
        replace_file(private_file_only(file), json.dumps(asdict(self), indent=1))


def pass_beside(setup: Path) -> DoorPass | None:
    """The pass that the environment names, or that lies beside a setup or one folder above, as for an exercise; None without one."""
    folder = setup.absolute().parent
    named = os.environ.get(VARIABLE)
    for file in [Path(named)] if named else [folder / NAME, folder.parent / NAME]:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            return DoorPass(str(content["address"]), str(content["token"]), str(content.get("certificate", "")))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
