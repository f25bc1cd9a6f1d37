"""What every way to sign in has in common: how it refuses, and the codes that people type."""

from __future__ import annotations

import secrets
import time
import uuid

from aiohttp import web

HOST = "login.microsoftonline.com"
DEVICE_CODE_SECONDS = 900


class SignInRefused(Exception):
    """A refusal in Microsoft Entra ID's words: OAuth's `error`, and ``AADSTS`` with its number."""

    def __init__(self, status: int, error: str, number: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.number = number
        self.message = message

    def response(self) -> web.Response:
        """The refusal as login.microsoftonline.com writes it: JSON with error, its description and codes."""
        trace, correlation, now = uuid.uuid4(), uuid.uuid4(), time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
        body = {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}",
            "error_codes": [self.number],
            "timestamp": now,
            "trace_id": str(trace),
            "correlation_id": str(correlation),
            "error_uri": f"https://{HOST}/error?code={self.number}",
        }
        return web.json_response(body, status=self.status)


def user_code() -> str:
    """Nine characters that cannot be mistaken for others."""
    return "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXYZ23456789") for _ in range(9))
