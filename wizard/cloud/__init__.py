"""The one seam to Azure. Nothing of ``azure`` is imported before someone signs in."""

from wizard.cloud.client import Cloud, Principal
from wizard.cloud.connect import NoSubscription, SeveralSubscriptions, connect, connect_practice, load_sdks
from wizard.cloud.errors.cloud_error import CloudError, Kind, PracticeError, SignInError, translate
from wizard.cloud.services.apps import AppAnswer
from wizard.cloud.services.arm import Subscription
from wizard.cloud.transport.credentials import DeviceCode, SignIn

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
