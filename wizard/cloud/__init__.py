"""The one seam to Azure. Nothing of ``azure`` is imported before someone signs in."""

from wizard.cloud.apps import AppAnswer
from wizard.cloud.arm import Subscription
from wizard.cloud.clients import Cloud, Principal
from wizard.cloud.connect import NoSubscription, SeveralSubscriptions, connect, connect_practice, load_sdks
from wizard.cloud.credentials import DeviceCode, SignIn
from wizard.cloud.errors import CloudError, Kind, PracticeError, SignInError, translate

__all__ = [
    "AppAnswer",
    "Cloud",
    "CloudError",
    "DeviceCode",
    "Kind",
    "NoSubscription",
    "PracticeError",
    "Principal",
    "SeveralSubscriptions",
    "SignIn",
    "SignInError",
    "Subscription",
    "connect",
    "connect_practice",
    "load_sdks",
    "translate",
]
