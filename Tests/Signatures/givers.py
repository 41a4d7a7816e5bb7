"""Those who give credentials, as AWS has them: the token service, single sign-on, a container's agent, an instance's metadata.

Each is as strict as the service's model (botocore's): an unknown or missing parameter is an error. What is given is made of what
was asked for, and of the key that signed it, so that two who get the same have asked for the same.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.session

STS = botocore.session.get_session().get_service_model("sts")
SSO = botocore.session.get_session().get_service_model("sso")
OIDC = botocore.session.get_session().get_service_model("sso-oidc")
IMDS_TOKEN = "an-instance-token"
ROLE = "the-role"


class Wrong(Exception):
    """What the real service would refuse."""


def judged(model: Any, operation: str, asked: dict[str, Any]) -> None:
    """Against the service's model: names, and what has to be there."""
    shape = model.operation_model(operation).input_shape
    if strange := asked.keys() - shape.members.keys():
        raise Wrong(f"{operation} has no {sorted(strange)}")
    if missing := set(shape.required_members) - asked.keys():
        raise Wrong(f"{operation} wants {sorted(missing)}")
    for name, value in asked.items():
        limits = shape.members[name].metadata
        if "pattern" in limits and not re.fullmatch(limits["pattern"], str(value)):
            raise Wrong(f"{operation}: {name} is {value}")


def given(*asked: Any) -> dict[str, str]:
    mark = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest().upper()
    return {"key": f"ASIA{mark[:16]}", "secret": f"secret/+={mark[16:40]}", "token": f"token//{mark[40:]}=="}


def iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Giver(BaseHTTPRequestHandler):
    """All of them, each below its own path."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test's output is its own."""

    def do_POST(self) -> None:
        self._serve()

    do_GET = do_PUT = do_POST

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        url = urllib.parse.urlsplit(self.path)
        try:
            who, path = url.path.lstrip("/").split("/", 1) if url.path.count("/") > 1 else (url.path.strip("/"), "")
            answer = getattr(self, f"_{who}")(path, dict(urllib.parse.parse_qsl(url.query)), body)
            self._answer(200, *answer)
        except Wrong as wrong:
            self.server.wrong.append(str(wrong))
            self._answer(400, "text/plain", str(wrong))

    def _answer(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def _signer(self) -> str | None:
        """The key of whoever signed."""
        found = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization") or "")
        return found[1] if found else None

    def _sts(self, path: str, query: dict[str, str], body: bytes) -> tuple[str, str]:
        form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
        operation = form.pop("Action")
        if form.pop("Version") != STS.api_version:
            raise Wrong("another version")
        asked = {name: int(value) if name == "DurationSeconds" else value for name, value in form.items()}
        judged(STS, operation, asked)
        signer = self._signer()
        if (signer is None) != (operation == "AssumeRoleWithWebIdentity"):
            raise Wrong(f"{operation} signed by {signer}")
        if form["RoleSessionName"] != "chosen":
            asked.pop("RoleSessionName")
        have = given(operation, asked, signer)
        return "text/xml", f"""<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <{operation}Result>
    <Credentials>
      <AccessKeyId>{have["key"]}</AccessKeyId>
      <SecretAccessKey>{have["secret"]}</SecretAccessKey>
      <SessionToken>{have["token"]}</SessionToken>
      <Expiration>{iso(time.time() + 3600)}</Expiration>
    </Credentials>
  </{operation}Result>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
</{operation}Response>"""

    def _sso(self, path: str, query: dict[str, str], body: bytes) -> tuple[str, str]:
        if path != "federation/credentials" or self.command != "GET":
            raise Wrong(f"single sign-on has no {self.command} {path}")
        token = self.headers.get("x-amz-sso_bearer_token")
        judged(SSO, "GetRoleCredentials", {"roleName": query.get("role_name"), "accountId": query.get("account_id"),
                                           "accessToken": token})
        have = given("sso", query, token)
        return "application/json", json.dumps({"roleCredentials": {
            "accessKeyId": have["key"], "secretAccessKey": have["secret"], "sessionToken": have["token"],
            "expiration": int(time.time() + 3600) * 1000}})

    def _oidc(self, path: str, query: dict[str, str], body: bytes) -> tuple[str, str]:
        asked = json.loads(body)
        if path != "token":
            raise Wrong(f"there is no {path}")
        judged(OIDC, "CreateToken", asked)
        if asked["grantType"] != "refresh_token":
            raise Wrong(f"grantType {asked['grantType']}")
        return "application/json", json.dumps({"accessToken": f"new-for-{asked['refreshToken']}", "expiresIn": 3600,
                                               "tokenType": "Bearer", "refreshToken": "next"})

    def _container(self, path: str, query: dict[str, str], body: bytes) -> tuple[str, str]:
        have = given("container", path, self.headers.get("Authorization"))
        return "application/json", json.dumps({"AccessKeyId": have["key"], "SecretAccessKey": have["secret"], "Token": have["token"],
                                               "Expiration": iso(time.time() + 3600), "RoleArn": "arn:aws:iam::1:role/x"})

    def _imds(self, path: str, query: dict[str, str], body: bytes) -> tuple[str, str]:
        if self.command == "PUT" and path == "latest/api/token":
            if not 1 <= int(self.headers["X-aws-ec2-metadata-token-ttl-seconds"]) <= 21600:
                raise Wrong("ttl")
            return "text/plain", IMDS_TOKEN
        if self.headers.get("X-aws-ec2-metadata-token") != IMDS_TOKEN:
            raise Wrong("version 1 of the metadata service is switched off")
        if path == "latest/meta-data/iam/security-credentials/":
            return "text/plain", ROLE
        if path != f"latest/meta-data/iam/security-credentials/{ROLE}":
            raise Wrong(f"there is no {path}")
        have = given("imds", path)
        return "application/json", json.dumps({"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": have["key"],
                                               "SecretAccessKey": have["secret"], "Token": have["token"],
                                               "LastUpdated": iso(time.time()), "Expiration": iso(time.time() + 3600)})


class Givers(ThreadingHTTPServer):
    """Listens on loopback."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Giver)
        self.wrong: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def givers() -> Iterator[Givers]:
    server = Givers()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
