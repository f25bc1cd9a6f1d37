"""What is looked at beforehand, and what was found to stand in the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wizard.engine.events import CheckEvent


class Preflight(StrEnum):
    """What is looked at beforehand; a check's id is ``preflight.`` and one of these."""

    QUOTA = "quota"
    OFFER = "offer"
    ALLOWED_REGIONS = "allowed-regions"
    POLICY = "policy"
    TAGS = "tags"
    LOCK = "lock"
    SUBSCRIPTION_STATE = "subscription-state"
    MFA = "mfa"
    PARALLELISM = "parallelism"
    REGION_CAPACITY = "region-capacity"
    VALIDATION = "validation"

    @property
    def check(self) -> str:
        """Its id in events."""
        return f"preflight.{self.value}"


@dataclass(frozen=True)
class Obstacle:
    """Something that Azure would refuse, or cannot promise.

    :param steps: the ids of the steps that it stops; empty for every one.
    :param certain: False for a warning, which stops nothing.
    :param asks: the place in azwizard.toml of the answer that helps, such as ``project.tags``.
    """

    what: Preflight
    sentence: str
    remedy: str
    steps: tuple[str, ...] = ()
    certain: bool = True
    asks: str = ""

    def event(self) -> CheckEvent:
        """The obstacle as a check that was made."""
        return CheckEvent(self.what.check, "missing" if self.certain else "unknown", self.sentence, remedy=self.remedy)
