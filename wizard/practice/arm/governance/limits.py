"""What Azure has no room for, or a subscription may not have more of, whoever asks: faults ``sku-not-available``, ``account-quota``.

Azure tells both when a deployment is validated as well as at the write (errors.md 24).
"""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Request, resource_type_of, segments

MOST_ACCOUNTS = 250  # in a region (learn.microsoft.com, storage account scale limits)


def check_offered(cloud: PracticeCloud, request: Request) -> None:
    """Refuse a new resource of a type that its region has none left of."""
    kind = resource_type_of(request.path)
    if request.method != "PUT" or kind.lower() not in [value.lower() for value in cloud.faults.values("sku-not-available")]:
        return
    if request.resource_id in cloud.store.resources:
        return
    location = request.body.get("location") if isinstance(request.body, dict) else ""
    message = (
        f"The requested size for resource '{request.resource_id}' is currently not available in location '{location}' zones '' for "
        f"subscription '{cloud.subscription_id}'. Please try another size or deploy to a different location or zones. "
        "See https://aka.ms/azureskunotavailable for details."
    )
    raise AzureError(409, "SkuNotAvailable", message, target=segments(request.path)[-1])


def most_accounts(cloud: PracticeCloud) -> int:
    """How many storage accounts a subscription may have in one region."""
    limit = cloud.faults.value("account-quota")
    return MOST_ACCOUNTS if limit is None else int(limit)
