"""One thing to bring about in Azure: how it is looked at, made, undone, and what it takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.events import DifferenceEvent, StepReason
from wizard.platform.phrases import with_detail
from wizard.platform.shown import Shown

if TYPE_CHECKING:
    from azure.core.polling import AsyncLROPoller

    from wizard.cloud import Cloud
    from wizard.platform.secret import Secret
    from wizard.state.snapshot import Snapshot

T = TypeVar("T")


class Status(StrEnum):
    """What a look found."""

    MISSING = "missing"
    SAME = "same"
    DIFFERENT = "different"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Change:
    """One difference between Azure and the answers, labelled with the section whose answers ask for it.

    :param is_unsettled: Azure has not finished what was written before, so that waiting may be all there is to do.
    :param is_answer: whether an answer asks for it; otherwise the code does, or what has happened in Azure.
    """

    what: str
    before: str
    after: str
    section: str
    is_unsettled: bool = False
    is_answer: bool = True

    @property
    def words(self) -> str:
        """``memory: 0.5Gi → 1Gi``."""
        return with_detail(self.what, f"{self.before} → {self.after}")

    @property
    def event(self) -> DifferenceEvent:
        """The same as commands tell it."""
        return DifferenceEvent(self.what, self.before, self.after, self.section)


@dataclass(frozen=True)
class Observation(Shown):
    """What Azure holds of a step, in words for a person.

    :param detail: for MISSING and SAME what will be made or was found; otherwise what happened and why.
    :param remedy: what would help, for CONFLICT, BLOCKED and UNKNOWN.
    :param note: the same in two or three words, to stand beside the answer that it is about.
    :param asks: the place in azwizard.toml, such as ``key_vault.deleted``, of the question that decides it.
    :param answer: the value of that answer which helps, where one does.
    :param instead: for a name that cannot be had, one that is derived from it and can probably be.
    :param preflight: what of `wizard.engine.preflight.obstacle.Preflight` it is that stands in the way, or "".
    :param reason: why it is BLOCKED, where a face or a program can do something about it.
    :param ours: whether something of this setup's is there; None where `found` tells, since what is SAME or DIFFERENT is there.
    """

    found: Status
    detail: str = ""
    changes: tuple[Change, ...] = ()
    remedy: str = ""
    note: str = ""
    asks: str = ""
    answer: str = ""
    instead: str = ""
    ours: bool | None = None
    preflight: str = ""
    reason: StepReason | None = None

    @property
    def to_remove(self) -> bool:
        """Whether there is something of this setup's that can be removed."""
        return self.found in (Status.SAME, Status.DIFFERENT) if self.ours is None else self.ours


def missing(detail: str = "", *, note: str = "", asks: str = "", ours: bool | None = None) -> Observation:
    """What is to be made is not there; `asks` is a question to answer before."""
    return Observation(Status.MISSING, detail, note=note, asks=asks, ours=ours)


def same(detail: str = "", *, note: str = "", ours: bool | None = None) -> Observation:
    """It is there as the answers want it."""
    return Observation(Status.SAME, detail, note=note, ours=ours)


def different(*changes: Change) -> Observation:
    """It is there, and `changes` would bring it in line with the answers."""
    return Observation(Status.DIFFERENT, "; ".join(change.words for change in changes), changes)


def conflict(why: str, remedy: str, *, note: str = "", asks: str = "", instead: str = "", ours: bool | None = None) -> Observation:
    """Something else is in its place, so that it cannot be made; `remedy` is what a person can do, `instead` another name to take."""
    return Observation(Status.CONFLICT, why, remedy=remedy, note=note, asks=asks, instead=instead, ours=ours)


def blocked(why: str, remedy: str, *, note: str = "", preflight: str = "", reason: StepReason | None = None) -> Observation:
    """It cannot be made for now: `why`, and what `remedy` a person has."""
    return Observation(Status.BLOCKED, why, remedy=remedy, note=note, preflight=preflight, reason=reason)


def unknown(why: str, remedy: str = "") -> Observation:
    """Nobody could see whether it is there: `why`, and what `remedy` a person has."""
    return Observation(Status.UNKNOWN, why, remedy=remedy)


@dataclass
class Outputs:
    """What steps learned from Azure and others need. A look fills what already exists, a make what it made; None is not known yet."""

    vault_uri: str | None = None
    login_server: str | None = None
    image_digest: str | None = None  # sha256:...
    identity_resource_id: str | None = None  # of a user-assigned identity
    identity_principal_id: str | None = None  # of the app's identity, system or user
    environment_domain: str | None = None  # under which its apps are found: DOMAIN of APP.DOMAIN
    environment_region: str | None = None  # where an existing environment lies; the app must lie there too
    workload_profile: str | None = "Consumption"  # None in an existing environment of the older type, which has no profiles
    health_route: bool | None = None  # whether the code shows that the health path answers without a key; None where the code is not here
    revision: str | None = None
    revision_begun: str | None = None  # the revision that this run wrote or began again, and which need not be begun once more
    fqdn: str | None = None
    old_images: tuple[str, ...] = ()  # digests of images that only older releases had
    app_before: dict[str, Any] | None = None  # the app as it served before this run wrote it
    stopped_at: float | None = None  # when its version was stopped to make room for another, on the monotonic clock


class StepContext(Protocol):
    """What a step may use while it makes or undoes something; `wizard.engine.run` provides it."""

    cloud: Cloud
    facts: Outputs
    look: Observation  # what was found before the run began

    @property
    def surely_missing(self) -> bool:
        """Whether the look found nothing so short a time ago that reading it again would tell nothing new."""

    def say(self, detail: str) -> None:
        """Show `detail` as the step's latest line."""

    def wait(self, detail: str) -> None:
        """Show that the step now waits for something outside (a role to become effective), and for what."""

    def told(self) -> None:
        """Say that `facts` hold what steps need that name this one as `early`, though Azure still works on it."""

    async def once(self, key: str, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives, which is asked once in a run for all steps that want what `key` names, such as the account's key."""

    def secret(self, name: str) -> Secret | None:
        """The value given for a secret in this run, or None."""

    async def operation(self, begin: Callable[..., Awaitable[AsyncLROPoller[T]]], kind: str = "make") -> T:
        """Begin a long-running operation, or re-attach to the one that an earlier, killed run began, and wait for its result.

        :param begin: calls an SDK's ``begin_*`` with the keywords it is given: ``polling_interval``, perhaps ``continuation_token``.
        :param kind: tells several operations of one step apart.
        """

    def remember(self, key: str, value: str) -> None:
        """Keep `value` (never a secret) in the journal for a later run of this step, such as the id of a build that was scheduled."""

    def recall(self, key: str) -> str | None:
        """What an earlier run of this step remembered under `key` and did not forget."""

    def forget(self, key: str) -> None:
        """Drop what was remembered."""


class Step(ABC):
    """One thing to bring about in Azure. Constructed by its section from the resolved answers; holds no state of its own."""

    id: str  # "key_vault.vault"
    title: str  # already in the person's language
    section: str
    needs: Sequence[str] = ()  # ids of steps that must be done before
    early: Sequence[str] = ()  # those of `needs` that it waits for only until they have told what it needs (`StepContext.told`)
    follows: Sequence[str] = ()  # ids of steps whose making changes what this one found the same (a new image, a new revision)
    rights: Sequence[PermissionRequirement] = ()  # what making it takes
    expected_seconds: float = 5.0

    @abstractmethod
    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Compare Azure with the answers. Reads through `snapshot` only, writes nothing to Azure."""

    @abstractmethod
    async def make(self, making: StepContext) -> None:
        """Bring it about. Safe to repeat; returns only when it really is in effect."""

    async def undo(self, making: StepContext) -> str | None:
        """Remove what `make` made, when it is tagged as this setup's; what vanishes with its parent needs nothing.

        Returns None when it is gone, or never was there, and otherwise why it stays, in a sentence. Called for what a look found
        to be this setup's, and for what it could not tell.
        """
        return None

    @property
    def holds(self) -> str:
        """The data that goes with what it made, in words; "" where it holds none of the person's."""
        return ""

    @property
    def leaves(self) -> str:
        """What `destroy` leaves of what it made, with its place; "" when nothing is left."""
        return ""

    def az(self, facts: Outputs) -> list[list[str]]:
        """The same as az command lines; an unknown fact is a hole such as ``<vault-uri>``. Never a secret value."""
        return []

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The resource that it would make, as ARM's JSON with its ``type`` and ``name``, for rules that are asked beforehand."""
        return None

    @property
    def removes(self) -> bool:
        """Whether `undo` deletes something of its own, so that `destroy` shows it as a line."""
        return type(self).undo is not Step.undo
