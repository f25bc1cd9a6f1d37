"""Whom TLS trusts: towards Azure what the operating system trusts, towards the practice cloud its own certificate authority."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.platform.language import _


def practice_trust(ca_file: str) -> ssl.SSLContext:
    """Only what the practice cloud's own authority has signed."""
    return ssl.create_default_context(cafile=ca_file)


def system_trust(environment: Mapping[str, str]) -> ssl.SSLContext:
    """What the operating system trusts, and besides what ``SSL_CERT_FILE`` or ``REQUESTS_CA_BUNDLE`` names: companies inspect TLS.

    :raises CloudError: when such a variable names a file that holds no certificate.
    """
    import truststore

    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        file = environment.get(variable)
        if not file:
            continue
        try:
            if Path(file).is_dir():
                trust.load_verify_locations(capath=file)
            else:
                trust.load_verify_locations(cafile=file)
        except (OSError, ssl.SSLError) as error:
            raise CloudError(
                ErrorKind.CERTIFICATE,
                _("{variable} names {file}, which cannot be read as a certificate file: {error}.").format(
                    variable=variable, file=file, error=error
                ),
                _("Correct {variable}, or unset it to use what your system trusts.").format(variable=variable),
            ) from error
    return trust
