"""The one seam to Azure. Nothing of ``azure`` is imported before someone signs in."""

from wizard.cloud.client import Cloud, Principal
from wizard.cloud.connect import NoSubscriptionError, SeveralSubscriptions, connect, connect_practice, load_sdks
from wizard.cloud.errors.cloud_error import CloudError, ErrorKind, PracticeError, SignInError
from wizard.cloud.errors.translation import translate
from wizard.cloud.services.apps import AppAnswer
from wizard.cloud.services.arm import Subscription
from wizard.cloud.transport.credentials import ChosenSignIn

__all__ = [
    "AppAnswer",
    "ChosenSignIn",
    "Cloud",
    "CloudError",
    "ErrorKind",
    "NoSubscriptionError",
    "PracticeError",
    "Principal",
    "SeveralSubscriptions",
    "SignInError",
    "Subscription",
    "connect",
    "connect_practice",
    "load_sdks",
    "translate",
]
