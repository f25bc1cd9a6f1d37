"""What can go wrong between here and Azure, as one kind of error with a sentence for a person."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from wizard.platform.language import _
from wizard.platform.shown import clean, from_outside


class ErrorKind(StrEnum):
    """What sort of trouble it is; decides what may help, never the wording."""

    SIGN_IN = "sign-in"
    AUTHORIZATION = "authorization"
    POLICY = "policy"
    QUOTA = "quota"
    REGION = "region"
    NAME_TAKEN = "name-taken"
    SOFT_DELETED = "soft-deleted"
    NOT_REGISTERED = "not-registered"
    SUBSCRIPTION = "subscription"
    NOT_FOUND = "not-found"
    ALREADY = "already"
    BUSY = "busy"
    CHANGED = "changed"
    INVALID = "invalid"
    THROTTLED = "throttled"
    SERVER = "server"
    NAMES = "names"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    PRACTICE = "practice"
    FILES = "files"
    OTHER = "other"


SUBSCRIPTION_DISABLED = "ReadOnlyDisabledSubscription"
"""Azure's code for a subscription in which nothing may be written; ours too where the list of subscriptions says so."""


class CloudError(Exception):
    """A refusal by Azure, or a failure to reach it.

    :param sentence: what happened: the thing and the reason, in plain words.
    :param remedy: the next move.
    :param code: Azure's error code, such as ``AuthorizationFailed``; "" when Azure did not speak.
    :param message: Azure's own words.
    :param link: where to read more; "" when there is nothing to read.
    :param status: HTTP status; a failed operation has 200, so `code` decides, not this.
    """

    def __init__(
        self,
        kind: ErrorKind,
        sentence: str,
        remedy: str = "",
        *,
        code: str = "",
        message: str = "",
        status: int | None = None,
        correlation_id: str = "",
        target: str = "",
        details: tuple[tuple[str, str], ...] = (),
        action: str = "",
        scope: str = "",
        link: str = "",
    ) -> None:
        sentence, remedy = clean(sentence), clean(remedy)
        super().__init__(f"{sentence} {remedy}".strip())
        self.kind = kind
        self.sentence: str = sentence
        self.remedy: str = remedy
        self.code = code
        self.message = from_outside(message)
        self.status = status
        self.correlation_id = correlation_id
        self.target = target
        self.details = details
        self.action = action
        self.scope = scope
        self.link = link

    @property
    def advice(self) -> str:
        """What to try, and where to read more."""
        return " ".join(filter(None, [self.remedy, self.link and _("More: {link}").format(link=self.link)]))


class SignInError(CloudError):
    """Signing in, or finding the subscription, did not work."""

    def __init__(self, sentence: str, remedy: str = "", **azure: Any) -> None:
        super().__init__(ErrorKind.SIGN_IN, sentence, remedy, **azure)


class PracticeError(CloudError):
    """The practice cloud could not be started, reached or told something."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(ErrorKind.PRACTICE, sentence, remedy)
