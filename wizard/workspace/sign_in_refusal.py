"""What a sign-in that led to no subscription tells all the same: who one is, and what there would be to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.state.choices import Choice


@dataclass(frozen=True)
class UnsubscribedAccount:
    """An account that sees no subscription, and the organizations that it belongs to, by name and id."""

    name: str
    organizations: Sequence[str]


def unsubscribed_account(refusal: Exception) -> UnsubscribedAccount | None:
    """The account, where the reason is that it sees no subscription."""
    from wizard.cloud import NoSubscriptionError

    return UnsubscribedAccount(refusal.account, refusal.organizations) if isinstance(refusal, NoSubscriptionError) else None


def is_subscription_disabled(refusal: Exception) -> bool:
    """Whether the reason is that nothing may be made in the subscription any more."""
    from wizard.cloud.errors.cloud_error import SUBSCRIPTION_DISABLED, CloudError

    return isinstance(refusal, CloudError) and refusal.code == SUBSCRIPTION_DISABLED


def subscriptions_to_choose(refusal: Exception) -> list[Choice]:
    """The subscriptions, where the reason is that there are several."""
    from wizard.cloud import SeveralSubscriptions
    from wizard.state.choices import subscription_choices

    return subscription_choices(refusal.found) if isinstance(refusal, SeveralSubscriptions) else []
