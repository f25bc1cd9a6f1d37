"""How a practice cloud is to be started: the options that a person may give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wizard.cloud.errors.cloud_error import PracticeError
from wizard.cloud.transport.control_host import PracticeInfo
from wizard.platform.language import _


@dataclass(frozen=True)
class StartOptions:
    """How to start it; None and empty say nothing, so that a running one is taken as it is."""

    port: int | None = None
    speed: str | None = None
    har: Path | None = None
    faults: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    wheels: Path | None = None
    unconfined: bool = False
    engine: str | None = None

    def arguments(self) -> list[str]:
        """As arguments of ``python -m wizard.practice``."""
        return [
            *([] if self.port is None else ["--port", str(self.port)]),
            *([] if self.speed is None else ["--speed", self.speed]),
            *([] if self.engine is None else ["--engine", self.engine]),
            *([] if self.har is None else ["--har", str(self.har.absolute())]),
            *(word for fault in self.faults for word in ("--fault", fault)),
            *(word for seed in self.seeds for word in ("--seed", seed)),
            *([] if self.wheels is None else ["--wheels", str(self.wheels.absolute())]),
            *(["--unconfined"] if self.unconfined else []),
        ]


def require_same(info: PracticeInfo, options: StartOptions) -> None:
    """Refuse options that the running practice cloud was not started with."""
    published = info.published
    differs = [
        name
        for name, wanted_value, now in (
            ("--port", options.port, info.port),
            ("--speed", options.speed, info.speed),
            ("--engine", None if options.engine in (None, "auto") else options.engine, str(published.get("engine", "")).partition(" ")[0]),
            ("--har", None if options.har is None else str(options.har.absolute()), published.get("har")),
            ("--fault", sorted(options.faults) or None, sorted(info.faults)),
            ("--seed", sorted(options.seeds) or None, sorted(f"{name}:{number}" for name, number in published["seeds"].items())),
        )
        if wanted_value is not None and wanted_value != now
    ]
    if differs:
        raise PracticeError(
            _("A practice cloud runs already, with another {options}.").format(options=", ".join(differs)),
            _("Stop it first (azwizard practice stop), or leave those options out."),
        )
