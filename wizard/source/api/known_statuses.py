"""Statuses of what frameworks bring along: calls that make an answer, and exceptions that end a request."""

from __future__ import annotations

STATUS_AT = {
    "make_response": 1,
    "Response": 1,
    "redirect": 1,
    "JSONResponse": 1,
    "PlainTextResponse": 1,
    "HTMLResponse": 1,
    "ORJSONResponse": 1,
    "RedirectResponse": 1,
    "json_response": 9,
    "JsonResponse": 9,
    "HttpResponse": 9,
    "HttpResponseRedirect": 9,
}  # where a call takes the status, and what it is otherwise
OTHERWISE = {"redirect": 302, "HttpResponseRedirect": 302, "RedirectResponse": 307}
OF_LITESTAR = {"post": 201, "delete": 204}
EXCEPTIONS = {
    "BadRequest": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "Conflict": 409,
    "Gone": 410,
    "UnsupportedMediaType": 415,
    "UnprocessableEntity": 422,
    "TooManyRequests": 429,
    "Http404": 404,
    "PermissionDenied": 403,
    "NotAuthenticated": 401,
    "AuthenticationFailed": 401,
    "ValidationError": 400,
    "ClientException": 400,
    "ValidationException": 400,
    "NotAuthorizedException": 401,
    "PermissionDeniedException": 403,
    "NotFoundException": 404,
    "HTTPBadRequest": 400,
    "HTTPUnauthorized": 401,
    "HTTPForbidden": 403,
    "HTTPNotFound": 404,
    "HTTPConflict": 409,
}  # of werkzeug.exceptions, Django and its REST framework, Litestar, aiohttp and Falcon
