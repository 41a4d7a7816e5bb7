"""The benchmark's Runtime API and Systems Manager: any program may take part, also one that sends its answer in chunks."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import unpack

PARTS = Path(__file__).resolve().parents[2] / "scripts" / "bench.d"
# A bootstrap that sends its event back in chunks, with an extension and a trailer, and in pieces that end anywhere.
CHUNKED = '''
import os, socket, time
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
server = socket.create_connection((host, int(port)))
server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
file = server.makefile("rb")

def answer():
    head = {}
    file.readline()
    while (line := file.readline()) != b"\\r\\n":
        name, value = line.split(b":", 1)
        head[name.lower()] = value.strip()
    return head, file.read(int(head[b"content-length"]))

while True:
    server.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    head, event = answer()
    chunks = b"".join(b"%X;x=y\\r\\n%b\\r\\n" % (len(part), part) for part in (event[n:n + 300] for n in range(0, len(event), 300)))
    request = (b"POST /2018-06-01/runtime/invocation/%b/response HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
               % head[b"lambda-runtime-aws-request-id"]) + chunks + b"0\\r\\nLambda-Trailer: none\\r\\n\\r\\n"
    for n in range(0, len(request), 97):
        server.sendall(request[n:n + 97])
        time.sleep(0.0005)
    answer()
'''


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    for name in ("measure", "ssm"):
        subprocess.run(["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-o", folder / name, PARTS / f"{name}.c", PARTS / "http.c"], check=True)
    return folder


def test_an_answer_in_chunks(tools: Path, tmp_path: Path) -> None:
    event = bytes(range(32, 127)) * 20
    (tmp_path / "event").write_bytes(event)
    (tmp_path / "client.py").write_text(CHUNKED)
    done = subprocess.run([tools / "measure", tmp_path / "event", "3", "-1", tmp_path / "result", sys.executable, tmp_path / "client.py"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "result").read_bytes() == event
    assert json.loads(done.stdout)["errors"] == 0


@pytest.fixture
def service(tools: Path, tmp_path: Path) -> Iterator[str]:
    """120 instances in one region, whose commands have ended at once, and print more than a list shows."""
    lines = ("\t".join(("us-east-1", f"r{n}", f"i-{n:017x}", "192.0.2.1", "10.0.0.1", "0", json.dumps('"' * 3000))) for n in range(120))
    (tmp_path / "fleet").write_text("\n".join(lines) + "\n")
    process = subprocess.Popen([tools / "ssm", tmp_path / "fleet", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
    process.kill()
    process.wait()


def call(url: str, operation: str, body: dict) -> dict:
    request = urllib.request.Request(url, json.dumps(body, separators=(",", ":")).encode(), {
        "X-Amz-Target": f"AmazonSSM.{operation}", "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/ssm/aws4_request"})
    return json.load(urllib.request.urlopen(request, timeout=10))


def send(url: str, instances: list[str]) -> str:
    body = {"DocumentName": "AWS-RunShellScript", "InstanceIds": instances, "Parameters": {"commands": ["true"]}}
    return call(url, "SendCommand", body)["Command"]["CommandId"]


def test_the_list_of_invocations(service: str) -> None:
    first = send(service, [f"i-{n:017x}" for n in range(50)])
    others = [send(service, [f"i-{n:017x}"]) for n in range(50, 120)]
    seen, sizes, token = [], [], {}
    while True:
        page = call(service, "ListCommandInvocations", {"Details": True, "MaxResults": 50} | token)
        seen += [(one["CommandId"], one["InstanceId"]) for one in page["CommandInvocations"]]
        sizes.append(len(page["CommandInvocations"]))
        assert all(len(one["CommandPlugins"][0]["Output"]) == 2500 for one in page["CommandInvocations"])
        assert page["CommandInvocations"][0]["CommandPlugins"][0]["Output"].endswith('"\n--output truncated--')
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert sizes == [50, 50, 20]
    assert seen == [(others[n - 50], f"i-{n:017x}") for n in range(119, 49, -1)] + [(first, f"i-{n:017x}") for n in range(49, -1, -1)]
    assert len(call(service, "ListCommandInvocations", {"CommandId": others[3]})["CommandInvocations"]) == 1
    whole = call(service, "GetCommandInvocation", {"CommandId": first, "InstanceId": f"i-{49:017x}"})
    assert whole["StandardOutputContent"] == '"' * 3000


def test_the_pages_of_parameters(service: str) -> None:
    found, pages, token = [], 0, {}
    while True:
        page = call(service, "GetParametersByPath", {"Path": "/sdwan/", "MaxResults": 10} | token)
        found += [one["Name"] for one in page["Parameters"]]
        pages += 1
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert pages == 36
    assert found == [f"/sdwan/r{n}/{kind}" for n in range(120) for kind in ("instance-id", "outside-eip", "outside-private-ip")]


@pytest.mark.parametrize("phase", ["phase1", "phase2", "phase3"])
def test_the_fleet_is_a_success(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: str) -> None:
    """What the benchmark's commands print is what each phase takes for a success."""
    monkeypatch.syspath_prepend(str(PARTS))
    import cases
    import runs
    (tmp_path / "bin").symlink_to(tools)
    lab = runs.Lab(tmp_path)
    function = runs.Function(phase, (str(unpack(phase, tmp_path) / "bootstrap"),),
                             {"VYOS_S3_BUCKET": "images", "VYOS_S3_REGION": "us-east-1", "VYOS_S3_KEY": "router.tar.gz"})
    figures = cases.phases(lab, {phase: [function]}, 4, 1)
    assert figures[phase]["calls_per_instance"][0] >= 1
    assert figures[phase]["sent_kb"][0] > figures[phase]["largest_kb"][0]
