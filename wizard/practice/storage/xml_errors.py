"""What storage accounts answer besides content: request ids, and refusals in XML with Azure's codes and messages."""

from __future__ import annotations

import time
import uuid
from xml.sax.saxutils import escape

from aiohttp import web

VERSION = "2025-11-05"
MESSAGES = {
    "AuthenticationFailed": "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
    "including the signature.",
    "AuthorizationFailure": "This request is not authorized to perform this operation.",
    "AuthorizationPermissionMismatch": "This request is not authorized to perform this operation using this permission.",
    "BlobNotFound": "The specified blob does not exist.",
    "ContainerNotFound": "The specified container does not exist.",
    "DirectoryNotEmpty": "The recursive flag must be set to true to delete a non-empty directory.",
    "FeatureNotSupportedForAccount": "This service is not supported for the account: the practice cloud has file shares alone.",
    "InvalidAuthenticationInfo": "Server failed to authenticate the request. Please refer to the information in the www-authenticate "
    "header.",
    "InvalidHeaderValue": "The value for one of the HTTP headers is not in the correct format.",
    "InvalidRange": "The range specified is invalid for the current size of the resource.",
    "InvalidResourceName": "The specified resource name contains invalid characters.",
    "KeyBasedAuthenticationNotPermitted": "Key based authentication is not permitted on this storage account.",
    "MissingRequiredHeader": "An HTTP header that's mandatory for this request is not specified.",
    "NoAuthenticationInformation": "Server failed to authenticate the request. Please refer to the information in the www-authenticate "
    "header.",
    "OutOfRangeInput": "The specified resource name length is not within the permissible limits.",
    "ParentNotFound": "The specified parent path does not exist.",
    "QueueNotFound": "The specified queue does not exist.",
    "RequestBodyTooLarge": "The request body is too large and exceeds the maximum permissible limit.",
    "ResourceAlreadyExists": "The specified resource already exists.",
    "ResourceNotFound": "The specified resource does not exist.",
    "ShareAlreadyExists": "The specified share already exists.",
    "ShareNotFound": "The specified share does not exist.",
    "UnsupportedHttpVerb": "The resource doesn't support specified Http Verb.",
    "UnsupportedQueryParameter": "One of the query parameters specified in the request URI is not supported.",
}


def common() -> dict[str, str]:
    """The headers of every answer."""
    return {"x-ms-request-id": str(uuid.uuid4()), "x-ms-version": VERSION}


def refused(request: web.Request, status: int, code: str, detail: str = "", headers: dict[str, str] | None = None) -> web.Response:
    """A refusal; HEAD gets its code as a header only.

    :param detail: what is wrong with the signature, in Azure's words.
    """
    every = {**common(), "x-ms-error-code": code, **(headers or {})}
    if request.method == "HEAD":
        return web.Response(status=status, headers=every)
    trace = f"\nRequestId:{every['x-ms-request-id']}\nTime:{time.strftime('%Y-%m-%dT%H:%M:%S.0000000Z', time.gmtime())}"
    more = f"<AuthenticationErrorDetail>{escape(detail)}</AuthenticationErrorDetail>" if detail else ""
    message = f"{escape(MESSAGES[code])}{trace}"
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>'
    return web.Response(status=status, body=text.encode(), content_type="application/xml", headers=every)
