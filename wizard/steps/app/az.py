"""The app as an az command: ``az containerapp`` has no options for mounts, so the payload is written as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.state.resources import ResourceRef

API_VERSION = "2024-03-01"
ARM_HOST = "https://management.azure.com"


def az_put(app: ResourceRef, payload: dict[str, Any]) -> list[str]:
    """``az rest`` that writes the app; what is not known yet is a hole. The payload names secrets and holds no value of one."""
    body = json.dumps(payload, ensure_ascii=False)
    return ["az", "rest", "--method", "put", "--url", f"{ARM_HOST}{app.id}?api-version={API_VERSION}", "--body", body]
