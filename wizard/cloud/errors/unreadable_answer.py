"""An answer that is not Azure's; apart from `CloudError`, since its base class loads the SDKs."""

from __future__ import annotations

from azure.core.exceptions import ServiceResponseError


class UnreadableAnswer(ServiceResponseError):
    """Something came back from `host`, and it is not an answer of Azure's, or not the whole of it."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"{host}: {why}")
        self.host = host
