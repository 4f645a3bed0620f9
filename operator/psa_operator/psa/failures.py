"""What went wrong on the way to a PSA, in words that say where to look."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from psa_operator.errors import ConfigurationError, PsaOperatorError, UnavailableError


def in_plain_words(error: httpx.HTTPError, host: str) -> PsaOperatorError:
    """Translate what httpx raised; a certificate needs a person, the rest may pass by itself."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ConfigurationError(
                f"the TLS certificate of {host} is not trusted: {cause.verify_message}; check the URL, have"
                " the certificate replaced, or let the operator's SSL_CERT_FILE name its authority too",
                reason="TLSFailed",
            )
        if isinstance(cause, ssl.SSLError):
            return UnavailableError(
                f"no TLS with {host}: {cause.reason or cause}; check that the URL and its port speak https",
                reason="TLSFailed",
            )
        if isinstance(cause, socket.gaierror):
            return UnavailableError(
                f"cannot resolve host {host}: {cause.strerror}; check the URL and the cluster's DNS",
                reason="HostNotFound",
            )
        if isinstance(cause, ConnectionRefusedError):
            return UnavailableError(f"{host} refuses connections; check the port, and that the server runs")
    return UnavailableError(_what(error, host))


def _what(error: httpx.HTTPError, host: str) -> str:
    match error:
        case httpx.ConnectTimeout():
            return f"cannot connect to {host} in time; check the URL, firewalls and network policies"
        case httpx.TimeoutException():
            return f"{host} fell silent before its answer was complete"
        case httpx.ConnectError():
            return f"cannot connect to {host}: {error}"
        case httpx.DecodingError():
            return f"{host} sent an answer that cannot be decompressed"
        case httpx.NetworkError() | httpx.RemoteProtocolError():
            return f"{host} broke off its answer: {str(error) or 'connection reset'}"
        case _:
            return f"no answer from {host}: {type(error).__name__}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):  # several addresses of one host, all refused
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__
