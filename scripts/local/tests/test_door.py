"""Nobody else on the machine, and no web page, can use a run: each attack as it would be made."""

import http.client
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from local import cli
from local.deploy import Deployment
from local.emulators import neighbors
from local.emulators import start as emulators
from local.emulators.credentials import Key
from local.emulators.door import refusal
from local.emulators.start import Endpoints
from local.processes import Daemons

from . import programs, roles

REGION = "us-east-1"
NOBODY = 65534
# A program of another user: one request to a port, and the answer's status.
STRANGER = """
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
try:
    connection.request("GET", sys.argv[2])
    print(connection.getresponse().status)
except (ConnectionError, http.client.HTTPException):
    print("hung up")
"""
# A function that tells where its Runtime API is and waits for its next event, as any does.
FUNCTION = """#!{python}
import json, os, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as event:
        id = event.headers["Lambda-Runtime-Aws-Request-Id"]
    answer = json.dumps(os.environ["AWS_LAMBDA_RUNTIME_API"]).encode()
    urllib.request.urlopen(urllib.request.Request(base + id + "/response", data=answer)).close()
"""


class Lab(NamedTuple):
    folder: Path
    endpoints: Endpoints

    def ports(self) -> dict[str, int]:
        return {"main": urlsplit(self.endpoints.main).port or 0, "ec2": urlsplit(self.endpoints.ec2).port or 0}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("door")
    with programs.started() as daemons:
        endpoints = emulators.start(daemons, folder)
        programs.enter(endpoints.environment())
        yield Lab(folder, endpoints)


def status(port: int, method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


PAGES = [("POST", "/_ministack/reset"), ("GET", "/_ministack/config"), ("POST", "/_ministack/config"),
         ("GET", "/_ministack/lambda-code/sdwan-phase1"), ("GET", "/_ministack/ready"), ("GET", "/_localstack/init"),
         ("GET", "/moto-api/data.json"), ("POST", "/moto-api/reset"), ("GET", "/moto-api/")]


@pytest.mark.parametrize("emulator", ["main", "ec2"])
@pytest.mark.parametrize("method, page", PAGES)
def test_an_emulators_own_pages_are_closed(lab: Lab, emulator: str, method: str, page: str) -> None:
    assert status(lab.ports()[emulator], method, page)[0] == 403


# The Authorization is no right one: what is refused for where it comes from is refused before that is looked at.
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=00"


@pytest.mark.parametrize("emulator", ["main", "ec2"])
@pytest.mark.parametrize("headers", [
    {"Origin": "https://page.example"}, {"Origin": "null"}, {"Host": "rebound.example"}, {"Host": "rebound.example:80"},
    {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Mode": "no-cors"}, {"Origin": "http://localhost:3000", "Authorization": SIGNED}])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_web_page_is_refused(lab: Lab, emulator: str, headers: dict[str, str], method: str) -> None:
    answered, fields = status(lab.ports()[emulator], method, "/", **headers)
    assert answered == 403 and not [name for name in fields if name.startswith("access-control-")]


QUESTIONS = [("ssm", "list_commands"), ("s3", "list_buckets"), ("ec2", "describe_vpcs")]


@pytest.mark.parametrize("service, question", QUESTIONS)
@pytest.mark.parametrize("header, value", [("Origin", "https://page.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
                                           ("Sec-Fetch-Mode", "no-cors")])
def test_a_web_page_is_refused_whatever_it_has_got_hold_of(lab: Lab, service: str, question: str, header: str, value: str) -> None:
    """With a right signature of the operator's: nothing but where it comes from is wrong with it."""
    client = boto3.client(service, region_name=REGION)
    getattr(client, question)()
    client.meta.events.register("before-send", lambda request, **_: request.headers.update({header: value}))
    with pytest.raises(ClientError) as refused:
        getattr(client, question)()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize("service, question", QUESTIONS)
def test_nothing_that_is_answered_may_be_read_by_a_page(lab: Lab, service: str, question: str) -> None:
    answer = getattr(boto3.client(service, region_name=REGION), question)()
    assert not [name for name in answer["ResponseMetadata"]["HTTPHeaders"] if name.startswith("access-control-")]


def stranger(port: int, path: str) -> str:
    if os.geteuid() != 0:
        pytest.skip("SKIPPED: only root can start a program as another user")
    program = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.base_prefix + "/bin/python3", "-c", STRANGER]
    done = subprocess.run([*program, str(port), path], capture_output=True, text=True, timeout=30, check=True, cwd="/")
    return done.stdout.strip()


@pytest.mark.parametrize("emulator", ["main", "ec2"])
@pytest.mark.parametrize("path", ["/", "/bucket/key", "/restapis/a/dev/_user_request_/", "/2015-03-31/functions/sdwan-phase1/invocations"])
def test_another_user_needs_a_signature_everywhere(lab: Lab, emulator: str, path: str) -> None:
    assert stranger(lab.ports()[emulator], path) == "403"


def test_a_functions_runtime_api_is_its_own(lab: Lab) -> None:
    with zipfile.ZipFile(lab.folder / "function.zip", "w") as archive:
        bootstrap = zipfile.ZipInfo("bootstrap")
        bootstrap.external_attr = 0o755 << 16
        archive.writestr(bootstrap, FUNCTION.format(python=sys.executable))
    role = roles.role("waiting", "lambda", {"logs:PutLogEvents": "*"})
    functions = boto3.client("lambda", region_name=REGION)
    functions.create_function(FunctionName="waiting", Runtime="provided.al2023", Handler="bootstrap", Role=role,
                              Code={"ZipFile": (lab.folder / "function.zip").read_bytes()}, Timeout=20)
    told = json.loads(functions.invoke(FunctionName="waiting", Payload=b"{}")["Payload"].read())
    port, path = int(told.rsplit(":", 1)[1]), "/2018-06-01/runtime/invocation/next"
    assert stranger(port, path) == "hung up"
    for headers in ({"Origin": "https://page.example"}, {"Host": "rebound.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert status(port, "GET", path, **headers)[0] == 403
    # It still serves the one that it is for.
    assert json.loads(functions.invoke(FunctionName="waiting", Payload=b"{}")["Payload"].read()) == told


def test_a_runs_folder_is_for_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".local/run").mkdir(parents=True, mode=0o755)
    monkeypatch.setattr(cli.network_file, "REPO", tmp_path)
    folder = cli._new_run()
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700, 0o700]


def test_an_ended_run_leaves_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = tmp_path / ".local/run/20260101-000000-999999999"
    for name in ("hosts/a/root/etc/key", "state/ssm.json", "terraform/terraform.tfstate", "moto.log"):
        (ended / name).parent.mkdir(parents=True, exist_ok=True)
        (ended / name).write_text("a secret")
    monkeypatch.setattr(cli.network_file, "REPO", tmp_path)
    cli._new_run()
    assert [path.name for path in ended.rglob("*") if path.is_file()] == ["moto.log"]


HOST = {"host": "127.0.0.1:4566"}


@pytest.mark.parametrize("path, headers, is_refused", [
    ("/", HOST, False), ("/", {"host": "localhost:4566"}, False), ("/", {}, True), ("/", {"host": "127.0.0.1"}, True),
    ("/", {"host": "127.0.0.1:4567"}, True), ("/", {"host": "127.0.0.1:4566.page.example"}, True),
    ("/", {**HOST, "origin": "http://127.0.0.1:4566"}, True), ("/", {**HOST, "sec-fetch-dest": "image"}, True),
    ("/", {**HOST, "access-control-request-method": "PUT"}, True), ("/_ministack/health", HOST, False),
    ("/_ministack/healthy", HOST, True), ("/healthz", HOST, True), ("/moto-api/reset", HOST, True)])
def test_who_is_let_in(path: str, headers: dict[str, str], is_refused: bool) -> None:
    assert (refusal(path, headers, 4566, ("/_ministack/health",)) is not None) == is_refused


def test_whose_end_of_a_connection_it_is() -> None:
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
    lines = [head, "   0: 0100007F:11D6 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20",
             "   1: 0100007F:C350 0100007F:11D6 01 00000000:00000000 00:00000000 00000000  1000        0 2 1 0 20"]
    assert neighbors.owner(lines, 4566, 50000) == 1000 and neighbors.owner(lines, 50000, 4566) == 0
    assert neighbors.owner(lines, 4566, 50001) is None and neighbors.owner([head], 4566, 50000) is None


def test_a_users_own_secrets_and_settings_stay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("vpn_psk", "ubuntu_password", "vyos_s3_bucket"):
        monkeypatch.setenv(f"TF_VAR_{name}", "of another deployment")
    monkeypatch.setenv("TF_WORKSPACE", "production")
    folder = tmp_path / ".local/run/one"
    folder.mkdir(parents=True)
    endpoints = Endpoints("http://127.0.0.1:1", "http://127.0.0.1:2", Key("AKIA", "secret"))
    first, second = (Deployment(folder, tmp_path, endpoints, Daemons())._environment() for _ in range(2))
    assert "of another deployment" not in first.values() and "production" not in first.values()
    assert first["TF_VAR_vpn_psk"] != second["TF_VAR_vpn_psk"] and len(first["TF_VAR_ubuntu_password"]) >= 24
