"""What can go wrong on purpose: named faults, each as real Azure would show it."""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class FaultKind:
    """One fault: what its value means ("" for none), and whether it works once only."""

    value: str
    says: str
    once: bool = False


KINDS = {
    "account": FaultKind("owner|contributor|reader|none", "the practice account's role on the subscription; none: it sees no subscription"),
    "eligible": FaultKind("owner|contributor", "a role on the subscription that the practice account may activate (account:NAME does it)"),
    "rbac-delay": FaultKind("SECONDS", "a role assignment becomes effective that many seconds after it was made, at every speed"),
    "token-expiry": FaultKind("SECONDS", "tokens live so long, at every speed"),
    "throttle": FaultKind("SHARE", "so many of the requests (0 to 1) are answered 429"),
    "server-error": FaultKind("SHARE", "so many of the requests (0 to 1) are answered 500 or 503"),
    "disconnect": FaultKind("SHARE", "so many of the requests (0 to 1) get no answer; every other one was carried out all the same"),
    "chance": FaultKind("N", "which requests such shares hit is drawn from this number: the same number, the same requests"),
    "app-unreachable": FaultKind("", "the apps' addresses get no answer from this computer, as behind a company's firewall"),
    "slow": FaultKind("FACTOR", "everything takes so many times longer"),
    "fail": FaultKind("RESOURCE-TYPE", "the next operation on a resource of that type ends Failed"),
    "provider-denied": FaultKind("NAMESPACE", "registering that resource provider is refused"),
    "role-denied": FaultKind("", "assigning a role is refused, whoever asks"),
    "subscription-disabled": FaultKind("", "the subscription is disabled and read only"),
    "subscription-state": FaultKind(
        "Warned|PastDue", "Warned: it will be disabled soon and nothing can be made; PastDue: a bill is open, and all works still"
    ),
    "vault-soft-deleted": FaultKind("", "a deleted vault of the wanted name still holds it"),
    "name-taken": FaultKind("", "the wanted vault, registry and storage account names belong to others"),
    "policy-no-shared-key": FaultKind("", "a policy forbids storage accounts with account keys"),
    "environment-quota": FaultKind("N", "the subscription may have so many Container Apps environments"),
    "region-capacity": FaultKind("", "the region has no room for another environment"),
    "account-quota": FaultKind("N", "the subscription may have so many storage accounts in a region"),
    "sku-not-available": FaultKind("RESOURCE-TYPE", "the region has nothing left for resources of that type"),
    "core-quota": FaultKind("N", "the subscription may use so many processor cores in a region"),
    "free-trial": FaultKind("", "a free-trial subscription: the registry builds nothing"),
    "student": FaultKind("", "a subscription for students: a few regions only, and the registry builds nothing"),
    "spending-limit": FaultKind("", "the credit of the subscription is used up: its spending limit has switched it off"),
    "allowed-regions": FaultKind(
        "REGIONS", "the subscription may use these regions only, such as allowed-regions:swedencentral,italynorth"
    ),
    "policy-tls": FaultKind("1.2|1.3", "a policy wants storage accounts to take no older TLS version"),
    "policy-tag": FaultKind("NAME", "a policy wants a tag of that name on everything"),
    "lock": FaultKind("", "the subscription is locked: nothing can be changed or deleted"),
    "mfa": FaultKind("", "you signed in without a second factor, and whatever changes something wants one"),
    "no-parallelism": FaultKind("", "the Azure DevOps organization has no machine to run pipelines on"),
    "no-organization": FaultKind("", "you belong to no Azure DevOps organization"),
    "no-app-registration": FaultKind("", "you may not register applications in the directory"),
    "branch-policy": FaultKind("", "a policy wants pull requests for the default branch of every repository, in Azure DevOps and GitHub"),
    "github-token": FaultKind("SCOPES", "your GitHub token has these scopes only, such as github-token:repo; none: you have no token"),
    "github-sign-in": FaultKind(
        "denied|expired|off|untyped", "signing in to GitHub by a code comes to nothing; untyped: nobody types the code yet"
    ),
    "github-old-repository": FaultKind("", "the GitHub repository was made before July 2026: its runs sign in under names without numbers"),
    "express-environment": FaultKind("", "environments that no setup made are Express ones, without shares and identities"),
    "arm-tokens-disabled": FaultKind("", "registries take no sign-in by ARM tokens, which apps pull with"),
    "no-file-keys": FaultKind("", "storage accounts do not let anyone reach file shares by a key"),
    "stale-list": FaultKind("SECONDS", "lists show what was there so many seconds ago, at every speed"),
    "principal-not-found": FaultKind("N", "so many role assignments are refused because the directory does not know the principal yet"),
    "build-failure": FaultKind("", "the next image build fails", once=True),
}

LEAST_FACTOR, MOST = 0.001, 1_000_000_000
"""Between these lies every number that a fault takes: nothing may stand still or never end."""

ROLES = {"owner": "Owner", "contributor": "Contributor", "reader": "Reader"}


class UnknownFault(ValueError):
    """A fault that does not exist, or a value it cannot have; the text is a sentence for a person."""


class Faults:
    """The faults in force. Several of ``fail`` and ``provider-denied`` may be set at once, one of each other name."""

    def __init__(self, doom: Callable[[str], None], slow: Callable[[float], None]) -> None:
        """`doom` makes the next operation on a resource type fail, `slow` stretches the clock."""
        self._set: list[tuple[str, str]] = []
        self._times_set: dict[str, int] = {}
        self._doom = doom
        self._slow = slow
        self._random = random.Random(0)  # noqa: S311  the same faults on every run

    def add(self, texts: Iterable[str]) -> None:
        """Put ``NAME[:VALUE]`` in force; all or none.

        :raises UnknownFault: for a name that does not exist or a value it cannot have.
        """
        parsed = [parse(text) for text in texts]
        for name, value in parsed:
            self._times_set[name] = self._times_set.get(name, 0) + 1
            self._set = [(n, v) for n, v in self._set if n != name or (name in ("fail", "provider-denied") and v != value)]
            self._set.append((name, value))
            if name == "fail":
                self._doom(value)
            elif name == "slow":
                self._slow(float(value))
            elif name == "chance":
                self._random.seed(int(value))

    def clear(self) -> None:
        """Take every fault back; an operation already doomed stays so."""
        self._set = []
        self._slow(1.0)

    def texts(self) -> list[str]:
        """What is in force, as ``NAME[:VALUE]``."""
        return [f"{name}:{value}" if value else name for name, value in self._set]

    def active(self, name: str) -> bool:
        """Whether a fault is set, whatever its value."""
        return any(n == name for n, _ in self._set)

    def value(self, name: str) -> str | None:
        """The value of that fault, "" when it has none, None when it is not in force."""
        return next((v for n, v in self._set if n == name), None)

    def times_set(self, name: str) -> int:
        """How often that fault was put in force: whoever marks things for it marks them anew each time."""
        return self._times_set.get(name, 0)

    def count_down(self, name: str) -> bool:
        """Whether a fault that holds for so many requests holds for this one; it holds for one less then."""
        left = int(self.value(name) or 0)
        self._set = [(n, str(left - 1) if n == name else v) for n, v in self._set if n != name or left > 1]
        return left > 0

    def values(self, name: str) -> list[str]:
        """The values that a fault was set with, one for each time."""
        return [v for n, v in self._set if n == name]

    def take(self, name: str) -> bool:
        """Whether a fault that works once is in force; it is not any more."""
        active = self.active(name)
        self._set = [(n, v) for n, v in self._set if n != name]
        return active

    def strikes(self, name: str) -> bool:
        """Whether this request is one of the share that fault `name` hits."""
        share = self.value(name)
        return share is not None and self._random.random() < float(share)


def parse(text: str) -> tuple[str, str]:
    """``NAME[:VALUE]`` as a pair.

    :raises UnknownFault: with a sentence that names what is wrong.
    """
    name, _, value = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        nearest = "".join(f" Did you mean '{one}'?" for one in difflib.get_close_matches(name, KINDS, 1))
        raise UnknownFault(f"There is no practice fault '{name}'.{nearest} There are: {', '.join(sorted(KINDS))}.")
    if not _fits(kind.value, value):
        form = f"'{name}:{kind.value}'" if kind.value else f"'{name}' without a value"
        raise UnknownFault(f"The practice fault '{text}' should be {form}: {kind.says}.")
    return name, value


def _fits(form: str, value: str) -> bool:
    if "|" in form:
        return value in form.split("|")
    if form in ("RESOURCE-TYPE", "NAMESPACE", "NAME", "REGIONS", "SCOPES"):
        return bool(value)
    if form == "":
        return value == ""
    try:
        number = int(value) if form == "N" else float(value)
    except ValueError:
        return False
    least = LEAST_FACTOR if form == "FACTOR" else 0
    return least <= number <= (1 if form == "SHARE" else MOST)
