"""How many routers a rollout takes, by the real admission: at the limit it begins, one more is refused with the arithmetic."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from .. import programs
from .conftest import Tell
from .network import PaperNetwork, PaperRun

REGION = "us-east-1"
# A name's longest form. A message has it among the wave's items, in what is reached, each with quotes and a comma, and 20 bytes
# of state; beside them are the event and 4,096 bytes of its frame.
LONGEST, ITEM, FRAME, MOST = 63, 2 * (63 + 3) + 20, 4096, 250_000


def network_of(count: int) -> dict[str, Any]:
    return {"tunnels": [], "routers": {
        f"{number:05}-{'x' * (LONGEST - 6)}": {
            "region": REGION, "role": "branch", "loopback": f"10.64.{number // 256}.{number % 256}/32", "asn": 65002}
        for number in range(count)}}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperNetwork]:
    """Its topology lies in the bucket, where the functions may read it."""
    with programs.started() as daemons:
        network = PaperNetwork(tmp_path_factory.mktemp("limits"), daemons, network_of(30))
        network.apply(orchestration="rollout")
        yield network


def start(network: PaperNetwork, count: int) -> PaperRun:
    """An execution whose admission finds so many routers; nobody has made their hosts."""
    found = network.functions.get_function_configuration(FunctionName="sdwan-phase1")["Environment"]["Variables"]
    bucket, key = found["SDWAN_TOPOLOGY"].removeprefix("s3://").partition("?")[0].split("/", 1)
    body = json.dumps(network_of(count), separators=(",", ":"))
    version = boto3.client("s3", region_name=REGION).put_object(Bucket=bucket, Key=key, Body=body.encode())["VersionId"]
    network.functions.update_function_configuration(FunctionName="sdwan-phase1", Environment={"Variables": {
        **found, "SDWAN_TOPOLOGY": f"s3://{bucket}/{key}?versionId={version}"}})
    return network.start()


def test_the_most_routers_with_the_longest_names(large: PaperNetwork, tell: Tell) -> None:
    most = (MOST - FRAME) // ITEM
    for count, is_admitted in ((most - 1, True), (most + 1, False)):
        run = start(large, count)
        end = run.ended()
        assert ("ExecutionStarted" in run.states) == is_admitted, end
        assert (end["error"] == "Input.Invalid") != is_admitted, end
    assert f"{MOST} are possible" in end["cause"] and f"the wave's {most + 1} items" in end["cause"], end
    tell("item count at the limit and above", "rollout", f"{most - 1} routers begin, {most + 1} are refused with the arithmetic",
         f"names of {LONGEST} letters")
