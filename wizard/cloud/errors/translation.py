"""Exceptions of the SDKs, the network and this computer's files as `CloudError`."""

from __future__ import annotations

import errno
import json
import socket
import sqlite3
import ssl
from collections.abc import Iterator
from pathlib import Path

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.platform.language import _
from wizard.platform.shown import from_outside

DISK = {"ENOSPC", "EDQUOT", "EROFS", "EFBIG"}  # what a full or closed disk says, some of it without naming the file


def from_os_error(error: BaseException) -> CloudError | None:
    """Trouble with a file of this computer, the journal's included, as a `CloudError`; None for any other."""
    if isinstance(error, sqlite3.Error):
        reason, file = str(error), _("the record of runs in azwizard's folder")
    elif isinstance(error, OSError) and (error.filename is not None or errno.errorcode.get(error.errno or 0) in DISK):
        reason, file = error.strerror or str(error), str(error.filename or _("a file on this computer"))
    elif isinstance(error, FileNotFoundError) and _is_nowhere():
        return CloudError(
            ErrorKind.FILES,
            _("The folder that you are in is not there any more."),
            _("Go to one that is (cd), then do the same again."),
            message=str(error),
        )
    else:
        return None
    return CloudError(
        ErrorKind.FILES,
        _("{file} cannot be used: {reason}.").format(file=file, reason=reason),
        _("Make room, or see to it that you may write there (AZWIZARD_HOME moves azwizard's folder); then do the same again."),
        message=str(error),
    )


def _is_nowhere() -> bool:
    """Whether the current folder was removed, which every relative path then fails with, none of them named."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def translate(error: BaseException) -> CloudError:
    """Any exception of the SDKs, the sign-in library, the network or this computer's files as a `CloudError`.

    :raises BaseException: `error` itself, when it is about none of them; a bare BrokenPipeError is about our own output,
        since aiohttp gives those of connections a class of their own.
    """
    import aiohttp
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

    if isinstance(error, CloudError):
        return error
    if (problem := from_os_error(error)) is not None:
        return problem
    if isinstance(error, HttpResponseError) and (error.response is not None or error.error is not None):
        from wizard.cloud.errors.refusals import explain

        return explain(error)
    if isinstance(error, ClientAuthenticationError):
        from wizard.cloud.errors.refusals import explain_sign_in

        return explain_sign_in(error)
    if isinstance(error, (AzureError, aiohttp.ClientError, OSError, json.JSONDecodeError)) and type(error) is not BrokenPipeError:
        return _network(error)
    raise error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and everything that led to it, also what the SDK only keeps as ``inner_exception``."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        reason = one.args[0] if one.args and isinstance(one.args[0], BaseException) else None
        waiting += [getattr(one, "inner_exception", None), getattr(one, "os_error", None), reason, one.__cause__, one.__context__]


def _network(error: BaseException) -> CloudError:
    """Trouble before Azure could answer. The proxy comes first: behind one, nothing else can be known."""
    import aiohttp

    from wizard.cloud.errors.unreadable_answer import UnreadableAnswer

    causes = list(_causes(error))
    host = next((str(cause.host) for cause in causes if isinstance(cause, aiohttp.ClientConnectorError)), "")
    server = host or "Azure"
    refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)  # where names are looked up, too
    words = from_outside(str(error)) or type(error).__name__
    for cause in causes:
        if isinstance(cause, (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError)):
            return _proxy_refused(cause)
        if isinstance(cause, (UnreadableAnswer, json.JSONDecodeError)):
            return _unreadable(getattr(cause, "host", server), words)
        if isinstance(cause, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(cause):
            return _certificate_not_trusted(server, words)
        unknown = isinstance(cause, (socket.gaierror, aiohttp.ClientConnectorDNSError)) or "NameResolutionError" in type(cause).__name__
        if unknown and not refused:
            return CloudError(
                ErrorKind.NAMES,
                _("The name {host} is unknown to your network's name service (DNS).").format(host=server),
                _("Check your connection or VPN, and that the name is right; then do the same again."),
                message=words,
            )
        if isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__:
            return CloudError(
                ErrorKind.TIMEOUT,
                _("{host} did not answer in time.").format(host=server),
                _("Do the same again; nothing is made twice. If it stays so, a firewall or proxy may be holding it back."),
                message=words,
            )
        if isinstance(cause, ConnectionRefusedError):
            return CloudError(
                ErrorKind.CONNECTION,
                _("{host} cannot be reached: nobody answers there.").format(host=server),
                _("Check your connection (or that the practice cloud runs), then do the same again; nothing is made twice."),
                message=words,
            )
    return CloudError(
        ErrorKind.CONNECTION,
        _("The connection to {host} failed: {words}.").format(host=server, words=words.rstrip(".")),
        _("Check your connection, then do the same again; nothing is made twice."),
        message=words,
    )


def _unreadable(server: str, words: str) -> CloudError:
    return CloudError(
        ErrorKind.CONNECTION,
        _("What came back from {host} is no answer of Azure's, or only a part of one.").format(host=server),
        _(
            "Something in between may have cut it off, or put its own page in its place: a proxy, or a guest network that wants "
            "you to sign in. Check your connection, then do the same again; nothing is made twice."
        ),
        message=words,
    )


def _proxy_refused(cause: BaseException) -> CloudError:
    status = getattr(cause, "status", None)
    words = str(cause)
    if status == 407:
        return CloudError(
            ErrorKind.PROXY,
            _("Your company's proxy wants a user name and password."),
            _("Put them into HTTPS_PROXY (http://user:password@proxy:port) or sign in to the proxy, then try again."),
            message=words,
            status=status,
        )
    return CloudError(
        ErrorKind.PROXY,
        _("The proxy named by HTTPS_PROXY refused the connection: {words}.").format(words=words.rstrip(".")),
        _("Correct HTTPS_PROXY, or put the host into NO_PROXY when it can be reached directly."),
        message=words,
        status=status,
    )


def _certificate_not_trusted(server: str, words: str) -> CloudError:
    return CloudError(
        ErrorKind.CERTIFICATE,
        _("The certificate of {host} is not trusted by this computer. Companies that inspect TLS traffic show their own.").format(
            host=server
        ),
        _("Ask your IT for their root certificate (a .pem file), set SSL_CERT_FILE or REQUESTS_CA_BUNDLE to it, and try again."),
        message=words,
    )
