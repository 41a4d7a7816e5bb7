"""Checks a request's SigV4 signature with botocore's own signer, as the service would."""

from __future__ import annotations

import calendar
import re
import time
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from .server import Request

ALLOWED_SKEW = 300
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
    r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


class ServiceError(Exception):
    """An error as a service reports it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True)
class Identity:
    """The one caller a fake knows."""

    access_key: str = "ASIATESTACCESSKEY000"
    secret_key: str = "test+secret/with=signs0123456789abcdefgh"
    token: str | None = "test-session-token//with+signs=="

    def environment(self) -> dict[str, str]:
        given = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}
        return given | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class _ExactlyTheseHeaders(SigV4Auth):
    """Signs what the caller said it signed, without botocore's own choice of headers."""

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        chosen = HTTPHeaders()
        for name, value in request.headers.items():
            chosen[name.lower()] = value
        return chosen


class _ForS3(_ExactlyTheseHeaders):
    """S3 alone takes a path as it was sent: keys may have parts like `..`."""

    def _normalize_url_path(self, path: str) -> str:
        return path


def verify(request: Request, url: str, identity: Identity, service: str, clock_offset: float) -> str:
    """The region for which the request is signed; raises ServiceError as the service does."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("Authorization") or "")
    if not match:
        raise ServiceError("MissingAuthenticationTokenException", "Request is missing Authentication Token", 403)
    access_key, day, region, scope_service, signed, signature = match.groups()
    if access_key != identity.access_key or request.headers.get("X-Amz-Security-Token") != identity.token:
        raise ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.")
    names = signed.split(";")
    sent = {name.lower() for name in request.headers}
    must = {"host"} | {name for name in sent if name.startswith("x-amz-")}
    if names != sorted(names) or not must <= set(names) <= sent:
        raise ServiceError("InvalidSignatureException", f"signed headers {signed!r} do not cover {sorted(must)}", 403)
    timestamp = request.headers.get("X-Amz-Date") or ""
    if scope_service != service or timestamp[:8] != day:
        raise ServiceError("InvalidSignatureException", "Credential should be scoped to a valid date and service.", 403)
    if signature != _expected(request, url, identity, service, region, names, timestamp):
        raise ServiceError("InvalidSignatureException", "The request signature we calculated does not match the "
                           "signature you provided.", 403)
    signed_at = calendar.timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))
    if abs(signed_at - time.time() - clock_offset) > ALLOWED_SKEW:
        raise ServiceError("InvalidSignatureException", f"Signature not yet current or expired: {timestamp}", 403)
    return region


def _expected(request: Request, url: str, identity: Identity, service: str, region: str,
              names: list[str], timestamp: str) -> str:
    kind = _ForS3 if service == "s3" else _ExactlyTheseHeaders
    signer = kind(Credentials(identity.access_key, identity.secret_key, identity.token), service, region)
    copy = AWSRequest(method=request.method, url=url + request.path, data=request.body,
                      headers={name: request.headers[name] for name in names})
    copy.context["timestamp"] = timestamp
    return signer.signature(signer.string_to_sign(copy, signer.canonical_request(copy)), copy)
