"""The whole system over the emulators: API Gateway, S3 and its messages, EFS by its access point, roles (F1 to F6, F8, F9, F11 to
F14)."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mounted import everything, leftovers

from local.emulators.ledger import Books
from local.network_file import REPO
from local.systems.files.run import demonstrate
from local.systems.files.system import NAME, System
from local.tool import HOME_REGION, PROGRAM

PATIENCE = 60


def until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)
    return found


def invoke(system: System, role: str, event: dict[str, Any]) -> Any:
    answer = system.client("lambda").invoke(FunctionName=f"{NAME}-{role}", Payload=json.dumps(event))
    payload = json.load(answer["Payload"])
    assert "FunctionError" not in answer, payload
    return payload


def put(system: System, key: str, content: bytes) -> None:
    """An object, once S3's message about it was dealt with."""
    system.client("s3").put_object(Bucket=system.bucket, Key=key, Body=content)
    if key.startswith("models/") and not key.endswith("/"):
        until(lambda: (system.mount / key).exists() and (system.mount / key).read_bytes() == content, f"{key} on EFS")


def test_data_and_a_key(system: System) -> None:
    status, said, headers = system.post("/ingest", {"data": base64.b64encode(b"\0\1\2").decode(), "filename": "a/b.bin"})
    assert status == 200 and headers["access-control-allow-origin"] == "*"
    assert said == {"fileId": str(uuid.uuid5(uuid.NAMESPACE_URL, "/mnt/efs/inputs/a/b.bin")), "efsPath": "/mnt/efs/inputs/a/b.bin",
                    "sizeBytes": 3}
    assert (system.mount / "inputs/a/b.bin").read_bytes() == b"\0\1\2"
    system.client("s3").put_object(Bucket=system.bucket, Key="elsewhere/k.bin", Body=b"by key")
    status, said, headers = system.post("/ingest", {"key": "elsewhere/k.bin"})
    assert (status, said["s3Key"], said["sizeBytes"]) == (200, "elsewhere/k.bin", 6)
    assert said["efsPath"] == "/mnt/efs/models/elsewhere/k.bin" and headers["access-control-allow-origin"] == "*"
    # A body that API Gateway has made base64 of.
    body = base64.b64encode(json.dumps({"data": "words!", "filename": "words"}).encode()).decode()
    answer = invoke(system, "producer", {"httpMethod": "POST", "body": body, "isBase64Encoded": True})
    assert answer["statusCode"] == 200 and (system.mount / "inputs/words").read_text() == "words!"


def test_the_same_again_and_another(system: System) -> None:
    put(system, "models/same.bin", b"one" * 1000)
    file = system.mount / "models/same.bin"
    before = file.stat()
    said = [system.post("/ingest", {"key": "models/same.bin"}) for _ in range(2)]
    assert [one[0] for one in said] == [200, 200] and said[0][1] == said[1][1]
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    put(system, "models/same.bin", b"two" * 1000)
    assert file.stat().st_ino != before.st_ino
    assert system.post("/ingest", {"key": "models/same.bin"})[1] == said[0][1]
    first = system.post("/ingest", {"data": "first!", "filename": "stays"})
    second = system.post("/ingest", {"data": "second, longer!", "filename": "stays"})
    assert second[0] == 200 and second[1] == first[1] and (system.mount / "inputs/stays").read_text() == "first!"


def test_ten_writers(system: System) -> None:
    texts = [f"writer {number}! " * 2000 for number in range(10)]
    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(lambda text: system.post("/ingest", {"data": text, "filename": "crowd"}), texts))
    assert [one[0] for one in said] == [200] * 10 and len({one[1]["fileId"] for one in said}) == 1
    assert (system.mount / "inputs/crowd").read_text() in texts and leftovers(system.mount) == []


@pytest.mark.parametrize("body, words", [
    (b"nonsense", "JSON"), (b"", "body"), (b"{}", '"key" nor "data"'), (b'{"key": "a", "data": "b"}', "both"),
    (b'{"key": 7}', '"key"'), (b'{"key": "../x"}', '"key"'), (b'{"data": "x!", "filename": "/etc/x"}', '"filename"')])
def test_what_is_no_request(system: System, body: bytes, words: str) -> None:
    before = everything(system.mount)
    status, said, headers = system.post("/ingest", body)
    assert (status, said["error"]) == (400, "INVALID_REQUEST") and words in said["message"]
    assert headers["access-control-allow-origin"] == "*" and everything(system.mount) == before


def test_as_much_as_fits(system: System) -> None:
    """4 MiB fit through API Gateway and Lambda as base64; a byte more is told to go by S3."""
    most = bytes(4 << 20)
    status, said, _ = system.post("/ingest", {"data": base64.b64encode(most).decode(), "filename": "most"})
    assert (status, said["sizeBytes"]) == (200, 4 << 20)
    status, said, _ = system.post("/ingest", {"data": base64.b64encode(most + b"x").decode(), "filename": "more"})
    assert (status, said["error"], said["maxSize"], said["actualSize"]) == (413, "FILE_TOO_LARGE", 4 << 20, (4 << 20) + 1)


def test_a_missing_key(system: System) -> None:
    """404 and not 403: the role may list the bucket."""
    status, said, _ = system.post("/ingest", {"key": "models/none"})
    assert (status, said["error"]) == (404, "S3_NOT_FOUND")


def test_messages_of_s3(system: System) -> None:
    system.client("s3").put_object(Bucket=system.bucket, Key="models/folder/", Body=b"")
    put(system, "models/a b+é.pt", b"encoded")
    put(system, "models/x/y/z.pt", b"nested")
    assert not (system.mount / "models/folder").exists()


def test_a_message_that_fails_is_kept(system: System) -> None:
    """Lambda tries three times; then the message is where somebody finds it."""
    locked = system.mount / "models/locked"
    locked.mkdir(parents=True)
    locked.chmod(0o555)
    queue = system.client("sqs").get_queue_url(QueueName=f"{NAME}-failed")["QueueUrl"]
    try:
        system.client("s3").put_object(Bucket=system.bucket, Key="models/locked/x", Body=b"x")
        kept = until(lambda: system.client("sqs").receive_message(QueueUrl=queue).get("Messages"), "a message in the queue")
    finally:
        locked.chmod(0o755)
    record = json.loads(kept[0]["Body"])
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestPayload"]["Records"][0]["s3"]["object"]["key"] == "models/locked/x"
    assert record["responsePayload"]["errorType"] == "Files.EFS_WRITE_FAILED"


def test_a_prediction(system: System) -> None:
    content = b"abca" * 1000 + b"\xff"
    put(system, "models/p.bin", content)
    status, said, headers = system.post("/predict", {"fileId": "one", "model": "p.bin"})
    assert status == 200 and headers["access-control-allow-origin"] == "*"
    result = said["result"]
    assert (result["fileSize"], result["uniqueBytes"], result["mostCommonByte"]) == (4001, 4, ord("a"))
    assert said["efsPath"] == "/mnt/efs/outputs/one.result" and said["durationMs"] >= result["processingDurationMs"] >= 0
    stored = (system.mount / "outputs/one.result").read_bytes()
    assert json.loads(stored)["result"] == result
    assert said["s3Key"] == "outputs/one.result"
    assert system.client("s3").get_object(Bucket=system.bucket, Key="outputs/one.result")["Body"].read() == stored
    status, said, _ = system.post("/predict", {"fileId": "two", "model": "none.bin"})
    assert status == 404 and (said["error"], said["fileId"]) == ("NOT_FOUND", "two")


def test_ten_readers(system: System) -> None:
    put(system, "models/shared.bin", bytes(range(256)) * 4096)
    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(lambda n: system.post("/predict", {"fileId": f"r{n}", "model": "shared.bin"}), range(10)))
    assert [one[0] for one in said] == [200] * 10 and len({one[1]["result"]["checksum"] for one in said}) == 1


def test_pages_of_other_origins(system: System) -> None:
    for path in ("/ingest", "/predict"):
        status, _, headers = system.ask("OPTIONS", path)
        assert status == 200 and headers["access-control-allow-origin"] == "*" and "POST" in headers["access-control-allow-methods"]
    status, _, headers = system.ask("GET", "/ingest")
    assert status == 403 and headers["access-control-allow-origin"] == "*"


@contextlib.contextmanager
def patience(system: System, path: str, milliseconds: int) -> Iterator[None]:
    """API Gateway waits so long for an answer to this path; it is 29 s otherwise."""
    gateway = system.client("apigateway")
    api = system.outputs["api_id"]
    resource = next(one["id"] for one in gateway.get_resources(restApiId=api)["items"] if one["path"] == path)

    def change(value: int) -> None:
        gateway.update_integration(restApiId=api, resourceId=resource, httpMethod="POST", patchOperations=[
            {"op": "replace", "path": "/timeoutInMillis", "value": str(value)}])

    change(milliseconds)
    try:
        yield
    finally:
        change(29_000)


@contextlib.contextmanager
def stopped_consumers(system: System) -> Iterator[Callable[[], None]]:
    """Those that are up by now do nothing until the end, or until they are let go on."""
    marks = {f"AWS_LAMBDA_FUNCTION_NAME={NAME}-consumer", f"AWS_ENDPOINT_URL={system.endpoints.main}"}
    found = [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if is_marked(folder, marks)]
    assert found, "no consumer is up"

    def send(number: int) -> None:
        for process in found:
            os.kill(process, number)

    send(signal.SIGSTOP)
    try:
        yield lambda: send(signal.SIGCONT)
    finally:
        send(signal.SIGCONT)


def is_marked(process: Path, marks: set[str]) -> bool:
    with contextlib.suppress(OSError):
        return (process / "comm").read_text() == "bootstrap\n" and marks <= set((process / "environ").read_text().split("\0"))
    return False


@contextlib.contextmanager
def listening(system: System, hear: Callable[[int], None]) -> Iterator[str]:
    """The API's address with somebody between who hears each answer's status."""

    class Between(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, said, _ = system.post(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            hear(status)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: what is asked is in the report."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_a_consumer_that_is_too_slow(system: System, tmp_path: Path) -> None:
    """504 from API Gateway, which the demonstration names; the function goes on, and the same request is answered then."""
    assert demonstrate(system, tmp_path / "before.json")
    result = system.mount / "outputs/demo-cold.result"
    before = result.stat().st_ino
    while_slow: list[int] = []
    with patience(system, "/predict", 1000), stopped_consumers(system) as let_go_on:

        def hear(status: int) -> None:
            if status == 504 and not while_slow:
                while_slow.append(result.stat().st_ino)
                let_go_on()

        with listening(system, hear) as url:
            ended, said = demonstration(system, "--readers", "1", "--url", url)
    cold = next(one for one in said["requests"] if one["step"] == "cold")
    assert cold["status"] == 504 and cold["error"].startswith("Endpoint request timed out: API Gateway waited for 29 s")
    assert ended == 1 and not said["is_well"] and while_slow == [before]
    until(lambda: result.stat().st_ino != before, "the function went on")
    assert system.post("/predict", {"fileId": "demo-cold", "model": "demo/bytes.bin"})[0] == 200


def test_a_body_that_is_too_large_for_api_gateway(system: System) -> None:
    status, said, headers = system.post("/ingest", b"x" * ((10 << 20) + 1))
    assert status == 413 and "10485760 bytes" in said["message"] and headers["access-control-allow-origin"] == "*"


def test_the_demonstration(system: System, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert demonstrate(system, report)
    said = json.loads(report.read_text())
    schema = json.loads((REPO / "docs/schema/files/demo.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert not [error.message for error in Draft202012Validator(schema).iter_errors(said)]
    assert said["is_well"] and said["parallel"]["readers"] == 10 and len(said["parallel"]["checksums"]) == 1
    assert [one["status"] for one in said["requests"]] == [200] * 14
    assert {"demo-cold.result", "demo-warm.result", "demo-10.result"} <= {file["name"] for file in said["outputs"]}
    assert all(any("REPORT" in line for line in lines) for lines in said["logs"].values()) and len(said["logs"]) == 2
    assert said["access_point"] == system.outputs["access_point_arn"]


def demonstration(system: System, *options: str) -> tuple[int, dict[str, Any]]:
    """Exit status and report."""
    ended = subprocess.run(
        [PROGRAM, "files", "demo", "--name", NAME, "--region", HOME_REGION, "--output", "json", "--url", system.api, *options],
        env=system.endpoints.environment(), capture_output=True, text=True)
    assert ended.stdout, ended.stderr
    return ended.returncode, json.loads(ended.stdout)


def test_a_demonstration_that_is_not_well(system: System) -> None:
    """Any answer but 200 makes it exit with 1."""
    ended, said = demonstration(system, "--readers", "1", "--url", system.api.replace("/prod/", "/none/"))
    assert ended == 1 and not said["is_well"] and {one["status"] for one in said["requests"]} == {403}


def test_nobody_else_may(system: System) -> None:
    """At the end: nothing was asked that a role may not, and nothing is allowed that was never asked."""
    books = Books(system.folder)
    assert books.complaints == []
    unused = {(grant.role, grant.action) for grant in books.superfluous()}
    # Logs are written by the emulator itself, and that who may list is told 404 is no action (see test_a_missing_key).
    assert {action for _, action in unused if not action.startswith("logs:")} <= {"s3:ListBucket"}, unused
