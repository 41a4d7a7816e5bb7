"""The functions' memory stays below their 256 MB, whatever Lambda and AWS send, and does not grow.

Each test measures the process itself: its peak (VmHWM), or how much it has grown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

import pytest
from fakes.run_command import Host, Outcome
from fakes.server import Answer, FakeServer, Request
from harness import Bootstrap, Function, Lab
from many_invocations import ManyInvocations, memory, trace_id
from network import ROUTERS, topology

MEMORY = 256_000_000
SIX_MIB = 6 << 20
WARM = 1000
INVOCATIONS = int(os.environ.get("SDWAN_INVOCATIONS") or 50_000)
GROWTH = 500_000


def peak(function: Function) -> int:
    return memory(function.bootstrap.process.pid, "VmHWM")


@pytest.fixture
def many() -> Iterator[ManyInvocations]:
    server = ManyInvocations()
    yield server
    server.close()


def run(lab: Lab, many: ManyInvocations, handler: str) -> Bootstrap:
    """A function under the server for many invocations, which says nothing to its log."""
    function = lab.start(handler, AWS_LAMBDA_RUNTIME_API=many.address, AWS_LAMBDA_LOG_LEVEL="FATAL")
    return function.bootstrap


@pytest.mark.parametrize("handler, event", [("conformance", "context"), ("phase1", "[")])
def test_it_does_not_grow(lab: Lab, many: ManyInvocations, handler: str, event: str) -> None:
    bootstrap = run(lab, many, handler)
    many.serve(WARM, event)
    before = memory(bootstrap.process.pid, "VmRSS")
    many.serve(INVOCATIONS, event)
    after = memory(bootstrap.process.pid, "VmRSS")
    print(f"{handler}: {before / 1e6:.1f} MB after {WARM}, {after / 1e6:.1f} MB after {WARM + INVOCATIONS} invocations")
    assert after - before < GROWTH
    if handler == "conformance":
        assert f"variable={trace_id(WARM + INVOCATIONS - 1)}" in many.last.decode().splitlines()


EVENTS: dict[str, tuple[Callable[[], bytes], str | None]] = {
    # what the event is, and a word of the refusal; None where it is an event like any other
    "numbers that nobody reads": (lambda: b'{"x": [' + b"1," * (SIX_MIB // 2 - 20) + b"1]}", None),
    "objects that nobody reads": (lambda: b'{"x": [' + b"{}," * (SIX_MIB // 3 - 20) + b"1]}", None),
    "names that nobody reads": (
        lambda: b"{" + b",".join(b'"%x":1' % n for n in range(500_000)) + b"}", None),
    "a text that nobody reads": (lambda: b'{"x": "' + "é".encode() * (SIX_MIB // 2 - 20) + b'"}', None),
    "instances": (lambda: b'{"instances": [' + b'"a",' * (SIX_MIB // 4 - 20) + b'"a"]}', "values"),
    "one long instance": (lambda: b'{"instances": ["' + b"a" * (SIX_MIB - 40) + b'"]}', "instances"),
    "a state of numbers": (lambda: b'{"action": "check", "state": [' + b"1," * (SIX_MIB // 2 - 40) + b"1]}", "values"),
    "parameters of a command": (
        lambda: b'{"mode": "command", "command": {"document": "Acme", "parameters": {"a": ['
        + b'"",' * (SIX_MIB // 3 - 60) + b'""]}}}', "values"),
    "arrays in arrays": (lambda: b"[" * (SIX_MIB - 1), "array"),
    "arrays in arrays in a field": (lambda: b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deeper"),
    "objects in objects": (lambda: b'{"x":' * 100_000 + b"1" + b"}" * 100_000, "deeper"),
    "a name twice, far apart": (
        lambda: b'{"twice":1,' + b",".join(b'"%x":1' % n for n in range(500_000)) + b',"twice":1}', "twice"),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_as_large_as_lambda_takes(lab: Lab, kind: str) -> None:
    make, refusal = EVENTS[kind]
    event = make()
    assert len(event) <= SIX_MIB
    function = lab.start("phase2")
    invocation = function.invoke(event)
    if refusal is None:
        assert invocation.response["success_count"] == 4
    else:
        assert invocation.error["errorType"] == "Event.Invalid" and refusal in invocation.error["errorMessage"]
        assert len(invocation.result.body) < 10_000
    print(f"{kind}: {peak(function) / 1e6:.0f} MB")
    assert peak(function) < MEMORY


def test_foreign_parameters_without_end(lab: Lab) -> None:
    """Somebody else's, of our own shape, on pages without end: only the invocation's deadline ends them."""
    def pages(body: dict, region: str) -> dict:
        number = int(body.get("NextToken", "0"))
        described = [{"Name": f"/sdwan/{'x' * 900}{number}-{n}/instance-id", "Type": "String", "Value": "9" * 8000,
                      "Version": 1} for n in range(10)]
        return {"Parameters": described, "NextToken": str(number + 1)}

    lab.ssm.GetParametersByPath = pages
    function = lab.start("phase1")
    invocation = function.invoke(seconds=12)
    assert invocation.failed
    calls = len(lab.ssm.made("GetParametersByPath"))
    print(f"{calls} pages: {peak(function) / 1e6:.0f} MB, {invocation.error}")
    assert calls > 100 and peak(function) < MEMORY


def test_an_output_of_30_mb(lab: Lab) -> None:
    """Run Command keeps 24,000 characters; more than can be right is refused while it comes."""
    def poll(body: dict, region: str) -> dict:
        return {"CommandId": body["CommandId"], "InstanceId": body["InstanceId"], "Status": "Success",
                "StatusDetails": "Success", "ResponseCode": 0, "StandardOutputContent": "x" * 30_000_000}

    lab.ssm.GetCommandInvocation = poll
    function = lab.start("phase1", SSM_TIMEOUT="12", SSM_POLL_INTERVAL="2")
    result = function.invoke().response
    assert result["fail_count"] == 4
    assert all("more than" in one["stderr"] for one in result["results"].values())
    print(f"{peak(function) / 1e6:.0f} MB")
    assert peak(function) < MEMORY
    # No service would answer so: that is what is tested, and the one thing that the fake is allowed to complain about.
    assert lab.ssm.violations and all("StandardOutputContent" in one for one in lab.ssm.violations)
    lab.ssm.violations.clear()


@pytest.mark.parametrize("letter", ["x", "😀", "\x01"])
def test_the_longest_outputs_of_a_thousand_routers(lab: Lab, letter: str) -> None:
    """All fail, and print as much as Run Command keeps, in letters that take the most memory."""
    count = 1000
    bucket = Bucket(whole_network(count))
    lab.ssm.parameters = {"us-east-1": {}}
    for number in range(count):
        instance, address = f"i-{number:017x}", f"{number >> 8}.{number & 255}"
        lab.ssm.parameters["us-east-1"] |= {
            f"/sdwan/nv-router{number}/instance-id": instance,
            f"/sdwan/nv-router{number}/outside-eip": f"203.0.{address}",
            f"/sdwan/nv-router{number}/outside-private-ip": f"10.1.{address}"}
        lab.ssm.hosts[instance] = Host(instance, "us-east-1")
    lab.outcome(Outcome("Failed", stdout=letter * 24_000, stderr=letter * 8_000))
    try:
        function = lab.start("phase2", SDWAN_TOPOLOGY="s3://bucket/t", AWS_ENDPOINT_URL_S3=bucket.url, SDWAN_REGIONS="us-east-1",
                             SDWAN_RESULTS="s3://bucket/results", SSM_POLL_INTERVAL="2", AWS_LAMBDA_LOG_LEVEL="FATAL")
        result = function.invoke().response
        assert result["fail_count"] == count and result["results_uri"]
        print(f"{count} times {letter!r}: {peak(function) / 1e6:.0f} MB")
        assert peak(function) < MEMORY
    finally:
        bucket.stop()


@pytest.mark.parametrize("letter", ["x", "\\", "é", "😀", "\x01"])
def test_the_longest_output_that_there_is(lab: Lab, letter: str) -> None:
    lab.outcome(Outcome(stdout=letter * 24_000, stderr=letter * 8_000))
    assert lab.start("phase1").invoke().response["success_count"] == 4


class Bucket(FakeServer):
    """S3 with one object, the same under every key."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        super().__init__()

    def answer(self, request: Request) -> Answer:
        return Answer(200, self.body, {"Content-Type": "application/json"})


def whole_network(routers: int) -> bytes:
    """Pairs of a hub and a branch, in as many bytes as Terraform writes."""
    entries, tunnels = {}, []
    for number in range(routers):
        is_hub = number % 2 == 0
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        entries[f"nv-router{number}"] = {"region": "us-east-1", "role": "sdwan" if is_hub else "branch",
                                         "loopback": f"{address}/32", "asn": 65001 + number % 2}
        if is_hub:
            network = (100 << 24) + number * 4
            ends = [{"router": f"nv-router{number + side}", "vti": "vti0",
                     "address": ".".join(str(network + side + 1 >> shift & 255) for shift in (24, 16, 8, 0)) + "/30"}
                    for side in (0, 1)]
            tunnels.append({"name": f"tunnel{number}", "ends": ends})
    return json.dumps({"routers": entries, "tunnels": tunnels}).encode()


TOPOLOGIES: dict[str, tuple[Callable[[], bytes], str]] = {
    "numbers, 63 MB": (lambda: b'{"routers": [' + b"1," * 31_500_000 + b"1]}", "more than"),
    "numbers that just come": (lambda: b'{"routers": [' + b"1," * 8_000_000 + b"1]}", "values"),
    "as many numbers as are read": (lambda: b'{"routers": [' + b"1," * 1_400_000 + b"1]}", "topology"),
    "one long text": (lambda: b'{"routers": {"' + b"a" * 16_000_000 + b'": 1}, "tunnels": []}', "topology"),
    "arrays in arrays": (lambda: b"[" * 100_000, "deeper"),
    "a router twice": (lambda: topology(ROUTERS).replace("nv-branch1", "nv-sdwan", 1).encode(), "twice"),
    "40,000 routers": (lambda: whole_network(40_000), "atlantis"),
}


@pytest.mark.parametrize("kind", TOPOLOGIES)
def test_a_topology_as_large_as_s3_takes(lab: Lab, kind: str) -> None:
    make, word = TOPOLOGIES[kind]
    bucket = Bucket(make())
    try:
        function = lab.start("phase2", SDWAN_TOPOLOGY="s3://bucket/topology.json", AWS_ENDPOINT_URL_S3=bucket.url)
        error = function.invoke({"instances": ["atlantis"]}).error
        assert word in error["errorMessage"] and len(error["errorMessage"]) < 5000
        print(f"{kind}, {len(bucket.body)} bytes: {peak(function) / 1e6:.0f} MB")
        assert peak(function) < MEMORY
    finally:
        bucket.stop()
